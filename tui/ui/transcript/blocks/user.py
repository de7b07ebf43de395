"""The user's prompt: who and when, then the words as typed."""

from __future__ import annotations

from tui.ui.transcript.blocks.plain import plain_lines, sides
from tui.ui.transcript.line import Line, Piece
from tui.ui.transcript.model import UserBlock
from tui.ui.transcript.palette import Palette


def user_lines(block: UserBlock, width: int, palette: Palette) -> list[Line]:
    """The rows of a prompt."""
    left = [Piece("you", palette.user)]
    right = [Piece(block.at, palette.dim, False)] if block.at and width >= len(block.at) + 5 else []
    head = Line(tuple(sides(left, right, width, palette.text) if right else left))
    return [head, *plain_lines(block.text, width, palette.text)]
