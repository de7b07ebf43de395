"""Calls out of HAR files, claude-trace logs, pairs and batches: one conversation is one session."""

import base64
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.imports.calls import ASKED, FIRST, FIRST_ANSWER, KEY, MODEL, SECOND, SECOND_ANSWER, SIGNATURE, body
from tests.imports.reading import as_lines, classes, imported
from tests.wire.streams import CODECS, route_to
from tui.chat.messages import AssistantMessage, ToolMessage, UserMessage
from tui.chat.parts import Reasoning
from tui.chat.serial import dump_text, exchange_to_json, node_to_json
from tui.chat.settings import Settings
from tui.chat.usage import UNKNOWN_COST, Cost
from tui.errors import UsageError
from tui.exports.har import har as har_of

URL = "https://api.anthropic.com/v1/messages?beta=true&key=" + KEY


def har_entry(
    request: Any, answer: str, *, at: str = "2026-08-10T12:00:00.000Z", **response: Any
) -> dict[str, Any]:
    """An entry of a HAR file."""
    headers = [{"name": "content-type", "value": "text/event-stream"}, {"name": "Set-Cookie", "value": KEY}]
    return {
        "startedDateTime": at,
        "time": 1500,
        "request": {
            "method": "POST",
            "url": URL,
            "headers": [
                {"name": "X-Api-Key", "value": KEY},
                {"name": "authorization", "value": f"Bearer {KEY}"},
            ],
            "postData": {"mimeType": "application/json", "text": json.dumps(request)},
        },
        "response": {"status": 200, "headers": headers, "content": {"text": answer}, **response},
    }


PAGE = {
    "startedDateTime": "2026-08-10T11:00:00Z",
    "request": {"method": "GET", "url": "https://x.test/"},
    "response": {},
}


def har(*entries: Any) -> dict[str, Any]:
    """A HAR file."""
    return {"log": {"version": "1.2", "creator": {"name": "t"}, "entries": list(entries)}}


def trace_entry(request: Any, **response: Any) -> dict[str, Any]:
    """A line of claude-trace."""
    sent = {
        "timestamp": 1786363200.5,
        "method": "POST",
        "url": URL,
        "headers": {"x-api-key": KEY},
        "body": request,
    }
    got = {"timestamp": 1786363202.0, "status_code": 200, "headers": {"cookie": KEY}, **response}
    return {"request": sent, "response": got, "logged_at": "2026-08-10T12:00:02Z"}


WHOLE = {
    "type": "message",
    "model": MODEL,
    "content": [{"type": "text", "text": "2"}],
    "stop_reason": "end_turn",
}
FILES = {
    "har": json.dumps(har(PAGE, har_entry(FIRST, FIRST_ANSWER), har_entry(SECOND, SECOND_ANSWER))).encode(),
    "claude-trace": as_lines(
        [trace_entry(FIRST, body_raw=FIRST_ANSWER), trace_entry(SECOND, body_raw=SECOND_ANSWER)]
    ),
    "messages": json.dumps(
        [{"request": FIRST, "response": FIRST_ANSWER}, {"request": SECOND, "response": SECOND_ANSWER}]
    ).encode(),
}


@pytest.mark.parametrize("format", FILES)
def test_calls_whose_histories_extend_one_another_are_one_session(format: str) -> None:
    found = imported(FILES[format])
    record = found.record
    assert found.format == record.info.source == format
    assert [type(n.message) for n in record.nodes] == [
        UserMessage,
        AssistantMessage,
        ToolMessage,
        AssistantMessage,
    ]
    assert len(record.path()) == 4
    first, second = record.exchanges
    assert [(e.turn, e.step, e.state) for e in record.exchanges] == [(1, 1, "done"), (1, 2, "done")]
    assert (first.after, first.answer) == (record.nodes[0].message.id, record.nodes[1].message.id)
    assert (second.after, second.answer) == (record.nodes[2].message.id, record.nodes[3].message.id)
    assert (first.seals_received, second.seals_sent) == (1, 1)
    assert first.wire is not None
    assert first.wire.frames[0].event == "message_start"
    assert len(first.wire.frames) == 7
    assert json.loads(first.wire.body) == FIRST
    answer = record.nodes[1].message
    assert isinstance(answer, AssistantMessage)
    assert answer.usage is not None
    assert (answer.usage.input, answer.usage.output, answer.cost) == (11, 33, UNKNOWN_COST)
    assert record.state.system == "be exact"
    assert record.state.own_system == ("be exact",)
    assert [tool.name for tool in record.state.tools] == ["add"]
    assert record.nodes[0].tools == record.nodes[3].tools != ""


