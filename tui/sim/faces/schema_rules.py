"""What the vendors of the chat dialect demand of a JSON schema they are to hold a model to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NoReturn

from tui.sim.faces.openai_refusal import refuse

_NOT_PERMITTED = (
    "oneOf",
    "allOf",
    "not",
    "if",
    "then",
    "else",
    "dependentRequired",
    "dependentSchemas",
    "patternProperties",
    "propertyNames",
    "unevaluatedProperties",
    "contains",
    "minContains",
    "maxContains",
    "uniqueItems",
)
_TELLING = ("type", "anyOf", "enum", "const", "$ref")
_EVERY_KEY = "'required' is required to be supplied and to be an array including every key in properties."
_DEEPEST = 10


def check_object_schema(schema: Any, label: str, path: str, code: str) -> None:
    """Refuse a schema whose root is no object; ``label`` is such as ``function 'f'``."""
    if isinstance(schema, dict) and schema.get("type") == "object":
        return
    found = schema.get("type") if isinstance(schema, dict) else None
    refuse(
        f"Invalid schema for {label}: schema must be a JSON Schema of 'type: \"object\"', "
        f"got 'type: \"{found}\"'.",
        param=path,
        code=code,
    )


def check_strict(schema: Any, label: str, path: str, code: str) -> None:
    """Refuse a schema that a model cannot be held to strictly: every object closed, every key required."""
    strict = _Strict(label, path, code)
    if isinstance(schema, dict) and "anyOf" in schema:
        strict.no((), "'anyOf' is not permitted at the top level.")
    strict.walk(schema, ())


@dataclass(frozen=True, slots=True)
class _Strict:
    """One strict schema under scrutiny, and how it is named in a refusal."""

    label: str
    path: str
    code: str

    def no(self, context: tuple[str, ...], said: str) -> NoReturn:
        """Refuse the schema for what stands at ``context``."""
        refuse(
            f"Invalid schema for {self.label}: In context=({_context(context)}), {said}",
            param=self.path,
            code=self.code,
        )

    def walk(self, part: Any, context: tuple[str, ...]) -> None:
        """Check a part of the schema and all below it."""
        if not isinstance(part, dict):
            return
        if len(context) > 2 * _DEEPEST:
            self.no(context[:2], f"the schema nests deeper than {_DEEPEST} levels.")
        for word in _NOT_PERMITTED:
            if word in part:
                self.no(context, f"'{word}' is not permitted.")
        if part.get("type") == "object" or "properties" in part:
            self._closed(part, context)
        elif not any(word in part for word in _TELLING):
            self.no(context, "schema must have a 'type' key.")
        if part.get("type") == "array" and "items" not in part:
            self.no(context, "array schema missing items.")
        for name in ("properties", "$defs", "definitions"):
            for key, value in (part.get(name) or {}).items():
                self.walk(value, (*context, name, key))
        if "items" in part:
            self.walk(part["items"], (*context, "items"))
        for number, choice in enumerate(part.get("anyOf") or ()):
            self.walk(choice, (*context, "anyOf", str(number)))

    def _closed(self, part: dict[str, Any], context: tuple[str, ...]) -> None:
        if part.get("additionalProperties") is not False:
            self.no(context, "'additionalProperties' is required to be supplied and to be false.")
        properties, required = part.get("properties") or {}, part.get("required") or []
        missing = [key for key in properties if key not in required]
        if missing:
            self.no(context, f"{_EVERY_KEY} Missing '{missing[0]}'.")
        extra = [key for key in required if key not in properties]
        if extra:
            self.no(context, f"{_EVERY_KEY} Extra required key '{extra[0]}' supplied.")


def _context(context: tuple[str, ...]) -> str:
    if len(context) == 1:
        return f"'{context[0]}',"
    return ", ".join(f"'{word}'" for word in context)
