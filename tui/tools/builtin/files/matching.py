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

_MOST_WHOLE = 2_000_000
"""The longest text an expression is held against as a whole, to find the lines worth a look."""

_RECURSION = re.compile(r"\(\?(?:R|[+-]?\d|&|P>)")
"""Calls of a group within an expression: they take memory without end, which no time limit bounds."""
_SEES_MORE = re.compile(r"\(\?(?!:|P?<\w)|\\[^bdswDSWtnr.()\[\]{}*+?^$|/\\\"'\-_:]|[*+?}]\+|\{(?!\d+,?\d*\})")
"""What may find in a line alone something else than in the same line among others: looks around it,
anchors of the whole text, possessive and fuzzy quantifiers, and whatever we have not thought about."""


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
        self._folded = "" if is_regex or self._plain else _caseless(text)
        self._expression = None if self._plain else _compiled(text, is_regex, ignore_case)
        self._whole = not (is_regex and _SEES_MORE.search(text))
        self._most = MOST_LINE_CHARS if is_regex else sys.maxsize
        self.passed_over = 0
        """Lines so far that were too long to be searched."""

    def hits(self, content: str, path: str, until: float) -> Iterator[tuple[int, str, int]]:
        """Number from 1, text and column from 0 of each line with a hit; ends at ``until`` (monotonic clock).

        ToolError when the expression takes too long on one line; ``path`` is named in it.
        """
        if self._folded and self._folded not in _caseless(content):
            return
        content = content.replace("\r\n", "\n")
        number, counted = 1, 0
        for start in self._candidates(content, until):
            number += content.count("\n", counted, start)
            counted = start
            end = content.find("\n", start)
            line = content[start:] if end < 0 else content[start:end]
            column = self._column(line, path, number, until)
            if column is not None:
                yield number, line, column

    def _candidates(self, content: str, until: float) -> Iterator[int]:
        """Where each line begins that may have a hit; a hit in any other is impossible."""
        whole = self._plain is not None or (self._whole and len(content) <= _MOST_WHOLE)
        at = 0
        while at < len(content) and time.monotonic() < until:
            found = at
            if whole:
                try:
                    found = self._first(content, at, until)
                except (TimeoutError, MemoryError, RecursionError):
                    whole = False
                if found < 0:
                    return
            yield content.rfind("\n", 0, found) + 1
            end = content.find("\n", found)
            at = len(content) if end < 0 else end + 1

    def _first(self, content: str, start: int, until: float) -> int:
        """Where the first hit of all the content from ``start`` on begins; -1 for none."""
        if self._expression is None:
            assert self._plain is not None
            return content.find(self._plain, start)
        found = self._expression.search(content, start, timeout=_seconds(until), concurrent=True)
        return -1 if found is None else int(found.start())

    def _column(self, line: str, path: str, number: int, until: float) -> int | None:
        """Where in the line the hit begins; None when there is none."""
        if self._expression is None:
            assert self._plain is not None
            column = line.find(self._plain)
            return None if column < 0 else column
        if len(line) > self._most:
            self.passed_over += 1
            return None
        try:
            # Concurrent: it lets the program go on while it searches.
            found = self._expression.search(line, timeout=_seconds(until), concurrent=True)
        except TimeoutError as error:
            raise ToolError(
                f"the expression takes too long on {path} line {number};"
                " make it simpler, or search for plain text"
            ) from error
        except (MemoryError, RecursionError) as error:
            raise ToolError(f"the expression takes too much memory on {path} line {number}") from error
        return None if found is None else int(found.start())


def _caseless(text: str) -> str:
    """Texts an expression takes as the same but for case are the same so; that is quick to compare."""
    return text.replace("İ", "i").replace("ı", "i").casefold()


def _seconds(until: float) -> float:
    """How long one search may take."""
    return max(min(LINE_SECONDS, until - time.monotonic()), 0.01)


def _compiled(text: str, is_regex: bool, ignore_case: bool) -> regex.Pattern[str]:
    import regex

    if is_regex and _RECURSION.search(text):
        raise ToolError("the expression calls its own groups, which is not taken; write it out")
    try:
        # Multiline, so that the whole text has the anchors its lines have.
        flags = regex.MULTILINE | (regex.IGNORECASE if ignore_case else 0)
        return regex.compile(text if is_regex else regex.escape(text), flags)
    except (regex.error, RecursionError, ValueError, OverflowError) as error:
        says = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise ToolError(f"text is no regular expression: {says}; leave regex out for plain text") from error
