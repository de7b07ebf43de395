"""Parsed Markdown blocks as rows: headings, lists, quotes, rules, tables and code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.style import Style

from tui.clean import clean
from tui.ui.transcript.line import Line, Piece, blank
from tui.ui.transcript.markdown.fence import code_lines, head, opened
from tui.ui.transcript.markdown.inline import inline
from tui.ui.transcript.markdown.parse import Node, nodes
from tui.ui.transcript.markdown.table import Table, read_rows
from tui.ui.transcript.palette import ITALIC, Palette
from tui.ui.transcript.wrap import wrap

_BULLETS = "•◦▪"
_NARROW = 10
"""Below this many cells nested blocks are no longer indented: a reader needs words, not depth."""
_MAX_DEPTH = 12


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block is rendered: its width, its styles, its base style and how deep it is nested."""

    width: int
    palette: Palette
    base: Style
    depth: int = 0

    def within(self, indent: int, base: Style | None = None, *, deeper: bool = True) -> Place:
        """The place inside an indent."""
        return Place(self.width - indent, self.palette, base or self.base, self.depth + deeper)


def stack(blocks: Sequence[Node], place: Place) -> list[Line]:
    """``blocks`` below one another with the gaps they need."""
    lines: list[Line] = []
    before: Node | None = None
    for block in blocks:
        if before is not None and has_gap(before, block):
            lines.append(blank())
        lines += block_lines(block, place)
        before = block
    return lines


def has_gap(before: Node, block: Node) -> bool:
    """Whether an empty row stands between two blocks: not before a list that belongs to its sentence."""
    return not (binds_list(before, block) and is_list(block))


def binds_list(before: Node, block: Node) -> bool:
    """Whether ``block`` would belong to the sentence before it if it were a list."""
    return block.start <= before.end and before.open.type == "paragraph_open"


def block_lines(block: Node, place: Place) -> list[Line]:
    """The rows of one block."""
    palette, width = place.palette, place.width
    match block.open.type:
        case "paragraph_open":
            return _paragraph(block, place)
        case "heading_open":
            return _heading(block, place)
        case "fence":
            fence = opened("```" + block.open.info)
            return [*head(fence, width, palette), *_code(block, fence.language, place)]
        case "code_block":
            return _code(block, "", place)
        case "bullet_list_open" | "ordered_list_open":
            return list_lines(block, place)
        case "blockquote_open":
            return _quote(block, place)
        case "table_open":
            return _table(block, place)
        case "hr":
            return [Line((Piece("─" * width, palette.marker, False),))]
        case _:
            return _plain(block, place)


def _code(block: Node, language: str, place: Place) -> list[Line]:
    return code_lines(clean(block.open.content), language, place.width, place.palette)


def _paragraph(block: Node, place: Place) -> list[Line]:
    children = block.inner[0].children if block.inner else None
    return [row for line in inline(children, place.base, place.palette) for row in wrap(line, place.width)]


def _heading(block: Node, place: Place) -> list[Line]:
    level = int(block.open.tag[1:])
    style = place.palette.heading if level <= 2 else place.palette.subheading
    children = block.inner[0].children if block.inner else None
    rows = [row for line in inline(children, style, place.palette) for row in wrap(line, place.width)]
    if level == 1:
        longest = max((row.cells for row in rows), default=0)
        rows.append(Line((Piece("━" * min(longest, place.width), style, False),)))
    return rows


def _quote(block: Node, place: Place) -> list[Line]:
    inner = list(nodes(block.inner))
    base = place.base + place.palette.quote
    if place.width - 2 < _NARROW or place.depth >= _MAX_DEPTH:
        return stack(inner, place.within(0, base))
    bar = Piece("▎ ", place.palette.marker, False)
    return [row.prefixed(bar) for row in stack(inner, place.within(2, base, deeper=False))]


def _table(block: Node, place: Place) -> list[Line]:
    header, rows = read_rows(block, place.palette)
    table = Table(header, place.width, place.palette)
    for _, row in rows:
        table.add(row)
    return table.lines()


def _plain(block: Node, place: Place) -> list[Line]:
    """A block without a form of its own is shown as its text."""
    text = block.open.content or "".join(token.content for token in block.inner)
    lines = clean(text).rstrip("\n").split("\n")
    return [row for line in lines for row in wrap([Piece(line, place.base + ITALIC)], place.width)]


def is_list(block: Node) -> bool:
    """Whether a block is a list, of either kind."""
    return block.open.type in ("bullet_list_open", "ordered_list_open")


def list_lines(block: Node, place: Place) -> list[Line]:
    """The rows of a whole list."""
    number = first_number(block)
    lines: list[Line] = []
    before: Node | None = None
    for index, item in enumerate(nodes(block.inner)):
        if before is not None and is_loose(before, item):
            lines.append(blank())
        lines += item_lines(item, None if number is None else number + index, place)
        before = item
    return lines


def first_number(block: Node) -> int | None:
    """The number an ordered list starts with; None for bullets."""
    if block.open.type != "ordered_list_open":
        return None
    return int(block.open.attrs.get("start", 1))


def is_loose(item: Node, following: Node) -> bool:
    """Whether the source has an empty line between two items; decided here, not for the whole list."""
    return _content_end(item) < following.start


def _content_end(node: Node) -> int:
    end = node.start + 1
    for token in node.inner:
        if token.map and not token.type.startswith(
            ("bullet_list", "ordered_list", "list_item", "blockquote")
        ):
            end = max(end, token.map[1])
    return end


def item_lines(item: Node, number: int | None, place: Place) -> list[Line]:
    """The rows of a list item behind its bullet, number or box."""
    inner = list(nodes(item.inner))
    box = _take_box(inner)
    mark = box or (_BULLETS[place.depth % len(_BULLETS)] if number is None else f"{number}.")
    indent = len(mark) + 1
    style = place.palette.marker
    if place.width - indent < _NARROW or place.depth >= _MAX_DEPTH:
        return [Line((Piece(mark, style),)), *stack(inner, place.within(0))]
    rows = stack(inner, place.within(indent)) or [blank()]
    first = rows[0].prefixed(Piece(mark + " ", style))
    return [first, *(row.prefixed(Piece(" " * indent, style, False)) for row in rows[1:])]


def _take_box(inner: list[Node]) -> str:
    """The box of a task item, removed from the text it stands before."""
    if not inner or inner[0].open.type != "paragraph_open" or not inner[0].inner:
        return ""
    children = inner[0].inner[0].children
    if not children or children[0].type != "text":
        return ""
    text = children[0].content
    if text[:4].lower() not in ("[ ] ", "[x] "):
        return ""
    children[0].content = text[4:]
    return "☐" if text[1] == " " else "☑"
