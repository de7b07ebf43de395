"""The table of knobs: every word is read, every value is shown so that it is read again."""

import json
import re
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.chat.settings import OutputSchema, Settings
from tui.errors import UsageError
from tui.knobs import KNOBS, assignments, knob, parse_assignment, parse_assignments

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True)
SCHEMAS = st.dictionaries(st.text(max_size=8), JSON, min_size=1, max_size=3).filter(
    lambda schema: "schema" not in schema
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "thinking": st.sampled_from(KNOBS["thinking"].words) | st.integers(1, 10**9),
    "effort": st.sampled_from(KNOBS["effort"].words),
    "display": st.sampled_from(KNOBS["display"].words),
    "max_tokens": st.integers(1, 10**9),
    "temperature": st.floats(0, 2),
    "top_p": st.floats(0, 1),
    "top_k": st.integers(1, 10**6),
    "stop": st.lists(st.text(min_size=1), min_size=1, max_size=4).map(tuple),
    "schema": st.builds(OutputSchema, NAMES, SCHEMAS),
    "stream": st.booleans(),
    "cache": st.sampled_from(KNOBS["cache"].words),
    "extra": st.dictionaries(st.from_regex(r"[a-z_.]{1,9}", fullmatch=True), JSON, min_size=1, max_size=3),
    "headers": st.dictionaries(
        st.from_regex(r"x-[a-z0-9]{1,9}", fullmatch=True),
        st.from_regex(r"[!-~]([ -~]{0,9}[!-~])?", fullmatch=True),
        min_size=1,
        max_size=3,
    ),
}


def test_the_table_is_the_settings() -> None:
    assert list(KNOBS) == [field.name for field in fields(Settings)]
    assert set(VALUES) == set(KNOBS)
    for name, entry in KNOBS.items():
        assert entry.name == name
        assert entry.title
        assert entry.help.endswith(".")
        assert entry.absent


def test_the_page_on_knobs_names_every_knob_and_word() -> None:
    page = (Path(__file__).parents[1] / "docs" / "knobs.md").read_text(encoding="utf-8")
    for name, entry in KNOBS.items():
        rows = re.findall(rf"^\| `{entry.prefix or name}(?:KEY|NAME)?` \|.*$", page, re.MULTILINE)
        assert len(rows) == (1 if name == "stream" else 2), name
        assert [word for word in entry.words if f"`{word}`" not in rows[0]] == []


@given(overrides=st.fixed_dictionaries({}, optional=VALUES))
def test_assignments_are_read_back(overrides: dict[str, Any]) -> None:
    assert parse_assignments(assignments(overrides)) == overrides


@pytest.mark.parametrize("name", [name for name, entry in KNOBS.items() if not entry.prefix])
def test_default_unsets_a_knob(name: str) -> None:
    default = getattr(Settings(), name)
    assert parse_assignment(f"{name}=default") == (name, default)
    assert knob(name).parse(knob(name).shown(default)) == default


@given(name=st.sampled_from([name for name, entry in KNOBS.items() if not entry.prefix]), text=st.text())
def test_any_text_is_a_value_or_a_usage_error(name: str, text: str) -> None:
    refused = None
    try:
        value = knob(name).parse(text)
    except UsageError as error:
        refused = error
    if refused is None:
        assert knob(name).parse(knob(name).shown(value)) == value
    else:
        assert (refused.title, bool(refused.what)) == (name, True)


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("temperature=0.3", "temperature", 0.3),
        (" temperature = 1 ", "temperature", 1.0),
        ("thinking=2048", "thinking", 2048),
        ("thinking=off", "thinking", "off"),
        ("stream=no", "stream", False),
        ("stream=true", "stream", True),
        ("stop=END", "stop", ("END",)),
        ("stop=[END]", "stop", ("[END]",)),
        ("stop=[1]", "stop", ("[1]",)),
        ('stop=["\\n\\n", "END"]', "stop", ("\n\n", "END")),
        ("stop=[]", "stop", ()),
        ("stop= a", "stop", (" a",)),
        ("stop=a=b", "stop", ("a=b",)),
        ("body.seed=7", "extra", {"seed": 7}),
        ('body.metadata={"user_id": "a=b"}', "extra", {"metadata": {"user_id": "a=b"}}),
        ("body.a.b=null", "extra", {"a.b": None}),
        ("header.X-Team=research lab", "headers", {"x-team": "research lab"}),
        ("header.x-a=b=c", "headers", {"x-a": "b=c"}),
        ('schema={"type": "object"}', "schema", OutputSchema("answer", {"type": "object"})),
        ('schema={"title": "My list!"}', "schema", OutputSchema("My_list", {"title": "My list!"})),
        (
            'schema={"name": "n", "strict": true, "schema": {"type": "object"}}',
            "schema",
            OutputSchema("n", {"type": "object"}),
        ),
    ],
)
def test_what_an_assignment_means(text: str, field: str, value: Any) -> None:
    assert parse_assignment(text) == (field, value)


