"""Large JSON read piece by piece, so that whoever waits for the interpreter waits only a moment."""

from __future__ import annotations

import json
import re

from tui.chat.json_text import load_text
from tui.chat.parts import Json

LARGE = 400_000
"""Characters from which reading at once would hold up everything else in the process."""
_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\n\r]*")


def load_in_slices(data: bytes) -> Json:
    """What ``load_bytes`` gives; items of the lists of an object are read one by one.

    The reader of the standard library keeps every other thread waiting until it is done.
    """
    text = data.decode("utf-8", "surrogatepass")
    if len(text) < LARGE:
        return load_text(text)
    try:
        return _object(text)
    except (ValueError, RecursionError, IndexError):
        # Whatever is odd about it is read, or refused, as everywhere else.
        return load_text(text)


def _object(text: str) -> Json:
    at = _expect(text, _skip(text, 0), "{")
    found: dict[str, Json] = {}
    while text[at] != "}":
        if text[at] != '"':
            raise ValueError("a key is missing")
        key, at = _DECODER.raw_decode(text, at)
        at = _skip(text, _expect(text, _skip(text, at), ":"))
        found[key], at = _list(text, at) if text[at] == "[" else _DECODER.raw_decode(text, at)
        at = _next(text, at, "}")
    if _skip(text, at + 1) != len(text):
        raise ValueError("something stands behind the object")
    return found


def _list(text: str, at: int) -> tuple[Json, int]:
    items: list[Json] = []
    at = _skip(text, at + 1)
    while text[at] != "]":
        item, at = _DECODER.raw_decode(text, at)
        items.append(item)
        at = _next(text, at, "]")
    return items, at + 1


def _next(text: str, at: int, end: str) -> int:
    """Where the next item begins, or ``end`` stands."""
    at = _skip(text, at)
    if text[at] == end:
        return at
    at = _skip(text, _expect(text, at, ","))
    if text[at] == end:
        raise ValueError("nothing stands behind a comma")
    return at


def _expect(text: str, at: int, char: str) -> int:
    if text[at] != char:
        raise ValueError(f"{char} is missing")
    return _skip(text, at + 1) if char == "{" else at + 1


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at
