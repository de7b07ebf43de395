"""One pure renderer for each kind of block, and what a block copies: block, width, palette in, rows out."""

from __future__ import annotations

from tui.ui.transcript.blocks.card import card_lines
from tui.ui.transcript.blocks.footer import footer_lines, notice_lines
from tui.ui.transcript.blocks.media import extent as picture
from tui.ui.transcript.blocks.media import media_lines
from tui.ui.transcript.blocks.text import text_lines
from tui.ui.transcript.blocks.thinking import thinking_lines
from tui.ui.transcript.blocks.tool import copied, shown_extent, tool_lines
from tui.ui.transcript.blocks.user import user_lines
from tui.ui.transcript.layout import Extent, estimate_rows, rows_at
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
NOTHING: Extent = (0, 0, 0)
FOLDED: Extent = (1, 0, 0)


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


def measure(block: Block) -> Extent | None:
    """What the rows of ``block`` are guessed from at any width; None where that does not tell."""
    match block:
        case UserBlock():
            return _extent(*extent_of(block, "text"), above=1)
        case TextBlock():
            chars, breaks = extent_of(block, "text")
            return _extent(chars, breaks) if chars else NOTHING
        case ThinkingBlock(folded=True) | ToolBlock(folded=True):
            return FOLDED
        case ThinkingBlock():
            chars, breaks = extent_of(block, "text")
            return _extent(chars, breaks, above=1, less=2) if chars else FOLDED
        case ToolBlock():
            return _extent(*shown_extent(block), above=3)
        case FooterBlock(text=text) | NoticeBlock(text=text):
            return _extent(len(text), text.count("\n"))
        case _:
            return None


def _extent(chars: int, breaks: int, *, above: int = 0, less: int = 0) -> Extent:
    return above + breaks + 1, chars, less


def estimate(block: Block, width: int) -> int:
    """A guess of the rows ``render`` gives, without rendering."""
    extent = measure(block)
    if extent is not None:
        return rows_at(extent, width)
    match block:
        case MediaBlock(text=text, folded=folded):
            return estimate_rows(text, width - 4) + (0 if folded else picture(block, width)[1])
        case CardBlock(what=what, vendor_message=message):
            return 4 + estimate_rows(what, width) + estimate_rows(message, width)
        case DrawnBlock(rows=rows):
            return rows(width)
    raise AssertionError(block)


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
