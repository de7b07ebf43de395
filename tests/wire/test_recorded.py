"""The laws of a codec on recorded streams: verbatim, streamed like whole, sendable wherever it is cut."""

import json
from typing import Any

import pytest

from tests.wire.rules import check
from tests.wire.streams import (
    CODECS,
    NAMES,
    TOOLS,
    answered,
    asked,
    dialect_of,
    fed,
    frames,
    model_of,
    origin_of,
    reply_of,
    results_for,
    route_to,
    talk,
    whole,
)
from tui.chat.events import PartDelta, PartFinished, PartStarted
from tui.chat.messages import AssistantMessage, Message
from tui.chat.parts import Opaque, Origin, Reasoning, Text, ToolCall
from tui.chat.settings import Settings


def _echoed(name: str, message: AssistantMessage) -> dict[str, Any]:
    """The request that follows a recorded answer."""
    dialect = dialect_of(name)
    history: list[Message] = [asked(), message]
    history += [results_for(message)] if message.calls else []
    request = CODECS[dialect].encode(
        talk(*history, asked("go on", "u2")), route_to(dialect, model_of(name)), Settings(), TOOLS
    )
    body: dict[str, Any] = json.loads(request.body)
    return body


@pytest.mark.parametrize("how", ["stream", "whole"])
@pytest.mark.parametrize("name", [n for n in NAMES if n.startswith("messages")])
def test_every_block_goes_back_as_it_came(name: str, how: Any) -> None:
    message = answered(reply_of(name, how), origin_of("messages", model_of(name)))
    sent = _echoed(name, message)["messages"][1]["content"]
    came = whole(name)["content"]
    if name == "messages_openai_bridge":
        # An unsigned summary beside the sealed block: the vendor's own bridge takes it back.
        assert sent[0]["thinking"]
    assert json.dumps(sent) == json.dumps(came)


@pytest.mark.parametrize("name", [n for n in NAMES if n.startswith("chat")])
def test_a_whole_chat_answer_goes_back_as_it_came(name: str) -> None:
    message = answered(reply_of(name, "whole"), origin_of("chat", model_of(name)))
    sent = _echoed(name, message)["messages"][1]
    came = whole(name)["choices"][0]["message"]
    for field in ("content", "refusal", "annotations", "tool_calls", "thinking_blocks"):
        assert json.dumps(sent.get(field)) == json.dumps(came.get(field)), field


@pytest.mark.parametrize("how", ["stream", "whole"])
@pytest.mark.parametrize("name", [n for n in NAMES if n.startswith("responses")])
def test_every_item_goes_back_as_it_came(name: str, how: Any) -> None:
    came = whole(name)["output"]
    sent = _echoed(name, answered(reply_of(name, how), origin_of("responses", model_of(name))))["input"]
    if sent[-2] == {"role": "user", "content": "hello"}:
        # Reasoning that nothing followed.
        assert {item["type"] for item in came} == {"reasoning"}
        return
    assert len(came) <= len(sent) - 2
    for item, back in zip(came, sent[1:], strict=False):
        # A proxy's whole answers hold nulls it made up; its streams call an item done before all is told.
        said = {key: value for key, value in item.items() if value is not None}
        assert back == {key: value for key, value in said.items() if key in back}
        needed = {"type", "id", "call_id", "arguments", "encrypted_content", "phase"}
        assert needed & said.keys() <= back.keys()
        if how == "whole":
            assert json.dumps(back) == json.dumps(said)


@pytest.mark.parametrize("name", NAMES)
def test_streamed_is_like_whole(name: str) -> None:
    streamed, at_once = reply_of(name), reply_of(name, "whole")
    assert streamed.unfinished == at_once.unfinished == frozenset()
    for field in ("stop", "stop_raw", "usage", "model", "seals_received"):
        assert getattr(streamed, field) == getattr(at_once, field), field
    # On responses a whole answer's cost is in the headers.
    assert streamed.stream_cost == at_once.stream_cost or dialect_of(name) == "responses"
    origin = origin_of(dialect_of(name), model_of(name))
    one, other = (_echoed(name, answered(reply, origin)) for reply in (streamed, at_once))
    assert _without_index(_plain(one)) == _without_index(_plain(other))


