"""The quiet line below a step, and remarks about a turn."""

from __future__ import annotations

from tui.ui.transcript.blocks.fork import fork_pieces
from tui.ui.transcript.line import Line, Piece
from tui.ui.transcript.model import FooterBlock, NoticeBlock
from tui.ui.transcript.palette import Palette
from tui.ui.transcript.wrap import wrap

_SIGNS = {"info": "·", "warning": "⚠", "error": "✗"}


def footer_lines(block: FooterBlock, width: int, palette: Palette) -> list[Line]:
    """The rows of a step's last line."""
    text = Piece(block.text.replace("⚠ ", "⚠\N{NO-BREAK SPACE}"), palette.dim)
    # The sign never ends a row alone, without what it warns of.
    if block.fork is None:
        return wrap([text], width)
    mark, hits = fork_pieces(block.fork, 0, palette)
    rows = wrap([*mark, Piece("  ", palette.dim, False), text], width)
    rows[0].hits = hits
    return rows


def notice_lines(block: NoticeBlock, width: int, palette: Palette) -> list[Line]:
    """The rows of a remark: its sign, what it says, and what to do."""
    style = {"warning": palette.warning, "error": palette.error}.get(block.level, palette.dim)
    sign = Piece(f"{_SIGNS[block.level]} ", style)
    indent = Piece("  ", style, False)
    rows = [row for text in block.text.split("\n") for row in wrap([Piece(text, style)], width - 2)]
    if block.hint:
        rows += wrap([Piece("→ " + block.hint.replace("\n", " "), palette.dim)], width - 2)
    return [row.prefixed(indent if number else sign) for number, row in enumerate(rows)]
