"""Typed reading of JSON that came off the wire; whatever is not as the format says is a ValueError."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable

from tui.chat.parts import Json

_SURROGATE = re.compile("[\ud800-\udfff]")


def load_object(data: str) -> dict[str, Json]:
    """The JSON object in ``data``; ValueError for any other value, infinities and bottomless nesting."""
    try:
        # For each of thousands of frames a second ``decode`` looks for blanks around the value, too.
        value, end = _STRICT.raw_decode(data) if data[:1] == "{" else (None, -1)
        if end != len(data):
            value = _STRICT.decode(data)
    except RecursionError:
        raise ValueError("the JSON is nested too deeply") from None
    if not isinstance(value, dict):
        raise ValueError(f"expected a JSON object, found {type(value).__name__}")
    return value


def object_in(holder: dict[str, Json], key: str) -> dict[str, Json]:
    """The object at ``key``; empty when absent or null."""
    value = holder.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ValueError(f"{key}: expected an object, found {type(value).__name__}")
    return value


def objects_in(holder: dict[str, Json], key: str) -> list[dict[str, Json]]:
    """The list of objects at ``key``; empty when absent or null."""
    value = holder.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ValueError(f"{key}: expected a list of objects")
    return value


def text_in(holder: dict[str, Json], key: str) -> str:
    """The string at ``key``; empty when absent or null."""
    value = holder.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"{key}: expected a string, found {type(value).__name__}")
    return value


def count_in(holder: dict[str, Json], key: str) -> int | None:
    """The token count at ``key``; None when not told or not a count."""
    value = holder.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        return None
    return value


def details_in(holder: dict[str, Json], key: str) -> dict[str, Json]:
    """The object at ``key`` of a usage report; empty when it is anything else: figures are a courtesy."""
    value = holder.get(key)
    return value if isinstance(value, dict) else {}


def joined(pieces: Iterable[str]) -> str:
    """The pieces of a streamed text as one; a character cut in two by the stream is whole again."""
    text = "".join(pieces)
    if _SURROGATE.search(text):
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return text


def exact_cost(data: str, *path: str) -> str | None:
    """The figure at ``path`` in the JSON ``data`` exactly as written there; None when there is none."""
    value: Json = json.loads(data, parse_float=str, parse_int=str)
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) and _is_figure(value) else None


def same_json(a: Json, b: Json) -> bool:
    """Whether two JSON values are equal, key order included."""
    waiting = [(a, b)]
    while waiting:
        a, b = waiting.pop()
        if type(a) is not type(b):
            return False
        if isinstance(a, dict) and isinstance(b, dict):
            if list(a) != list(b):
                return False
            waiting += zip(a.values(), b.values(), strict=True)
        elif isinstance(a, list) and isinstance(b, list):
            if len(a) != len(b):
                return False
            waiting += zip(a, b, strict=True)
        elif repr(a) != repr(b) if isinstance(a, float) else a != b:
            return False
    return True


def _is_figure(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _refused(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError(f"{text} is too large a number")
    return value


_STRICT = json.JSONDecoder(parse_constant=_refused, parse_float=_finite)
"""Made once: ``json.loads`` would make one for each frame, which takes as long as reading it."""
