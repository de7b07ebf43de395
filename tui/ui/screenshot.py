"""Pictures of the screen without secrets, which are taken out of the cells, not of the text behind them.

A long key is wrapped over rows, cut by styles into spans, scrolled half out of sight. So the cells of every
region are read as the text they show, row after row without what frames them, and looked through for pieces
of the secrets and for the shapes keys have.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import get_character_cell_size
from rich.console import Console
from rich.segment import Segment
from textual._compositor import LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from tui.secrets import SHORTEST, key_spans

if TYPE_CHECKING:
    from tui.ui.host import Host

HIDDEN = "•"
PIECE = 8
"""So many characters of a secret that stand together are taken for a piece of it."""
ROWS = 16
"""Rows a key may be wrapped over."""


_WORD = re.compile(r"[a-z]+")
_GAP = re.compile(r"(^ +| {2,}| +$)")


class Cell(NamedTuple):
    """One character and where it stands on the screen."""

    char: str
    x: int
    y: int


def picture(app: Host, title: str) -> str:
    """What ``app`` shows now as SVG; no secret that stands on it gets in."""
    screen, below = app.screen, app._background_screens
    regions = [
        region.intersection(clip)
        for shown in (screen, *below)
        for region, clip in shown._compositor.visible_widgets.values()
    ]
    update = screen._compositor.render_update(full=True, screen_stack=below)
    assert isinstance(update, LayoutUpdate)
    rows = [Strip.join(strips) for strips in update.strips]
    hidden = [apart(row) for row in without_secrets(rows, regions, app.deps.secrets())]
    console = Console(
        width=app.size.width,
        height=app.size.height,
        file=StringIO(),
        force_terminal=True,
        color_system="truecolor",
        record=True,
        legacy_windows=False,
        safe_box=False,
    )
    console.print(LayoutUpdate([[row] for row in hidden], update.region))
    return console.export_svg(title=title)


def without_secrets(rows: Sequence[Strip], regions: Iterable[Region], secrets: Sequence[str]) -> list[Strip]:
    """The rows of a screen with every cell hidden that may tell of a secret; other rows are the same."""
    cells = [_cells(row, y) for y, row in enumerate(rows)]
    whole = Region(0, 0, max((row.cell_length for row in rows), default=0), len(rows))
    pieces, letters = _pieces(secrets)
    hidden: set[tuple[int, int]] = set()
    for region in {whole, *regions}:
        inside = [
            [cell for cell in cells[y] if region.x <= cell.x < region.right]
            for y in range(max(region.y, 0), min(region.bottom, len(rows)))
        ]
        if pieces:
            hidden |= _of_secrets([cell for row in inside for cell in row if cell.char in letters], pieces)
        hidden |= _of_shapes([_bare(row) for row in inside])
    return [_drawn(row, y, hidden) for y, row in enumerate(rows)]


def apart(row: Strip) -> Strip:
    """A row whose gaps are pieces of their own, so that each text of a picture says where it begins.

    Viewers differ in how they space blanks; and equal rows are equal pictures, however they were drawn.
    """
    segments: list[Segment] = []
    for segment in row.discard_meta().simplify():
        texts = [segment.text] if segment.control else _GAP.split(segment.text)
        segments += [Segment(text, segment.style, segment.control) for text in texts if text]
    return Strip(segments, row.cell_length)


def _cells(row: Strip, y: int) -> list[Cell]:
    out: list[Cell] = []
    x = 0
    for segment in row:
        for char in "" if segment.control else segment.text:
            out.append(Cell(char, x, y))
            x += get_character_cell_size(char)
    return out


def _pieces(secrets: Sequence[str]) -> tuple[dict[int, frozenset[str]], frozenset[str]]:
    """By length, what gives a secret away, without spaces; and every character in one."""
    pieces: dict[int, set[str]] = {}
    for secret in ("".join(secret.split()) for secret in secrets):
        if len(secret) < SHORTEST:
            continue
        pieces.setdefault(len(secret), set()).add(secret)
        found = {secret[at : at + PIECE] for at in range(len(secret) - PIECE + 1)}
        # A piece that is nothing but small letters may be a word, which tells of no secret.
        telling = {piece for piece in found if not _WORD.fullmatch(piece)}
        pieces.setdefault(PIECE, set()).update(telling or found)
    letters = frozenset(char for found in pieces.values() for piece in found for char in piece)
    return {size: frozenset(found) for size, found in pieces.items()}, letters


def _of_secrets(cells: list[Cell], pieces: dict[int, frozenset[str]]) -> set[tuple[int, int]]:
    text = "".join(cell.char for cell in cells)
    return {
        (cell.x, cell.y)
        for size, found in pieces.items()
        for at in range(len(text) - size + 1)
        if text[at : at + size] in found
        for cell in cells[at : at + size]
    }


def _of_shapes(rows: list[list[Cell]]) -> set[tuple[int, int]]:
    """Keys that begin in a row, with what of them stands in the rows below."""
    hidden: set[tuple[int, int]] = set()
    texts = ["".join(cell.char for cell in row) for row in rows]
    for first, row in enumerate(rows):
        if not row:
            continue
        for between in ("", " "):
            text = between.join(texts[first : first + ROWS])
            begun = [span for span in key_spans(text) if span[0] < len(row)]
            if begun:
                gap = [Cell(" ", -1, -1)] * len(between)
                at = [c for below in rows[first : first + ROWS] for c in (*below, *gap)]
                hidden |= {(cell.x, cell.y) for start, end in begun for cell in at[start:end]}
    return hidden


def _bare(row: list[Cell]) -> list[Cell]:
    """A row without what frames it: blanks, lines, arrows and bars at both ends."""
    said = [place for place, cell in enumerate(row) if "!" <= cell.char <= "~"]
    return row[said[0] : said[-1] + 1] if said else []


def _drawn(row: Strip, y: int, hidden: set[tuple[int, int]]) -> Strip:
    if not any(at == y for _, at in hidden):
        return row
    segments: list[Segment] = []
    x = 0
    for segment in row:
        if segment.control:
            segments.append(segment)
            continue
        out = ""
        for char in segment.text:
            width = get_character_cell_size(char)
            out += HIDDEN * width if (x, y) in hidden else char
            x += width
        segments.append(Segment(out, segment.style))
    return Strip(segments, row.cell_length)
