"""The JSON schema an Anthropic answer is to fit: where it is asked for, and which schemas are taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui.sim.faces.anthropic_request import refuse

OLDER_BETA = "structured-outputs-2025-11-13"
"""What the field ``output_format`` needs, which came before ``output_config.format``."""
_OF_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_UNSUPPORTED = {
    "integer": _OF_NUMBERS,
    "number": _OF_NUMBERS,
    "string": ("minLength", "maxLength"),
    "array": ("maxItems", "uniqueItems"),
}
_COMBINED = ("oneOf", "not", "if", "then", "else", "patternProperties", "prefixItems")


def schema_of(body: Mapping[str, Any]) -> dict[str, Any] | None:
    """The schema a checked request holds the answer to; None for free text."""
    wanted = (body.get("output_config") or {}).get("format") or body.get("output_format")
    return wanted["schema"] if isinstance(wanted, dict) else None


def check_format(body: Mapping[str, Any]) -> None:
    """Refuse a wanted format the vendor does not know, or whose schema it cannot hold a model to."""
    config = body.get("output_config")
    if isinstance(config, dict) and config.get("format") is not None:
        if body.get("output_format") is not None:
            refuse("output_format: cannot be combined with output_config.format")
        _check(config["format"], "output_config.format")
    if body.get("output_format") is not None:
        _check(body["output_format"], "output_format")


def _check(wanted: Any, path: str) -> None:
    if not isinstance(wanted, dict):
        refuse(f"{path}: Input should be a valid dictionary or object to extract fields from")
    if wanted.get("type") != "json_schema":
        refuse(
            f"{path}: Input tag {wanted.get('type')!r} found using 'type' does not match any of the expected "
            "tags: 'json_schema'"
        )
    for key in wanted:
        if key not in ("type", "schema"):
            refuse(f"{path}.json_schema.{key}: Extra inputs are not permitted")
    if not isinstance(wanted.get("schema"), dict):
        refuse(f"{path}.json_schema.schema: Field required")
    _walk(wanted["schema"], f"{path}.schema", ())


def _walk(schema: Any, path: str, seen: tuple[str, ...]) -> None:
    if not isinstance(schema, dict):
        return
    for word in _COMBINED:
        if word in schema:
            refuse(f"{path}: Schema type '{word}' is not supported")
    reference = schema.get("$ref")
    if isinstance(reference, str) and not reference.startswith("#"):
        refuse(f"{path}: External $ref '{reference}' is not supported")
    kinds = schema.get("type")
    for kind in kinds if isinstance(kinds, list) else [kinds]:
        _check_kind(schema, str(kind), path)
    for name in ("properties", "$defs", "definitions"):
        for key, value in (schema.get(name) or {}).items():
            _walk(value, path, (*seen, key))
    for part in (schema.get("items"), *(schema.get("anyOf") or ()), *(schema.get("allOf") or ())):
        _walk(part, path, seen)


def _check_kind(schema: dict[str, Any], kind: str, path: str) -> None:
    if kind == "object" and schema.get("additionalProperties") is not False:
        refuse(f"{path}: For 'object' type, 'additionalProperties' must be explicitly set to false")
    found = [word for word in _UNSUPPORTED.get(kind, ()) if word in schema]
    if found:
        listed = ", ".join(sorted(found))
        refuse(f"{path}: For '{kind}' type, properties {listed} are not supported")
    if kind == "array" and schema.get("minItems", 0) not in (0, 1):
        refuse(f"{path}: For 'array' type, 'minItems' values other than 0 or 1 are not supported")
