"""Requests in the Responses format: fields, items, what goes by value and why, and what is foreseen."""

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.wire.streams import TOOLS, answered, asked, origin_of, reply_of, results_for, route_to, talk, whole
from tui.chat.conversation import Conversation
from tui.chat.messages import AssistantMessage, ToolMessage, UserMessage
from tui.chat.parts import (
    AssistantPart,
    Document,
    Foreign,
    Image,
    Opaque,
    Origin,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
)
from tui.chat.route import Route
from tui.chat.settings import OutputSchema, Settings
from tui.chat.usage import UNKNOWN_COST
from tui.errors import UsageError
from tui.wire.codec import Request
from tui.wire.responses import ResponsesCodec

GPT = origin_of("responses", "gpt-5.1")
CLAUDE = origin_of("responses", "claude-fable-5-1")
DEEPSEEK = origin_of("responses", "deepseek-reasoner")
PLAIN = Settings(stream=False, cache="off")
SEAL = "gAAAAAseal"


def _said(*parts: AssistantPart, origin: Origin = GPT, cut: bool = False) -> AssistantMessage:
    unfinished = frozenset({len(parts) - 1}) if cut else frozenset[int]()
    return AssistantMessage(
        "a", parts, origin, "tool_use", None, None, UNKNOWN_COST, 0.0, unfinished=unfinished
    )


def _thought(text: str = "hm", seal: str | None = SEAL, id: str = "rs_1", origin: Origin = GPT) -> Reasoning:
    summary = [{"type": "summary_text", "text": text}] if text else []
    item: dict[str, Any] = {"id": id, "type": "reasoning", "summary": summary}
    if seal:
        item["encrypted_content"] = seal
    return Reasoning(text, ("signed" if text else "omitted") if seal else "unsigned", Opaque(origin, item))


def _text(text: str, origin: Origin = GPT, **more: Any) -> Text:
    content = [{"type": "output_text", "text": text, "annotations": []}]
    item = {"id": "msg_1", "type": "message", "status": "completed", "role": "assistant", "content": content}
    return Text(text, Opaque(origin, item | more))


def _call(arguments: str = '{"a":1}', origin: Origin = GPT, **more: Any) -> ToolCall:
    item = {
        "id": "fc_1",
        "type": "function_call",
        "call_id": "call_1",
        "name": "note",
        "arguments": arguments,
    }
    return ToolCall("call_1", "note", arguments, opaque=Opaque(origin, item | more))


RESULT = ToolMessage("t", (ToolResult("call_1", (Text("done"),)),), 0.0)


def _encode(
    conversation: Conversation, route: Route | str = "gpt-5.1", settings: Settings = PLAIN, tools: Any = TOOLS
) -> tuple[dict[str, Any], Request]:
    route = route_to("responses", route) if isinstance(route, str) else route
    request = ResponsesCodec().encode(conversation, route, settings, tools)
    body: dict[str, Any] = json.loads(request.body)
    return body, request


def _input(*parts: AssistantPart, model: str = "gpt-5.1", origin: Origin = GPT, **more: Any) -> list[Any]:
    """The items an answer of these parts becomes."""
    body, _ = _encode(talk(asked(), _said(*parts, origin=origin, **more), RESULT, asked("on", "u2")), model)
    end = next(i for i, item in enumerate(body["input"]) if item.get("type") == "function_call_output")
    return list(body["input"][1:end])


def test_the_least_request_stores_nothing_and_asks_for_sealed_reasoning() -> None:
    body, request = _encode(talk(asked()), "grok-4", tools=())
    assert body == {
        "model": "grok-4",
        "store": False,
        "include": ["reasoning.encrypted_content"],
        "input": [{"role": "user", "content": "hello"}],
    }
    assert (request.seals_sent, request.findings) == (0, ())


def test_system_and_tools() -> None:
    body, _ = _encode(Conversation("be kind", (asked(),)), settings=Settings())
    assert (body["instructions"], body["stream"]) == ("be kind", True)
    tool = {"name": "calculator", "description": "does calculator", "parameters": TOOLS[0].schema}
    assert body["tools"][0] == {"type": "function", **tool, "strict": False}
    assert "instructions" not in _encode(Conversation(" \n", (asked(),)))[0]


