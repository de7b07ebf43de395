"""Our own file: what is exported comes back equal, and what is damaged is said in words."""

from __future__ import annotations

import json
import re
import time
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.chat.records import records, routes
from tui.chat.frame import Frame
from tui.chat.messages import UserMessage
from tui.chat.parts import Text
from tui.chat.record import Exchange, Node, SessionInfo, SessionRecord, SessionState, Wire
from tui.chat.route import Route
from tui.chat.usage import Totals, Usage
from tui.errors import UsageError
from tui.exports import ours as exported
from tui.imports import ours
from tui.imports.ours import FORMAT, VERSION, is_ours

ROUTE = Route("m", "litellm-anthropic", "http://localhost:4000", "m", None, "anthropic", "m")


def _session() -> SessionRecord:
    nodes = tuple(
        Node(UserMessage(f"m{place}", (Text(f"words {place}"),), 5.0), f"m{place - 1}" if place else None)
        for place in range(4)
    )
    one = Exchange("x0", 1, 1, 7.0, ROUTE, wire=Wire(b"{}", frames=(Frame("e", "{}", 0.5),)))
    return SessionRecord(SessionInfo("a" * 12), SessionState(leaf="m3"), nodes, (one,))


def _document(**changes: Any) -> dict[str, Any]:
    return {**json.loads(exported.dump(_session())), **changes}


def read(data: bytes) -> SessionRecord:
    return ours.read(data).whole()


def _read(document: Any) -> SessionRecord:
    return read(json.dumps(document).encode())


def test_the_writer_and_the_reader_mean_the_same_format() -> None:
    assert (exported.FORMAT, exported.VERSION) == (FORMAT, VERSION)


@given(records())
@settings(max_examples=30)
def test_an_exported_session_comes_back_equal(record: SessionRecord) -> None:
    text = exported.dump(record)
    data = text.encode("utf-8")
    assert is_ours(data)
    again = read(data)
    assert again == record
    assert exported.dump(again) == text
    assert json.loads(text)["format"] == FORMAT
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


def test_halves_of_a_character_stay_two_and_a_sign_that_is_there_already_is_not_mistaken() -> None:
    for words in ("\ud83d\ude00", "\\\ud83d\ude00~0~", "😀\ud83d", "\ud83d~0~\ude00", "\\ud83d~0~"):
        record = replace(_session(), info=SessionInfo("a", title=words))
        assert read(exported.dump(record).encode()) == record


def test_one_object_stands_on_each_line() -> None:
    lines = exported.dump(_session()).splitlines()
    assert lines[0] == '{"format":"sightline-session","version":1,'
    assert sum(line.startswith('{"message"') for line in lines) == 4


def test_bodies_that_repeat_each_other_do_not_make_the_file_long() -> None:
    bodies = [
        json.dumps({"messages": [f"été {place} " * 20 for place in range(count)], "max_tokens": 5}).encode()
        for count in range(1, 300)
    ]
    made = tuple(
        Exchange(f"x{place}", 1, place, 1.0, ROUTE, wire=Wire(body)) for place, body in enumerate(bodies)
    )
    record = replace(_session(), exchanges=made)
    text = exported.dump(record)
    assert read(text.encode()) == record
    assert len(text) < 3 * len(bodies[-1]) < sum(map(len, bodies)) / 40


@settings(max_examples=40)
@given(st.binary(max_size=60), st.binary(max_size=60), st.lists(routes, min_size=2, max_size=2))
def test_bodies_of_any_bytes_come_back(one: bytes, two: bytes, ways: list[Route]) -> None:
    shared = "é漢😀".encode() * 40
    bodies = [shared + one, shared + two + shared, one + shared, two, b"", shared + one]
    made = tuple(
        Exchange(f"x{place}", 1, 1, 1.0, ways[place % 2], wire=Wire(body))
        for place, body in enumerate(bodies)
    )
    record = replace(_session(), exchanges=made)
    assert read(exported.dump(record).encode()) == record


@pytest.mark.parametrize(
    ("data", "ours"),
    [
        (b'{"format":"sightline-session","version":9}', True),
        (b'\xef\xbb\xbf\n {"format" : "sightline-session", broken', True),
        (json.dumps({"a": ["x" * 400], "format": FORMAT}).encode(), True),
        (json.dumps({"a": ["x" * 400], "b": {"format": FORMAT}}).encode(), False),
        (b'{"format":"other"}', False),
        (b'["format":"sightline-session"]', False),
        (b"\xff\xfe", False),
        (b"", False),
    ],
)
def test_what_is_ours(data: bytes, ours: bool) -> None:
    assert is_ours(data) is ours


def test_a_file_others_have_formatted_anew_opens() -> None:
    text = json.dumps(_document(), sort_keys=True, indent=4)
    assert is_ours(text.encode())
    assert read(b"\xef\xbb\xbf" + text.encode()) == _session()


