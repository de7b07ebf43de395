"""One kept Markdown parser, and its flat token list seen as blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

_REFERENCE = re.compile(r"^[ >]*(?:(?:[-*+]|\d{1,9}[.)]) +)*\[[^\]]+\]:", re.MULTILINE)


class Node(NamedTuple):
    """A block of the token list: its opening token and the tokens between it and its end."""

    open: Token
    inner: Sequence[Token]

    @property
    def start(self) -> int:
        """The block's first source line."""
        return self.open.map[0] if self.open.map else 0

    @property
    def end(self) -> int:
        """One past the block's last source line."""
        return self.open.map[1] if self.open.map else 0


@cache
def parser() -> MarkdownIt:
    """The parser; built once, because building costs as much as parsing a screenful."""
    # HTML is off: markup of a model is shown as the text it is.
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def parse(source: str) -> list[Node]:
    """The top-level blocks of ``source``."""
    return list(nodes(parser().parse(source)))


def nodes(tokens: Sequence[Token]) -> Iterator[Node]:
    """The blocks of one level of a token list."""
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.nesting == 1:
            end = index + 1
            depth = 1
            while depth:
                depth += tokens[end].nesting
                end += 1
            yield Node(token, tokens[index + 1 : end - 1])
            index = end
        else:
            yield Node(token, ())
            index += 1


def needs_whole(source: str) -> bool:
    """Whether a definition further down may change what stands above: then only a whole parse is right."""
    return "]:" in source and _REFERENCE.search(source) is not None
