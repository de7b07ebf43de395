"""The open blocks: how a growing text or reasoning block gets its rows without rendering all of them."""

from __future__ import annotations

from typing import Protocol

from tui.ui.transcript.blocks.thinking import thinking_body, thinking_head
from tui.ui.transcript.line import Line
from tui.ui.transcript.model import Block, TextBlock, ThinkingBlock
from tui.ui.transcript.palette import Palette


class _Growing(Protocol):
    closed: list[Line]

    def feed(self, text: str) -> list[Line]: ...


class Growth:
    """Rows of one block that grows at its end; ``rows`` is changed in place."""

    def __init__(self, block: TextBlock | ThinkingBlock, width: int, palette: Palette) -> None:
        from tui.ui.transcript.markdown.document import Document

        self.width = width
        self.palette = palette
        self._head: list[Line] = []
        if isinstance(block, ThinkingBlock):
            self._head = thinking_head(block, width, palette)
            self._body: _Growing = thinking_body(width, palette)
        else:
            self._body = Document(width, palette)
        tail = self._body.feed(block.text)
        self.rows = [*self._head, *self._body.closed, *tail]
        self._taken = len(self._body.closed)

    def feed(self, text: str) -> int:
        """Append ``text``; returns the first row that is not what it was."""
        keep = len(self._head) + self._taken
        tail = self._body.feed(text)
        fresh = [*self._body.closed[self._taken :], *tail]
        self._taken = len(self._body.closed)
        old = self.rows[keep:]
        same = 0
        while same < min(len(old), len(fresh)) and (old[same] is fresh[same] or old[same] == fresh[same]):
            same += 1
        # Equal rows keep the strip they were painted with.
        self.rows[keep + same :] = fresh[same:]
        return keep + same

    @property
    def approximate(self) -> bool:
        """Whether the rows are not those of the whole text, which must be rendered at its end."""
        from tui.ui.transcript.markdown.document import Document

        return isinstance(self._body, Document) and self._body.approximate

    def set_head(self, block: ThinkingBlock) -> None:
        """Draw the head of a reasoning block anew."""
        head = thinking_head(block, self.width, self.palette)
        self.rows[: len(self._head)] = head
        self._head = head


def growth(block: Block, width: int, palette: Palette) -> Growth | None:
    """The growing rows of ``block``; None for kinds that are rendered as a whole."""
    if isinstance(block, TextBlock) or (isinstance(block, ThinkingBlock) and not block.folded):
        return Growth(block, width, palette)
    return None