@pytest.mark.parametrize("format", FILES)
def test_keys_are_nowhere_in_what_is_kept(format: str) -> None:
    record = imported(FILES[format]).record
    kept = dump_text(
        [[node_to_json(n) for n in record.nodes], [exchange_to_json(e) for e in record.exchanges]]
    )
    wires = repr([e.wire for e in record.exchanges])
    assert KEY not in kept
    assert KEY not in wires
    assert SIGNATURE in kept


def test_the_session_goes_on_with_its_seal_and_the_request_it_would_have_sent() -> None:
    found = imported(FILES["har"])
    route = route_to("messages", "claude-sonnet-4-5", deployments=())
    conversation = found.record.conversation()
    before = replace(conversation, messages=conversation.messages[:-1])
    request = CODECS["messages"].encode(before, route, Settings(), found.record.state.tools)
    sent = json.loads(request.body)
    assert sent["messages"][1] == SECOND["messages"][1]
    assert request.seals_sent == 1
    assert found.record.state.bound_from == 0
    assert found.record.state.overrides == {"max_tokens": 900}
    assert any("metadata" in w.says for w in found.warnings)


def test_times_routes_and_what_a_proxy_said_come_from_the_file() -> None:
    headers = [
        {"name": "x-litellm-model-name", "value": "anthropic/claude-opus-4-5"},
        {"name": "x-litellm-model-id", "value": "d7"},
        {"name": "x-litellm-response-cost", "value": "0.0125"},
    ]
    found = imported(har(har_entry(FIRST, FIRST_ANSWER, headers=headers)))
    (exchange,) = found.record.exchanges
    assert (exchange.at, exchange.seconds, exchange.status) == (1786363200.0, 1.5, 200)
    assert exchange.served is not None
    assert exchange.served.model_id == "d7"
    assert exchange.cost == Cost(Decimal("0.0125"), "proxy-header")
    assert exchange.route.provider == "litellm-anthropic"
    assert exchange.route.base_url == "https://api.anthropic.com"
    answer = found.record.path()[-1].message
    assert isinstance(answer, AssistantMessage)
    assert (answer.origin.model, answer.origin.deployment, answer.origin.known_by) == (
        "claude-opus-4-5",
        "d7",
        "header",
    )


def test_a_client_that_lost_the_thinking_is_told_of_and_the_session_has_it() -> None:
    without = body(
        ASKED, {"role": "assistant", "content": [SECOND["messages"][1]["content"][1]]}, SECOND["messages"][2]
    )
    found = imported(har(har_entry(FIRST, FIRST_ANSWER), har_entry(without, SECOND_ANSWER)))
    assert "import-thinking-not-returned" in classes(found)
    assert len(found.record.nodes) == 4
    assert any(isinstance(p, Reasoning) for p in found.record.nodes[1].message.parts)  # type: ignore[union-attr]


def test_another_system_prompt_on_the_way_binds_what_came_before() -> None:
    later = {**SECOND, "system": "be brief"}
    found = imported(har(har_entry(FIRST, FIRST_ANSWER), har_entry(later, SECOND_ANSWER)))
    assert found.record.state.system == "be brief"
    assert found.record.state.bound_from == 2
    assert [n.system for n in found.record.nodes] == ["be exact", "be exact", "be brief", "be brief"]


def test_refused_cut_and_unreadable_answers_are_kept_as_what_they_are() -> None:
    refusal = json.dumps({"type": "error", "error": {"type": "invalid", "message": "Invalid `signature`"}})
    cut = FIRST_ANSWER[: FIRST_ANSWER.index("event: message_delta")]
    broken = FIRST_ANSWER.replace("event: message_delta\ndata: {", "event: message_delta\ndata: {{", 1)
    entries = [
        har_entry(FIRST, refusal, status=400),
        har_entry(FIRST, cut),
        har_entry(FIRST, broken),
        har_entry(FIRST, ""),
    ]
    found = imported(har(*entries))
    assert [(e.state, e.answer is None) for e in found.record.exchanges] == [
        ("failed", True),
        ("failed", False),
        ("failed", False),
        ("lost", True),
    ]
    refused, stream_cut = found.record.exchanges[0].failure, found.record.exchanges[1].failure
    assert refused is not None
    assert stream_cut is not None
    assert (refused.status, refused.what, stream_cut.cls) == (400, "Invalid `signature`", "stream-cut")
    assert sum(isinstance(n.message, UserMessage) for n in found.record.nodes) == 1
    assert "import-cut" in classes(found)


