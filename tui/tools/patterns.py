"""The pattern language of approval rules: what a star may stand for, narrow to allow, wide to deny."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from unicodedata import normalize
from urllib.parse import unquote

COMMAND_TOOLS = frozenset({"shell"})
"""Tools whose subject is a command line; every other subject is a path or an address."""

_PLAIN_IN_COMMANDS = frozenset(" _-./:,=@+%~")
"""Beside letters and digits all that a star takes in a command: nothing a shell acts on, no quotes."""
_OPERATORS = re.compile(r"[;&|<>(){}`\n\r]|\$\(")
_QUOTES = str.maketrans("", "", "\\'\"")

_Test = Callable[[str], bool]


def allows(tool: str, pattern: str, subject: str) -> bool:
    """Whether ``subject`` is one of those a person meant by ``pattern``; in doubt it is not.

    In a command both stars stand for letters, digits, blanks and a few harmless signs; elsewhere ``*``
    stays within one segment of a path or address and ``**`` crosses them.
    """
    if tool in COMMAND_TOOLS:
        return _fits(pattern, subject, _plain_in_commands, _plain_in_commands)
    return _fits(pattern, subject, _plain_in_segments, _printable)


def denies(tool: str, pattern: str, subject: str) -> bool:
    """Whether ``subject`` may be one of those a person meant by ``pattern``; in doubt it is.

    Both stars stand for anything, letters count whatever their case, and of a command line each piece
    between the shell's operators counts as well as the whole.
    """
    wanted = _folded(pattern)
    seen = _pieces(subject) if tool in COMMAND_TOOLS else iter((subject, unquote(subject)))
    return any(_holds_in_order(wanted, _folded(piece)) for piece in seen)


def _pieces(command: str) -> Iterator[str]:
    yield command
    for piece in _OPERATORS.split(command):
        yield " ".join(piece.split())
        yield " ".join(piece.translate(_QUOTES).split())


def _folded(text: str) -> str:
    return normalize("NFKC", text).casefold()


def _plain_in_commands(char: str) -> bool:
    return char in _PLAIN_IN_COMMANDS or char.isalnum()


def _plain_in_segments(char: str) -> bool:
    return char not in "/?#@\\" and _printable(char)


def _printable(char: str) -> bool:
    return char.isprintable()


def _holds_in_order(pattern: str, text: str) -> bool:
    """Whether all of ``text`` fits where every star stands for anything."""
    first, *between = re.split(r"\*+", pattern)
    if not between:
        return text == first
    last = between.pop()
    at, end = len(first), len(text) - len(last)
    if not (text.startswith(first) and text.endswith(last) and at <= end):
        return False
    for piece in between:
        found = text.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def _fits(pattern: str, text: str, one: _Test, two: _Test) -> bool:
    """Whether all of ``text`` fits; walks it once, so that no pattern can make it slow."""
    tokens = re.findall(r"\*\*+|.", pattern, re.DOTALL)
    stars: dict[int, _Test] = {
        place: one if token == "*" else two for place, token in enumerate(tokens) if token.startswith("*")
    }
    reached = _past_stars({0}, stars)
    for char in text:
        further: set[int] = set()
        for place in reached:
            star = stars.get(place)
            if star is not None:
                if star(char):
                    further.add(place)
            elif place < len(tokens) and tokens[place] == char:
                further.add(place + 1)
        reached = _past_stars(further, stars)
        if not reached:
            return False
    return len(tokens) in reached


def _past_stars(places: set[int], stars: dict[int, _Test]) -> set[int]:
    """``places`` and those behind the stars at them: a star may stand for nothing."""
    waiting = [place for place in places if place in stars]
    while waiting:
        place = waiting.pop() + 1
        if place not in places:
            places.add(place)
            if place in stars:
                waiting.append(place)
    return places
