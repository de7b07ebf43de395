"""JSON values as YAML that reads back the same, whatever is in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from tui.chat.parts import Json

_BARE = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:[-./][A-Za-z0-9_]+)*|[0-9]+(?:\.[0-9]+)?")
_PRINTABLE = re.compile("[\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_EXPONENT = re.compile(r"^(-?\d+)(?=e)")


def flow(value: Json) -> str:
    """``value`` on one line."""
    match value:
        case dict():
            return "{" + ", ".join(f"{quoted(str(key))}: {flow(item)}" for key, item in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(flow, value)) + "]"
        case str():
            return quoted(value)
        case float():
            # Without a point an exponent makes a text of it.
            return _EXPONENT.sub(r"\1.0", repr(value))
    return json.dumps(value)


def quoted(text: str) -> str:
    """``text`` in double quotes; characters YAML does not print are escaped."""
    return '"' + "".join(_escaped(char) for char in text) + '"'


def plain(text: str) -> str:
    """A word or number as it is, anything else in quotes; for readers that take a scalar as written."""
    return text if _BARE.fullmatch(text) else quoted(text)


def block(key: str, text: str, indent: str, step: str) -> Iterator[str]:
    """The lines of ``key`` with a text for people: its own lines where they can stand as they are."""
    lines = text.split("\n")
    ordinary = all(_PRINTABLE.match(char) for char in text if char != "\n")
    if len(lines) > 1 and ordinary and lines[-1] and lines[0][:1].strip():
        yield f"{indent}{key}: |-"
        yield from (f"{indent}{step}{line}" if line else "" for line in lines)
    else:
        yield f"{indent}{key}: {quoted(text)}"


def _escaped(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    if _PRINTABLE.fullmatch(char):
        return char
    return f"\\u{ord(char):04x}"
