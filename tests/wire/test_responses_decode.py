"""Answers in the Responses format: odd orders, missing events, ids that change, errors, usage, the end."""

import json
from typing import Any

import pytest

from tests.wire.streams import fed, frames, origin_of, whole, whole_frame
from tui.chat.events import PartDelta, PartFinished, PartStarted
from tui.chat.frame import Frame
from tui.chat.parts import Reasoning, Text, ToolCall
from tui.chat.usage import Usage
from tui.wire.codec import Decoded, Reply
from tui.wire.responses_decode import ResponsesDecoder
from tui.wire.responses_usage import usage_of

ORIGIN = origin_of("responses", "gpt-5.1")
MESSAGE = {"id": "msg_1", "type": "message", "role": "assistant", "content": []}
CALL = {"id": "fc_1", "type": "function_call", "call_id": "call_1", "name": "note", "arguments": ""}
THOUGHT = {"id": "rs_1", "type": "reasoning", "summary": []}


def _event(kind: str, **fields: Any) -> Frame:
    return Frame("", json.dumps({"type": f"response.{kind}", **fields}), 1.0)


def _added(item: dict[str, Any], place: int | None = None) -> Frame:
    return _event("output_item.added", item=item, **({} if place is None else {"output_index": place}))


def _done(item: dict[str, Any], place: int) -> Frame:
    return _event("output_item.done", item=item, output_index=place)


def _completed(*output: dict[str, Any], **more: Any) -> Frame:
    return _event("completed", response={"status": "completed", "output": list(output), **more})


def _said(text: str, id: str = "msg_1") -> dict[str, Any]:
    return {**MESSAGE, "id": id, "content": [{"type": "output_text", "text": text}]}


def _decoded(*taken: Frame) -> tuple[ResponsesDecoder, Reply, list[Decoded]]:
    decoder = ResponsesDecoder(ORIGIN)
    events = fed(decoder, taken)
    return decoder, decoder.finish(), events


def _texts(reply: Reply) -> list[str]:
    return [p.arguments if isinstance(p, ToolCall) else getattr(p, "text", "") for p in reply.parts]


def test_parts_stand_in_the_order_of_the_output_however_they_come() -> None:
    decoder, reply, _ = _decoded(
        _done({**CALL, "arguments": "{}"}, 2),
        _done(_said("so"), 1),
        _done({**THOUGHT, "encrypted_content": "S"}, 0),
        _completed(),
    )
    assert [type(part) for part in reply.parts] == [Reasoning, Text, ToolCall]
    assert (decoder.done, reply.stop, reply.unfinished) == (True, "tool_use", frozenset())


def test_deltas_come_without_places_or_ids() -> None:
    delta = _event("output_text.delta", delta="so")
    _, reply, events = _decoded(_added(THOUGHT), _added(MESSAGE), delta, _completed())
    assert _texts(reply) == ["", "so"]
    assert [e for e in events if isinstance(e, PartDelta)] == [PartDelta(1.0, 1, "text", "so")]


def test_text_without_any_item_is_kept_by_value() -> None:
    _, reply, events = _decoded(_event("output_text.delta", output_index=0, delta="so"), _completed())
    assert reply.parts == (Text("so"),)
    assert [type(event) for event in events] == [PartStarted, PartDelta, PartFinished]


def test_everything_in_the_last_event_alone() -> None:
    _, reply, events = _decoded(_completed(_said("so"), {**CALL, "arguments": "{}"}))
    assert _texts(reply) == ["so", "{}"]
    assert [e.text for e in events if isinstance(e, PartDelta)] == ["so", "{}"]
    assert {e.index for e in events if isinstance(e, PartFinished)} == {0, 1}


def test_ids_that_change_on_the_way_make_no_second_part() -> None:
    _, reply, _ = _decoded(
        _added(MESSAGE, 0),
        _event("output_text.delta", item_id="other", output_index=0, delta="so"),
        _done(_said("so", "msg_another"), 0),
        _completed(_said("so", "msg_third")),
    )
    assert _texts(reply) == ["so"]


