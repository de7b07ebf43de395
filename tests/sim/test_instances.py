"""What is made up for a schema fits the schema, checked by a validator of its own."""

import re
from typing import Any

import jsonschema
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tui.sim.instances import instance
from tui.sim.patterns import matching

NODE = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "next": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]},
    },
    "required": ["name", "next"],
    "additionalProperties": False,
}
SCHEMAS: dict[str, Any] = {
    "object": {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "integer"}}},
    "required but unknown": {"type": "object", "required": ["x"]},
    "bounds": {"type": "integer", "minimum": 17, "maximum": 19, "multipleOf": 3},
    "beyond": {"type": "number", "exclusiveMinimum": 1.5, "maximum": 1.6},
    "below": {"type": "integer", "maximum": -7},
    "array": {"type": "array", "items": {"type": "boolean"}, "minItems": 3, "maxItems": 4},
    "unique": {"type": "array", "items": {"type": "string"}, "minItems": 3, "uniqueItems": True},
    "tuple": {"type": "array", "prefixItems": [{"type": "null"}, {"type": "number"}], "items": False},
    "enum": {"enum": ["red", "green"]},
    "const": {"const": {"deep": [1]}},
    "nullable": {"type": ["null", "string"], "minLength": 30, "maxLength": 31},
    "formats": {
        "type": "object",
        "properties": {
            f: {"type": "string", "format": f} for f in ("date", "date-time", "uuid", "email", "ipv4")
        },
    },
    "pattern": {"type": "string", "pattern": r"^[A-Z]{3}-\d{4}$"},
    "all of": {
        "allOf": [
            {"type": "object", "properties": {"a": {"const": 1}}, "required": ["a"]},
            {"properties": {"b": {"type": "string"}}, "required": ["b"]},
        ]
    },
    "recursive": {"$ref": "#/$defs/node", "$defs": {"node": NODE}},
    "recursive list": {
        "$defs": {
            "tree": {
                "type": "object",
                "properties": {"kids": {"type": "array", "items": {"$ref": "#/$defs/tree"}}},
            }
        },
        "$ref": "#/$defs/tree",
    },
    "nothing said": {},
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_an_instance_fits(name: str) -> None:
    made = instance(SCHEMAS[name], "tea")
    jsonschema.validate(made, SCHEMAS[name], format_checker=jsonschema.FormatChecker())


def test_what_may_be_left_out_is_there_all_the_same() -> None:
    assert instance(SCHEMAS["object"], "tea") == {"a": "a of tea", "b": 1}


def test_upper_case_types_are_understood() -> None:
    assert instance({"type": "OBJECT", "properties": {"n": {"type": "INTEGER"}}}) == {"n": 1}


def schemas() -> st.SearchStrategy[Any]:
    leaves = st.one_of(
        st.just({"type": "string"}),
        st.just({"type": "boolean"}),
        st.integers(-50, 50).map(lambda n: {"type": "integer", "minimum": n}),
        st.lists(st.text(max_size=4), min_size=1, max_size=3).map(lambda words: {"enum": words}),
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            inner.map(lambda s: {"type": "array", "items": s}),
            st.dictionaries(st.text("abc", min_size=1, max_size=3), inner, max_size=3).map(
                lambda p: {
                    "type": "object",
                    "properties": p,
                    "required": list(p),
                    "additionalProperties": False,
                }
            ),
        ),
        max_leaves=8,
    )


@settings(max_examples=40)
@given(schemas())
def test_any_plain_schema_is_filled(schema: Any) -> None:
    jsonschema.validate(instance(schema), schema)


PATTERNS = [
    r"^[A-Z]{3}-\d{4}$",
    r"^(a|b)+c?$",
    r"\bfoo\b",
    r"^[^abc]+$",
    r"(?P<user>\w+)@\w+\.com",
    r"^\+?[1-9]\d{1,14}$",
    r"^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$",
    r"[]a]",
    r"^\x41\u0042\t$",
    r"^.{3,}?$",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_text_is_found_for_a_plain_pattern(pattern: str) -> None:
    assert re.search(pattern, matching(pattern))


@given(st.text("ab()[]{}^$.|*+?\\d,1-", max_size=12))
@example("[[]")
@example("(?:[[]|a)+")
def test_any_pattern_does_no_harm(pattern: str) -> None:
    assert isinstance(matching(pattern), str)
