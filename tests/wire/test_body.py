"""A request's bytes: UTF-8, strict JSON, lone surrogates replaced except in seals."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.errors import UsageError
from tui.wire.body import dump

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters()), inner),
    max_leaves=8,
)


@given(JSON)
def test_whatever_is_said_the_bytes_are_valid_and_torn_text_is_reported(value: object) -> None:
    body = {"messages": value}
    data, findings = dump(body)
    text = data.decode("utf-8")
    torn = any(0xD800 <= ord(c) <= 0xDFFF for c in json.dumps(body, ensure_ascii=False))
    assert [f.cls for f in findings] == (["lone-surrogate"] if torn else [])
    if not torn:
        assert json.loads(text) == body


def test_torn_text_is_replaced_but_never_in_a_seal() -> None:
    sealed = {"type": "thinking", "thinking": "a\ud800", "signature": "E"}
    data, findings = dump(
        {"content": [sealed, {"type": "text", "text": "b\udc00c \U0001f30d"}], "k\ud800": 1}
    )
    assert json.loads(data) == {
        "content": [sealed, {"type": "text", "text": "b\ufffdc \U0001f30d"}],
        "k\ufffd": 1,
    }
    assert len(findings) == 1


def test_infinity_is_not_sent() -> None:
    with pytest.raises(UsageError, match="JSON"):
        dump({"temperature": float("inf")})


@given(JSON, st.integers(0, 200), st.lists(JSON, max_size=3))
def test_a_long_list_is_written_as_if_it_were_written_at_once(
    value: object, times: int, rest: list[object]
) -> None:
    body = {"model": "m", "messages": [*rest, *[value] * times], "tools": rest, "stream": True}
    data, torn = dump(body)
    whole = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    assert torn or data == whole.encode()