def test_places_that_are_all_the_same_keep_the_order_of_arrival() -> None:
    _, reply, _ = _decoded(
        _added(THOUGHT, 0),
        _added(MESSAGE, 0),
        _added(CALL, 0),
        _event("output_text.delta", item_id="msg_1", output_index=0, delta="so"),
        _event("function_call_arguments.delta", item_id="fc_1", output_index=0, delta="{}"),
        _done(_said("so"), 0),
        _done({**CALL, "arguments": "{}"}, 0),
        _completed(THOUGHT, _said("so"), {**CALL, "arguments": "{}"}),
    )
    assert _texts(reply) == ["", "so", "{}"]


def test_a_seal_is_taken_from_the_end_and_never_from_the_beginning() -> None:
    first = {**THOUGHT, "encrypted_content": "gAAAA"}
    cut = _decoded(_added(first, 0))[1]
    assert (cut.seals_received, cut.unfinished) == (0, frozenset({0}))
    done = {**THOUGHT, "encrypted_content": "gAAAAwhole"}
    _, reply, _ = _decoded(_added(first, 0), _done(done, 0))
    (part,) = reply.parts
    assert isinstance(part, Reasoning)
    assert part.opaque is not None
    assert (part.state, part.opaque.data, reply.seals_received) == ("omitted", done, 1)


def test_thinking_that_goes_on_after_its_item_was_done_is_over_with_the_last_word() -> None:
    told = frames("responses_claude_interleaved")
    sealed = next(i for i, frame in enumerate(told) if "response.completed" in frame.data)
    decoder = ResponsesDecoder(origin_of("responses", "claude-sonnet-4-5"))
    fed(decoder, told[:sealed])
    before = decoder.finish()
    assert before.unfinished == frozenset({0})
    assert isinstance(before.parts[0], Reasoning)
    assert (before.parts[0].state, before.seals_received) == ("unsigned", 0)
    (finished,) = [e for e in fed(decoder, told[sealed:]) if isinstance(e, PartFinished)]
    assert isinstance(finished.part, Reasoning)
    assert (finished.part.text, finished.part.state) == (before.parts[0].text, "signed")
    packed = json.loads(whole("responses_claude_interleaved")["output"][0]["encrypted_content"])
    assert [block["type"] for block in packed] == ["redacted_thinking", "thinking", "thinking"]


def test_paragraphs_of_a_summary_are_parted() -> None:
    where = {"item_id": "rs_1", "output_index": 0}
    pieces = [
        frame
        for text in ("one", "two")
        for frame in (
            _event("reasoning_summary_part.added", **where),
            _event("reasoning_summary_text.delta", **where, delta=text),
        )
    ]
    summary = [{"type": "summary_text", "text": text} for text in ("one", "two")]
    done = _done({**THOUGHT, "summary": summary, "encrypted_content": "S"}, 0)
    _, reply, events = _decoded(_added(THOUGHT, 0), *pieces, done)
    assert _texts(reply) == ["one\n\ntwo"]
    assert [e.text for e in events if isinstance(e, PartDelta)] == ["one", "\n\ntwo"]


@pytest.mark.parametrize(
    ("response", "stop", "raw"),
    [
        ({"status": "completed"}, "end", "completed"),
        ({"status": "completed", "output": [{**CALL, "arguments": "{}"}]}, "tool_use", "completed"),
        (
            {
                "status": "completed",
                "output": [{**MESSAGE, "content": [{"type": "refusal", "refusal": "no"}]}],
            },
            "refusal",
            "completed",
        ),
        (
            {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}},
            "max_tokens",
            "max_output_tokens",
        ),
        (
            {"status": "incomplete", "incomplete_details": {"reason": "content_filter"}},
            "refusal",
            "content_filter",
        ),
        ({"status": "incomplete", "incomplete_details": {"reason": "tired"}}, "end", "tired"),
        ({"status": "incomplete"}, "end", "incomplete"),
    ],
)
def test_how_it_ended(response: dict[str, Any], stop: str, raw: str) -> None:
    for taken in (_event(response["status"], response=response), whole_frame({"output": [], **response})):
        decoder, reply, _ = _decoded(taken)
        assert (decoder.done, reply.stop, reply.stop_raw) == (True, stop, raw)


