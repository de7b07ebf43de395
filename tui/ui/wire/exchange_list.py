"""The list of exchanges: one row each, painted only where it is on the screen; the newest is followed."""

from __future__ import annotations

from collections.abc import Sequence
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

from tui.ui.wire.rows import Row, line


class ExchangeList(ScrollView):
    """Shows rows and which of them is marked by the cursor; a click chooses one at once."""

    can_focus = False

    DEFAULT_CSS = """
    ExchangeList {
        height: 1fr; background: $background; scrollbar-size-vertical: 1; overflow-x: hidden;
        & > .exchange--here { background: $primary 30%; }
    }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"exchange--here"}

    here: reactive[int] = reactive(0)
    """The row that keys mean."""

    @dataclass
    class Chosen(Message):
        """A row was clicked."""

        id: str

    def __init__(self) -> None:
        super().__init__()
        self.rows: Sequence[Row] = ()
        self.now = 0.0
        """Unix time in seconds, for what still runs."""
        self.shows_here = True
        """Whether keys can move the cursor, and so it is shown."""

    def fill(self, rows: Sequence[Row], now: float, here: str | None = None) -> None:
        """Show other rows, the cursor on exchange ``here``; on the last one it stays on the last one."""
        at_end = self.here >= len(self.rows) - 1
        kept = here or (self.row.id if self.row is not None and not at_end else None)
        place = len(rows) - 1
        if kept is not None:
            place = next((at for at, row in enumerate(rows) if row.exchange.id == kept), place)
        self.rows, self.now = rows, now
        self.virtual_size = Size(self.scrollable_content_region.width, len(rows))
        self.here = place
        self.refresh()
        self.call_after_refresh(self._reveal)

    @property
    def row(self) -> Row | None:
        """The row under the cursor; None where there is none at all."""
        return self.rows[self.here] if self.here < len(self.rows) else None

    def validate_here(self, here: int) -> int:
        """A row there is."""
        return max(0, min(here, len(self.rows) - 1))

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
        steps = {"up": -1, "down": 1, "pageup": -page, "pagedown": page, "home": -self.here}
        self.here += steps.get(key, len(self.rows))

    def render_line(self, y: int) -> Strip:
        """The strip of row ``y`` of the screen."""
        at = self.scroll_offset.y + y
        width = self.scrollable_content_region.width
        base = self.rich_style
        if at >= len(self.rows):
            return Strip.blank(width, base)
        mine = self.shows_here and at == self.here
        style = self.get_component_rich_style("exchange--here") if mine else base
        content = Content.assemble(*line(self.rows[at], width - 1, self.now))
        sign = "▌" if mine else " "
        spans = content.render_segments(ContentStyle.from_rich_style(style))
        return Strip([Segment(sign, style), *spans]).adjust_cell_length(width, style)

    def on_click(self, event: events.Click) -> None:
        """Choose the clicked row."""
        at = self.scroll_offset.y + event.y
        if at < len(self.rows):
            self.here = at
            self.post_message(self.Chosen(self.rows[at].id))
