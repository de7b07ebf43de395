"""Fenced code: where a fence ends, and its rows with the language above."""

from __future__ import annotations

import re
from typing import NamedTuple

from tui.ui.transcript.line import Line
from tui.ui.transcript.markdown.code import Code, label
from tui.ui.transcript.palette import Palette

_OPEN = re.compile(r"^( {0,3})(`{3,}|~{3,})[ \t]*([^\s{]*)")


class Fence(NamedTuple):
    """The opening line of a fence: its indent, its mark and its language."""

    indent: int
    mark: str
    language: str

    def closes(self, text: str) -> bool:
        """Whether ``text`` is this fence's closing line."""
        body = text.lstrip(" ")
        run = body.rstrip(" \t")
        return len(text) - len(body) < 4 and len(run) >= len(self.mark) and not run.strip(self.mark[0])

    def content(self, text: str) -> str:
        """A line within the fence, less the indent of the opening line."""
        blanks = len(text) - len(text.lstrip(" "))
        return text[min(blanks, self.indent) :]


def opened(text: str) -> Fence:
    """The fence that ``text`` opens."""
    match = _OPEN.match(text)
    if match is None:
        return Fence(0, "```", "")
    return Fence(len(match.group(1)), match.group(2), match.group(3))


def fence_lines(source: list[str], width: int, palette: Palette) -> list[Line]:
    """The rows of a whole fence, given its source lines from the opening one on."""
    fence = opened(source[0])
    code = Code(fence.language, width, palette)
    for text in source[1:]:
        if fence.closes(text):
            break
        code.add([fence.content(text)])
    return [*head(fence, width, palette), *code.closed, *code.opened()]


def code_lines(content: str, language: str, width: int, palette: Palette) -> list[Line]:
    """The rows of code that is known as a whole, without a line above it."""
    code = Code(language, width, palette)
    if content:
        code.add(content.removesuffix("\n").split("\n"))
    return [*code.closed, *code.opened()]


def head(fence: Fence, width: int, palette: Palette) -> list[Line]:
    """The row that names the language; none when the fence does not say."""
    return [label(fence.language, max(4, width), palette)] if fence.language else []