def _damaged() -> list[tuple[str, Any, str]]:
    node = {"message": {"role": "user", "id": "m9", "at": 1, "parts": []}}
    exchange = _document()["exchanges"][0]
    like = {**exchange, "id": "x1", "wire": {"body_like": {"id": "x0", "head": 2, "text": "", "tail": 2}}}
    return [
        ("no version", _document(version=None), '"version" is missing'),
        ("newer", _document(version=2), "version 2; this program reads up to 1"),
        ("other format", _document(format="x"), "is not"),
        ("no info", _document(info=None), "info: an object is missing"),
        ("twice", _document(nodes=[node, node]), r"nodes\.1\.message\.id: 'm9' is the id of an earlier"),
        (
            "orphan",
            _document(nodes=[{**node, "parent": "m7"}]),
            r"nodes\.0\.parent: .*'m7' is not in the file",
        ),
        ("own parent", _document(nodes=[{**node, "parent": "m9"}]), "does not stand before it"),
        ("no id", _document(nodes=[{"message": {**node["message"], "id": ""}}]), "it is empty"),
        ("leaf", _document(state={"leaf": "zzz"}), "state.leaf: the message 'zzz' is not"),
        ("time", _document(info={"id": "a", "created": 1e300}), "info: a number there is out of all range"),
        ("nan", _document(info={"id": "a", "changed": float("nan")}), "out of all range"),
        ("tokens", _document(info={"id": "a", "messages": 10**30}), "out of all range"),
        ("exchange twice", _document(exchanges=[exchange, exchange]), r"exchanges\.1\.id"),
        ("body too long", _document(exchanges=[exchange, like]), r"exchanges\.1\.wire\.body_like\.head"),
        ("body of nobody", _document(exchanges=[like]), r"exchanges\.0\.wire\.body_like\.id"),
        ("nodes no list", _document(nodes={}), "nodes: expected a list, found dict"),
    ]


@pytest.mark.parametrize(
    ("document", "says"), [case[1:] for case in _damaged()], ids=[case[0] for case in _damaged()]
)
def test_damage_is_named(document: Any, says: str) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        _read(document)
    assert "sightline" in caught.value.hint


@pytest.mark.parametrize(
    "data",
    [
        b'{"format":"sightline-session","version":1,"info":{"id":"a"},"nodes":[',
        b'{"format":"sightline-session","version":1,"x":\xff}',
        b'{"format":"sightline-session","version":1,"info":{"id":"a"},"x":'
        + b"[" * 5000
        + b"]" * 5000
        + b"}",
        b'{"format":"sightline-session","version":' + b"1" * 200_000 + b"}",
        b"[]",
    ],
    ids=["cut", "bytes", "deep", "endless", "list"],
)
def test_what_cannot_be_parsed_is_said(data: bytes) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read(data)


@given(st.data())
@settings(max_examples=60)
def test_any_damage_is_a_usage_error_or_a_session(data: st.DataObject) -> None:
    text = exported.dump(data.draw(records(4)))
    at = data.draw(st.integers(0, len(text) - 1))
    rest = data.draw(st.sampled_from(("", text[at + 1 :], "0" + text[at:], "null" + text[at + 3 :])))
    with suppress(UsageError):
        record = read((text[:at] + rest).encode())
        assert read(exported.dump(record).encode()) == record


def test_a_long_session_is_written_and_read_in_seconds() -> None:
    nodes = tuple(
        Node(UserMessage(f"m{place}", (Text("word " * 100),), 5.0), f"m{place - 1}" if place else None)
        for place in range(10_000)
    )
    totals = Totals(5, 5, Usage(1))
    record = replace(_session(), nodes=nodes, state=SessionState(leaf="m9999", totals=totals))
    before = time.process_time()
    assert read(exported.dump(record).encode()) == record
    assert time.process_time() - before < 5


def test_a_body_is_held_as_long_as_a_later_one_is_like_it(monkeypatch: pytest.MonkeyPatch) -> None:
    bodies = [json.dumps({"messages": ["word " * 100] * count}).encode() for count in range(1, 40)]
    made = tuple(
        Exchange(f"x{at}", 1, 1, 7.0, ROUTE, wire=Wire(body)) for at, body in enumerate((*bodies, b"{}"))
    )
    record = replace(_session(), exchanges=made)
    data = exported.dump(record).encode()
    monkeypatch.setattr(ours, "LARGEST", max(len(data), 2 * len(bodies[-1])))
    assert sum(map(len, bodies)) > 3 * ours.LARGEST
    stream = ours.read(data)
    assert stream.whole() == stream.whole() == record
    monkeypatch.setattr(ours, "ALTOGETHER", sum(map(len, bodies)))
    with pytest.raises(UsageError, match="together have more than"):
        ours.read(data)
