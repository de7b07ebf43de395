"""Odd answers of the Messages format: errors, cuts, missing names, placeholders."""

import json
from typing import Any

import pytest

from tests.wire.streams import fed, frames, origin_of, reply_of, whole_frame
from tui.chat.events import PartDelta, PartFinished, PartStarted
from tui.chat.frame import Frame
from tui.chat.parts import Foreign, Reasoning, Text, ToolCall
from tui.chat.usage import Usage
from tui.wire.codec import Decoded
from tui.wire.messages_decode import MessagesDecoder

ORIGIN = origin_of("messages", "claude-sonnet-4-5")


def _decoder(*events: dict[str, Any], named: bool = True) -> MessagesDecoder:
    decoder = MessagesDecoder(ORIGIN)
    fed(decoder, [Frame(e.get("type", "") if named else "", json.dumps(e), 0.0) for e in events])
    return decoder


def _start(index: int, **block: Any) -> dict[str, Any]:
    return {"type": "content_block_start", "index": index, "content_block": block}


def _delta(index: int, **delta: Any) -> dict[str, Any]:
    return {"type": "content_block_delta", "index": index, "delta": delta}


def _stop(index: int) -> dict[str, Any]:
    return {"type": "content_block_stop", "index": index}


@pytest.mark.parametrize(
    ("name", "states"),
    [
        ("messages_interleaved", ["signed", "signed"]),
        ("messages_redacted", ["signed", "redacted"]),
        ("messages_omitted", ["omitted"]),
        ("messages_gemini_bridge", ["unsigned"]),
        ("messages_openai_bridge", ["unsigned", "redacted"]),
    ],
)
def test_states_of_thinking(name: str, states: list[str]) -> None:
    reply = reply_of(name)
    assert [p.state for p in reply.parts if isinstance(p, Reasoning)] == states
    assert reply.seals_received == len([s for s in states if s != "unsigned"])


def test_pieces_of_a_signature_are_put_together() -> None:
    part = reply_of("messages_omitted").parts[0]
    assert isinstance(part, Reasoning)
    assert part.opaque is not None
    assert part.opaque.data["signature"] == "Eo8BCkYICxgCKkAomitted/half+rest=="


def test_usage_is_disjoint_and_splits_cache_writes() -> None:
    assert reply_of("messages_interleaved").usage == Usage(412, 2048, 1000, 24, 157, 64)


def test_the_cost_is_the_text_the_proxy_wrote() -> None:
    assert reply_of("messages_omitted").stream_cost == "0.00015000000000000001"
    body = {"type": "message", "content": [], "usage": {"cost": 0}}
    decoder = MessagesDecoder(ORIGIN)
    fed(decoder, [whole_frame(body)])
    assert decoder.finish().stream_cost == "0"


def test_a_cut_stream_knows_what_went_in_but_not_what_came_out() -> None:
    decoder = MessagesDecoder(ORIGIN)
    fed(decoder, frames("messages_interleaved")[:6])
    assert decoder.finish().usage == Usage(412, 2048, 1000, 24)
    assert decoder.finish().stop is None


@pytest.mark.parametrize(
    ("start", "end", "usage"),
    [
        ({}, {}, None),
        ({"input_tokens": 0, "output_tokens": 0}, {}, None),
        ({"input_tokens": 0}, {"input_tokens": 9, "output_tokens": 0}, Usage(9, output=0)),
        ({"input_tokens": 3}, {"input_tokens": None, "output_tokens": 4}, Usage(3, output=4)),
        ({"cache_creation_input_tokens": 7}, {"output_tokens": 1}, Usage(None, None, 7, None, 1)),
        (
            {"cache_creation": {"ephemeral_5m_input_tokens": 1, "ephemeral_1h_input_tokens": 2}},
            {"cache_creation_input_tokens": 9},
            Usage(None, None, 7, 2),
        ),
        ({"input_tokens": "many", "cache_creation": [1]}, {"output_tokens": True}, None),
    ],
)
def test_usage_told_in_odd_ways(start: Any, end: Any, usage: Usage | None) -> None:
    decoder = _decoder(
        {"type": "message_start", "message": {"usage": start}},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": end},
    )
    assert decoder.finish().usage == usage


@pytest.mark.parametrize(
    ("raw", "stop"),
    [
        ("end_turn", "end"),
        ("tool_use", "tool_use"),
        ("max_tokens", "max_tokens"),
        ("stop_sequence", "stop_sequence"),
        ("refusal", "refusal"),
        ("pause_turn", "pause"),
        ("model_context_window_exceeded", "context_full"),
        ("something_new", "end"),
    ],
)
def test_stop_reasons(raw: str, stop: str) -> None:
    reply = _decoder({"type": "message_delta", "delta": {"stop_reason": raw}}).finish()
    assert (reply.stop, reply.stop_raw) == (stop, raw)


