"""Requests in the chat format: parameters, echoes of reasoning, results, and what is foreseen."""

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
from tui.wire.chat_completions import ChatCodec
from tui.wire.codec import Request

CLAUDE = origin_of("chat", "claude-sonnet-4-5")
DEEPSEEK = origin_of("chat", "deepseek-reasoner")
PLAIN = Settings(stream=False, cache="off")


def _said(*parts: AssistantPart, origin: Origin = CLAUDE, id: str = "a") -> AssistantMessage:
    return AssistantMessage(id, parts, origin, "tool_use", None, None, UNKNOWN_COST, 0.0)


def _encode(
    conversation: Conversation, route: Route | str = "gpt-5.1", settings: Settings = PLAIN, tools: Any = TOOLS
) -> tuple[dict[str, Any], Request]:
    route = route_to("chat", route) if isinstance(route, str) else route
    request = ChatCodec().encode(conversation, route, settings, tools)
    body: dict[str, Any] = json.loads(request.body)
    return body, request


def _foreseen(conversation: Conversation, model: str, settings: Settings = PLAIN) -> list[Any]:
    return list(ChatCodec().foresee(conversation, route_to("chat", model), settings, TOOLS))


def test_the_least_request() -> None:
    body, request = _encode(talk(asked()), "grok-4", tools=())
    assert body == {"model": "grok-4", "messages": [{"role": "user", "content": "hello"}]}
    assert (request.seals_sent, request.findings) == (0, ())


def test_system_tools_and_usage_are_asked_for() -> None:
    body, _ = _encode(Conversation("be kind", (asked(),)), settings=Settings())
    assert body["messages"][0] == {"role": "system", "content": "be kind"}
    assert (body["stream"], body["stream_options"]) == (True, {"include_usage": True})
    function = {"name": "calculator", "description": "does calculator", "parameters": TOOLS[0].schema}
    assert body["tools"][0] == {"type": "function", "function": function}
    assert "max_tokens" not in body


@pytest.mark.parametrize(
    ("model", "plain", "name"),
    [
        ("gpt-5.1", False, "max_tokens"),
        ("gpt-5.1", True, "max_completion_tokens"),
        ("grok-4", True, "max_tokens"),
    ],
)
def test_max_tokens_under_the_name_the_server_takes(model: str, plain: bool, name: str) -> None:
    body, _ = _encode(talk(asked()), route_to("chat", model, plain=plain), Settings(max_tokens=50), tools=())
    assert {key: body[key] for key in body if key.startswith("max")} == {name: 50}


@pytest.mark.parametrize(
    ("model", "setting", "sent"),
    [
        ("gpt-5.1", None, {}),
        ("gpt-5.1", "low", {"reasoning_effort": "low"}),
        ("gpt-5.1", "off", {"reasoning_effort": "none"}),
        ("claude-sonnet-4-5", "on", {"thinking": {"type": "enabled", "budget_tokens": 8000}}),
        ("claude-opus-4-7", "high", {"thinking": {"type": "adaptive"}, "output_config": {"effort": "high"}}),
        ("claude-opus-4-7", "off", {"thinking": {"type": "disabled"}}),
        ("gpt-5.5", None, {"reasoning_effort": "medium"}),
        ("gpt-5.5", "high", {"reasoning_effort": "high"}),
    ],
)
def test_thinking(model: str, setting: Any, sent: dict[str, Any]) -> None:
    body, _ = _encode(talk(asked()), model, replace(PLAIN, thinking=setting))
    assert {k: body[k] for k in ("thinking", "reasoning_effort", "output_config") if k in body} == sent


def test_effort_beside_tools_is_explained() -> None:
    assert ["not kept between turns" in f.says for f in _foreseen(talk(asked()), "gpt-5.5")] == [True]
    assert _encode(talk(asked()), "gpt-5.5", tools=())[0].keys() == {"model", "messages"}
    bare = route_to("chat", "gpt-5.5", plain=True)
    body, request = _encode(talk(asked()), bare)
    assert body["reasoning_effort"] == "none"
    assert "does not reason" in request.findings[0].says
    finding = ChatCodec().foresee(talk(asked()), bare, Settings("high"), TOOLS)[0]
    assert (finding.cls, finding.fatal) == ("openai-tools-with-effort-on-chat", True)


def test_user_messages_are_never_merged() -> None:
    body, _ = _encode(talk(asked("a"), asked("b")))
    assert [m["content"] for m in body["messages"]] == ["a", "b"]