@pytest.mark.parametrize(
    ("model", "settings", "sent"),
    [
        ("gpt-5.1", PLAIN, {"reasoning": {"summary": "auto"}}),
        ("gpt-5.1", replace(PLAIN, thinking="low"), {"reasoning": {"effort": "low", "summary": "auto"}}),
        ("gpt-5.1", replace(PLAIN, effort="high"), {"reasoning": {"effort": "high", "summary": "auto"}}),
        ("gpt-5.1", replace(PLAIN, thinking="low", display="omitted"), {"reasoning": {"effort": "low"}}),
        ("gpt-5.1", replace(PLAIN, thinking="off"), {"reasoning": {"effort": "none", "summary": "auto"}}),
        ("gpt-4o", PLAIN, {}),
        ("gemini-3-pro-preview", replace(PLAIN, thinking="high"), {"reasoning": {"effort": "high"}}),
        ("claude-sonnet-4-5", replace(PLAIN, thinking=3000), {"thinking": {"budget_tokens": 3000}}),
        ("claude-fable-5-1", replace(PLAIN, thinking="max"), {"output_config": {"effort": "max"}}),
        ("claude-sonnet-4-6", Settings(stream=False), {"cache_control": {"type": "ephemeral"}}),
        ("gpt-5.1", replace(PLAIN, max_tokens=99), {"max_output_tokens": 99}),
        ("gpt-4o", replace(PLAIN, temperature=0.5, top_p=0.9), {"temperature": 0.5, "top_p": 0.9}),
        ("claude-sonnet-4-5", replace(PLAIN, stop=("X",), top_k=3), {"stop": ["X"], "top_k": 3}),
        ("gpt-5.1", replace(PLAIN, extra={"user": "me"}), {"user": "me"}),
    ],
)
def test_settings_in_the_terms_of_the_model(model: str, settings: Settings, sent: dict[str, Any]) -> None:
    body, _ = _encode(talk(asked()), model, settings, tools=())
    for field, value in sent.items():
        assert body[field] == value or value.items() <= body[field].items(), field
    known = {"model", "store", "include", "input", "thinking", "reasoning"}
    assert body.keys() <= known | sent.keys()
    assert ("reasoning" in body) == ("reasoning" in sent or model == "gpt-5.1")


def test_a_schema_is_strict_and_named() -> None:
    settings = replace(PLAIN, schema=OutputSchema("place", {"type": "object"}))
    body, _ = _encode(talk(asked()), settings=settings, tools=())
    schema = {"name": "place", "strict": True, "schema": {"type": "object"}}
    assert body["text"] == {"format": {"type": "json_schema", **schema}}
    body, _ = _encode(talk(asked()), "claude-opus-4-7", settings, tools=())
    assert body["output_config"] == {"format": {"type": "json_schema", "schema": {"type": "object"}}}


def test_what_the_endpoint_does_not_take_is_refused_before_sending() -> None:
    with pytest.raises(UsageError, match="stop"):
        _encode(talk(asked()), settings=replace(PLAIN, stop=("X",)))


def test_a_whole_answer_goes_back_item_by_item() -> None:
    parts = (_thought(), _text("look", phase="commentary"), _call(status="completed"))
    assert _input(*parts) == [part.opaque.data for part in parts if part.opaque]


def test_nulls_a_proxy_made_up_stay_behind() -> None:
    items = _input(_thought(), _text("look", phase=None), _call(namespace=None, caller=None))
    assert [key for item in items for key, value in item.items() if value is None] == []
    assert all("id" in item for item in items)


def _by_value(item: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in item.items() if key not in ("id", "status")}


