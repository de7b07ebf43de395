"""Makes up a text that a regular expression matches, of the plain kind schemas have."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass

_CLASSES = {"d": "1", "w": "a", "s": " ", "D": "a", "W": "-", "S": "a"}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "0": "\0"}
_ANCHORS = "bBAZz"
_COUNT = re.compile(r"\{(\d+)(?:,(\d*))?\}")
_FILLERS = "a1A-_.~ "
_LONGEST = 10_000
"""The most characters made up for one piece: counts of counts would fill any memory."""


def matching(pattern: str) -> str:
    """A short text that ``pattern`` matches; plain filler where it asks for more than is understood here."""
    try:
        with warnings.catch_warnings():
            # A pattern that a later Python may read otherwise, such as [[], is no matter of ours.
            warnings.simplefilter("ignore", FutureWarning)
            made = _Reader(pattern).alternatives()
            fits = re.match(pattern, made) is not None
    except (IndexError, ValueError, StopIteration, RecursionError, OverflowError, re.error):
        return "simulated"
    return made if fits else "simulated"


@dataclass(slots=True)
class _Reader:
    """Reads a pattern from left to right and gives a text for each part of it."""

    pattern: str
    at: int = 0

    def alternatives(self) -> str:
        """Text for the first of several alternatives, up to a closing bracket or the end."""
        first = self._sequence()
        while self._peek() == "|":
            self.at += 1
            self._sequence()
        return first

    def _sequence(self) -> str:
        made = ""
        while self.at < len(self.pattern) and self._peek() not in "|)":
            piece, times = self._piece(), self._repeats()
            if len(piece) * times > _LONGEST:
                raise ValueError("too long a text")
            made += piece * times
        return made

    def _peek(self) -> str:
        return self.pattern[self.at] if self.at < len(self.pattern) else ""

    def _take(self) -> str:
        self.at += 1
        return self.pattern[self.at - 1]

    def _piece(self) -> str:
        char = self._take()
        match char:
            case "^" | "$":
                return ""
            case ".":
                return "a"
            case "\\":
                return self._escaped()
            case "[":
                return self._one_of()
            case "(":
                return self._group()
            case _:
                return char

    def _escaped(self) -> str:
        char = self._take()
        if char in _ANCHORS:
            return ""
        if char.isdigit() and char != "0":
            raise ValueError("a reference to a group")
        if char in "xu":
            digits = 2 if char == "x" else 4
            code = self.pattern[self.at : self.at + digits]
            self.at += digits
            return chr(int(code, 16))
        return _CLASSES.get(char) or _ESCAPES.get(char) or char

    def _one_of(self) -> str:
        """Text for a set in square brackets."""
        start = self.at - 1
        if self._peek() == "^":
            self.at += 1
        if self._peek() == "]":
            self.at += 1
        while (char := self._take()) != "]":
            self.at += char == "\\"
        whole = re.compile(self.pattern[start : self.at])
        everything = (*_FILLERS, *(chr(code) for code in range(33, 0x250)))
        return str(next(char for char in everything if whole.fullmatch(char)))

    def _group(self) -> str:
        if self.pattern.startswith("?", self.at):
            head = re.match(r"\?(?::|P<\w+>|<\w+>)", self.pattern[self.at :])
            if head is None:
                raise ValueError("look-around or a flag")
            self.at += head.end()
        made = self.alternatives()
        if self._take() != ")":
            raise ValueError("an open group")
        return made

    def _repeats(self) -> int:
        """How often the piece before is wanted at least; once where none would do as well but says less."""
        char = self._peek()
        count = 1
        if char and char in "*?":
            self.at += 1
            count = 0 if char == "?" else 1
        elif char == "+":
            self.at += 1
        elif char == "{" and (found := _COUNT.match(self.pattern, self.at)):
            self.at = found.end()
            count = int(found[1])
        else:
            return 1
        if self._peek() and self._peek() in "?+":
            self.at += 1
        return count
