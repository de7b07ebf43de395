"""The one place where a request becomes bytes; what strict UTF-8 cannot hold is replaced and reported."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tui.chat.finding import Finding
from tui.chat.parts import Json
from tui.errors import UsageError

_SEALED = {"thinking": "signature", "redacted_thinking": "data", "reasoning": "encrypted_content"}
"""Block types that are never edited, with their seal: a surrogate in them goes out as its JSON escape."""
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
_SLICE = 64
"""Items of a list written at once: the writer lets no other thread run until it is done, and for ten
thousand messages in one piece that held the event loop for a tenth of a second."""


def dump(body: dict[str, Json]) -> tuple[bytes, tuple[Finding, ...]]:
    """``body`` as UTF-8 JSON, and a finding when lone surrogates had to be replaced.

    UsageError for numbers that are not JSON, which only settings and tools can bring in.
    """
    text = _dumps(body)
    try:
        return text.encode(), ()
    except UnicodeEncodeError:
        clean = _dumps(_without_surrogates(body)).encode("utf-8", "backslashreplace")
    says = (
        "The request held text that is not valid Unicode (lone surrogates); U+FFFD goes out in their place."
    )
    return clean, (Finding("lone-surrogate", says),)


def _dumps(body: dict[str, Json]) -> str:
    try:
        return "{" + ",".join(text for key in body for text in _field(key, body[key])) + "}"
    except ValueError as error:
        raise UsageError("setting", f"the request cannot be written as JSON: {error}") from error


def _field(key: str, value: Json) -> Iterator[str]:
    """A field of the body as texts that a comma parts; a long list is written in slices."""
    if not isinstance(value, list) or len(value) <= _SLICE:
        yield _ENCODER.encode({key: value})[1:-1]
        return
    yield _ENCODER.encode({key: value[:_SLICE]})[1:-2]
    for start in range(_SLICE, len(value), _SLICE):
        end = "]" if start + _SLICE >= len(value) else ""
        yield _ENCODER.encode(value[start : start + _SLICE])[1:-1] + end


def _without_surrogates(value: Json) -> Json:
    match value:
        case str():
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case list():
            return [_without_surrogates(item) for item in value]
        case {"type": str(type)} if _SEALED.get(type) in value:
            return value
        case dict():
            return {_without_surrogates(key): _without_surrogates(item) for key, item in value.items()}
    return value
