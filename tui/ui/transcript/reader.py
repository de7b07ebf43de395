"""The pane for things to read that stand from the start: a text of any length, the rows of a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from textual.geometry import Region

from tui.clean import cells, clean, expand_tabs
from tui.ui.transcript.blocks import LEAST_WIDTH, render
from tui.ui.transcript.line import Line, Piece
from tui.ui.transcript.model import DrawnBlock
from tui.ui.transcript.palette import PLAIN, Palette
from tui.ui.transcript.pane import Pane
from tui.ui.transcript.surface import MARGIN

SCROLLING = ("up", "down", "pageup", "pagedown", "home", "end")
"""The keys that scroll."""
STRETCH = 6_000
"""Characters of a text that are laid out together."""
HIGHLIGHTED = 200_000
"""Longer texts are shown without highlighting: it costs more than it tells."""


class Reader(Pane):
    """Begins at the top, and says how much more there is below as long as there is."""

    def __init__(self, *, goes_on: str = "PgDn", classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self.goes_on = goes_on
        """What leads to the rows below, as people press it."""

    @property
    def more_key(self) -> str:
        """What leads to what is below."""
        return self.goes_on

    def show(self, blocks: Sequence[DrawnBlock], *, keep_place: bool = False) -> None:
        """Replace everything; from the top, or with the same rows from the end still at the top."""
        below = self.rows - self.top if keep_place and self.top else None
        self.page.cut(0)
        self.page.extend(blocks)
        self.following = False
        self.selected = None
        if below is None:
            self.move_to(0)
        self.update_rows(0)
        if below is not None:
            self.move_to(max(0, self.rows - below))
            self.update_rows(0)
        self.refresh()

    def height_at(self, width: int, most: int) -> int:
        """Rows of everything in a widget of ``width`` cells, counted up to ``most``.

        Counted, not guessed: what is made visible takes more room than it did hidden.
        """
        rows = 0
        for entry in self.page.entries:
            rows += entry.gap + len(render(entry.block, text_width(width), PLAIN))
            if rows >= most:
                return most
        return rows

    def _update_more(self) -> None:
        missing = self.rows - (self.top + self.window)
        # The row that tells covers one itself, so there have to be others.
        more = missing + 1 if missing > 0 and self.window > 2 else 0
        if more != self.more_shown:
            self.more_shown = more
            self.refresh(Region(0, self.window - 1, self.size.width, 1))

    def move(self, key: str) -> bool:
        """Scroll as a key of that name would; False for any other key, or with nothing to scroll."""
        page = max(1, self.window - 2)
        steps = {"up": -1, "down": 1, "pageup": -page, "pagedown": page}
        ends = {"home": 0, "end": self.max_scroll_y}
        if self.rows <= self.window or key not in {**steps, **ends}:
            return False
        self.go(ends.get(key, self.top + steps.get(key, 0)))
        return True


def text_width(width: int) -> int:
    """The cells a row has in a pane of ``width`` cells: without the margin and the scrollbar."""
    return max(LEAST_WIDTH, width - MARGIN - 1)


def source(
    key: str, text: str, language: str = "", *, gap: int = 0, shown: Callable[[str], str] = clean
) -> list[DrawnBlock]:
    """A text exactly as it is, in stretches that are made safe by ``shown`` when they are looked at."""
    language = language if len(text) <= HIGHLIGHTED else ""
    return [
        _stretch(f"{key}-{number}", piece, language, gap if number == 0 else 0, shown)
        for number, piece in enumerate(_stretches(text or "(empty)"))
    ]


def heading(key: str, text: str, *, gap: int = 1) -> DrawnBlock:
    """One quiet line (clean) above what follows."""

    def draw(_: int, palette: Palette) -> list[Line]:
        return [Line((Piece(text, palette.dim, False),))]

    return DrawnBlock(key, draw, lambda _: 1, gap=gap)


def _stretch(key: str, text: str, language: str, gap: int, shown: Callable[[str], str]) -> DrawnBlock:
    from tui.ui.transcript.markdown.fence import code_lines

    def draw(width: int, palette: Palette) -> list[Line]:
        return code_lines(shown(text), language, width, palette)

    def rows(width: int) -> int:
        inner = max(1, width - 2)
        lines = text.removesuffix("\n").split("\n")
        return sum(max(1, -(-cells(expand_tabs(line)) // inner)) for line in lines)

    return DrawnBlock(key, draw, rows, gap=gap)


def _stretches(text: str) -> Iterable[str]:
    """Pieces of about ``STRETCH`` characters, cut behind a newline where there is one."""
    start = 0
    while start < len(text):
        end = min(len(text), start + STRETCH)
        if end < len(text):
            newline = text.rfind("\n", start, end)
            end = newline + 1 if newline >= start else end
        yield text[start:end]
        start = end