def test_images_and_documents_of_a_prompt() -> None:
    parts = (
        Text("see"),
        Image("image/png", "aGk="),
        Document("application/pdf", "JVBERg==", "report.pdf"),
        Document("text/plain", "SGk=", 'a "b".txt'),
    )
    content = _encode(talk(UserMessage("u", parts, 0.0)))[0]["messages"][0]["content"]
    assert content == [
        {"type": "text", "text": "see"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,aGk="}},
        {
            "type": "file",
            "file": {"filename": "report.pdf", "file_data": "data:application/pdf;base64,JVBERg=="},
        },
        {"type": "text", "text": "<document name=\"a 'b'.txt\">\nHi\n</document>\n"},
    ]


def test_results_are_text_and_errors_say_so() -> None:
    calls = [ToolCall(f"c{n}", "note", "{}") for n in range(4)]
    results = (
        ToolResult("c0", (Text("no"),), is_error=True),
        ToolResult("c1", ()),
        ToolResult("c2", (Text("see"), Image("image/png", "aGk="))),
        ToolResult("c3", (Text("a"), Text("b"))),
    )
    history = talk(asked(), _said(*calls), ToolMessage("t", results, 0.0))
    told = [m["content"] for m in _encode(history)[0]["messages"][2:]]
    assert told[:2] == ["Error: no", "(no output)"]
    assert told[2] == "see\n[image image.png, not shown to this model]"
    assert told[3] == "a\nb"
    assert "in tool results" in _foreseen(history, "gpt-5.1")[-1].says
    shown = _encode(history, "claude-sonnet-4-5")[0]["messages"][4]["content"]
    assert [part["type"] for part in shown] == ["text", "image_url"]


def test_thinking_blocks_go_back_in_order_to_their_model_only() -> None:
    answer = answered(reply_of("chat_claude_redacted"), CLAUDE)
    body, request = _encode(talk(asked(), answer, asked("go on")), "claude-sonnet-4-5")
    sent = body["messages"][1]
    assert [block["type"] for block in sent["thinking_blocks"]] == [
        "thinking",
        "redacted_thinking",
        "thinking",
    ]
    assert all("index" not in block for block in sent["thinking_blocks"])
    assert "reasoning_content" not in sent
    assert request.seals_sent == 3
    other = talk(asked(), answer, asked("go on"))
    body, request = _encode(other, "gpt-5.1")
    assert body["messages"][1] == {"role": "assistant", "content": answer.text}
    assert request.seals_sent == 0
    assert [f.says for f in _foreseen(other, "gpt-5.1")] == ["3 Claude blocks will not be sent to gpt-5.1."]


def test_plain_reasoning_goes_back_where_wanted_from_the_first_call_on() -> None:
    def thought(text: str) -> Reasoning:
        return Reasoning(text, "unsigned", Opaque(DEEPSEEK, {"reasoning_content": text}))

    chat = _said(thought("one"), Text("hi"), origin=DEEPSEEK)
    call = _said(thought("two"), ToolCall("c1", "note", "{}"), origin=DEEPSEEK, id="b")
    bare = _said(ToolCall("c2", "note", "{}"), origin=DEEPSEEK, id="c")
    last = _said(thought("three"), Text("so"), origin=DEEPSEEK, id="d")
    history = talk(asked(), chat, asked(), call, results_for(call), bare, results_for(bare), last, asked())
    body, _ = _encode(history, "deepseek-reasoner")
    told = [m.get("reasoning_content") for m in body["messages"] if m["role"] == "assistant"]
    assert told == [None, "two", "", "three"]
    body, _ = _encode(history, "grok-4")
    assert all("reasoning_content" not in message for message in body["messages"])


def test_gemini_calls_go_back_byte_for_byte_and_elsewhere_under_another_id() -> None:
    answer = answered(reply_of("chat_gemini"), origin_of("chat", "gemini-3-pro-preview"))
    history = talk(asked(), answer, results_for(answer))
    at_home = _encode(history, "gemini-3-pro-preview")[0]["messages"]
    first = at_home[1]["tool_calls"][0]
    assert first["provider_specific_fields"] == {"thought_signature": "CtwBAVSoXO6z+/gemini=="}
    assert at_home[2]["tool_call_id"] == first["id"] == "call_b1f0__thought__CtwBAVSoXO6z+/gemini=="
    abroad = _encode(history, "gpt-5.1")[0]["messages"]
    renamed = abroad[1]["tool_calls"][0]
    assert renamed.keys() == {"id", "type", "function"}
    assert abroad[2]["tool_call_id"] == renamed["id"]
    assert len(renamed["id"]) <= 40
    assert abroad[1]["tool_calls"][1]["id"] == "call_c2"


def test_arguments_keep_the_text_as_streamed_unless_nobody_can_read_them() -> None:
    odd = _said(
        ToolCall("c1", "note", '{ "a" : 1e2 }'), ToolCall("c2", "note", "[1]"), ToolCall("c3", "note", "")
    )
    body, request = _encode(talk(asked(), odd, results_for(odd)), "claude-sonnet-4-5")
    sent = [call["function"]["arguments"] for call in body["messages"][1]["tool_calls"]]
    assert sent == ['{ "a" : 1e2 }', "{}", ""]
    assert [f.cls for f in request.findings] == ["tool-input-not-object"]
    sent = _encode(talk(asked(), odd, results_for(odd)))[0]["messages"][1]["tool_calls"]
    assert sent[2]["function"]["arguments"] == "{}"
    entry = {"id": "c1", "type": "function", "function": {"name": "note", "arguments": "[1]"}, "x": 1}
    kept = _said(ToolCall("c1", "note", "[1]", opaque=Opaque(CLAUDE, entry)))
    sent = _encode(talk(asked(), kept, results_for(kept)), "claude-sonnet-4-5")[0]["messages"][1][
        "tool_calls"
    ]
    assert sent == [{**entry, "function": {"name": "note", "arguments": "{}"}}]


def test_texts_of_another_format_stay_apart() -> None:
    origin = origin_of("messages", "claude-sonnet-4-5")
    call = ToolCall("c1", "note", "{}")
    answer = _said(Text("a"), Text("b"), call, Text("c"), origin=origin)
    assert _encode(talk(asked(), answer))[0]["messages"][1]["content"] == "ab\n\nc"
    own = answered(reply_of("chat_claude_interleaved"), CLAUDE)
    assert _encode(talk(asked(), own))[0]["messages"][1]["content"] == "I will work that out."


def test_a_refusal_goes_back_as_one_and_abroad_as_text() -> None:
    answer = answered(reply_of("chat_refusal"), origin_of("chat", "gpt-5.1"))
    history = talk(asked(), answer, asked("why"))
    sent = _encode(history)[0]["messages"][1]
    assert sent == {"role": "assistant", "content": None, "refusal": "I cannot help with that."}
    assert _encode(history, "grok-4")[0]["messages"][1]["content"] == "I cannot help with that."


@pytest.mark.parametrize(("model", "fatal"), [("claude-sonnet-4-5", False), ("claude-fable-5-1", True)])
def test_lost_order_is_foreseen(model: str, fatal: bool) -> None:
    origin = origin_of("messages", model)
    block = Opaque(origin, {"type": "thinking", "thinking": "hm", "signature": "E="})
    thought = Reasoning("hm", "signed", block)
    sound = talk(asked(), _said(thought, thought, Text("a"), origin=origin), asked())
    assert _foreseen(sound, model) == []
    mixed = talk(asked(), _said(thought, Text("a"), thought, Text("b"), origin=origin), asked())
    finding = _foreseen(mixed, model)[0]
    assert (finding.cls, finding.fatal) == ("litellm-thinking-blocks-lost-chat", fatal)
    assert ("this model will refuse" in finding.says) is fatal
    assert finding.path == "messages.1"


@pytest.mark.parametrize("model", ["claude-sonnet-4-5", "claude-fable-5-1"])
def test_order_that_a_whole_answer_never_told_is_warned_of(model: str) -> None:
    origin = origin_of("chat", model)
    block = Opaque(origin, {"type": "thinking", "thinking": "hm", "signature": "E="})
    thought = Reasoning("hm", "signed", block)
    call = ToolCall("c1", "note", "{}")
    told = _said(thought, thought, Text("a"), call, origin=origin)
    history = talk(asked(), told, results_for(told))
    finding = _foreseen(history, model)[0]
    assert (finding.cls, finding.fatal) == ("litellm-thinking-blocks-lost-chat", False)
    assert "may be reordered" in finding.says
    assert ("this model refuses" in finding.says) is (model == "claude-fable-5-1")
    assert _foreseen(history, model, replace(PLAIN, stream=True)) == []
    for harmless in (_said(thought, Text("a"), origin=origin), _said(thought, thought, call, origin=origin)):
        assert _foreseen(talk(asked(), harmless), model) == []


def test_a_loop_begun_without_thinking_pauses_it() -> None:
    answer = _said(Text("a"), ToolCall("c1", "note", "{}"))
    body, request = _encode(
        talk(asked(), answer, results_for(answer)), "claude-sonnet-4-5", replace(PLAIN, thinking="on")
    )
    assert body["thinking"] == {"type": "disabled"}
    assert [f.cls for f in request.findings] == ["anthropic-must-start-with-thinking"]
