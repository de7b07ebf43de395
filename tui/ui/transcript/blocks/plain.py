"""Text shown exactly as it is, wrapped, behind an optional gutter; it may grow."""

from __future__ import annotations

from rich.style import Style

from tui.ui.transcript.line import Line, Piece
from tui.ui.transcript.wrap import wrap

GUTTER = "│ "
LONGEST = 4_000
"""Characters of a line that are wrapped together."""


class Plain:
    """The rows of a growing plain text; complete lines are final."""

    def __init__(self, width: int, style: Style, gutter: Piece | None = None) -> None:
        self.width = max(1, width - (len(gutter.text) if gutter else 0))
        self.style = style
        self.gutter = gutter
        self.closed: list[Line] = []
        self._partial = ""

    def feed(self, text: str) -> list[Line]:
        """Append ``text`` (clean); returns the rows after the closed ones."""
        *complete, self._partial = (self._partial + text).split("\n")
        for line in complete:
            self.closed += self._rows(line)
        while len(self._partial) > LONGEST:
            # Wrapping all of a line without end again for each word would not stay cheap.
            cut = self._partial.rfind(" ", 0, LONGEST) + 1 or LONGEST
            self.closed += self._rows(self._partial[:cut])
            self._partial = self._partial[cut:]
        return self._rows(self._partial) if self._partial else []

    def _rows(self, text: str) -> list[Line]:
        rows = wrap([Piece(text, self.style)], self.width)
        return [row.prefixed(self.gutter) for row in rows] if self.gutter else rows


def plain_lines(text: str, width: int, style: Style, gutter: Piece | None = None) -> list[Line]:
    """The rows of a whole plain text, without empty lines at its end."""
    document = Plain(width, style, gutter)
    rows = document.feed(text.rstrip("\n"))
    return [*document.closed, *rows]


def sides(left: list[Piece], right: list[Piece], width: int, filler: Style) -> list[Piece]:
    """``left`` and ``right`` on one row of ``width`` cells; the caller sees to it that both fit."""
    used = Line((*left, *right)).cells
    return [*left, Piece(" " * max(1, width - used), filler, False), *right]
