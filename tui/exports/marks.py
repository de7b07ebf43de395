"""Counts what was masked, each piece of text once for the place it first stands in."""

from __future__ import annotations

from tui.chat.json_text import dump_text
from tui.chat.parts import Dialect
from tui.chat.record import Exchange, SessionRecord
from tui.chat.serial import exchange_to_json, info_to_json, node_to_json, state_to_json
from tui.secrets import MASK

_MASK = MASK.encode()


def marks_in(record: SessionRecord) -> int:
    """How many masks stand in a session, what went over the line aside."""
    rows = (
        info_to_json(record.info),
        state_to_json(record.state),
        *map(node_to_json, record.nodes),
        *map(exchange_to_json, record.exchanges),
    )
    return sum(dump_text(row).count(MASK) for row in rows)


class WireMarks:
    """Counts the masks that came into wires; what a request repeats of the one before counts once."""

    def __init__(self) -> None:
        self.count = 0
        self._before: dict[Dialect, int] = {}

    def add(self, before: Exchange, after: Exchange) -> None:
        """The next exchange as it was and as it is masked."""
        if before.wire is None or after.wire is None:
            return
        old, new = before.wire, after.wire
        in_body = 0 if new.body is old.body else max(new.body.count(_MASK) - old.body.count(_MASK), 0)
        dialect = before.route.dialect
        self.count += max(in_body - self._before.get(dialect, 0), 0)
        self._before[dialect] = in_body
        for was, now in zip(old.frames, new.frames, strict=True):
            if now is not was:
                self.count += max(now.data.count(MASK) - was.data.count(MASK), 0)
        for told, kept in ((old.request_headers, new.request_headers), (old.headers, new.headers)):
            self.count += sum(now[1] != was[1] for was, now in zip(told, kept, strict=True))