@pytest.mark.parametrize(
    ("frame", "error"),
    [
        (
            Frame("error", '{"type":"error","error":{"type":"overloaded_error"}}', 0),
            {"type": "overloaded_error"},
        ),
        (Frame("", '{"type":"error","error":{"message":"x"}}', 0), {"message": "x"}),
        (Frame("", '{"error":{"message":"x"}}', 0), {"message": "x"}),
        (Frame("", '{"error":"gone"}', 0), "gone"),
        (Frame("error", "upstream fell over", 0), {"message": "upstream fell over"}),
        (Frame("error", '{"type":"error","message":"x"}', 0), {"type": "error", "message": "x"}),
        (Frame("(body)", '{"error":{"code":"401"}}', 0), {"code": "401"}),
    ],
)
def test_errors_inside_a_good_answer(frame: Frame, error: Any) -> None:
    decoder = MessagesDecoder(ORIGIN)
    assert fed(decoder, [frame]) == []
    assert decoder.error == error
    fed(decoder, [Frame("message_stop", '{"type":"message_stop"}', 1.0)])
    assert not decoder.done


def test_event_names_may_be_missing_and_pings_empty() -> None:
    decoder = MessagesDecoder(ORIGIN)
    unnamed = [Frame("", frame.data, frame.at) for frame in frames("messages_interleaved")]
    fed(decoder, [Frame("ping", "", 0.0), *unnamed, Frame("", "[DONE]", 0.0)])
    assert decoder.done
    assert decoder.finish() == reply_of("messages_interleaved")


def test_a_block_never_closed_is_whole_once_the_message_ends() -> None:
    decoder = _decoder(_start(0, type="text", text="so"), _delta(0, type="text_delta", text=" be it"))
    assert decoder.finish().unfinished == {0}
    assert not decoder.done
    events = fed(decoder, [Frame("message_stop", '{"type":"message_stop"}', 0.0)])
    assert events == [PartFinished(0.0, 0, Text("so be it"))]
    assert decoder.finish().unfinished == frozenset()


def test_parts_are_counted_as_they_appear_whatever_the_wire_calls_them() -> None:
    decoder = MessagesDecoder(ORIGIN)
    events: list[Decoded] = []
    for event in (_start(7, type="text", text="a"), _start(2, type="text", text=""), _stop(2), _stop(7)):
        events += decoder.feed(Frame("", json.dumps(event), 0.0))
    assert events == [
        PartStarted(0.0, 0, "text"),
        PartDelta(0.0, 0, "text", "a"),
        PartStarted(0.0, 1, "text"),
        PartFinished(0.0, 1, Text("")),
        PartFinished(0.0, 0, Text("a")),
    ]


@pytest.mark.parametrize(
    "event",
    [
        _delta(5, type="text_delta", text="x"),
        _stop(5),
        _start(0, type="text", text="again"),
        _delta(0, type="text_delta", text=["x"]),
        _delta(0, type="citations_delta", citation={}) | {"index": "0"},
        {"type": "content_block_start", "index": 1, "content_block": "text"},
        [1],
    ],
)
def test_what_the_format_does_not_allow_is_a_value_error(event: Any) -> None:
    decoder = _decoder(_start(0, type="text", text=""))
    with pytest.raises(ValueError):
        fed(decoder, [Frame("", json.dumps(event), 0.0)])
    assert decoder.finish().parts == (Text(""),)


def test_arguments_that_are_not_json_stay_as_streamed() -> None:
    call = _start(0, type="tool_use", id="t", name="note", input={})
    decoder = _decoder(call, _delta(0, type="input_json_delta", partial_json='{"a": oops'), _stop(0))
    assert decoder.finish().parts == (ToolCall("t", "note", '{"a": oops', as_sent=True),)


def test_arguments_given_at_once_are_our_dump_of_them() -> None:
    decoder = _decoder(_start(0, type="tool_use", id="t", name="note", input={"é": 1}), _stop(0))
    assert decoder.finish().parts == (ToolCall("t", "note", '{"é": 1}', as_sent=False),)


def test_a_call_without_a_name_is_kept_but_is_no_call() -> None:
    part = _decoder(_start(0, type="tool_use", id="t", input={}), _stop(0)).finish().parts[0]
    assert isinstance(part, Foreign)
    assert part.opaque.data == {"type": "tool_use", "id": "t", "input": {}}


def test_deltas_of_an_unknown_kind_grow_the_fields_they_name() -> None:
    part = reply_of("messages_unknown").parts[1]
    assert isinstance(part, Foreign)
    assert part.label == "narration"
    assert list(part.opaque.data) == ["zeta", "type", "says", "steps", "meta"]
    assert part.opaque.data["says"] == "first second"
    assert part.opaque.data["steps"] == [{"n": 1}, {"n": 2}]
