"""Selected text: offsets the screen hands us become places in the text, and places become text again.

The screen speaks in (x, y). We give every painted row a ``y`` made of its block's index and the
copied characters before the row, so neither blocks growing above nor scrolling moves a selection.
"""

from __future__ import annotations

from typing import NamedTuple

from rich.style import Style
from textual.geometry import Offset
from textual.selection import Selection

from tui.ui.transcript.line import Piece
from tui.ui.transcript.page import Anchor, Page

_STRIDE = 1 << 32


class Range(NamedTuple):
    """Selected text from one place up to another."""

    start: Anchor
    end: Anchor


def row_id(index: int, start: int) -> int:
    """The ``y`` of a row of block ``index`` with ``start`` copied characters before it."""
    return index * _STRIDE + start


def selected_range(page: Page, selection: Selection) -> Range:
    """The places a screen's selection means."""
    start = Anchor(0, 0) if selection.start is None else _anchor(page, selection.start)
    end = Anchor(len(page), 0) if selection.end is None else _anchor(page, selection.end)
    return Range(min(start, end), max(start, end))


def _anchor(page: Page, offset: Offset) -> Anchor:
    index, start = divmod(offset.y, _STRIDE)
    if index >= len(page):
        return Anchor(len(page), 0)
    lines = page.lines(index)
    if not lines:
        return Anchor(index, 0)
    line = lines[page.row_within(Anchor(index, start))]
    return Anchor(index, start + line.copied_before(offset.x))


def selected_text(page: Page, chosen: Range) -> str:
    """The text of a range, rows that we wrapped joined again; blocks are parted as they stand."""
    texts: list[str] = []
    last = min(chosen.end.block, len(page) - 1)
    for index in range(chosen.start.block, last + 1):
        text = block_text(page, index)
        end = chosen.end.offset if index == chosen.end.block else len(text)
        start = chosen.start.offset if index == chosen.start.block else 0
        piece = text[start:end]
        if index > chosen.start.block:
            piece = "\n" * (1 + page.entries[index].gap) + piece
        texts.append(piece)
    return "".join(texts)


def block_text(page: Page, index: int) -> str:
    """Everything a selection of a whole block copies."""
    parts: list[str] = []
    for number, line in enumerate(page.lines(index)):
        if number:
            parts.append(line.join)
        parts.append(line.copied)
    return "".join(parts)


def columns(page: Page, chosen: Range, index: int, row: int) -> tuple[int, int] | None:
    """The copied characters of a row that are selected, counted from the row's first; None when none is."""
    if not chosen.start.block <= index <= chosen.end.block:
        return None
    start = page.start_of(index, row)
    length = len(page.lines(index)[row].copied)
    first = max(0, chosen.start.offset - start) if index == chosen.start.block else 0
    last = min(length, chosen.end.offset - start) if index == chosen.end.block else length
    return (first, last) if first < last else None


def highlighted(pieces: tuple[Piece, ...], first: int, last: int, style: Style) -> tuple[Piece, ...]:
    """``pieces`` with the copied characters ``first`` to ``last`` in another style."""
    out: list[Piece] = []
    position = 0
    for piece in pieces:
        if not piece.copied:
            out.append(piece)
            continue
        start, end = max(0, first - position), min(len(piece.text), last - position)
        position += len(piece.text)
        if start >= end:
            out.append(piece)
            continue
        parts = (
            (piece.text[:start], piece.style),
            (piece.text[start:end], piece.style + style),
            (piece.text[end:], piece.style),
        )
        out += [Piece(text, own) for text, own in parts if text]
    return tuple(out)
