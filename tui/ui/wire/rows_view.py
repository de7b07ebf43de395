"""A list of any length: rows are drawn when they are seen, a cursor says which one keys mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style as ContentStyle

Draw = Callable[[int, int], Content]
"""The content of a row, by its number from 0 and the cells there are."""


class RowsView(ScrollView):
    """Shows as many rows as it is told there are; a cursor on the last one stays on the last one."""

    can_focus = False

    DEFAULT_CSS = """
    RowsView {
        height: 1fr; background: $background; scrollbar-size-vertical: 1; overflow-x: hidden;
        & > .rows--here { background: $primary 30%; }
    }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"rows--here"}

    here: reactive[int] = reactive(0)
    """The row that keys mean."""

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
        self.count = 0

    def fill(self, count: int, here: int) -> None:
        """Show other rows, the cursor on one of them."""
        self.count = count
        self._extend()
        self.here = here
        self.refresh()
        self.call_after_refresh(self._reveal)

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

    def _extend(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, self.count)

    def on_resize(self) -> None:
        """The cursor stays on the screen."""
        self.call_after_refresh(self._reveal)

    def validate_here(self, here: int) -> int:
        """A row there is."""
        return max(0, min(here, self.count - 1))

    def watch_here(self, before: int, now: int) -> None:
        """Paint both rows, and bring the new one on the screen."""
        for row in (before, now):
            self.refresh(Region(0, row - self.scroll_offset.y, self.size.width, 1))
        self._reveal()
        self.post_message(self.Moved(self))

    def _reveal(self) -> None:
        height, top = max(1, self.scrollable_content_region.height), self.scroll_offset.y
        if not top <= self.here < top + height:
            target = self.here if self.here < top else self.here - height + 1
            self.scroll_to(y=target, animate=False, force=True)

    def move(self, key: str) -> None:
        """Move the cursor as a key of that name would."""
        page = max(1, self.scrollable_content_region.height - 1)
        steps = {
            "up": -1,
            "down": 1,
            "pageup": -page,
            "pagedown": page,
            "home": -self.here,
            "end": self.count,
        }
        self.here += steps.get(key, 0)

    def render_line(self, y: int) -> Strip:
        """The strip of row ``y`` of the screen."""
        at = self.scroll_offset.y + y
        width = self.scrollable_content_region.width
        base = self.rich_style
        if at >= self.count:
            return Strip.blank(width, base)
        mine = at == self.here
        style = self.get_component_rich_style("rows--here") if mine else base
        spans = self._draw(at, width - 1).render_segments(ContentStyle.from_rich_style(style))
        return Strip([Segment("▌" if mine else " ", style), *spans]).adjust_cell_length(width, style)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the clicked row."""
        at = self.scroll_offset.y + event.y
        if at < self.count:
            self.here = at
