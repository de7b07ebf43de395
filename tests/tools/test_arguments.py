"""Misfits of all kinds become one sentence that names the argument, what it is and what it must be."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.chat.parts import Json
from tui.tools.arguments import completed, misfit

SCHEMA = {
    "type": "object",
    "properties": {
        "path": {"type": "string"},
        "count": {"type": ["integer", "null"]},
        "how": {"type": ["string", "null"], "enum": ["fast", "slow", None]},
        "edits": {
            "type": ["array", "null"],
            "items": {
                "type": "object",
                "properties": {"old": {"type": "string"}},
                "required": ["old"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["path", "count", "how", "edits"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "missing argument: path; it takes path, count, how, edits"),
        ({"path": None}, "path is null (null); it must be text"),
        ({"path": ["a"]}, 'path is ["a"] (a list); it must be text'),
        ({"path": {"a": 1}}, 'path is {"a": 1} (an object); it must be text'),
        ({"path": "a", "count": 1.5}, "count is 1.5 (a number); it must be a whole number or null"),
        ({"path": "a", "count": False}, "count is false (true or false); it must be a whole number or null"),
        ({"path": "a", "how": "soon"}, 'how is "soon"; it must be one of "fast", "slow", null'),
        ({"path": "a", "edits": [{"old": "x"}, {"old": 3}]}, "edits[1].old is 3 (a number); it must be text"),
        ({"path": "a", "edits": [{}]}, "edits[0]: 'old' is a required property"),
    ],
)
def test_sentences(given: Json, says: str) -> None:
    assert misfit(completed(given, SCHEMA), SCHEMA) == says


def test_a_long_value_is_not_quoted_whole() -> None:
    assert len(misfit({"path": ["x" * 100_000], "count": None, "how": None, "edits": None}, SCHEMA)) < 300


def test_deep_nesting_is_a_sentence() -> None:
    deep: Json = []
    for _ in range(900):
        deep = [deep]
    assert "it must be text" in misfit(completed({"path": deep}, SCHEMA), SCHEMA)


def test_a_schema_cannot_make_us_fetch_another() -> None:
    schema = {"type": "object", "properties": {"a": {"$ref": "http://127.0.0.1:9/x.json"}}}
    with pytest.raises(Exception, match=r"127\.0\.0\.1:9"):
        misfit({"a": 1}, schema)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["path", "count", "how", "edits"]) | st.text(), values, max_size=5))
def test_whatever_comes_fits_or_is_told_in_one_line(arguments: Json) -> None:
    whole = completed(json.loads(json.dumps(arguments)), SCHEMA)
    says = misfit(whole, SCHEMA)
    if says:
        assert len(says) <= 400
    else:
        assert isinstance(whole["path"], str)
        assert whole["count"] is None or type(whole["count"]) is int
