"""Finds a text or a regular expression in lines, in bounded time whatever the expression."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tui.tools.builtin.files import shown
from tui.tools.toolbox import ToolError

if TYPE_CHECKING:
    import regex

MOST_CHARS = 1_000
LINE_SECONDS = 1.0
"""How long an expression may take on one line."""
MOST_LINE_CHARS = 200_000
"""The longest line an expression is held against: what it takes of memory grows with the line."""

_RECURSION = re.compile(r"\(\?(?:R|[+-]?\d|&|P>)")
"""Calls of a group within an expression: they take memory without end, which no time limit bounds."""


class Matcher:
    """Looks for one text or expression, line by line."""

    def __init__(self, text: str, *, is_regex: bool, ignore_case: bool) -> None:
        if not text:
            raise ToolError("text is empty; give what to look for")
        if len(text) > MOST_CHARS:
            raise ToolError(
                f"text has {shown.amount(len(text), 'character')}; at most {MOST_CHARS:,} are taken"
            )
        if "\n" in text:
            raise ToolError(
                "text has a line break in it; files are searched line by line, so give one line of it"
            )
        self._plain = None if is_regex or ignore_case else text
        self._expression = None if self._plain else _compiled(text, is_regex, ignore_case)
        self._most = MOST_LINE_CHARS if is_regex else sys.maxsize
        self.passed_over = 0
        """Lines so far that were too long to be searched."""

    def hits(self, content: str, path: str, until: float) -> Iterator[tuple[int, str, int]]:
        """Number from 1, text and column from 0 of each line with a hit; ends at ``until`` (monotonic clock).

        ToolError when the expression takes too long on one line; ``path`` is named in it.
        """
        if self._plain is not None and self._plain not in content:
            return
        for number, line in enumerate(content.split("\n"), start=1):
            column = self._column(line.removesuffix("\r"), path, number, until)
            if column is not None:
                yield number, line.removesuffix("\r"), column
            if number % 1_000 == 0 and time.monotonic() > until:
                return

    def _column(self, line: str, path: str, number: int, until: float) -> int | None:
        if self._plain is not None:
            column = line.find(self._plain)
            return None if column < 0 else column
        assert self._expression is not None
        if len(line) > self._most:
            self.passed_over += 1
            return None
        seconds = max(min(LINE_SECONDS, until - time.monotonic()), 0.01)
        try:
            # Concurrent: it lets the program go on while it searches.
            found = self._expression.search(line, timeout=seconds, concurrent=True)
        except TimeoutError as error:
            raise ToolError(
                f"the expression takes too long on {path} line {number};"
                " make it simpler, or search for plain text"
            ) from error
        except (MemoryError, RecursionError) as error:
            raise ToolError(f"the expression takes too much memory on {path} line {number}") from error
        return None if found is None else found.start()


def _compiled(text: str, is_regex: bool, ignore_case: bool) -> regex.Pattern[str]:
    import regex

    if is_regex and _RECURSION.search(text):
        raise ToolError("the expression calls its own groups, which is not taken; write it out")
    try:
        return regex.compile(text if is_regex else regex.escape(text), regex.IGNORECASE if ignore_case else 0)
    except (regex.error, RecursionError, ValueError, OverflowError) as error:
        says = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise ToolError(f"text is no regular expression: {says}; leave regex out for plain text") from error
