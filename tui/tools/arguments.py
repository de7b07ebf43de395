"""A call's arguments held against the tool's schema, every misfit in one sentence a model can act on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from tui.chat.parts import Json

if TYPE_CHECKING:
    from jsonschema import ValidationError

_SHOWN_CHARS = 80
_MESSAGE_CHARS = 300
_KINDS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}


def completed(arguments: Mapping[str, Json], schema: Json) -> dict[str, Json]:
    """The arguments with null for each nullable one left out, and 5.0 as 5 where a whole number is wanted."""
    whole = dict(arguments)
    for name, wanted in schema.get("properties", {}).items():
        if name not in whole:
            if "null" in _types(wanted):
                whole[name] = None
        elif isinstance(whole[name], float) and "integer" in _types(wanted) and whole[name].is_integer():
            whole[name] = int(whole[name])
    return whole


def misfit(arguments: Mapping[str, Json], schema: Json) -> str:
    """What is wrong with the arguments, or an empty string.

    Names are judged before values, all at once: a model that says ``file`` for ``path`` makes both
    mistakes in one call. The first use imports ``jsonschema``, which takes a quarter of a second.
    """
    return _wrong_names(arguments, schema) or _wrong_values(arguments, schema)


def _wrong_names(arguments: Mapping[str, Json], schema: Json) -> str:
    known = schema.get("properties", {})
    missing = [name for name in schema.get("required", ()) if name not in arguments]
    closed = schema.get("additionalProperties") is False
    strange = [_quoted(name) for name in arguments if closed and name not in known]
    complaints = []
    if missing:
        complaints.append(f"missing argument: {', '.join(missing)}")
    if strange:
        complaints.append(f"unknown argument: {', '.join(strange)}")
    if not complaints:
        return ""
    return f"{'; '.join(complaints)}; it takes {', '.join(known) or 'no arguments'}"[:_MESSAGE_CHARS]


def _wrong_values(arguments: Mapping[str, Json], schema: Json) -> str:
    import jsonschema
    import referencing

    # An own empty registry, so that a schema from elsewhere cannot make us fetch what it refers to.
    validator = jsonschema.validators.validator_for(schema, jsonschema.Draft202012Validator)(
        schema, registry=referencing.Registry()
    )
    try:
        error = jsonschema.exceptions.best_match(validator.iter_errors(arguments))
    except RecursionError:
        return "the arguments are nested too deeply"
    return "" if error is None else _sentence(error)


def _sentence(error: ValidationError) -> str:
    where = _place(error)
    value: Json = error.validator_value
    if error.validator == "type":
        wanted = " or ".join(_KINDS.get(kind, kind) for kind in _types(error.schema))
        return f"{where} is {_quoted(error.instance)} ({_kind(error.instance)}); it must be {wanted}"
    if error.validator == "enum":
        choices = ", ".join(_quoted(choice) for choice in value)
        return f"{where} is {_quoted(error.instance)}; it must be one of {choices}"[:_MESSAGE_CHARS]
    return f"{where}: {error.message}"[:_MESSAGE_CHARS]


def _place(error: ValidationError) -> str:
    """The argument's name and the way into it, such as ``edits[2].old``."""
    way = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path)
    return way.removeprefix(".")[:_SHOWN_CHARS] or "the arguments"


def _types(schema: Json) -> tuple[str, ...]:
    kind = schema.get("type", ()) if isinstance(schema, Mapping) else ()
    return (kind,) if isinstance(kind, str) else tuple(kind)


def _kind(value: Json) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str):
        return "text"
    return "null" if value is None else "a number"


def _quoted(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN_CHARS else f"{text[: _SHOWN_CHARS - 1]}…"
