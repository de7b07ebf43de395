"""What two answers must have in common to be told apart by nobody: fields, types and the order of events."""

import json
import re
from collections.abc import Mapping
from typing import Any

_WORDS = frozenset({"type", "status", "role", "object", "reason", "code"})
_IDS = re.compile(r"req_\w+|resp_[\w=-]+")


def shape(value: Any, key: str = "") -> Any:
    """The form of a JSON value: which fields there are and of what type, and the words that name things.

    Neighbours of the same form in a list count as one.
    """
    if isinstance(value, Mapping):
        return {name: shape(entry, name) for name, entry in sorted(value.items())}
    if isinstance(value, list):
        forms: list[Any] = []
        for entry in value:
            form = shape(entry)
            if not forms or forms[-1] != form:
                forms.append(form)
        return forms
    if isinstance(value, str):
        return value if key in _WORDS else "text"
    if isinstance(value, bool) or value is None:
        return value
    return "number"


def events(text: str) -> list[tuple[str | None, Any]]:
    """The events of a stream as name and form; neighbours of the same form count as one."""
    found: list[tuple[str | None, Any]] = []
    for block in text.split("\n\n"):
        name, data = None, ""
        for line in block.splitlines():
            field, _, value = line.partition(":")
            if field == "event":
                name = value.strip()
            elif field == "data":
                data += value.strip()
        if not data:
            continue
        event = (name, data if data == "[DONE]" else shape(json.loads(data)))
        if not found or found[-1] != event:
            found.append(event)
    return found


def error(body: Mapping[str, Any]) -> tuple[Any, ...]:
    """What an error says: its words up to the proxy's remarks on fallbacks, its type and code."""
    detail = body["error"]
    said = _IDS.sub("id", detail["message"].partition("\n")[0])
    return said, detail["type"], detail["param"], detail["code"]