@pytest.mark.parametrize(
    "parts",
    [
        (_thought(), _text(" \n"), _text("look"), _call()),
        (_thought(seal=None), _text("look"), _call()),
        (_thought(), _text("look"), _call(), _thought(id="rs_2")),
        (_thought(), _text("look"), _call("[1]")),
        (_thought(), _text("look"), _call(), ToolCall("call_2", "note", "{}")),
    ],
    ids=["blank text", "no seal", "trailing thought", "bad arguments", "no item"],
)
def test_an_answer_that_cannot_go_whole_goes_by_value(parts: tuple[AssistantPart, ...]) -> None:
    items = _input(*parts)
    assert all("id" not in item and "status" not in item for item in items)
    kinds = [item["type"] for item in items]
    sealed = [part for part in parts[:-1] if isinstance(part, Reasoning) and part.state != "unsigned"]
    assert kinds[: len(sealed) + 2] == ["reasoning"] * len(sealed) + ["message", "function_call"]
    assert items[len(sealed)] == _by_value(_text("look").opaque.data)  # type: ignore[union-attr]
    assert items[len(sealed) + 1]["arguments"] in ('{"a":1}', "{}")


def test_a_cut_answer_goes_by_value_with_what_was_said() -> None:
    history = talk(asked(), _said(_thought(), Text("half"), cut=True), asked("on", "u2"))
    body, request = _encode(history)
    assert body["input"][1:-1] == [
        {"type": "reasoning", "summary": [{"type": "summary_text", "text": "hm"}], "encrypted_content": SEAL},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "half"}]},
    ]
    assert request.seals_sent == 1


def test_items_nobody_knows_go_back_whole_or_without_their_id() -> None:
    item = {"id": "ws_1", "type": "web_search_call", "status": "completed", "action": None}
    foreign = Foreign("web_search_call", Opaque(GPT, item))
    assert _input(_thought(), foreign, _call())[1] == item
    assert _input(_thought(seal=None), foreign, _call())[0] == {k: v for k, v in item.items() if k != "id"}
    assert [i["type"] for i in _input(foreign, _call(), model="gpt-5.5")] == ["function_call"]


@pytest.mark.parametrize(
    ("origin", "model", "stays"),
    [
        (origin_of("responses", "gpt-5.1", "d2"), "gpt-5.1", True),
        (origin_of("responses", "gpt-5.5"), "gpt-5.1", True),
        (origin_of("messages", "gpt-5.1"), "gpt-5.1", True),
        (GPT, "claude-fable-5-1", True),
        (CLAUDE, "gpt-5.1", True),
        (CLAUDE, "claude-fable-5-1", False),
        (origin_of("responses", "claude-sonnet-4-5"), "claude-fable-5-1", True),
    ],
)
def test_sealed_reasoning_goes_to_its_owner_alone_and_the_switch_says_so(
    origin: Origin, model: str, stays: bool
) -> None:
    history = talk(
        asked(), _said(_thought(origin=origin), _text("so", origin), origin=origin), asked("?", "v")
    )
    body, request = _encode(history, model)
    assert request.seals_sent == (0 if stays else 1)
    assert (SEAL in json.dumps(body)) != stays
    lost = [finding.says for finding in request.findings if finding.cls == "anthropic-model-binding-drop"]
    assert bool(lost) == stays
    foreseen = ResponsesCodec().foresee(history, route_to("responses", model), PLAIN, TOOLS)
    assert [finding.says for finding in foreseen] == [finding.says for finding in request.findings]


def test_calls_and_results_of_others_are_renamed_together() -> None:
    origin = origin_of("chat", "gemini-3-pro-preview")
    call = ToolCall("call_x__thought__A+/=", "note", "")
    result = ToolMessage("t", (ToolResult(call.id, (), is_error=True),), 0.0)
    body, _ = _encode(talk(asked(), _said(call, origin=origin), result))
    asks, answers = body["input"][1:]
    assert asks["call_id"] == answers["call_id"]
    assert asks["call_id"].startswith("call_")
    assert (asks["arguments"], answers["output"]) == ("{}", "Error: (no output)")
    assert "id" not in asks


