"""What is kept of a session comes back equal through real bytes, and damage is named by its place."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.chat import records
from tui.chat import record, serial
from tui.chat.json_text import dump_bytes, dump_text, load_bytes, load_text
from tui.chat.messages import AssistantMessage
from tui.chat.parts import Opaque, Origin, Reasoning, Text
from tui.chat.record import SessionState
from tui.chat.route import Route
from tui.chat.usage import UNKNOWN_COST

_KINDS: dict[str, tuple[st.SearchStrategy[Any], Callable[[Any], Any], Callable[[Any], Any]]] = {
    "message": (records.messages, serial.message_to_json, serial.message_from_json),
    "node": (records.nodes, serial.node_to_json, serial.node_from_json),
    "exchange": (records.exchanges, serial.exchange_to_json, serial.exchange_from_json),
    "wire": (records.wires, serial.wire_to_json, serial.wire_from_json),
    "state": (records.states, serial.state_to_json, serial.state_from_json),
    "info": (records.infos, serial.info_to_json, serial.info_from_json),
    "result": (records.tool_results, serial.result_to_json, serial.result_from_json),
    "facts": (records.call_facts, serial.facts_to_json, serial.facts_from_json),
}


@pytest.mark.parametrize("kind", _KINDS)
@given(data=st.data())
@settings(max_examples=30)
def test_a_value_comes_back_equal(kind: str, data: st.DataObject) -> None:
    values, to_json, from_json = _KINDS[kind]
    value = data.draw(values)
    data_kept = dump_bytes(to_json(value))
    again = from_json(load_bytes(data_kept))
    assert again == value
    assert dump_bytes(to_json(again)) == data_kept, "equal values may differ in type or in the order of keys"


@pytest.mark.parametrize("cls", records.COVERED, ids=lambda cls: cls.__name__)
def test_the_strategies_fill_every_field(cls: type) -> None:
    left_out = {"accepts"} if cls is Route else set()
    assert {field.name for field in fields(cls)} - left_out == records.COVERED[cls]


def test_the_strategies_know_every_type_of_a_record() -> None:
    kept = {value for value in vars(record).values() if isinstance(value, type) and is_dataclass(value)}
    assert {cls.__name__ for cls in kept - set(records.COVERED)} == {"SessionRecord", "Conversation"}


@given(st.data())
@settings(max_examples=60)
def test_any_damage_is_a_value_error_or_still_readable(data: st.DataObject) -> None:
    values, to_json, from_json = _KINDS[data.draw(st.sampled_from(sorted(_KINDS)))]
    kept = copy.deepcopy(to_json(data.draw(values)))
    holder, key = data.draw(st.sampled_from(_places(kept)))
    if isinstance(holder, dict) and data.draw(st.booleans()):
        del holder[key]
    else:
        holder[key] = data.draw(records.jsons)
    with suppress(serial.Damaged):
        from_json(kept)


def _places(value: Any) -> list[tuple[Any, Any]]:
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    out = [(value, key) for key in keys]
    for key in keys:
        out += _places(value[key])
    return out or [({"": value}, "")]


def test_damage_names_its_place() -> None:
    kept = {"message": {"role": "user", "id": "m", "at": 1.0, "parts": [{"kind": "text"}]}}
    with pytest.raises(ValueError, match=r"^message\.parts\.0\.text: a text is missing$"):
        serial.node_from_json(kept)
    kept["message"]["parts"] = [{"kind": "hologram"}]
    with pytest.raises(ValueError, match=r"^message\.parts\.0\.kind: unknown kind 'hologram'$"):
        serial.node_from_json(kept)


def test_fields_of_another_version_are_passed_over_and_missing_ones_have_their_defaults() -> None:
    node = serial.node_from_json(
        {"message": {"role": "user", "id": "m", "mood": "fine", "parts": []}, "colour": 3}
    )
    assert (node.message.id, node.parent, node.calls) == ("m", None, ())
    state = serial.state_from_json({"overrides": {"thinking": "high", "telepathy": True}})
    assert state == SessionState(overrides={"thinking": "high"})


def test_a_block_shares_its_messages_origin() -> None:
    message = serial.message_from_json(
        {
            "role": "assistant",
            "id": "a",
            "origin": {"dialect": "chat"},
            "parts": [{"kind": "text", "text": "x", "block": {"b": 1, "a": 2}}],
        }
    )
    assert isinstance(message, AssistantMessage)
    (part,) = message.parts
    assert part == Text("x", Opaque(Origin("chat", "", ""), {"b": 1, "a": 2}))
    assert isinstance(part, Text)
    assert part.opaque is not None
    assert list(part.opaque.data) == ["b", "a"]
    assert part.opaque.origin is message.origin


def test_what_messages_have_in_common_and_a_wire_block_repeats_is_held_once() -> None:
    origin = Origin("messages", "anthropic", "claude-opus-4-5")
    sealed = {"type": "thinking", "thinking": "a thought", "signature": "s"}
    said = {"type": "text", "text": "an answer", "citations": None}
    parts = (
        Reasoning("a thought", "signed", Opaque(origin, sealed)),
        Text("an answer", Opaque(origin, said)),
    )
    values = [
        AssistantMessage(id, parts, origin, "end", None, None, UNKNOWN_COST, 0.0) for id in ("one", "two")
    ]
    one, two = (
        serial.message_from_json(load_bytes(dump_bytes(serial.message_to_json(value)))) for value in values
    )
    assert [one, two] == values
    assert isinstance(one, AssistantMessage)
    assert isinstance(two, AssistantMessage)
    assert one.origin is two.origin
    for part, name in zip(one.parts, ("thinking", "text"), strict=True):
        assert isinstance(part, Reasoning | Text)
        assert part.opaque is not None
        assert isinstance(part.opaque.data, dict)
        assert part.text is part.opaque.data[name]


def test_prices_nested_without_end_are_damage() -> None:
    deep: dict[str, Any] = {}
    for _ in range(100_000):
        deep = {"above": [[1, deep]]}
    kept = {"id": "x", "route": {"requested": "m", "provider": "litellm", "price": deep}}
    with pytest.raises(ValueError, match="nested too deeply"):
        serial.exchange_from_json(kept)


class TestJsonText:
    """Any value as text and back."""

    @given(records.jsons)
    def test_a_value_comes_back_equal(self, value: Any) -> None:
        data = dump_bytes(value)
        assert load_bytes(data) == value
        assert dump_bytes(load_bytes(data)) == data
        assert load_text(dump_text(value)) == value

    @given(records.jsons)
    @settings(max_examples=15)
    def test_what_is_nested_deeply_is_written_and_read_the_same(self, value: Any) -> None:
        deep = _nested(value, 3_000)
        data = dump_bytes(deep)
        assert data == b'{"a":[' * 3_000 + dump_bytes(value) + b"]}" * 3_000
        again = load_bytes(data)
        for _ in range(3_000):
            again = again["a"][0]
        assert again == value

    def test_not_a_number_is_kept(self) -> None:
        assert repr(load_bytes(dump_bytes([float("nan")]))) == "[nan]"

    @pytest.mark.parametrize("digits", [4299, 4301, 8000, 20_001])
    def test_integers_of_any_length(self, digits: int) -> None:
        for number in (10**digits, 10**digits - 1, -(10**digits) + 7):
            data = dump_bytes({"n": [number]})
            assert load_bytes(data) == {"n": [number]}
            assert data.startswith(b'{"n":[' + (b"-9" if number < 0 else b"9" if number % 10 else b"1"))

    @pytest.mark.parametrize(
        "damaged",
        [b"", b"[1,", b'{"a"1}', b"[1}", b"\xff", b"[1]]", b"nul", b'{"a":1,}', b"{1:2}", b"[01]", b'"\x00"'],
    )
    def test_what_is_no_json_is_a_value_error(self, damaged: bytes) -> None:
        deep = b"[" * 100_000
        for data in (damaged, deep + damaged + b"]" * 100_000):
            if damaged or data is damaged:
                with pytest.raises(ValueError, match=r"."):
                    load_bytes(data)

    def test_the_slow_reader_agrees_with_json(self) -> None:
        long = "1" * 5000
        words = "-0 , 1.5e3, -2E-1, true, false, null, NaN , { } , [ ]"
        text = f'  {{ "a" : [ {long} , {words} ] , "\\u00e9" : "\\ud83d" }} '
        swift = json.loads(text.replace(long, "7"))
        slow = load_text(text)
        assert slow["a"][0] == int(long[:4000]) * 10**1000 + int(long[4000:])
        slow["a"][0] = 7
        assert repr(slow) == repr(swift)


def _nested(value: Any, depth: int) -> Any:
    for _ in range(depth):
        value = {"a": [value]}
    return value
