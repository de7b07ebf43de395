"""Large JSON read piece by piece is what it is when read at once."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.chat import json_slices
from tui.chat.json_slices import load_in_slices
from tui.chat.json_text import dump_bytes, load_bytes

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES, st.sampled_from([None, 2]))
def test_it_reads_what_is_read_at_once(value: object, indent: int | None) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_slices, "LARGE", 0)
        assert load_in_slices(dump_bytes(value)) == value
        assert load_in_slices(json.dumps(value, indent=indent).encode()) == value


@pytest.mark.parametrize(
    "text",
    ['{"a":1,}', '{"a":[1,]}', '{"a" 1}', "{", '{"a":1} x', "[1,2", '{"a":[1 2]}', "{,}", '{"a":}', ""],
)
def test_what_is_no_json_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(json_slices, "LARGE", 0)
    with pytest.raises(ValueError):
        load_in_slices(text.encode())


def test_the_last_of_two_equal_keys_wins_and_odd_numbers_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_slices, "LARGE", 0)
    for text in ('{"a":1,"a":[2]}', '{"a":' + "9" * 5000 + "}", '{"a":' + "[" * 3000 + "]" * 3000 + "}"):
        assert dump_bytes(load_in_slices(text.encode())) == dump_bytes(load_bytes(text.encode()))
