"""Finding words in blocks: how often a block says them, and where in its rows; case does not matter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tui.ui.transcript.model import (
    Block,
    CardBlock,
    DrawnBlock,
    FooterBlock,
    NoticeBlock,
    ToolBlock,
)


class Span(NamedTuple):
    """Characters from ``start`` up to ``end``."""

    start: int
    end: int


def folded(text: str) -> str:
    """``text`` as it is compared."""
    return text.casefold()


def said(block: Block) -> Iterator[str]:
    """Everything a block says, folded or not; figures are not looked through."""
    match block:
        case ToolBlock():
            yield from (block.name, block.arguments, block.note, block.full or block.result or "")
        case CardBlock():
            yield from (block.title, block.what, block.vendor_message, block.hint)
        case NoticeBlock():
            yield from (block.text, block.hint)
        case FooterBlock() | DrawnBlock():
            return
        case _:
            yield block.text


def count(block: Block, needle: str) -> int:
    """How often a block says ``needle``, which is folded and not empty."""
    return sum(folded(text).count(needle) for text in said(block))


def spans(text: str, needle: str) -> list[Span]:
    """Where ``text`` says ``needle``, one match never within another."""
    low = folded(text)
    places = list(_places(low, needle))
    if len(low) == len(text) or not places:
        return places
    # Some letters become several when folded: count back to those they were.
    origin = [at for at, char in enumerate(text) for _ in folded(char)]
    return [Span(origin[start], origin[end - 1] + 1) for start, end in places]


def _places(low: str, needle: str) -> Iterator[Span]:
    at = low.find(needle)
    while at >= 0:
        yield Span(at, at + len(needle))
        at = low.find(needle, at + len(needle))


def nth(spans: list[Span], place: int, of: int) -> Span | None:
    """The span for match ``place`` (from 0) ``of`` so many in the source of a block.

    Rows leave marks of Markdown out and say a call's arguments twice, so there may be others of them.
    """
    if not spans:
        return None
    return spans[place if len(spans) == of else min(len(spans) - 1, place * len(spans) // max(1, of))]