@pytest.mark.parametrize(
    ("text", "title", "says", "hint"),
    [
        ("temperature", "knob", "'temperature' has no value", "NAME=VALUE"),
        ("temprature=1", "knob", "'temprature' is not known", "did you mean temperature?"),
        ("colour=red", "knob", "'colour' is not known", "known: body.NAME, cache"),
        ("=1", "knob", "'' is not known", ""),
        ("body.=1", "knob", "'body.' is not known", "body.NAME"),
        ("temperature=hot", "temperature", "a number from 0 to 2, not 'hot'", ""),
        ("temperature=0,3", "temperature", "not '0,3'", "with a point"),
        ("temperature=nan", "temperature", "not 'nan'", ""),
        ("temperature=1_0", "temperature", "not '1_0'", ""),
        ("top_p=1.1", "top_p", "a number from 0 to 1", ""),
        ("top_k=0", "top_k", "a positive whole number, not '0'", ""),
        ("max_tokens=٣", "max_tokens", "a positive whole number", ""),
        ("thinking=hihg", "thinking", "'hihg' is not valid", "did you mean high?"),
        ("thinking=none of it", "thinking", "is not valid", "beside a number of tokens"),
        ("thinking=0", "thinking", "a positive whole number", ""),
        ("effort=on", "effort", "'on' is not valid", ""),
        ("stream=maybe", "stream", "must be on or off, not 'maybe'", ""),
        ("cache=10m", "cache", "'10m' is not valid", "1h"),
        ("stop=", "stop", "must not be empty", "\\n"),
        ('stop=["a", ""]', "stop", "must not be empty", ""),
        ("extra={}", "extra", "is set entry by entry", "body.NAME=VALUE"),
        ("body.user=me", "body.user", "must be JSON, not 'me'", 'body.user="me"'),
        ("body.x=NaN", "body.x", "must be JSON", ""),
        ("body.x=" + "[" * 100_000, "body.x", "must be JSON", ""),
        ("header.authorization=Bearer x", "header.authorization", "not for a knob", ""),
        ("header.X-Api-Key=x", "header.X-Api-Key", "not for a knob", ""),
        ("header.bad name=x", "header.bad name", "is not a header's name", ""),
        ("header.x-a=", "header.x-a", "printable ASCII", ""),
        ("header.x-a=b\r\nx-c: d", "header.x-a", "printable ASCII", ""),
        ("header.x-a=naïve", "header.x-a", "printable ASCII", ""),
        ("schema=[]", "schema", "must be a JSON Schema", "object"),
        ("schema={}", "schema", "must be a JSON Schema", ""),
        ("schema={", "schema", "is not JSON", "@"),
        ('schema={"minimum": NaN}', "schema", "a number JSON does not have", ""),
        ("schema=" + '{"a":' * 50_000, "schema", "nested too deeply", ""),
        ('schema={"name": "a b", "schema": {"type": "object"}}', "schema", "its name", ""),
        ('schema={"schema": {"type": "object"}, "strict": false}', "schema", "strict", ""),
        ("schema=@x.json", "schema", "a file cannot be named here", ""),
    ],
)
def test_what_is_wrong_is_said_with_what_would_be_right(text: str, title: str, says: str, hint: str) -> None:
    with pytest.raises(UsageError) as failed:
        parse_assignment(text)
    assert failed.value.title == title
    assert says in failed.value.what
    assert hint in failed.value.hint
    assert len(failed.value.what) < 200
    assert failed.value.exit_code == 2


def _reading(found: str | Exception) -> Callable[[str], str]:
    def read(path: str) -> str:
        if isinstance(found, Exception):
            raise found
        return found

    return read


def test_a_schema_can_be_named_by_its_file() -> None:
    text = json.dumps({"type": "object"})
    read = parse_assignment("schema=@some/dir/shopping-list.v2.json", _reading(text))
    assert read == ("schema", OutputSchema("shopping-list", {"type": "object"}))
    assert parse_assignment("schema=@äö.json", _reading(text))[1].name == "answer"


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (FileNotFoundError(2, "No such file or directory"), "a.json: No such file"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid"), "a.json: is not readable text"),
        ("{", "a.json: is not JSON"),
    ],
)
def test_a_file_that_is_no_schema_is_named(found: str | Exception, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        parse_assignment("schema=@a.json", _reading(found))


def test_later_assignments_win_and_entries_add_up() -> None:
    given_ = ["temperature=1", "stop=a", "body.a=1", "header.x-a=1", "stop=b", "temperature=0", "body.b=2"]
    assert parse_assignments(given_) == {
        "temperature": 0.0,
        "stop": ("a", "b"),
        "extra": {"a": 1, "b": 2},
        "headers": {"x-a": "1"},
    }
    assert parse_assignments(["stop=a", "stop=default"]) == {"stop": ()}


def test_a_header_is_shown_without_its_value() -> None:
    assert knob("headers").shown({"x-team": "secret"}) == "x-team: …"
