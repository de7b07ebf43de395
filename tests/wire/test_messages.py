"""Requests in the Messages format: parameters, merging, ids, and what is said about them."""

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.wire.streams import TOOLS, answered, asked, origin_of, reply_of, results_for, route_to, talk
from tui.chat.conversation import Conversation
from tui.chat.messages import AssistantMessage, ToolMessage, UserMessage
from tui.chat.parts import (
    AssistantPart,
    Document,
    Image,
    Opaque,
    Origin,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
)
from tui.chat.route import Route
from tui.chat.settings import Settings
from tui.chat.usage import UNKNOWN_COST
from tui.wire.codec import Request
from tui.wire.messages import MessagesCodec

MODEL = "claude-sonnet-4-5"
ORIGIN = origin_of("messages", MODEL)
CONFIGURED = {"type": "enabled", "budget_tokens": 8000}


def _said(*parts: AssistantPart, origin: Origin = ORIGIN, id: str = "a") -> AssistantMessage:
    return AssistantMessage(id, parts, origin, "tool_use", None, None, UNKNOWN_COST, 0.0)


def _encode(
    conversation: Conversation, route: Route | None = None, settings: Settings | None = None
) -> tuple[dict[str, Any], Request]:
    route = route or route_to("messages", MODEL)
    request = MessagesCodec().encode(conversation, route, settings or Settings(), TOOLS)
    body: dict[str, Any] = json.loads(request.body)
    return body, request


def test_the_least_request() -> None:
    request = MessagesCodec().encode(
        talk(asked("Grüße")), route_to("messages", "grok-4"), Settings(stream=False), ()
    )
    assert json.loads(request.body) == {
        "model": "grok-4",
        "max_tokens": 16384,
        "messages": [{"role": "user", "content": [{"type": "text", "text": "Grüße"}]}],
    }
    assert "Grüße".encode() in request.body
    assert (request.seals_sent, request.findings) == (0, ())


def test_system_tools_and_stream_are_sent() -> None:
    body, _ = _encode(Conversation("be kind", (asked(),)))
    assert (body["system"], body["stream"]) == ("be kind", True)
    assert body["tools"][0] == {
        "name": "calculator",
        "description": "does calculator",
        "input_schema": TOOLS[0].schema,
    }
    assert "system" not in _encode(Conversation("  ", (asked(),)))[0]


@pytest.mark.parametrize(
    ("model", "cache", "sent"),
    [
        (MODEL, "5m", {"type": "ephemeral"}),
        (MODEL, "1h", {"type": "ephemeral", "ttl": "1h"}),
        (MODEL, "off", None),
        ("gpt-5.1", "5m", None),
    ],
)
def test_caching_is_asked_at_the_top_and_of_claude_only(model: str, cache: Any, sent: Any) -> None:
    body, request = _encode(talk(asked()), route_to("messages", model), Settings(cache=cache))
    assert body.get("cache_control") == sent
    assert request.body.count(b"cache_control") == (sent is not None)


@pytest.mark.parametrize(
    ("fields", "settings", "expected"),
    [
        ({}, Settings(), 32_000),
        ({"max_output": 8_192}, Settings(), 8_192),
        ({"max_output": None}, Settings(), 16_384),
        ({"max_output": None, "configured_thinking": CONFIGURED}, Settings(), 32_000),
        ({"configured_thinking": {"type": "enabled", "budget_tokens": 40_000}}, Settings(), 44_096),
        ({"configured_thinking": {"type": "enabled", "budget_tokens": 63_000}}, Settings(), 64_000),
        ({"configured_thinking": {"type": "enabled", "budget_tokens": 40_000}}, Settings("off"), 32_000),
        ({}, Settings(50_000), 54_096),
        ({}, Settings(max_tokens=77), 77),
    ],
)
def test_max_tokens(fields: dict[str, Any], settings: Settings, expected: int) -> None:
    assert (
        _encode(talk(asked()), route_to("messages", MODEL, **fields), settings)[0]["max_tokens"] == expected
    )


def test_extra_fields_are_merged_last() -> None:
    body, _ = _encode(talk(asked()), settings=Settings(extra={"top_k": 5, "speed": "fast"}))
    assert (body["top_k"], body["speed"]) == (5, "fast")


def test_effort_is_sent_beside_the_thinking_it_steers() -> None:
    body, _ = _encode(talk(asked()), route_to("messages", "claude-opus-4-7"), Settings("high"))
    assert (body["thinking"], body["output_config"]) == ({"type": "adaptive"}, {"effort": "high"})


@pytest.mark.parametrize(
    ("configured", "setting", "begins", "paused"),
    [
        (CONFIGURED, None, False, True),
        (None, "on", False, True),
        (CONFIGURED, None, True, False),
        (None, None, False, False),
        (CONFIGURED, "off", False, False),
        ({"type": "adaptive"}, None, False, False),
    ],
)
def test_a_loop_begun_without_thinking_pauses_it(
    configured: Any, setting: Any, begins: bool, paused: bool
) -> None:
    block = {"type": "thinking", "thinking": "hm", "signature": "E="}
    thought = (Reasoning("hm", "signed", Opaque(ORIGIN, block)),) if begins else ()
    answer = _said(*thought, Text("let me"), ToolCall("c1", "note", "{}"))
    route = route_to("messages", MODEL, configured_thinking=configured)
    in_loop = talk(asked(), answer, results_for(answer))
    body, request = _encode(in_loop, route, Settings(setting))
    findings = [f.cls for f in request.findings]
    if paused:
        assert body["thinking"] == {"type": "disabled"}
    assert findings == (["anthropic-must-start-with-thinking"] if paused else [])
    foreseen = MessagesCodec().foresee(in_loop, route, Settings(setting), TOOLS)
    assert [f.cls for f in foreseen] == findings
    body, request = _encode(in_loop.append(asked("next")), route, Settings(setting))
    assert request.findings == ()