def test_images_and_documents_in_prompts_and_results() -> None:
    image = Image("image/png", "AAAA", "a.png")
    pdf = Document("application/pdf", "JVBERg==", "b.pdf")
    notes = Document("text/plain", "aGk=", "c.txt")
    shown = [
        {"type": "input_image", "image_url": "data:image/png;base64,AAAA"},
        {"type": "input_file", "filename": "b.pdf", "file_data": "data:application/pdf;base64,JVBERg=="},
    ]
    told = {"type": "input_text", "text": '<document name="c.txt">\nhi\n</document>\n'}
    result = ToolMessage("t", (ToolResult("call_1", (Text("see"), image, pdf), is_error=True),), 0.0)
    prompt = UserMessage("u", (image, pdf, notes, Text("look")), 0.0)
    body, _ = _encode(talk(prompt, _said(_call()), result))
    said = body["input"][0]["content"]
    assert said == [*shown, told, {"type": "input_text", "text": "look"}]
    output = body["input"][2]["output"]
    assert output == [{"type": "input_text", "text": text} for text in ("Error:", "see")] + shown
    body, request = _encode(talk(prompt, _said(_call()), result), "claude-sonnet-4-6")
    assert "input_file" not in json.dumps(body["input"][2])
    assert [f.cls for f in request.findings] == ["bad-request"]


def test_unsealed_reasoning_goes_back_where_it_is_wanted() -> None:
    own = _thought(seal=None, origin=DEEPSEEK)
    assert _input(own, _call(origin=DEEPSEEK), model="deepseek-reasoner", origin=DEEPSEEK)[0] == (
        own.opaque and own.opaque.data
    )
    chat = origin_of("chat", "deepseek-reasoner")
    told = Reasoning("hm", "unsigned", Opaque(chat, {"reasoning_content": "hm"}))
    call = ToolCall("call_1", "note", "{}")
    items = _input(told, call, model="deepseek-reasoner", origin=chat)
    assert items[0] == {"type": "reasoning", "summary": [{"type": "summary_text", "text": "hm"}]}


def test_a_vendor_who_wants_reasoning_with_every_call_is_warned_of_once() -> None:
    history = talk(asked(), _said(_call()), RESULT, asked("on", "u2"))
    foreseen = ResponsesCodec().foresee(history, route_to("responses", "deepseek-reasoner"), PLAIN, TOOLS)
    (finding,) = [f for f in foreseen if f.cls == "deepseek-reasoning-missing"]
    assert (finding.fatal, finding.mend) == (True, "use the chat endpoint")


@pytest.mark.parametrize(
    ("name", "model", "warned"),
    [
        ("responses_claude_interleaved", "claude-sonnet-4-5", "endpoint, which does not tell their order."),
        ("responses_claude_parallel", "claude-sonnet-4-5", ""),
        ("responses_claude_omitted", "claude-fable-5-1", ""),
    ],
)
def test_packed_thoughts_may_have_lost_their_place(name: str, model: str, warned: str) -> None:
    answer = answered(reply_of(name), origin_of("responses", model))
    history = talk(asked(), answer, results_for(answer))
    findings = ResponsesCodec().foresee(history, route_to("responses", model), PLAIN, TOOLS)
    says = [f.says for f in findings if f.cls == "litellm-thinking-blocks-lost-chat"]
    assert [text.endswith(warned) for text in says] == ([True] if warned else [])


def test_a_torn_character_in_a_sealed_item_stays_and_elsewhere_goes() -> None:
    body, request = _encode(talk(asked("\ud800"), _said(_thought("\ud800"), _text("so")), asked("?", "v")))
    assert [f.cls for f in request.findings] == ["lone-surrogate"]
    assert body["input"][0]["content"] == "\ufffd"
    assert body["input"][1]["summary"][0]["text"] == "\ud800"


def test_a_recorded_answer_goes_to_the_other_endpoints_without_its_items() -> None:
    name = "responses_openai_reasoning"
    answer = answered(reply_of(name), GPT)
    body, _ = _encode(talk(asked(), answer, results_for(answer)))
    assert [item.get("id") for item in body["input"][1:4]] == [item["id"] for item in whole(name)["output"]]
    other, _ = _encode(talk(asked(), answer, results_for(answer)), "claude-fable-5-1")
    assert [item["type"] for item in other["input"][1:]] == [
        "message",
        "function_call",
        "function_call_output",
    ]
    assert "id" not in other["input"][1]
