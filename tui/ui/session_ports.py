"""What the screen needs of the store of sessions, as types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tui.chat.finding import Finding
    from tui.chat.record import SessionInfo, SessionRecord, Wire
    from tui.chat.record_stream import RecordStream
    from tui.chat.spend import Spend, SpendKey


class HitPort(Protocol):
    """A session that was found, and where."""

    @property
    def info(self) -> SessionInfo:
        """What the list shows of it."""
        ...

    @property
    def snippet(self) -> str:
        """The text around the words that were found; not cleaned."""
        ...

    @property
    def where(self) -> str:
        """title, text, thinking or tools; empty where no words were looked for."""
        ...


class StorePort(Protocol):
    """The sessions there are. Every method may wait for the disk: call it in a thread.

    Each raises SightlineError where the store cannot do it or the name is none.
    """

    @property
    def trouble(self) -> Finding | None:
        """Why nothing is being saved now; None while all is well."""
        ...

    @property
    def path(self) -> Path | None:
        """The file; None while sessions are kept in memory only."""
        ...

    def sessions(
        self, query: str = "", *, archived: bool = False, deleted: bool = False, limit: int = 200
    ) -> Sequence[HitPort]:
        """Those a query finds: pinned ones first, then the newest; what is no filter is taken as words."""
        ...

    def find(self, name: str) -> SessionInfo:
        """The session of that id, beginning of an id or title; ``last`` is the newest."""
        ...

    def stream(self, session: str) -> RecordStream:
        """All of it, what went over the line read exchange by exchange."""
        ...

    def add(self, record: RecordStream) -> str:
        """Keep a session that came from elsewhere; its id, a new one where its own is taken."""
        ...

    def copy(self, session: str, leaf: str) -> str:
        """The branch that ends at ``leaf`` as a session of its own; its id."""
        ...

    def wire(self, exchange: str) -> Wire | None:
        """What went over the line; None where it is not known."""
        ...

    def spending(self, key: SpendKey, days: int | None = None) -> tuple[Spend, Sequence[Spend]]:
        """What all calls of the last ``days`` days cost, and the same by ``key``."""
        ...

    def rename(self, id: str, title: str) -> None:
        """Give it a title of the user's."""
        ...

    def pin(self, id: str, on: bool) -> None:
        """Let it stand first in the list, or no longer."""
        ...

    def archive(self, id: str, on: bool) -> None:
        """Take it out of the list, or back into it."""
        ...

    def delete(self, id: str) -> None:
        """Delete it; ``undelete`` brings it back for a week."""
        ...

    def undelete(self, id: str) -> None:
        """Bring a deleted one back."""
        ...

    def draft(self, id: str) -> str | None:
        """What was typed there and not yet sent, as ``set_draft`` was given it."""
        ...

    def set_draft(self, id: str, text: str | None) -> None:
        """Keep what is typed there."""
        ...


@dataclass(frozen=True, slots=True)
class Opened:
    """A stored session as it was when it was opened."""

    record: SessionRecord
    draft: str | None = None
    """As ``StorePort.draft``."""
    remarks: tuple[str, ...] = ()
    """What is worth knowing before going on, one sentence each."""