def _without_index(value: Any) -> Any:
    """Whole chat bodies number the calls by the vendor's blocks; streams by their own count."""
    if isinstance(value, dict):
        return {key: _without_index(item) for key, item in value.items() if key != "index"}
    return [_without_index(item) for item in value] if isinstance(value, list) else value


def _plain(body: dict[str, Any]) -> dict[str, Any]:
    """A Responses request without the seals a proxy tells twice, in whole answers only."""
    for item in body.get("input", ()):
        item.pop("provider_specific_fields", None)
    return body


@pytest.mark.parametrize("name", NAMES)
def test_cut_anywhere_the_conversation_can_go_on(name: str) -> None:
    dialect, recorded = dialect_of(name), frames(name)
    origin = origin_of(dialect, model_of(name))
    for length in range(len(recorded)):
        decoder = CODECS[dialect].decoder(origin)
        fed(decoder, recorded[:length])
        # On responses the last event is the last word; what may follow it says nothing.
        assert decoder.done == (dialect == "responses" and recorded[length].data == "[DONE]")
        reply = decoder.finish()
        assert decoder.finish() == reply
        message = answered(reply, origin)
        for target in (origin, Origin(dialect, "mistral", "mistral-large")):
            history = talk(asked(), message, asked("go on", "u2"))
            request = CODECS[dialect].encode(history, route_to(dialect, target.model), Settings(), TOOLS)
            check(dialect, json.loads(request.body))
        if message.calls:
            history = talk(asked(), message, results_for(message))
            request = CODECS[dialect].encode(history, route_to(dialect, origin.model), Settings(), TOOLS)
            check(dialect, json.loads(request.body))


@pytest.mark.parametrize("name", NAMES)
def test_events_tell_the_same_as_the_reply(name: str) -> None:
    dialect = dialect_of(name)
    decoder = CODECS[dialect].decoder(origin_of(dialect, model_of(name)))
    events = fed(decoder, frames(name))
    parts = decoder.finish().parts
    started = [e for e in events if isinstance(e, PartStarted)]
    assert [e.index for e in started] == list(range(len(parts)))
    finished = {e.index: e.part for e in events if isinstance(e, PartFinished)}
    for index, part in enumerate(parts):
        shown = "".join(e.text for e in events if isinstance(e, PartDelta) and e.index == index)
        last = finished[index]
        match part:
            case Text(text=text) | Reasoning(text=text):
                assert shown == text
                assert isinstance(last, Text | Reasoning)
                assert last.text == text
            case ToolCall(arguments=arguments):
                assert shown == (arguments if part.as_sent else "")
                assert last == part
            case _:
                assert shown == ""
    assert all(e.text for e in events if isinstance(e, PartDelta))
    assert [e.at for e in events] == sorted(e.at for e in events)


@pytest.mark.parametrize("name", NAMES)
def test_plain_parts_carry_no_wire_block(name: str) -> None:
    for part in reply_of(name).parts:
        if isinstance(part, Text) and part.opaque is not None:
            assert part.opaque.data.keys() - {"type", "text", "content"}


def test_sealed_claude_blocks_are_the_same_on_both_endpoints() -> None:
    on_messages, on_chat = (
        [p for p in reply_of(f"{dialect}_interleaved").parts if isinstance(p, Reasoning)]
        for dialect in ("messages", "chat_claude")
    )
    assert [_data(p.opaque) for p in on_messages] == [_data(p.opaque) for p in on_chat]
    message = answered(reply_of("chat_claude_interleaved"), origin_of("chat", "claude-sonnet-4-5"))
    history = talk(asked(), message, results_for(message))
    request = CODECS["messages"].encode(history, route_to("messages", "claude-sonnet-4-5"), Settings(), TOOLS)
    body = json.loads(request.body)
    assert [block["type"] for block in body["messages"][1]["content"]] == [
        "thinking",
        "text",
        "thinking",
        "tool_use",
    ]
    assert request.seals_sent == 2


def _data(opaque: Opaque | None) -> Any:
    assert opaque is not None
    return opaque.data
