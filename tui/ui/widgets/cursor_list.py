"""A list of any length: rows are drawn when they are seen, a cursor says which one keys mean."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style as ContentStyle


class CursorList(ScrollView):
    """Shows ``count`` rows, one of them marked; ``drawn`` says what stands in a row."""

    can_focus = False

    DEFAULT_CSS = """
    CursorList {
        height: 1fr; background: $background; scrollbar-size-vertical: 1; overflow-x: hidden;
        & > .list--here { background: $primary 30%; }
    }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"list--here"}

    MARK: ClassVar[str] = "▌"
    """What stands before the row under the cursor; before the others there is as much room."""

    here: reactive[int] = reactive(0)
    """The row that keys mean."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.count = 0
        self.shows_here = True
        """Whether keys can move the cursor, and so it is shown."""

    @abstractmethod
    def drawn(self, at: int, width: int) -> Content:
        """The content of row ``at``, from 0, in ``width`` cells."""

    def _take(self, count: int, here: int) -> None:
        """Show other rows, the cursor on one of them."""
        self.count = count
        self._extend()
        self.here = here
        self.refresh()
        self.call_after_refresh(self._reveal)

    def _extend(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, self.count)

    def validate_here(self, here: int) -> int:
        """A row there is."""
        return max(0, min(here, self.count - 1))

    def watch_here(self, before: int, now: int) -> None:
        """Paint both rows, and bring the new one on the screen."""
        for row in (before, now):
            self.refresh(Region(0, row - self.scroll_offset.y, self.size.width, 1))
        self._reveal()

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
        mine = self.shows_here and at == self.here
        style = self.get_component_rich_style("list--here") if mine else base
        content = self.drawn(at, width - len(self.MARK))
        spans = content.render_segments(ContentStyle.from_rich_style(style))
        mark = self.MARK if mine else " " * len(self.MARK)
        return Strip([Segment(mark, style), *spans]).adjust_cell_length(width, style)

    def row_of(self, click: events.Click) -> int | None:
        """The row that was clicked; None below the last one."""
        at = self.scroll_offset.y + click.y
        return at if at < self.count else None
