"""An attachment: its facts on one line, and its picture as coloured half cells where it can be drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.color import Color
from rich.style import Style

from tui.chat.parts import Attachment, Image
from tui.clean import clean
from tui.ui.transcript.blocks.figures import size
from tui.ui.transcript.line import FOLD, Hit, Line, Piece, merged
from tui.ui.transcript.model import MediaBlock
from tui.ui.transcript.palette import Palette
from tui.ui.transcript.wrap import wrap

if TYPE_CHECKING:
    from tui.attachments import Facts, Pixels

SIGN = "▣"
COLUMNS, ROWS = 40, 12
"""The largest picture, in cells; a cell shows two pixels, one above the other."""
_SEEN_FROM = 128
"""How much of a pixel must be seen, of 255, to be drawn."""
_STEP = 8
"""Colours are drawn in steps of this, so that neighbours more often share one."""


def media_block(key: str, attachment: Attachment, group: str = "") -> MediaBlock:
    """The block of an attachment; not yet drawn."""
    from tui.attachments import describe

    facts = describe(attachment)
    picture = attachment if isinstance(attachment, Image) else None
    pixels = (facts.width, facts.height) if facts.width and facts.height else None
    return MediaBlock(key, facts_line(facts), picture, pixels, group=group)


def facts_line(facts: Facts) -> str:
    """``photo.png · png 800×600 · 120.0 kB``."""
    kind = facts.format
    if facts.width and facts.height:
        kind += f" {facts.width}×{facts.height}"
    elif facts.pages:
        kind += " 1 page" if facts.pages == 1 else f" {facts.pages} pages"
    return clean(f"{facts.name} · {kind} · {size(facts.bytes)}")


def named(text: str, parts: Iterable[object]) -> str:
    """``text`` and a line for each attachment among ``parts``, as a tool's result is shown."""
    attached = [part for part in parts if isinstance(part, Attachment)]
    if not attached:
        # Most results are text alone; what tells of files is slow to load.
        return text
    from tui.attachments import describe

    lines = [f"{SIGN} {facts_line(describe(part))}" for part in attached]
    return "\n".join([text, *lines] if text else lines)


def media_lines(block: MediaBlock, width: int, palette: Palette) -> list[Line]:
    """The rows of an attachment; blank ones for a picture that is still being decoded."""
    pieces = [Piece(f"{SIGN} ", palette.marker, False), Piece(block.text, palette.dim)]
    if not block.draws:
        return wrap(pieces, width)
    arrow = " ▸" if block.folded else " ▾"
    head = wrap([*pieces, Piece(arrow, palette.marker, False)], width)
    for row in head:
        row.hits = (Hit(0, width, FOLD),)
    columns, rows = extent(block, width)
    if block.folded:
        return head
    if block.copy is None:
        return [*head, *(Line(()) for _ in range(rows))]
    return [*head, *cells(block.copy, columns, rows)]


def extent(block: MediaBlock, width: int) -> tuple[int, int]:
    """Columns and rows a picture takes at ``width``; nothing where it is not drawn."""
    if not block.draws or block.pixels is None:
        return 0, 0
    # The copy stands upright; the header may tell the sides of one that lies.
    across, down = (block.copy.width, block.copy.height) if block.copy else block.pixels
    most = min(COLUMNS, width)
    scale = min(1.0, most / across, 2 * ROWS / down)
    return max(1, round(across * scale)), max(1, -(-max(1, round(down * scale)) // 2))


def cells(pixels: Pixels, columns: int, rows: int) -> list[Line]:
    """``pixels`` drawn in ``columns`` x ``rows`` cells, each with one colour above another."""
    across = [column * pixels.width // columns * 4 for column in range(columns)]
    # Rows of pixels there are; below an odd last one nothing is drawn.
    down = min(2 * rows, max(1, round(pixels.height * columns / pixels.width)))
    lines = []
    for row in range(rows):
        upper, lower = (_row(pixels, across, 2 * row + half, down) for half in (0, 1))
        lines.append(Line(merged(_cell(*pair) for pair in zip(upper, lower, strict=True))))
    return lines


def _row(pixels: Pixels, across: Sequence[int], row: int, down: int) -> list[Color | None]:
    if row >= down:
        return [None] * len(across)
    start = row * pixels.height // down * pixels.width * 4
    return [_colour(pixels.data[start + at : start + at + 4]) for at in across]


def _colour(pixel: bytes) -> Color | None:
    """The colour of a pixel in steps; None for one that is seen through."""
    red, green, blue, seen = pixel
    if seen < _SEEN_FROM:
        return None
    return Color.from_rgb(*(value - value % _STEP for value in (red, green, blue)))


def _cell(upper: Color | None, lower: Color | None) -> Piece:
    if upper is None and lower is None:
        return Piece(" ", Style.null(), False)
    if upper is None:
        return Piece("▄", Style(color=lower), False)
    if lower == upper:
        # A blank has no seams to its neighbours in any font.
        return Piece(" ", Style(bgcolor=upper), False)
    return Piece("▀", Style(color=upper, bgcolor=lower), False)
