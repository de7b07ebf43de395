"""Makes up a JSON value that fits a schema: what a model held to a schema answers, and arguments of tools."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from tui.sim.patterns import matching

_DEEPEST = 12
_DEEP = 4
"""Below this depth, what may be left out or be null is."""
_FORMATS = {
    "date": "2026-11-22",
    "date-time": "2026-11-22T12:00:00Z",
    "duration": "PT1H",
    "email": "someone@example.invalid",
    "hostname": "example.invalid",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "time": "12:00:00Z",
    "uri": "https://example.invalid/",
    "uuid": "00000000-0000-4000-8000-000000000000",
}
_WITH_WORDS = "simulated"


def instance(schema: Any, topic: str = _WITH_WORDS) -> Any:
    """A value that fits ``schema``; ``topic`` is what its texts are about.

    Where a schema contradicts itself, or nests without end, the value may not fit it.
    """
    return _Maker(schema, topic).value(schema, "", 0)


class _Maker:
    """Fills one schema, with its definitions at hand."""

    def __init__(self, root: Any, topic: str) -> None:
        self._root = root
        self._topic = topic

    def value(self, schema: Any, name: str, depth: int) -> Any:
        """A value for one part of the schema, found under the property ``name``."""
        if not isinstance(schema, Mapping) or depth > _DEEPEST:
            return None if depth > _DEEPEST else self._topic
        schema = self._plain(schema)
        if "const" in schema:
            return schema["const"]
        if schema.get("enum"):
            return schema["enum"][0]
        for word in ("anyOf", "oneOf"):
            if schema.get(word):
                return self.value(_shallowest(schema[word], depth), name, depth + 1)
        match _kind(schema):
            case "object":
                return self._object(schema, depth)
            case "array":
                return self._array(schema, name, depth)
            case "integer":
                return _integer(schema)
            case "number":
                return _number(schema)
            case "boolean":
                return True
            case "null":
                return None
            case _:
                return self._text(schema, name)

    def _plain(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """The schema with its references followed and its parts of ``allOf`` put together."""
        plain = dict(schema)
        for _ in range(_DEEPEST):
            reference = plain.pop("$ref", None)
            if reference is None:
                break
            plain = {**_found(self._root, str(reference)), **plain}
        for part in plain.pop("allOf", None) or ():
            more = self._plain(part) if isinstance(part, Mapping) else {}
            properties = {**plain.get("properties", {}), **more.get("properties", {})}
            required = [*plain.get("required", ()), *more.get("required", ())]
            plain = {**more, **plain, "properties": properties, "required": required}
        return plain

    def _object(self, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        properties = schema.get("properties") or {}
        required = schema.get("required") or []
        # What may be left out is left out only where it would nest on and on.
        wanted = list(properties) if depth < _DEEP else [key for key in properties if key in required]
        wanted += [key for key in required if key not in properties]
        return {key: self.value(properties.get(key, {}), key, depth + 1) for key in wanted}

    def _array(self, schema: Mapping[str, Any], name: str, depth: int) -> list[Any]:
        fixed = schema.get("prefixItems") or []
        made = [self.value(item, name, depth + 1) for item in fixed]
        count = max(int(schema.get("minItems") or 0), 1 if depth < 6 else 0)
        count = min(count, int(schema["maxItems"])) if "maxItems" in schema else count
        while len(made) < count:
            entry = self.value(schema.get("items", {}), name, depth + 1)
            if schema.get("uniqueItems") and entry in made:
                entry = f"{entry} {len(made) + 1}" if isinstance(entry, str) else _next(entry, len(made))
            made.append(entry)
        return made

    def _text(self, schema: Mapping[str, Any], name: str) -> str:
        if schema.get("pattern"):
            return matching(str(schema["pattern"]))
        if schema.get("format") in _FORMATS:
            return _FORMATS[schema["format"]]
        text = f"{name.replace('_', ' ')} of {self._topic}" if name else self._topic
        least, most = int(schema.get("minLength") or 0), schema.get("maxLength")
        text = text.ljust(least, ".")
        return text if most is None else text[: int(most)]


def _kind(schema: Mapping[str, Any]) -> str:
    """The type to make: the first that is not null, else what the keywords tell."""
    kinds = schema.get("type")
    if isinstance(kinds, list):
        return str(next((k for k in kinds if k != "null"), "null"))
    if isinstance(kinds, str):
        return kinds.lower()
    if "properties" in schema:
        return "object"
    if "items" in schema or "prefixItems" in schema:
        return "array"
    return "number" if "minimum" in schema or "maximum" in schema else "string"


def _shallowest(choices: list[Any], depth: int) -> Any:
    """The choice that nests least, so that a schema that contains itself comes to an end."""
    real = [c for c in choices if not (isinstance(c, Mapping) and c.get("type") == "null")]
    if depth >= _DEEP and len(real) < len(choices):
        return {"type": "null"}
    return min(real or choices, key=lambda c: ("$ref" in str(c), len(json.dumps(c, default=str))))


def _found(root: Any, reference: str) -> dict[str, Any]:
    """What a reference such as ``#/$defs/thing`` points at; empty when it points at nothing."""
    value = root
    for step in reference.removeprefix("#").strip("/").split("/"):
        if not step:
            continue
        step = step.replace("~1", "/").replace("~0", "~")
        value = value.get(step) if isinstance(value, Mapping) else None
    return dict(value) if isinstance(value, Mapping) else {}


def _integer(schema: Mapping[str, Any]) -> int:
    """One step above nothing where that is allowed, else the whole number nearest to it that is."""
    low, high = _bounds(schema)
    step = int(schema.get("multipleOf") or 1)
    if "exclusiveMinimum" in schema:
        low = math.floor(low) + 1
    if "exclusiveMaximum" in schema:
        high = math.ceil(high) - 1
    if low > step:
        return math.ceil(low / step) * step
    return step if high >= step else math.floor(high / step) * step


def _number(schema: Mapping[str, Any]) -> float | int:
    low, high = _bounds(schema)
    if schema.get("multipleOf"):
        return _integer(schema)
    if low <= 1.5 <= high and 1.5 not in (schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")):
        return 1.5
    if low == -math.inf:
        return high - 1
    return low + 1 if high == math.inf else (low + high) / 2


def _bounds(schema: Mapping[str, Any]) -> tuple[float, float]:
    low = max(schema.get("minimum", -math.inf), schema.get("exclusiveMinimum", -math.inf))
    high = min(schema.get("maximum", math.inf), schema.get("exclusiveMaximum", math.inf))
    return low, high


def _next(value: Any, number: int) -> Any:
    """Another value of the same kind."""
    if isinstance(value, bool) or value is None:
        return not value
    if isinstance(value, (int, float)):
        return value + number
    return value
