"""A body comes back byte for byte, and costs only what it does not share with the one before."""

import json
import sqlite3
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.store.bodies import common_prefix, rebuilt, split
from tui.store.database import open_memory
from tui.store.exchanges import Bodies, KeptBody, keep_body

_texts = st.text() | st.sampled_from(("", "\x00", "é" * 300, '"]},{[', "\\", "\u2028", "x" * 400))
_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_texts, inner, max_size=3),
    max_leaves=12,
)
_objects = st.dictionaries(_texts, _values | st.lists(_values, max_size=8), max_size=6)


@st.composite
def _bodies(draw: st.DrawFn) -> bytes:
    separators = draw(st.sampled_from(((",", ":"), (", ", ": "), (" ,", " :"), (",\n", ":\t"))))
    indent = draw(st.sampled_from((None, None, 1)))
    text = json.dumps(draw(_objects), ensure_ascii=draw(st.booleans()), separators=separators, indent=indent)
    spaces = st.sampled_from(("", " ", "\r\n"))
    return (draw(spaces) + text + draw(spaces)).encode("utf-8", "surrogatepass")


def _put_together(body: bytes, before: bytes | None = None) -> bytes:
    cut = split(body, None if before is None else split(before))
    return rebuilt(cut.head(), [list(cut.items(hole, 0)) for hole in cut.holes])


@settings(max_examples=60)
@given(_bodies())
def test_a_json_body_comes_back(body: bytes) -> None:
    assert _put_together(body) == body


@given(st.binary())
def test_any_bytes_come_back(body: bytes) -> None:
    assert _put_together(body) == body


@settings(max_examples=60)
@given(_bodies(), st.data())
def test_a_body_after_one_that_begins_alike_comes_back(body: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(body)))
    other = body[:at] + data.draw(st.binary(max_size=8) | st.just(b'"},{"a":1}]}')) + body[at:]
    assert _put_together(other, body) == other
    assert _put_together(body, other) == body
    # However it was found, the cuts are the same.
    assert split(other, split(body)).holes == split(other).holes


@settings(max_examples=30)
@given(st.lists(_bodies() | st.binary(max_size=40), min_size=1, max_size=5))
def test_bodies_come_back_from_the_database(bodies: list[bytes]) -> None:
    db = open_memory()
    try:
        before: KeptBody | None = None
        wires = []
        for body in bodies:
            wire, before = keep_body(db, body, before)
            wires.append(wire)
        together = Bodies()
        assert [together.read(db, wire) for wire in wires] == bodies
        assert [Bodies().read(db, wire) for wire in wires] == bodies
    finally:
        db.close()


@given(st.binary(max_size=300), st.binary(max_size=300), st.integers(0, 200_000))
def test_what_two_bodies_begin_alike_with(a: bytes, b: bytes, length: int) -> None:
    same = b"x" * length
    expected = length + next(
        (n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )
    assert common_prefix(same + a, same + b) == expected


def _body(count: int) -> bytes:
    messages = [{"role": "user", "content": f"message {n} " + "word " * 40} for n in range(count)]
    return json.dumps({"model": "m", "messages": messages, "max_tokens": 5}, separators=(",", ":")).encode()


def _rows(db: sqlite3.Connection, table: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_a_longer_request_costs_its_new_items() -> None:
    db = open_memory()
    _, before = keep_body(db, _body(50), None)
    pieces, trails = _rows(db, "piece"), _rows(db, "trail")
    keep_body(db, _body(52), before)
    assert (_rows(db, "piece"), _rows(db, "trail")) == (pieces + 2, trails + 2)
    # The same without remembering the one before: another program, or a resumed session.
    keep_body(db, _body(53), None)
    assert (_rows(db, "piece"), _rows(db, "trail")) == (pieces + 3, trails + 3)
    db.close()


def test_a_step_at_ten_thousand_messages_is_not_read_again() -> None:
    db = open_memory()
    long, longer = _body(10_000), _body(10_002)
    begun = time.process_time()
    _, before = keep_body(db, long, None)
    whole = time.process_time() - begun
    begun = time.process_time()
    keep_body(db, longer, before)
    assert time.process_time() - begun < whole / 4
    db.close()


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b"{", b"null", b'{"a":[]}', b'{"a":1}{', b'{"a":[1,2],"a":[3]}']
)
def test_odd_bodies(body: bytes) -> None:
    assert _put_together(body) == body


def test_a_value_nested_too_deeply_is_one_slice() -> None:
    body = b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    assert not split(body).as_json
    assert _put_together(body) == body
