"""Paints the rows of a diff: changes with both sides, beside one another where there is room."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from rich.style import Style

from tui.exchanges.diff import Change
from tui.ui.transcript.line import Line, Piece, padded
from tui.ui.transcript.palette import Palette
from tui.ui.transcript.wrap import wrap
from tui.ui.wire.diff_text import Block, Hunk, Row

BESIDE = 100
"""From this width on both sides stand beside one another."""
MARKS = {"added": "+", "removed": "−", "changed": "~", "moved": "↕"}
_INDENT = "    "


def head_lines(change: Change, width: int, palette: Palette, *, folded: bool | None) -> list[Line]:
    """What changed in a sentence, and where; ``folded`` is None where there is no more to see."""
    style = {"added": palette.ok, "removed": palette.error}.get(change.kind, palette.warning)
    sign = " " if folded is None else "▸" if folded else "▾"
    gutter = Piece(f"{sign} {MARKS[change.kind]} ", style, False)
    where = (
        [] if not change.path or change.section == "parameters" else [Piece(f"  {change.path}", palette.dim)]
    )
    rows = wrap([Piece(change.says, palette.text), *where], max(10, width - 4))
    rest = Piece(_INDENT, palette.dim, False)
    return [row.prefixed(gutter if at == 0 else rest) for at, row in enumerate(rows)]


def block_lines(blocks: Sequence[Block], width: int, palette: Palette) -> list[Line]:
    """Both sides of a change."""
    rows: list[Line] = []
    room = max(10, width - len(_INDENT))
    for block in blocks:
        if isinstance(block, Hunk):
            rows += _beside(block, room, palette) if width >= BESIDE else _below(block, room, palette)
        elif block.left_out:
            said = "1 line" if block.left_out == 1 else f"{block.left_out:,} lines"
            rows.append(Line((Piece(f"  ⋯ {said}", palette.dim, False),)))
        else:
            blank = Piece("  ", palette.dim, False)
            rows += [
                row.prefixed(blank) for row in wrap(_pieces(block.row, palette.dim, palette.dim), room - 2)
            ]
    indent = Piece(_INDENT, palette.dim, False)
    return [row.prefixed(indent) for row in rows]


def _below(hunk: Hunk, width: int, palette: Palette) -> list[Line]:
    rows: list[Line] = []
    for mark, lines, style in (("- ", hunk.before, palette.deleted), ("+ ", hunk.after, palette.inserted)):
        for line in lines:
            rows += _marked(line, mark, width, palette, style)
    return rows


def _beside(hunk: Hunk, width: int, palette: Palette) -> list[Line]:
    column = (width - 3) // 2
    left = [row for line in hunk.before for row in _marked(line, "- ", column, palette, palette.deleted)]
    right = [row for line in hunk.after for row in _marked(line, "+ ", column, palette, palette.inserted)]
    rows = []
    for old, new in zip_longest(left, right):
        one = padded(old or Line(()), column, palette.dim)
        rows.append(Line((*one.pieces, Piece(" │ ", palette.dim, False), *(new.pieces if new else ()))))
    return rows


def _marked(line: Row, mark: str, width: int, palette: Palette, style: Style) -> list[Line]:
    rows = wrap(_pieces(line, palette.text, style), max(4, width - 2)) or [Line(())]
    gutter, rest = Piece(mark, style), Piece("  ", style, False)
    return [row.prefixed(gutter if at == 0 else rest) for at, row in enumerate(rows)]


def _pieces(line: Row, style: Style, other: Style) -> list[Piece]:
    return [Piece(run.text, other if run.other else style) for run in line]
