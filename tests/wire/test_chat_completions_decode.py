"""Odd answers of the chat format: fields told twice, late or never, errors, cuts, unknown fields."""

import json
from typing import Any

import pytest

from tests.wire.streams import fed, frames, origin_of, reply_of, whole_frame
from tui.chat.events import PartStarted
from tui.chat.frame import Frame
from tui.chat.parts import Foreign, Opaque, Reasoning, Text, ToolCall
from tui.chat.usage import Usage
from tui.wire.chat_completions_decode import ChatDecoder
from tui.wire.chat_completions_usage import usage_of

ORIGIN = origin_of("chat", "claude-sonnet-4-5")


def _chunk(finish: str | None = None, **delta: Any) -> Frame:
    return Frame("", json.dumps({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}), 0.0)


def _decoded(*taken: Frame) -> ChatDecoder:
    decoder = ChatDecoder(ORIGIN)
    fed(decoder, taken)
    return decoder


def _block(text: str = "", signature: str | None = None, **more: Any) -> dict[str, Any]:
    block: dict[str, Any] = {"type": "thinking", "thinking": text, **more}
    return block if signature is None else {**block, "signature": signature}


def _thoughts(decoder: ChatDecoder) -> list[tuple[str, str]]:
    return [(p.text, p.state) for p in decoder.finish().parts if isinstance(p, Reasoning)]


DONE = Frame("", "[DONE]", 9.0)


@pytest.mark.parametrize("index", [{}, {"index": 0}])
def test_a_signature_closes_a_block_with_or_without_index(index: dict[str, Any]) -> None:
    second: dict[str, Any] = dict.fromkeys(index, 1)
    decoder = _decoded(
        _chunk(thinking_blocks=[_block("a", **index)], reasoning_content="a"),
        _chunk(thinking_blocks=[_block("b", **index)], reasoning_content="b"),
        _chunk(thinking_blocks=[_block(signature="S1", **index)], reasoning_content=""),
        _chunk(thinking_blocks=[_block("c", **second)], reasoning_content="c"),
        _chunk(thinking_blocks=[_block(signature="S2", **second)]),
        _chunk("stop", content="so"),
    )
    assert _thoughts(decoder) == [("ab", "signed"), ("c", "signed")]


def test_a_signature_may_come_in_pieces_or_late_when_blocks_are_numbered() -> None:
    decoder = _decoded(
        _chunk(thinking_blocks=[_block("a", index=0)]),
        _chunk(content="so"),
        _chunk(thinking_blocks=[_block(signature="S1", index=0)]),
        _chunk(thinking_blocks=[_block(signature="+S2", index=0)]),
        _chunk("stop"),
    )
    part = decoder.finish().parts[0]
    assert part == Reasoning(
        "a", "signed", Opaque(ORIGIN, {"type": "thinking", "thinking": "a", "signature": "S1+S2"})
    )
    assert decoder.finish().unfinished == frozenset()


def test_text_told_first_as_reasoning_content_is_not_shown_twice() -> None:
    decoder = _decoded(
        _chunk(reasoning_content="ab"),
        _chunk(reasoning_content="c"),
        _chunk(thinking_blocks=[_block("abc", "S")]),
        _chunk("stop", content="so"),
    )
    assert _thoughts(decoder) == [("abc", "signed")]


def test_a_seal_alone_closes_the_reasoning_before_it() -> None:
    decoder = _decoded(
        _chunk(reasoning_content="abc"), _chunk(thinking_blocks=[_block("", "S")]), _chunk("stop")
    )
    part = decoder.finish().parts[0]
    assert part.opaque == Opaque(ORIGIN, {"type": "thinking", "thinking": "abc", "signature": "S"})


def test_empty_blocks_open_nothing() -> None:
    decoder = _decoded(_chunk(thinking_blocks=[_block("", "")]), _chunk(content="so"))
    assert [type(p) for p in decoder.finish().parts] == [Text]