def test_neighbours_are_merged_results_first() -> None:
    answer = _said(ToolCall("c1", "note", "{}"), ToolCall("c2", "note", "{}"))
    body, _ = _encode(talk(asked("a"), asked("b"), answer, results_for(answer), asked("c")))
    assert [(m["role"], [b["type"] for b in m["content"]]) for m in body["messages"]] == [
        ("user", ["text", "text"]),
        ("assistant", ["tool_use", "tool_use"]),
        ("user", ["tool_result", "tool_result", "text"]),
    ]


def test_results_carry_their_kind_and_leave_out_blank_text() -> None:
    calls = [ToolCall(f"c{n}", "note", "{}") for n in range(3)]
    results = (
        ToolResult("c0", (Text("no"),), is_error=True),
        ToolResult("c1", (Text(" "),)),
        ToolResult("c2", (Text("see"), Image("image/png", "aGk="))),
    )
    body, _ = _encode(talk(asked(), _said(*calls), ToolMessage("t", results, 0.0)))
    text = {"type": "text", "text": "see"}
    image = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "aGk="}}
    assert body["messages"][2]["content"] == [
        {
            "type": "tool_result",
            "tool_use_id": "c0",
            "content": [{"type": "text", "text": "no"}],
            "is_error": True,
        },
        {"type": "tool_result", "tool_use_id": "c1"},
        {"type": "tool_result", "tool_use_id": "c2", "content": [text, image]},
    ]


def test_documents_go_as_the_vendor_takes_them() -> None:
    documents = (Document("application/pdf", "JVBERg==", "a.pdf"), Document("text/markdown", "SGk=", "b.md"))
    body, _ = _encode(talk(UserMessage("u", documents, 0.0)))
    assert [block["source"] for block in body["messages"][0]["content"]] == [
        {"type": "base64", "media_type": "application/pdf", "data": "JVBERg=="},
        {"type": "text", "media_type": "text/plain", "data": "Hi"},
    ]
    assert [block["title"] for block in body["messages"][0]["content"]] == ["a.pdf", "b.md"]
    # Of other vendors' requests the proxy drops a text document without a word.
    body, _ = _encode(talk(UserMessage("u", documents, 0.0)), route_to("messages", "gpt-5.1"))
    assert body["messages"][0]["content"][1] == {
        "type": "text",
        "text": '<document name="b.md">\nHi\n</document>\n',
    }


def test_foreign_call_ids_are_renamed_with_their_results_and_own_ones_never() -> None:
    gemini = origin_of("chat", "gemini-3-pro-preview")
    odd = "call_1__thought__A+/="
    first = _said(ToolCall(odd, "note", "{}"), ToolCall("fine-1", "note", "{}"), origin=gemini)
    second = _said(ToolCall("fine-1", "note", "{}"), origin=gemini, id="b")
    history = talk(asked(), first, results_for(first), second, results_for(second))
    body, _ = _encode(history)
    used = [b["id"] for m in body["messages"] for b in m["content"] if b["type"] == "tool_use"]
    answered_ids = [b["tool_use_id"] for m in body["messages"] for b in m["content"] if "tool_use_id" in b]
    assert used == answered_ids
    assert len(set(used)) == 3
    assert used[1] == "fine-1"
    assert all(id.replace("_", "").replace("-", "").isalnum() for id in used)
    at_home, _ = _encode(history, route_to("messages", "gemini-3-pro-preview"))
    assert [b["id"] for b in at_home["messages"][1]["content"]] == [odd, "fine-1"]


def test_unreadable_arguments_go_out_empty_with_a_finding() -> None:
    answer = _said(ToolCall("c1", "note", '{"a": '))
    body, request = _encode(talk(asked(), answer, results_for(answer)))
    assert body["messages"][1]["content"][0]["input"] == {}
    assert body["messages"][2]["content"][0]["is_error"] is True
    assert [f.cls for f in request.findings] == ["tool-input-not-object"]


def test_a_model_without_tools_is_sent_none_and_told_of_calls_in_words() -> None:
    answer = _said(ToolCall("c1", "note", "{}"))
    route = route_to("messages", MODEL)
    route = replace(route, accepts=replace(route.accepts, tools=False))
    body, _ = _encode(talk(asked(), answer, results_for(answer)), route)
    assert "tools" not in body
    assert b"tool_use" not in json.dumps(body).encode()
    findings = MessagesCodec().foresee(talk(asked()), route, Settings(), TOOLS)
    assert [f.cls for f in findings] == ["litellm-unsupported-params"]


def test_seals_of_every_state_are_counted() -> None:
    answer = answered(reply_of("messages_redacted"), ORIGIN)
    assert _encode(talk(asked(), answer, asked("more")))[1].seals_sent == 2
    other = route_to("messages", "claude-opus-4-5")
    assert _encode(talk(asked(), answer, asked("more")), other)[1].seals_sent == 0
