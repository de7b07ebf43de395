"""Reading what came off the wire."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.chat.parts import Json
from tui.wire.fields import count_in, exact_cost, joined, load_object, same_json


@pytest.mark.parametrize(
    "data", ["", "[]", "1", "null", '{"a": NaN}', '{"a": -1e999}', "{" * 9, '{"a":' * 99_999]
)
def test_only_plain_objects_are_taken(data: str) -> None:
    with pytest.raises(ValueError):
        load_object(data)


@pytest.mark.parametrize(
    ("figure", "told"),
    [
        ("0.00015000000000000001", "0.00015000000000000001"),
        ("1.5e-05", "1.5e-05"),
        ("0", "0"),
        ("null", None),
        ('"0.5"', "0.5"),
        ('"free"', None),
        ('"NaN"', None),
        ("[1]", None),
    ],
)
def test_costs_keep_their_text(figure: str, told: str | None) -> None:
    assert exact_cost(f'{{"usage": {{"cost": {figure}}}}}', "usage", "cost") == told
    assert exact_cost(f'{{"usage": {figure}}}', "usage", "cost") is None


@pytest.mark.parametrize(
    ("value", "count"), [(3, 3), (0, 0), (None, None), (True, None), (-1, None), ("3", None)]
)
def test_counts_are_whole_and_told(value: object, count: int | None) -> None:
    assert count_in({"n": value}, "n") == count


def test_sameness_minds_the_key_order() -> None:
    assert same_json({"a": 1, "b": [None]}, {"a": 1, "b": [None]})
    assert not same_json({"a": 1, "b": 2}, {"b": 2, "a": 1})
    assert not same_json({"a": 1}, {"a": 1.0})


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.sampled_from([0.0, -0.0, 1.0])
    | st.sampled_from("ab"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner),
)


@given(JSON, JSON)
def test_the_same_is_what_is_written_the_same(a: Json, b: Json) -> None:
    assert same_json(a, b) == (json.dumps(a) == json.dumps(b))
    assert same_json(a, json.loads(json.dumps(a)))


def test_sameness_of_what_is_nested_deeply() -> None:
    def deep() -> Json:
        value: Json = 1
        for _ in range(50_000):
            value = [value]
        return value

    assert same_json(deep(), deep())


def test_a_character_cut_in_two_is_whole_again() -> None:
    assert joined(["a\ud83c", "\udf0d", "b"]) == "a\U0001f30db"
    assert joined(["\udf0d", "\ud83c"]) == "\udf0d\ud83c"
