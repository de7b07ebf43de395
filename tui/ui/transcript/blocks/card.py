"""A failure as a card: what failed and where, the vendor's own sentence, and keys for what to do."""

from __future__ import annotations

from rich.cells import cell_len

from tui.clean import cut
from tui.ui.transcript.line import Hit, Line, Piece, cropped, padded
from tui.ui.transcript.model import CardBlock
from tui.ui.transcript.palette import BOLD, Palette
from tui.ui.transcript.wrap import wrap


def card_lines(block: CardBlock, width: int, palette: Palette) -> list[Line]:
    """The rows of a card, framed."""
    inner = width - 4
    body: list[Line] = []
    for text, style in (
        (block.what, palette.text),
        (f"“{block.vendor_message}”" if block.vendor_message else "", palette.quote),
        (f"→ {block.hint}" if block.hint else "", palette.text),
    ):
        if text:
            body += [row for line in text.split("\n") for row in wrap([Piece(line, style)], inner)]
    if block.actions:
        body += [Line(()), *_actions(block, inner, palette)]
    left, right = Piece("│ ", palette.error, False), Piece(" │", palette.error, False)
    framed = []
    for row in body:
        filled = padded(cropped(row, inner), inner, palette.text).prefixed(left)
        framed.append(Line((*filled.pieces, right), filled.join, filled.hits))
    end = Line((Piece("╰" + "─" * (width - 2) + "╯", palette.error, False),))
    return [_top(block, width, palette), *framed, end]


def _top(block: CardBlock, width: int, palette: Palette) -> Line:
    where = " · ".join(part for part in (block.layer, str(block.status or "")) if part)
    right = f" {where} ─╮" if where and len(where) + 16 < width else "─╮"
    title = cut("✗ " + block.title.replace("\n", " "), width - 5 - cell_len(right))
    rule = "─" * max(0, width - 4 - cell_len(title) - cell_len(right))
    frame = palette.error
    return Line(
        (
            Piece("╭─ ", frame, False),
            Piece(title, frame + BOLD),
            Piece(f" {rule}", frame, False),
            Piece(right, frame, False),
        )
    )


def _actions(block: CardBlock, width: int, palette: Palette) -> list[Line]:
    """Labels of the actions, each with its key; a click on one chooses it."""
    rows: list[Line] = []
    pieces: list[Piece] = []
    hits: list[Hit] = []
    used = 0
    for key, label in block.actions:
        shown = cut(f"[{key}] {label}", width)
        needed = cell_len(shown) + (3 if used else 0)
        if used and used + needed > width:
            rows.append(Line(tuple(pieces), hits=tuple(hits)))
            pieces, hits, used, needed = [], [], 0, cell_len(shown)
        if used:
            pieces.append(Piece("   ", palette.text))
        start = used + needed - cell_len(shown)
        pieces.append(Piece(shown, palette.action))
        hits.append(Hit(start, start + cell_len(shown), f"action:{key}"))
        used += needed
    return [*rows, Line(tuple(pieces), hits=tuple(hits))]
