"""A list of rows that somebody else draws and that may become more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message

from tui.ui.widgets.cursor_list import CursorList

Draw = Callable[[int, int], Content]
"""The content of a row, by its number from 0 and the cells there are."""


class RowsView(CursorList):
    """Shows as many rows as it is told there are; a cursor on the last one stays on the last one."""

    @dataclass
    class Moved(Message):
        """The cursor is on another row."""

        rows: RowsView

        @property
        def control(self) -> RowsView:
            """The list it happened in."""
            return self.rows

    def __init__(self, draw: Draw, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._draw = draw

    def drawn(self, at: int, width: int) -> Content:
        """As it was told to draw."""
        return self._draw(at, width)

    def fill(self, count: int, here: int) -> None:
        """Show other rows, the cursor on one of them."""
        self._take(count, here)

    def grow(self, count: int) -> None:
        """There are more rows now, the ones before them unchanged."""
        if count == self.count:
            return
        follows, before, self.count = self.here >= self.count - 1, self.count, count
        self._extend()
        if follows:
            self.here = count - 1
        elif before < self.scroll_offset.y + self.scrollable_content_region.height:
            self.refresh()

    def on_resize(self) -> None:
        """The cursor stays on the screen."""
        self.call_after_refresh(self._reveal)

    def watch_here(self, before: int, now: int) -> None:
        """Tell that the cursor moved."""
        super().watch_here(before, now)
        self.post_message(self.Moved(self))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the clicked row."""
        at = self.row_of(event)
        if at is not None:
            self.here = at