def test_reasoning_under_another_name() -> None:
    decoder = _decoded(_chunk(reasoning="hm", reasoning_content=None), _chunk("stop", content="so"))
    assert decoder.finish().parts[0] == Reasoning("hm", "unsigned", Opaque(ORIGIN, {"reasoning": "hm"}))


def test_parts_come_in_the_order_they_appear() -> None:
    decoder = ChatDecoder(ORIGIN)
    events = fed(decoder, frames("chat_claude_interleaved"))
    started = [(e.kind, e.label) for e in events if isinstance(e, PartStarted)]
    assert started == [("thinking", ""), ("text", ""), ("thinking", ""), ("tool_call", "calculator")]


def test_calls_by_index_by_id_or_by_neither() -> None:
    def call(id: str | None, args: str, index: int | None) -> dict[str, Any]:
        function = {"arguments": args} | ({"name": "note"} if id or index in (3, 8) else {})
        entry = {"id": id, "index": index, "type": "function", "function": function}
        return {key: value for key, value in entry.items() if value is not None}

    sparse = _decoded(
        _chunk(tool_calls=[call(None, '{"a"', 3)]),
        _chunk(tool_calls=[call("late", ":1}", 3), call("other", "{", 8)]),
        _chunk(tool_calls=[call(None, "}", 8)]),
    )
    unnumbered = _decoded(
        _chunk(tool_calls=[call("late", '{"a"', None)]),
        _chunk(tool_calls=[call(None, ":1}", None), call("other", "{}", None)]),
    )
    all_zero = _decoded(
        _chunk(tool_calls=[call("late", '{"a"', 0)]),
        _chunk(tool_calls=[call(None, ":1}", 0)]),
        _chunk(tool_calls=[call("other", "{", 0)]),
        _chunk(tool_calls=[call(None, "}", 0)]),
    )
    for decoder in (sparse, unnumbered, all_zero):
        calls = [p for p in decoder.finish().parts if isinstance(p, ToolCall)]
        assert [(c.id, c.name, c.arguments) for c in calls] == [
            ("late", "note", '{"a":1}'),
            ("other", "note", "{}"),
        ]


def test_calls_without_id_are_numbered_and_objects_become_text() -> None:
    function = {"name": "note", "arguments": {"é": 1}}
    decoder = _decoded(_chunk("function_call", function_call=function))
    reply = decoder.finish()
    assert reply.parts == (ToolCall("call_0", "note", '{"é": 1}', as_sent=False),)
    assert reply.stop == "tool_use"


def test_a_call_without_a_name_is_kept_but_is_no_call() -> None:
    entry = {"id": "c", "type": "custom", "custom": {"name": "x", "input": "y"}}
    part = _decoded(_chunk("tool_calls", tool_calls=[entry])).finish().parts[0]
    assert part == Foreign("custom", Opaque(ORIGIN, {"tool_call": entry}))


def test_unknown_fields_of_a_message_travel_with_its_text() -> None:
    text = reply_of("chat_openai").parts[0]
    assert isinstance(text, Text)
    assert text.opaque is not None
    assert list(text.opaque.data["message"]) == ["annotations"]


def test_unknown_fields_without_text_are_a_part_of_their_own() -> None:
    decoder = ChatDecoder(ORIGIN)
    events = fed(
        decoder,
        [
            _chunk(tool_calls=[{"index": 0, "id": "c", "function": {"name": "note", "arguments": "{}"}}]),
            _chunk(reasoning_items=[{"id": 1}], audio={"id": "x", "data": "a"}),
            _chunk("tool_calls", reasoning_items=[{"id": 2}], audio={"data": "b"}, empty=[], null=None),
        ],
    )
    part = decoder.finish().parts[1]
    assert isinstance(part, Foreign)
    assert part.label == "reasoning_items, audio"
    fields = {"reasoning_items": [{"id": 1}, {"id": 2}], "audio": {"id": "x", "data": "b"}}
    assert part.opaque.data == {"message": fields}
    assert [e.index for e in events if isinstance(e, PartStarted)] == [0, 1]


