"""The list of exchanges: one row each; the newest is followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message

from tui.ui.widgets.cursor_list import CursorList
from tui.ui.wire.rows import Row, line


class ExchangeList(CursorList):
    """Shows rows and which of them is marked by the cursor; a click chooses one at once."""

    @dataclass
    class Chosen(Message):
        """A row was clicked."""

        id: str

    def __init__(self) -> None:
        super().__init__()
        self.rows: Sequence[Row] = ()
        self.now = 0.0
        """Unix time in seconds, for what still runs."""

    def fill(self, rows: Sequence[Row], now: float, here: str | None = None) -> None:
        """Show other rows, the cursor on exchange ``here``; on the last one it stays on the last one."""
        at_end = self.here >= len(self.rows) - 1
        kept = here or (self.row.id if self.row is not None and not at_end else None)
        place = len(rows) - 1
        if kept is not None:
            place = next((at for at, row in enumerate(rows) if row.exchange.id == kept), place)
        self.rows, self.now = rows, now
        self._take(len(rows), place)

    @property
    def row(self) -> Row | None:
        """The row under the cursor; None where there is none at all."""
        return self.rows[self.here] if self.here < len(self.rows) else None

    def drawn(self, at: int, width: int) -> Content:
        """The line of an exchange."""
        return Content.assemble(*line(self.rows[at], width, self.now))

    def on_click(self, event: events.Click) -> None:
        """Choose the clicked row."""
        at = self.row_of(event)
        if at is not None:
            self.here = at
            self.post_message(self.Chosen(self.rows[at].id))
