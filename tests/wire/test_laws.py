"""The laws of a codec on random conversations and random blocks."""

import json
import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tests.wire.histories import ORIGINS, histories, responses_in, units
from tests.wire.rules import check, check_responses
from tests.wire.streams import (
    CODECS,
    NAMES,
    TOOLS,
    dialect_of,
    fed,
    frames,
    origin_of,
    route_to,
    talk,
    whole,
    whole_frame,
)
from tui.chat.conversation import Conversation
from tui.chat.frame import Frame
from tui.chat.messages import AssistantMessage, Message
from tui.chat.parts import Dialect, Reasoning, ToolCall
from tui.chat.route import Route
from tui.chat.settings import Settings
from tui.chat.usage import UNKNOWN_COST
from tui.wire.media import shown
from tui.wire.messages_blocks import assistant_block

TARGETS = sorted({(origin.dialect, origin.model) for origin in ORIGINS})
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
ORIGIN = origin_of("messages", "claude-sonnet-4-5")


@pytest.mark.parametrize("target", TARGETS, ids=" ".join)
@given(
    messages=histories(),
    tools=st.sampled_from([TOOLS, ()]),
    foreign=st.sampled_from(["drop", "drop", "text"]),
)
def test_an_earlier_request_is_a_prefix_of_every_later_one(
    target: tuple[Dialect, str], messages: list[Message], tools: Any, foreign: Any
) -> None:
    dialect, model = target
    earlier: list[tuple[str, str]] = []
    for length in range(1, len(messages) + 1):
        if isinstance(messages[length - 1], AssistantMessage):
            continue
        conversation = Conversation("be kind", tuple(messages[:length]), foreign)
        route = crowded(route_to(dialect, model))
        if shown(conversation.sendable(route.target, tools_ok=bool(tools)), route).refused:
            # A prompt whose attachment is not taken is not sent; with a later one its name is.
            continue
        request = CODECS[dialect].encode(conversation, route, Settings(), tools)
        body = json.loads(request.body)
        check(dialect, body, claude=model.startswith("claude"))
        if dialect == "responses" and model.startswith("gpt"):
            check_responses(body, responses_in(messages[:length]), openai=True)
        now = units(body, dialect)
        assert now[: len(earlier)] == earlier
        earlier = now


def crowded(route: Route) -> Route:
    """``route`` with limits so low that some histories reach them."""
    media = replace(route.accepts.media, images=4, many=2, side_of_many=50, pages=140)
    return replace(route, accepts=replace(route.accepts, media=media))


@given(messages=histories(), target=st.sampled_from(TARGETS))
def test_seals_are_counted_as_they_are_sent(messages: list[Message], target: tuple[Dialect, str]) -> None:
    dialect, model = target
    assume(not shown(talk(*messages), route_to(dialect, model)).refused)
    request = CODECS[dialect].encode(talk(*messages), route_to(dialect, model), Settings(), TOOLS)
    body = json.loads(request.body)
    if dialect == "responses":
        assert request.seals_sent == sum("encrypted_content" in item for item in body["input"])
        return
    key = "thinking_blocks" if dialect == "chat" else "content"
    blocks = [block for message in body["messages"] for block in message.get(key, ())]
    assert request.seals_sent == sum(bool(block.get("signature") or block.get("data")) for block in blocks)


@given(messages=histories(), target=st.sampled_from(TARGETS))
def test_reasoning_that_stays_behind_is_foreseen(
    messages: list[Message], target: tuple[Dialect, str]
) -> None:
    dialect, model = target
    findings = CODECS[dialect].foresee(talk(*messages), route_to(dialect, model), Settings(), TOOLS)
    told = sum(int(f.says.split()[0]) for f in findings if f.cls == "anthropic-model-binding-drop")
    lost = sum(
        part.opaque is not None and part.opaque.origin.model != model and index not in message.unfinished
        for message in messages
        if isinstance(message, AssistantMessage)
        for index, part in enumerate(message.parts)
        if isinstance(part, Reasoning)
    )
    assert told >= lost


_BLOCKS = st.one_of(
    st.fixed_dictionaries({"type": st.just("text"), "text": st.text()}),
    st.fixed_dictionaries(
        {"citations": st.lists(JSON, max_size=2), "type": st.just("text"), "text": st.text()}
    ),
    st.fixed_dictionaries({"type": st.just("thinking"), "thinking": st.text(), "signature": st.text()}),
    st.fixed_dictionaries({"type": st.just("redacted_thinking"), "data": st.text(min_size=1)}),
    st.fixed_dictionaries(
        {
            "type": st.just("tool_use"),
            "id": st.text(min_size=1),
            "name": st.text(min_size=1),
            "input": st.dictionaries(st.text(), JSON, max_size=3),
        },
        optional={"caller": JSON, "provider_specific_fields": JSON},
    ),
    st.dictionaries(st.text(), JSON, max_size=4).map(lambda extra: {**extra, "type": "narration"}),
)


@given(blocks=st.lists(_BLOCKS, max_size=5), seed=st.integers(0, 99))
def test_encoding_gives_back_every_block_streamed_or_whole(blocks: list[dict[str, Any]], seed: int) -> None:
    for taken in ([whole_frame({"type": "message", "content": blocks})], _streamed(blocks, seed)):
        decoder = CODECS["messages"].decoder(ORIGIN)
        fed(decoder, taken)
        parts = decoder.finish().parts
        again = [assistant_block(p, p.id if isinstance(p, ToolCall) else "") for p in parts]
        assert json.dumps(again) == json.dumps(blocks)
        assert decoder.done


