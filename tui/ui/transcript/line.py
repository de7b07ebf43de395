"""One painted row as data: styled pieces, which of them a selection copies, and what a click does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.style import Style
from textual.strip import Strip

Join = Literal["\n", " ", ""]
"""What stands between a row and the one before it when copied: a row wrapped by us is joined again."""


class Piece(NamedTuple):
    """A run of text in one style; decoration (gutters, borders, padding) is not copied."""

    text: str
    style: Style
    copied: bool = True


class Hit(NamedTuple):
    """Columns of a row that answer a click: fold the block, or choose an action by its key."""

    start: int
    end: int
    action: str


FOLD = "fold"
"""The action of a row whose click folds its block."""
FLIP = "flip:"
"""An action that begins so goes to another version of the message, so many places on."""


@dataclass(slots=True)
class Line:
    """A row of a block, without the margin the view puts before it."""

    pieces: tuple[Piece, ...]
    join: Join = "\n"
    hits: tuple[Hit, ...] = ()
    strip: Strip | None = field(default=None, compare=False, repr=False)
    """The row as last painted, kept by the view."""

    @property
    def text(self) -> str:
        """Everything on the row."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def copied(self) -> str:
        """What a selection of the whole row copies."""
        return "".join(piece.text for piece in self.pieces if piece.copied)

    @property
    def cells(self) -> int:
        """Columns the row takes."""
        return sum(cell_len(piece.text) for piece in self.pieces)

    def copied_before(self, x: int) -> int:
        """How many copied characters stand before character ``x`` of the row."""
        count = 0
        for text, _, copied in self.pieces:
            if x <= 0:
                break
            if copied:
                count += min(x, len(text))
            x -= len(text)
        return count

    def prefixed(self, *pieces: Piece) -> Line:
        """The row behind a gutter; clicks move with it."""
        shift = sum(cell_len(piece.text) for piece in pieces)
        hits = tuple(Hit(hit.start + shift, hit.end + shift, hit.action) for hit in self.hits)
        return Line((*pieces, *self.pieces), self.join, hits)


def blank() -> Line:
    """An empty row; a new one each time, because the view keeps what it painted on it."""
    return Line(())


def merged(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Neighbours of one style joined: unmerged runs double the bytes sent to the terminal."""
    out: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        if (
            out
            and out[-1].copied == piece.copied
            and (out[-1].style is piece.style or out[-1].style == piece.style)
        ):
            out[-1] = Piece(out[-1].text + piece.text, piece.style, piece.copied)
        else:
            out.append(piece)
    return tuple(out)


def padded(row: Line, width: int, style: Style) -> Line:
    """``row`` filled with blanks to ``width`` cells, as a block with its own background needs."""
    missing = width - row.cells
    if missing <= 0:
        return row
    return Line((*row.pieces, Piece(" " * missing, style, False)), row.join, row.hits)


def cropped(row: Line, width: int) -> Line:
    """``row`` cut to at most ``width`` cells."""
    if row.cells <= width:
        return row
    pieces: list[Piece] = []
    left = width
    for text, style, copied in row.pieces:
        size = cell_len(text)
        if size > left:
            if left:
                pieces.append(Piece(set_cell_size(text, left), style, copied))
            break
        pieces.append(Piece(text, style, copied))
        left -= size
    return Line(tuple(pieces), row.join, tuple(h for h in row.hits if h.end <= width))
