"""One pure renderer for each kind of block, and what a block copies: block, width, palette in, rows out."""

from __future__ import annotations

from tui.ui.transcript.blocks.card import card_lines
from tui.ui.transcript.blocks.footer import footer_lines, notice_lines
from tui.ui.transcript.blocks.media import extent, media_lines
from tui.ui.transcript.blocks.text import text_lines
from tui.ui.transcript.blocks.thinking import thinking_lines
from tui.ui.transcript.blocks.tool import copied, shown_extent, tool_lines
from tui.ui.transcript.blocks.user import user_lines
from tui.ui.transcript.layout import estimate_rows, rows_of
from tui.ui.transcript.line import Line, cropped
from tui.ui.transcript.model import (
    Block,
    CardBlock,
    DrawnBlock,
    FooterBlock,
    MediaBlock,
    NoticeBlock,
    TextBlock,
    ThinkingBlock,
    ToolBlock,
    UserBlock,
)
from tui.ui.transcript.packed import extent as extent_of
from tui.ui.transcript.palette import Palette

LEAST_WIDTH = 16
"""Narrower than this nothing is laid out anew; rows are cut instead."""


def render(block: Block, width: int, palette: Palette) -> list[Line]:
    """The rows of ``block``, none wider than ``width`` cells."""
    return [cropped(row, width) for row in _render(block, max(LEAST_WIDTH, width), palette)]


def _render(block: Block, width: int, palette: Palette) -> list[Line]:
    match block:
        case UserBlock():
            return user_lines(block, width, palette)
        case MediaBlock():
            return media_lines(block, width, palette)
        case TextBlock():
            return text_lines(block, width, palette)
        case ThinkingBlock():
            return thinking_lines(block, width, palette)
        case ToolBlock():
            return tool_lines(block, width, palette)
        case FooterBlock():
            return footer_lines(block, width, palette)
        case NoticeBlock():
            return notice_lines(block, width, palette)
        case CardBlock():
            return card_lines(block, width, palette)
        case DrawnBlock(draw=draw):
            return draw(width, palette)


def estimate(block: Block, width: int) -> int:
    """A guess of the rows ``render`` gives, without rendering."""
    match block:
        case UserBlock():
            return 1 + rows_of(*extent_of(block, "text"), width)
        case MediaBlock(text=text, folded=folded):
            return estimate_rows(text, width - 4) + (0 if folded else extent(block, width)[1])
        case TextBlock():
            chars, breaks = extent_of(block, "text")
            return rows_of(chars, breaks, width) if chars else 0
        case ThinkingBlock(folded=True) | ToolBlock(folded=True):
            return 1
        case ThinkingBlock():
            chars, breaks = extent_of(block, "text")
            return 1 + rows_of(chars, breaks, width - 2) if chars else 1
        case ToolBlock():
            return 3 + rows_of(*shown_extent(block), width)
        case FooterBlock(text=text) | NoticeBlock(text=text):
            return estimate_rows(text, width)
        case CardBlock(what=what, vendor_message=message):
            return 4 + estimate_rows(what, width) + estimate_rows(message, width)
        case DrawnBlock(rows=rows):
            return rows(width)


def copy_text(block: Block) -> str:
    """All a block says, folded or not, for the clipboard."""
    match block:
        case ToolBlock():
            return copied(block)
        case CardBlock():
            parts = (block.title, block.what, block.vendor_message, block.hint)
            return "\n".join(part for part in parts if part)
        case NoticeBlock(text=text, hint=hint):
            return "\n".join(part for part in (text, hint) if part)
        case _:
            return block.text


def gap_before(block: Block, before: Block | None) -> int:
    """Empty rows above ``block``: none at the top, between tool lines, and above the quiet lines."""
    if before is None:
        return 0
    if isinstance(block, DrawnBlock):
        return block.gap
    if isinstance(block, MediaBlock):
        return 0
    quiet = (ThinkingBlock, ToolBlock)
    if isinstance(block, FooterBlock):
        return 0 if isinstance(before, quiet) else 1
    if isinstance(block, quiet) and isinstance(before, quiet):
        both_tools = isinstance(block, ToolBlock) and isinstance(before, ToolBlock)
        return 0 if both_tools or isinstance(block, ToolBlock) or isinstance(before, ToolBlock) else 1
    if isinstance(block, NoticeBlock) and isinstance(before, NoticeBlock | FooterBlock):
        return 0
    return 1


def is_foldable(block: Block) -> bool:
    """Whether the block has more to show than it shows when folded."""
    match block:
        case ToolBlock():
            return True
        case ThinkingBlock(text=text):
            return bool(text.strip())
        case MediaBlock(draws=draws):
            return draws
    return False