def _streamed(blocks: list[dict[str, Any]], seed: int) -> list[Frame]:
    """The blocks in random pieces, as a vendor streams them."""
    dice = random.Random(seed)
    events: list[dict[str, Any]] = []
    fields = {"text": "text_delta", "thinking": "thinking_delta", "signature": "signature_delta"}
    for index, block in enumerate(blocks):
        known = block["type"] in ("text", "thinking")
        opening = {k: "" if known and k in fields else v for k, v in block.items()}
        deltas = [
            {"type": kind, field: piece}
            for field, kind in fields.items()
            if known and field in block
            for piece in _pieces(block[field], dice)
        ]
        if block["type"] == "tool_use":
            opening["input"] = {}
            if block["input"] or dice.random() < 0.5:
                pieces = _pieces(json.dumps(block["input"]), dice)
                deltas = [{"type": "input_json_delta", "partial_json": piece} for piece in pieces]
        if known and "citations" in block:
            opening["citations"] = []
            deltas += [{"type": "citations_delta", "citation": item} for item in block["citations"]]
        events.append({"type": "content_block_start", "index": index, "content_block": opening})
        events += [{"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas]
        events.append({"type": "content_block_stop", "index": index})
    events.append({"type": "message_stop"})
    return [Frame("", json.dumps(event), 0.0) for event in events]


def _pieces(text: str, dice: random.Random) -> list[str]:
    cuts = sorted(dice.randrange(len(text) + 1) for _ in range(dice.randrange(4)))
    return [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]


_CALLS = st.fixed_dictionaries(
    {
        "id": st.text(min_size=1),
        "type": st.just("function"),
        "function": st.fixed_dictionaries(
            {"name": st.text(min_size=1), "arguments": st.sampled_from(['{"a":1}', '{ "b" : 1e2 }', "{}"])}
        ),
    },
    optional={"provider_specific_fields": JSON, "extra_content": JSON, "index": st.integers(0, 9)},
)


@given(calls=st.lists(_CALLS, min_size=1, max_size=3, unique_by=lambda call: str(call["id"])))
def test_whole_chat_calls_go_back_as_they_came(calls: list[dict[str, Any]]) -> None:
    origin = origin_of("chat", "gemini-3-pro-preview")
    decoder = CODECS["chat"].decoder(origin)
    message = {"role": "assistant", "content": "look", "tool_calls": calls}
    fed(decoder, [whole_frame({"choices": [{"message": message, "finish_reason": "tool_calls"}]})])
    reply = decoder.finish()
    answer = AssistantMessage("a", reply.parts, origin, "tool_use", None, None, UNKNOWN_COST, 0.0)
    request = CODECS["chat"].encode(talk(answer), route_to("chat", origin.model), Settings(), TOOLS)
    assert json.dumps(json.loads(request.body)["messages"][0]) == json.dumps(message)


@pytest.mark.parametrize("dialect", ["messages", "chat"])
@given(
    event=st.sampled_from(["", "message_delta", "content_block_start", "error", "(body)"]),
    data=st.text() | JSON,
)
@example(event="", data="[" * 100_000)
@example(event="", data='{"a": 1e999}')
@example(event="(body)", data='{"content": [1]}')
def test_garbage_is_a_value_error(dialect: Dialect, event: str, data: Any) -> None:
    text = data if isinstance(data, str) else json.dumps(data)
    decoder = CODECS[dialect].decoder(ORIGIN)
    _try(decoder, Frame(event, text, 0.0))
    assert decoder.finish().stop is None


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_a_damaged_stream_raises_only_value_errors(name: str, data: st.DataObject) -> None:
    dialect = dialect_of(name)
    recorded = [whole_frame(whole(name))] if data.draw(st.booleans()) else frames(name)
    place = data.draw(st.integers(0, len(recorded) - 1))
    if recorded[place].data != "[DONE]":
        value = json.loads(recorded[place].data)
        damaged = _damaged(value, data)
        recorded[place] = Frame(recorded[place].event, json.dumps(damaged), 0.0)
    decoder = CODECS[dialect].decoder(ORIGIN)
    for frame in recorded:
        _try(decoder, frame)
    decoder.finish()


def _damaged(value: Any, data: st.DataObject) -> Any:
    """``value`` with something in it replaced or missing."""
    if not isinstance(value, dict | list) or not value or data.draw(st.integers(0, 5)) == 0:
        return data.draw(JSON)
    if isinstance(value, list):
        place = data.draw(st.integers(0, len(value) - 1))
        return [_damaged(item, data) if i == place else item for i, item in enumerate(value)]
    key = data.draw(st.sampled_from(sorted(value)))
    if data.draw(st.integers(0, 4)) == 0:
        return {k: v for k, v in value.items() if k != key}
    return {k: _damaged(v, data) if k == key else v for k, v in value.items()}


def _try(decoder: Any, frame: Frame) -> None:
    try:
        list(decoder.feed(frame))
    except ValueError:
        decoder.finish()
