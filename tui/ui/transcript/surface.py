"""The surface of a page: how its rows become strips in the colours of the theme, and what is selected.

Rows that are painted carry no offsets: only a selection asks for them, row by row, and a style of its
own for every run of text was a third of what a painted row costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.selection import Selection
from textual.strip import Strip

from tui.ui.transcript.line import Line, Piece
from tui.ui.transcript.page import Page, Spot
from tui.ui.transcript.palette import ROLES, Palette
from tui.ui.transcript.scrollbar import Bar
from tui.ui.transcript.selection import Range, columns, highlighted, row_id, selected_range, selected_text

MARGIN = 2
"""Columns before each row: the mark of the block in focus, and a blank."""
FOCUSED = "▌ "
_UNFOCUSED = "  "


class Surface(ScrollView, can_focus=True):
    """A page of blocks as it is painted; where it stands is its subclass's to say."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"transcript--{role.replace('_', '-')}" for role in ROLES} | {
        "transcript--focus",
        "transcript--more",
        "transcript--found",
        "transcript--found-here",
    }

    DEFAULT_CSS = """
    Surface {
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
        & > .transcript--found { text-style: underline; color: $text-warning; }
        & > .transcript--found-here { background: $warning; color: $background; text-style: bold underline; }
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.page = Page()
        self.cursor: int | None = None
        """The block in focus."""
        self.selected: Range | None = None
        self.status_line: Line | None = None
        """A row below everything, such as what is waited for."""
        self.more_shown = 0
        """Rows of new content that the last row of the window tells of."""
        self._ground: Style | None = None
        self._own: dict[str, Style] = {}

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

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """The scrollbar; made when it is first asked for."""
        if self._vertical_scrollbar is None:
            bar = Bar(name="vertical", thickness=self.scrollbar_size_vertical)
            bar.display = False
            if not self.is_attached:
                # It is about to end: nobody would end this one.
                return bar
            self._vertical_scrollbar = bar
            self.app._start_widget(self, bar)
        return self._vertical_scrollbar

    # Painting

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows of the window that are painted."""
        if self.styles.gutter:
            return super().render_lines(crop)
        background = self.background_colors[1]
        filters = self.get_line_filters()
        strips = []
        for y in range(*crop.line_span):
            strip = self._row(y)
            for one in filters:
                strip = strip.apply_filter(one, background)
            strips.append(strip.crop(*crop.column_span))
        return strips

    def render_line(self, y: int) -> Strip:
        """Row ``y`` of the window, whose segments know which character of which block they begin with."""
        strip = self._row(y)
        if self._tells_more(y):
            return strip
        spot = self.page.locate(self.top + y)
        within = spot.line is not None
        start = self.page.start_of(spot.block, spot.row) if within else 0
        return strip.apply_offsets(-MARGIN, row_id(spot.block, start))

    def comes_in_sight(self, block: int) -> None:
        """A row of a block is painted."""

    def _tells_more(self, y: int) -> bool:
        return bool(self.more_shown) and y == self.window - 1

    def _row(self, y: int) -> Strip:
        if self._tells_more(y):
            return self._more()
        row = self.top + y
        spot = self.page.locate(row)
        if spot.block >= len(self.page):
            if self.status_line is not None and row == self.rows - 1:
                return self._strip(self.status_line.pieces)
            return self._strip(())
        self.comes_in_sight(spot.block)
        return self._strip(()) if spot.line is None else self._painted(spot, spot.line)

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
        strip = self._strip(pieces, focused=focused)
        if plain:
            line.strip = strip
        return strip

    def found_in(self, block: int, row: int) -> Sequence[tuple[int, int, Style]]:  # noqa: ARG002
        """Copied characters of a row that are marked, each run with its style."""
        return ()

    def forget_styles(self) -> None:
        """The colours may be others: what is derived from them is made anew."""
        self._ground, self._own = None, {}

    @property
    def ground(self) -> Style:
        """The style beneath everything; it follows from all that the widget stands in, so it is kept."""
        if self._ground is None:
            self._ground = self.rich_style
        return self._ground

    def palette_style(self, role: str) -> Style:
        """The style of a component, such as the mark of the focus."""
        style = self._own.get(role)
        if style is None:
            style = self._own[role] = self._style(role)
        return style

    def _strip(self, pieces: tuple[Piece, ...], *, focused: bool = False) -> Strip:
        base = self.ground
        if focused:
            segments = [Segment(FOCUSED, base + self.palette_style("focus"))]
        else:
            segments = [Segment(_UNFOCUSED, Style(bgcolor=base.bgcolor))]
        segments += [Segment(text, base + own) for text, own, _ in pieces]
        # Blanks at the end take their neighbour's style, so that they are no run of their own.
        width = self.scrollable_content_region.width
        used = sum(cell_len(text) for text, _, _ in segments)
        if used < width:
            text, style, _ = segments[-1]
            if style is not None and _blank_looks_alike(style, base):
                segments[-1] = Segment(text + " " * (width - used), style)
            else:
                segments.append(Segment(" " * (width - used), Style(bgcolor=base.bgcolor)))
        return Strip(segments, max(used, width))

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
        style = self.ground + self.palette_style("more")
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