@pytest.mark.parametrize(
    ("taken", "error"),
    [
        (_event("failed", response={"status": "failed", "error": {"code": "x"}}), {"code": "x"}),
        (_event("failed", response={"status": "failed"}), {"message": "the response ended as failed"}),
        (Frame("", '{"type": "error", "message": "no"}', 1.0), {"type": "error", "message": "no"}),
        (Frame("error", '{"message": "no"}', 1.0), {"message": "no"}),
        (Frame("", '{"error": {"message": "no"}}', 1.0), {"message": "no"}),
        (whole_frame({"error": {"message": "no"}, "output": []}), {"message": "no"}),
        (whole_frame({"status": "failed", "output": []}), {"message": "the response ended as failed"}),
        (whole_frame({"status": "queued", "output": []}), {"message": "the response ended as queued"}),
    ],
)
def test_an_error_is_no_end_though_done_follows(taken: Frame, error: Any) -> None:
    usage = Frame("", "[DONE]", 2.0)
    decoder, reply, _ = _decoded(_added(MESSAGE, 0), taken, usage)
    assert (decoder.error, decoder.done, reply.stop) == (error, False, None)
    assert reply.unfinished == frozenset({0})


def test_what_failed_still_tells_its_usage() -> None:
    response = {"status": "failed", "usage": {"input_tokens": 5, "output_tokens": 2}}
    _, reply, _ = _decoded(_event("failed", response=response))
    assert reply.usage == Usage(5, output=2)


def test_pings_unknown_events_and_blank_data_say_nothing() -> None:
    taken = [Frame("ping", "", 1.0), Frame("", "  ", 1.0), _event("web_search_call.searching", item_id="ws")]
    decoder, reply, events = _decoded(*taken, _event("queued", response={"status": "queued"}))
    assert (decoder.done, reply.parts, events) == (False, (), [])


@pytest.mark.parametrize(
    "taken",
    [
        whole_frame({"object": "response"}),
        whole_frame({"output": {}}),
        _added([]),  # type: ignore[arg-type]
        _event("output_item.added", item={"type": 1}),
        _event("output_item.added", item=MESSAGE, output_index="0"),
        _event("output_item.done", item={**CALL, "arguments": {}}),
        _event("output_text.delta", delta=1),
        _completed({"type": "reasoning", "summary": "hm"}),
    ],
)
def test_what_the_format_does_not_allow_is_a_value_error(taken: Frame) -> None:
    decoder = ResponsesDecoder(ORIGIN)
    with pytest.raises(ValueError, match=r"expected|no output"):
        fed(decoder, [taken])
    assert decoder.finish().stop is None


def test_a_call_without_name_or_id_is_kept_and_not_run() -> None:
    _, reply, _ = _decoded(_completed({"type": "function_call", "call_id": "", "name": "a", "arguments": ""}))
    (part,) = reply.parts
    assert (type(part).__name__, getattr(part, "label", "")) == ("Foreign", "function_call")
    assert reply.stop == "end"


@pytest.mark.parametrize(
    ("told", "usage"),
    [
        ({}, None),
        ({"input_tokens": 0, "output_tokens": 0}, Usage(output=0)),
        (
            {
                "input_tokens": 100,
                "input_tokens_details": {"cached_tokens": 60, "cache_write_tokens": 30},
                "output_tokens": 9,
                "output_tokens_details": {"reasoning_tokens": 4},
            },
            Usage(10, 60, 30, output=9, reasoning=4),
        ),
        ({"input_tokens": 10, "input_tokens_details": {"cached_tokens": 60}}, Usage(10, 60)),
        ({"input_tokens": "many", "input_tokens_details": 3, "output_tokens": True}, None),
    ],
)
def test_tokens_in_disjoint_buckets(told: dict[str, Any], usage: Usage | None) -> None:
    assert usage_of(told) == usage


def test_the_cost_is_the_text_of_the_last_event() -> None:
    response = '{"status": "completed", "usage": {"input_tokens": 1, "cost": 0.00015000000000000001}}'
    frame = Frame("", f'{{"type": "response.completed", "response": {response}}}', 1.0)
    assert _decoded(frame)[1].stream_cost == "0.00015000000000000001"
    assert _decoded(_completed(usage={"input_tokens": 1, "cost": None}))[1].stream_cost is None
