"""A session that is gone through exchange by exchange, so that not all it sent is in memory at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from tui.chat.record import Exchange, SessionRecord


@dataclass(frozen=True, slots=True)
class RecordStream:
    """A session without its wires, and its exchanges with them.

    Each request repeats those before it, so all wires together are as long as the square of the session.
    """

    record: SessionRecord
    """What went over the line is None throughout."""
    exchanges: Callable[[], Iterator[Exchange]]
    """Those of ``record`` in their order, each with its wire where that is known; anew at every call."""

    @staticmethod
    def of(record: SessionRecord) -> RecordStream:
        """A record that is in memory already."""
        bare = replace(record, exchanges=tuple(replace(one, wire=None) for one in record.exchanges))
        return RecordStream(bare, lambda: iter(record.exchanges))

    def whole(self) -> SessionRecord:
        """Everything at once."""
        return replace(self.record, exchanges=tuple(self.exchanges()))
