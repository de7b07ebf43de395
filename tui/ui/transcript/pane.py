"""The scrolling pane below the transcript: paints rows, follows the end, keeps the reading position.

One widget for any number of blocks, painted by the Line API. Its virtual size grows in jumps, and
rows that did not change are not painted again: each repaint of the region is what streaming costs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip
from textual.widget import Widget

from tui.ui.transcript.line import Line, Piece
from tui.ui.transcript.page import Page, Spot
from tui.ui.transcript.palette import ROLES, Palette
from tui.ui.transcript.selection import Range, columns, highlighted, row_id, selected_range, selected_text

MARGIN = 2
"""Columns before each row: the mark of the block in focus, and a blank."""
FOCUSED = "▌ "
_UNFOCUSED = "  "


class Pane(ScrollView, can_focus=True):
    """A page of blocks on the screen: painting, scrolling, following and selection."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"transcript--{role.replace('_', '-')}" for role in ROLES} | {
        "transcript--focus",
        "transcript--more",
    }

    DEFAULT_CSS = """
    Pane {
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
        background: $background;
        color: $foreground;
        & > .transcript--text { color: $foreground; }
        & > .transcript--dim { color: $foreground-muted; }
        & > .transcript--user { color: $text-accent; text-style: bold; }
        & > .transcript--heading { color: $text-primary; text-style: bold; }
        & > .transcript--subheading { color: $foreground; text-style: bold; }
        & > .transcript--code { background: $surface; color: $foreground; }
        & > .transcript--code-label { background: $surface; color: $foreground-muted; }
        & > .transcript--inline-code { background: $surface; color: $text-warning; }
        & > .transcript--link { color: $text-primary; text-style: underline; }
        & > .transcript--quote { color: $foreground; text-style: italic; }
        & > .transcript--marker { color: $foreground-muted; }
        & > .transcript--thinking { color: $foreground-muted; text-style: italic; }
        & > .transcript--tool { color: $text-secondary; text-style: bold; }
        & > .transcript--ok { color: $text-success; }
        & > .transcript--warning { color: $text-warning; }
        & > .transcript--error { color: $text-error; }
        & > .transcript--action { color: $text-primary; text-style: bold; }
        & > .transcript--keyword { color: $text-accent; }
        & > .transcript--string { color: $text-success; }
        & > .transcript--number { color: $text-warning; }
        & > .transcript--comment { color: $foreground-muted; text-style: italic; }
        & > .transcript--function { color: $text-primary; }
        & > .transcript--operator { color: $foreground; }
        & > .transcript--inserted { color: $text-success; }
        & > .transcript--deleted { color: $text-error; }
        & > .transcript--focus { color: $accent; text-style: bold; }
        & > .transcript--more { background: $panel; color: $foreground; }
    }
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes, disabled=disabled)
        self.clock = clock
        self.page = Page()
        self.following = True
        """Whether the end is kept in sight; so while the user is at the end."""
        self.growing = False
        """Whether more is about to come: then the virtual size grows in jumps."""
        self.cursor: int | None = None
        """The block in focus."""
        self.selected: Range | None = None
        self.status_line: Line | None = None
        """A row below everything, such as what is waited for."""
        self._extent = 0
        self._moving = False
        self._painted_rows = 0
        """Rows there were when the screen was last brought up to date."""
        self._seen = 0
        """Rows there were when the end was last in sight."""
        self.more_shown = 0
        self._looked: tuple[int, str] | None = None

    # What the screen looks like

    @property
    def rows(self) -> int:
        """Rows of everything shown, the status row included."""
        return self.page.total + self._status_rows

    @property
    def _status_rows(self) -> int:
        return 0 if self.status_line is None else 1 + (len(self.page) > 0)

    @property
    def top(self) -> int:
        """The first row on the screen."""
        return self.scroll_offset.y

    @property
    def window(self) -> int:
        """Rows on the screen."""
        return max(1, self.scrollable_content_region.height)

    def look(self, *, force: bool = False) -> None:
        """Take over the present width and theme, keeping what is read in its place."""
        width = self.scrollable_content_region.width
        looked = (width, self.app.theme)
        if width <= 0 or (looked == self._looked and not force):
            return
        first = self._looked is None
        self._looked = looked
        anchor = None if first or self.following or not len(self.page) else self.page.anchor_at(self.top)
        self.page.look(width - MARGIN - 1, self._palette())
        if anchor is not None:
            self._set_top(self.page.row_of(anchor), clamp=False)
        self.update_rows()
        self.refresh()

    def _palette(self) -> Palette:
        """Styles of the theme; translucent colours are mixed here, a terminal knows none."""
        return Palette(**{role: self._style(role) for role in ROLES})

    def _style(self, role: str) -> Style:
        rules = self.get_component_styles(f"transcript--{role.replace('_', '-')}")
        _, behind = self.background_colors
        own = rules.background
        color = (behind + own) + rules.color
        background = (behind + own).rich_color if own.a else None
        style = Style.from_color(color.rich_color, background) + rules.text_style
        if rules.color.a < 1 and behind.ansi is not None:
            # The terminal's own palette cannot be mixed: dim says the same.
            style += Style(dim=True)
        return style

    def on_mount(self) -> None:
        """Learn the width, and about changes of theme."""
        super().on_mount()  # type: ignore[no-untyped-call]
        self.app.theme_changed_signal.subscribe(
            self, lambda _: self.call_after_refresh(self.look, force=True)
        )

    def on_resize(self, _event: events.Resize) -> None:
        """Lay out for the new size."""
        self.look()
        self.update_rows()

    def notify_style_update(self) -> None:
        """Styles changed: colours may have."""
        super().notify_style_update()
        if self._looked is not None and self.is_mounted:
            self.look(force=self._palette() != self.page.palette)

    # Rows and the scroll position

    def update_rows(self, changed: int | None = None) -> None:
        """Blocks changed from row ``changed`` on (None: nothing painted did): settle, size, paint."""
        if self._looked is None:
            return
        if not self.following:
            self._settle()
        self._grow()
        if self.following:
            self._follow()
        if changed is None and self.rows != self._painted_rows:
            # A block that had no rows before has some now.
            changed = min(self.rows, self._painted_rows)
        if changed is not None:
            self.repaint_rows(changed, max(self.rows, self._painted_rows) - changed)
        self._painted_rows = self.rows
        self._update_more()

    def _settle(self) -> None:
        top = self.page.settle(self.top, self.window)
        if top != self.top:
            self._set_top(top)

    def _grow(self) -> None:
        """Fit the virtual size; while text arrives it grows in jumps, for each change repaints everything."""
        rows = self.rows
        if self.growing and rows > self.window:
            if rows > self._extent:
                self._set_extent(rows + max(8, self.window // 4))
            elif self._extent - rows > 2 * max(8, self.window // 4):
                self._set_extent(rows)
        else:
            self._set_extent(rows)

    def _set_extent(self, extent: int) -> None:
        if extent == self._extent and self.virtual_size.height == extent:
            return
        self._extent = extent
        # Setting the reactive would lay out the whole screen; only the scrollbar has to know.
        self.set_reactive(Widget.virtual_size, Size(self.scrollable_content_region.width, extent))
        self.vertical_scrollbar.window_virtual_size = extent
        self.vertical_scrollbar.window_size = self.window
        self.vertical_scrollbar.refresh()
        if self.top > self.max_scroll_y:
            self._set_top(self.max_scroll_y)

    def _follow(self) -> None:
        for _ in range(4):
            self._grow()
            bottom = max(0, self._extent - self.window)
            self.page.settle(bottom, self.window)
            self._grow()
            if max(0, self._extent - self.window) == bottom:
                break
        self._set_top(max(0, self._extent - self.window))
        self._seen = self.rows

    def move_to(self, row: int) -> None:
        """Scroll to ``row`` as part of a change, not as the user's wish."""
        self._set_top(row, clamp=False)

    def _set_top(self, row: int, *, clamp: bool = True) -> None:
        self._moving = True
        try:
            if not clamp and row + self.window > self._extent:
                self._set_extent(row + self.window)
            self.scroll_target_y = row
            self.scroll_y = row
        finally:
            self._moving = False

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """The position changed; by the user unless we are moving ourselves."""
        super().watch_scroll_y(old_value, new_value)
        if self._moving or self._looked is None or round(old_value) == round(new_value):
            return
        self._settle()
        self._grow()
        self.following = self.top + self.window >= self.rows
        if self.following:
            self._seen = self.rows
        self._update_more()

    def repaint_more(self) -> None:
        """Paint the row of new content again, if it is there."""
        if self.more_shown:
            self.refresh(Region(0, self.window - 1, self.size.width, 1))

    def repaint_rows(self, first: int, count: int) -> None:
        """Paint ``count`` rows of the page from ``first`` again, as far as they are on the screen."""
        start, end = max(first, self.top), min(first + count, self.top + self.window)
        if start < end:
            self.refresh(Region(0, start - self.top, self.size.width, end - start))

    def _update_more(self) -> None:
        more = 0 if self.following else max(0, self.rows - self._seen)
        if more != self.more_shown:
            self.more_shown = more
            self.refresh(Region(0, self.window - 1, self.size.width, 1))

    def jump_to_end(self) -> None:
        """Go to the end and follow it."""
        self.following = True
        self._follow()
        self._update_more()

    def go(self, row: int) -> None:
        """Scroll so that ``row`` of the page is the first, as a user would."""
        self.scroll_target_y = max(0, min(row, self.max_scroll_y))
        self.scroll_y = self.scroll_target_y

    # Painting

    def render_line(self, y: int) -> Strip:
        """The strip of row ``y`` of the screen."""
        if self.more_shown and y == self.window - 1:
            return self._more()
        row = self.top + y
        spot = self.page.locate(row)
        if spot.block >= len(self.page):
            if self.status_line is not None and row == self.rows - 1:
                return self._strip(self.status_line.pieces, len(self.page), 0, _UNFOCUSED)
            return self._strip((), len(self.page), 0, _UNFOCUSED)
        if spot.line is None:
            return self._strip((), spot.block, 0, _UNFOCUSED)
        return self._painted(spot, spot.line)

    def _painted(self, spot: Spot, line: Line) -> Strip:
        focused = self.shows_cursor and spot.block == self.cursor
        chosen = None
        if self.selected is not None:
            chosen = columns(self.page, self.selected, spot.block, spot.row)
        found = self.found_in(spot.block, spot.row)
        plain = not focused and chosen is None and not found
        if plain and line.strip is not None:
            return line.strip
        pieces = line.pieces
        for first, last, style in found:
            pieces = highlighted(pieces, first, last, style)
        if chosen is not None:
            pieces = highlighted(pieces, *chosen, self.screen.get_component_rich_style("screen--selection"))
        start = self.page.start_of(spot.block, spot.row)
        strip = self._strip(pieces, spot.block, start, FOCUSED if focused else _UNFOCUSED)
        if plain:
            line.strip = strip
        return strip

    def found_in(self, block: int, row: int) -> Sequence[tuple[int, int, Style]]:  # noqa: ARG002
        """Copied characters of a row that are marked, each run with its style."""
        return ()

    def _strip(self, pieces: tuple[Piece, ...], block: int, start: int, mark: str) -> Strip:
        """Segments that know which character of which row they begin with, for the screen's selection."""
        y = row_id(block, start)
        base = self.rich_style
        margin = base + self._style("focus") if mark == FOCUSED else Style(bgcolor=base.bgcolor)
        runs = [(mark, margin, -len(mark))]
        x = 0
        for text, own, _ in pieces:
            runs.append((text, base + own, x))
            x += len(text)
        # Each run costs a sequence of some forty bytes: blanks at the end take their neighbour's style.
        missing = self.scrollable_content_region.width - sum(cell_len(text) for text, _, _ in runs)
        if missing > 0:
            text, style, x = runs[-1]
            if _blank_looks_alike(style, base):
                runs[-1] = (text + " " * missing, style, x)
        return Strip([Segment(text, style + Style.from_meta({"offset": (x, y)})) for text, style, x in runs])

    @property
    def shows_cursor(self) -> bool:
        """Whether the block in focus is marked: while keys come here."""
        return self.has_focus

    @property
    def more_key(self) -> str:
        """The key that leads to what is below."""
        return "End" if self.has_focus else "PgDn"

    def _more(self) -> Strip:
        """The row that tells of new content below."""
        style = self.rich_style + self._style("more")
        rows = f"{self.more_shown:,} more row{'s' if self.more_shown > 1 else ''}"
        text = f" ▼ {rows} below · {self.more_key} "
        width = self.scrollable_content_region.width
        return Strip([Segment(text[:width].center(width), style)])

    # Selection

    def selection_updated(self, selection: Selection | None) -> None:
        """The screen's selection changed: keep it as places in the text."""
        self.selected = None if selection is None else selected_range(self.page, selection)
        self.refresh()

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected text, as the blocks have it."""
        chosen = self.selected or selected_range(self.page, selection)
        return selected_text(self.page, chosen), "\n"


def _blank_looks_alike(style: Style, base: Style) -> bool:
    """Whether a blank in ``style`` cannot be told from one in ``base``."""
    lines = style.underline or style.strike or style.reverse or style.overline or style.underline2
    return not lines and style.bgcolor == base.bgcolor