@pytest.mark.parametrize(
    ("raw", "stop"),
    [
        ("stop", "end"),
        ("tool_calls", "tool_use"),
        ("length", "max_tokens"),
        ("content_filter", "refusal"),
        ("eos", "end"),
    ],
)
def test_finish_reasons(raw: str, stop: str) -> None:
    reply = _decoded(_chunk(raw)).finish()
    assert (reply.stop, reply.stop_raw) == (stop, raw)


def test_the_last_word_counts_only_after_a_finish_reason_and_without_an_error() -> None:
    assert _decoded(_chunk("stop", content="a"), DONE).done
    assert not _decoded(_chunk("stop", content="a")).done
    assert not _decoded(_chunk(content="a"), DONE).done
    failed = _decoded(_chunk("stop", content="a"), Frame("", '{"error": {"code": "500"}}', 1.0), DONE)
    assert (failed.done, failed.error) == (False, {"code": "500"})


@pytest.mark.parametrize(
    ("told", "usage"),
    [
        ({}, None),
        ({"prompt_tokens": 0, "completion_tokens": None}, None),
        ({"prompt_tokens": 10, "completion_tokens": 2}, Usage(10, output=2)),
        ({"prompt_tokens": 10, "prompt_tokens_details": {"cached_tokens": 4}}, Usage(6, 4)),
        ({"prompt_tokens": 10, "prompt_cache_hit_tokens": 10}, Usage(0, 10)),
        ({"prompt_tokens": 10, "cache_read_input_tokens": 40}, Usage(10, 40)),
        (
            {
                "prompt_tokens": 10,
                "cache_creation_input_tokens": 5,
                "prompt_tokens_details": {"cache_creation_token_details": {"ephemeral_1h_input_tokens": 2}},
            },
            Usage(5, None, 3, 2),
        ),
        (
            {
                "prompt_tokens": 10,
                "completion_tokens": 5,
                "total_tokens": 22,
                "completion_tokens_details": {"reasoning_tokens": 7},
            },
            Usage(10, output=12, reasoning=7),
        ),
        ({"prompt_tokens": "10", "prompt_tokens_details": []}, None),
    ],
)
def test_usage_in_disjoint_buckets(told: dict[str, Any], usage: Usage | None) -> None:
    assert usage_of(told) == usage


def test_recorded_usage_and_cost() -> None:
    reply = reply_of("chat_claude_parallel")
    assert reply.usage == Usage(412, 2048, 1024, None, 157, 64)
    assert reply.stream_cost == "0.006000000000000001"


def test_content_in_parts_is_kept_as_it_came() -> None:
    content = [
        {"type": "text", "text": "a"},
        {"type": "reference", "ids": [1]},
        {"type": "text", "text": "b"},
    ]
    body = {"choices": [{"message": {"role": "assistant", "content": content}, "finish_reason": "stop"}]}
    assert _decoded(whole_frame(body)).finish().parts == (Text("ab", Opaque(ORIGIN, {"content": content})),)


def test_other_choices_are_not_mixed_in() -> None:
    data = {"choices": [{"index": 1, "delta": {"content": "b"}}, {"index": 0, "delta": {"content": "a"}}]}
    assert _decoded(Frame("", json.dumps(data), 0.0)).finish().parts == (Text("a"),)


@pytest.mark.parametrize(
    "data", ['{"choices": [1]}', '{"choices": [{"delta": {"content": 5}}]}', "[1]", "<html>", '{"model": 5}']
)
def test_what_the_format_does_not_allow_is_a_value_error(data: str) -> None:
    with pytest.raises(ValueError):
        fed(ChatDecoder(ORIGIN), [Frame("", data, 0.0)])


def test_a_body_without_choices_is_no_answer() -> None:
    with pytest.raises(ValueError, match="no choices"):
        _decoded(whole_frame({"object": "list"}))