def test_base64_bodies_and_unrelated_conversations() -> None:
    encoded = base64.b64encode(FIRST_ANSWER.encode()).decode()
    entry = har_entry(FIRST, "")
    entry["response"]["content"] = {"text": encoded, "encoding": "base64"}
    other = har_entry(body({"role": "user", "content": "something else"}), SECOND_ANSWER)
    counting = har_entry(FIRST, "{}")
    counting["request"]["url"] = "https://api.anthropic.com/v1/messages/count_tokens"
    found = imported(har(other, entry, counting))
    assert found.record.exchanges[1].seals_received == 1
    assert sum(node.parent is None for node in found.record.nodes) == 2
    assert "import-changed" in classes(found)
    assert "import-not-read" in classes(found)


def test_chat_and_responses_answers_are_read_by_their_own_shape() -> None:
    chat = {
        "model": "gpt-5.1",
        "messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "hi"}],
    }
    said = {
        "model": "gpt-5.1",
        "choices": [{"index": 0, "message": {"content": "ho"}, "finish_reason": "stop"}],
    }
    asked = {"model": "gpt-5.1", "input": "hi", "instructions": "s", "reasoning": {"effort": "high"}}
    output = [{"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "ho"}]}]
    for request, response, format in (
        (chat, said, "chat"),
        (asked, {"output": output, "status": "completed"}, "responses"),
    ):
        found = imported({"request": request, "response": response})
        last = found.record.path()[-1].message
        assert isinstance(last, AssistantMessage)
        assert (found.format, last.text, found.record.state.system) == (format, "ho", "s")
    assert found.record.state.overrides == {"thinking": "high"}


def test_batch_lines_and_bodies_line_by_line() -> None:
    batch = [
        {
            "custom_id": "1",
            "method": "POST",
            "url": "/v1/chat/completions",
            "body": {"model": "gpt-5.1", "messages": [ASKED]},
        },
        {
            "custom_id": "2",
            "method": "POST",
            "url": "/v1/responses",
            "body": {"model": "gpt-5.1", "input": "x"},
        },
        {"custom_id": "3", "params": FIRST},
        {"custom_id": "4", "body": {"messages": 7, "model": "x"}},
    ]
    found = imported(as_lines(batch))
    # Two of them begin with the same prompt.
    assert len(found.record.nodes) == 2
    assert "import-not-read" in classes(found)
    bare = imported([{"role": "user", "content": "hi"}, {"role": "assistant", "content": "ho"}])
    assert (bare.format, len(bare.record.nodes), bare.record.state.model) == ("chat", 2, "")


def test_a_log_of_claude_trace_with_parsed_events_whole_bodies_and_other_calls() -> None:
    events = [
        {"event": "x", "data": json.loads(line[6:])}
        for line in FIRST_ANSWER.splitlines()
        if line.startswith("data: ")
    ]
    lines = [
        trace_entry(FIRST, events=events),
        trace_entry(SECOND, body=WHOLE),
        {
            "request": {"method": "GET", "url": "https://x.test", "headers": {}, "body": None},
            "response": None,
        },
    ]
    found = imported(as_lines(lines))
    assert found.format == "claude-trace"
    assert [e.seals_received for e in found.record.exchanges] == [1, 0]
    assert len(found.record.path()) == 4


@pytest.mark.parametrize("file", [har(PAGE), har(), {"log": {"entries": [7, None, {"request": 3}]}}])
def test_a_har_without_calls_is_refused_with_what_is_taken(file: Any) -> None:
    with pytest.raises(UsageError, match="entries") as refused:
        imported(file)
    assert "/v1/messages" in refused.value.hint


def test_a_har_of_our_own_gives_the_conversation_and_its_times_again() -> None:
    first = imported(FILES["har"]).record
    exchange = first.exchanges[0]
    assert exchange.wire is not None
    timed = tuple(replace(frame, at=n / 10) for n, frame in enumerate(exchange.wire.frames))
    wire = replace(exchange.wire, frames=timed)
    again = imported(
        har_of(replace(first, exchanges=(replace(exchange, wire=wire), *first.exchanges[1:])))
    ).record
    assert again.info.title == "1+1?"
    assert again.exchanges[0].wire == wire
    assert [n.message.text for n in again.nodes if isinstance(n.message, AssistantMessage)] == [
        "",
        "It is 2.",
    ]
    assert [e.seals_received for e in again.exchanges] == [1, 0]
