"""The user's prompt: who and when, then the words as typed."""

from __future__ import annotations

from tui.ui.transcript.blocks.fork import fork_pieces
from tui.ui.transcript.blocks.plain import plain_lines, sides
from tui.ui.transcript.line import Hit, Line, Piece
from tui.ui.transcript.model import UserBlock
from tui.ui.transcript.palette import Palette


def user_lines(block: UserBlock, width: int, palette: Palette) -> list[Line]:
    """The rows of a prompt."""
    left = [Piece("you", palette.user)]
    hits: tuple[Hit, ...] = ()
    if block.fork is not None:
        mark, hits = fork_pieces(block.fork, 5, palette)
        left += [Piece("  ", palette.text, False), *mark]
    used = sum(len(piece.text) for piece in left)
    right = [Piece(block.at, palette.dim, False)] if block.at and width >= len(block.at) + used + 2 else []
    head = Line(tuple(sides(left, right, width, palette.text) if right else left), hits=hits)
    return [head, *plain_lines(block.text, width, palette.text)]
