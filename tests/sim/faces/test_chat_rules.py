"""Each rule of the chat dialect refuses with the vendor's sentence, and a faultless dialogue passes."""

import copy
from typing import Any

import pytest

from tui.sim.faces.chat_params import check_params
from tui.sim.faces.chat_rules import check_dialogue
from tui.sim.refusal import Refusal

TOOL: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "calculator",
        "parameters": {"type": "object", "properties": {"expression": {"type": "string"}}},
    },
}
CALL = {"id": "call_1", "type": "function", "function": {"name": "calculator", "arguments": '{"a": 1}'}}
ASK = {"role": "user", "content": "How much?"}
SAID = {"role": "assistant", "content": None, "tool_calls": [CALL]}
TOLD = {"role": "tool", "tool_call_id": "call_1", "content": "2"}


def calling(**changes: Any) -> dict[str, Any]:
    """An assistant message whose only call has some fields changed; those of the function too."""
    call = copy.deepcopy(CALL)
    for key, value in changes.items():
        (call if key in call else call["function"])[key] = value  # type: ignore[index]
    return {"role": "assistant", "content": None, "tool_calls": [call]}


def strict(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "function", "function": {"name": "lookup", "strict": True, "parameters": schema}}


FAULTS: list[tuple[str, dict[str, Any], str]] = [
    ("O1 no messages", {}, "Missing required parameter: 'messages'."),
    ("O1 not a list", {"messages": "hi"}, "expected an array of objects, but got a string instead."),
    ("O1 empty", {"messages": []}, "Invalid 'messages': empty array."),
    (
        "O1 role",
        {"messages": [{"role": "bot", "content": ""}]},
        "Invalid value: 'bot'. Supported values are: ",
    ),
    (
        "O1 part",
        {"messages": [ASK, {"role": "assistant", "content": [{"type": "tool_use"}]}]},
        "Invalid value: 'tool_use'. Supported values are: 'text' and 'refusal'.",
    ),
    (
        "O2 unanswered",
        {"messages": [ASK, SAID, ASK]},
        "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
        "'tool_call_id'. The following tool_call_ids did not have response messages: call_1",
    ),
    ("O2 at the end", {"messages": [ASK, SAID]}, "did not have response messages: call_1"),
    (
        "O3 orphan",
        {"messages": [ASK, TOLD]},
        "Invalid parameter: messages with role 'tool' must be a response to a preceeding message "
        "with 'tool_calls'.",
    ),
    ("O3 twice", {"messages": [ASK, SAID, TOLD, TOLD]}, "messages with role 'tool' must be a response"),
    (
        "O4 call id",
        {"messages": [ASK, calling(id="x" * 45), TOLD]},
        "Invalid 'messages[1].tool_calls[0].id': string too long. Expected a string with maximum length 40, "
        "but got a string with length 45 instead.",
    ),
    (
        "O4 result id",
        {"messages": [ASK, {"role": "tool", "tool_call_id": "y" * 41, "content": ""}]},
        "Invalid 'messages[1].tool_call_id': string too long.",
    ),
    (
        "O5 an object",
        {"messages": [ASK, calling(arguments={}), TOLD]},
        "Invalid type for 'messages[1].tool_calls[0].function.arguments': expected a "
        "string, but got an object",
    ),
    (
        "O5 not JSON",
        {"messages": [ASK, calling(arguments='{"a": '), TOLD]},
        "a string that holds a JSON object",
    ),
    ("O5 a list", {"messages": [ASK, calling(arguments="[1]"), TOLD]}, "a string that holds a JSON object"),
    ("O5 name", {"messages": [ASK, calling(name="a.b"), TOLD]}, "matches the pattern '^[a-zA-Z0-9_-]+$'"),
    ("O5 long name", {"messages": [ASK, calling(name="n" * 65), TOLD]}, "maximum length 64"),
    (
        "O5 not offered",
        {"messages": [ASK, calling(name="other"), TOLD], "tools": [TOOL]},
        "'other' is not among the offered tools",
    ),
    (
        "O6 nothing said",
        {"messages": [ASK, {"role": "assistant", "content": None}]},
        "Invalid value for 'content': expected a string, got null.",
    ),
    ("O6 no calls", {"messages": [ASK, {**SAID, "tool_calls": []}]}, "expected a string, got null."),
    ("O7 no tools", {"messages": [ASK], "tools": []}, "Invalid 'tools': empty array."),
    (
        "O7 open object",
        {"messages": [ASK], "tools": [strict({"type": "object", "properties": {}})]},
        "Invalid schema for function 'lookup': In context=(), 'additionalProperties' is required to be "
        "supplied and to be false.",
    ),
    (
        "O7 optional property",
        {
            "messages": [ASK],
            "tools": [
                strict(
                    {"type": "object", "properties": {"x": {}}, "required": [], "additionalProperties": False}
                )
            ],
        },
        "'required' is required to be supplied and to be an array including every key in properties. "
        "Missing 'x'.",
    ),
    (
        "O7 inside",
        {
            "messages": [ASK],
            "tools": [
                strict(
                    {
                        "type": "object",
                        "properties": {"x": {"type": "object"}},
                        "required": ["x"],
                        "additionalProperties": False,
                    }
                )
            ],
        },
        "In context=('properties', 'x'), 'additionalProperties' is required",
    ),
]


@pytest.mark.parametrize(("body", "sentence"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_a_faulty_dialogue_is_refused_with_the_vendors_sentence(body: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refusal) as caught:
        check_dialogue(body)
    assert caught.value.status == 400
    assert caught.value.body["error"]["type"] == "invalid_request_error"
    assert sentence in caught.value.body["error"]["message"]


def test_a_dialogue_that_keeps_every_rule_passes() -> None:
    text = {"type": "string"}
    closed = {"type": "object", "properties": {"x": text}, "required": ["x"], "additionalProperties": False}
    two = {**SAID, "tool_calls": [CALL, {**CALL, "id": "i" * 40}]}
    told = [{**TOLD, "tool_call_id": "i" * 40}, TOLD]
    system = {"role": "system", "content": [{"type": "text", "text": "Be brief."}]}
    check_dialogue({"messages": [system, ASK, two, *told, ASK], "tools": [TOOL, strict(closed)]})


PARAMETERS: list[tuple[str, str, dict[str, Any], str]] = [
    ("no model", "openai", {"model": None}, "you must provide a model parameter"),
    (
        "O8 tools and effort",
        "openai",
        {"model": "gpt-5.5", "tools": [TOOL]},
        "Function tools with reasoning_effort are not supported for gpt-5.5 in /v1/chat/completions. "
        "To use function tools, use /v1/responses or set reasoning_effort to 'none'.",
    ),
    (
        "O8 tools and an effort that is sent",
        "openai",
        {"model": "gpt-5.4-mini", "tools": [TOOL], "reasoning_effort": "low"},
        "Function tools with reasoning_effort are not supported for gpt-5.4-mini",
    ),
    (
        "O8 temperature",
        "openai",
        {"model": "gpt-5.1", "temperature": 0.7, "reasoning_effort": "low"},
        "Unsupported value: 'temperature' does not support 0.7 with this model. Only the "
        "default (1) value is "
        "supported.",
    ),
    (
        "O8 max_tokens",
        "openai",
        {"model": "gpt-5.1", "max_tokens": 100},
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' "
        "instead.",
    ),
    (
        "O8 penalty",
        "openai",
        {"model": "gpt-5.1", "presence_penalty": 1},
        "'presence_penalty' does not support",
    ),
    ("O8 stop", "openai", {"model": "gpt-5.1", "stop": ["x"]}, "'stop' is not supported with this model."),
    ("effort", "openai", {"model": "gpt-5.1", "reasoning_effort": "huge"}, "Invalid value: 'huge'."),
    ("foreign word", "openai", {"model": "gpt-5.1", "thinking": {}}, "argument supplied: thinking"),
    (
        "options",
        "openai",
        {"model": "gpt-5.1", "stream_options": {}},
        "only allowed when 'stream' is enabled",
    ),
    (
        "grok effort",
        "xai",
        {"model": "grok-4", "reasoning_effort": "low"},
        "Argument not supported on this model: reasoning_effort",
    ),
    (
        "grok penalty",
        "xai",
        {"model": "grok-4", "presence_penalty": 0.1},
        "Argument not supported on this model: presencePenalty",
    ),
    (
        "O9 deepseek",
        "deepseek",
        {"model": "deepseek-reasoner", "messages": [ASK, SAID, TOLD]},
        "Missing `reasoning_content` field in the assistant message at message index 1. "
        "For more information, "
        "please refer to https://api-docs.deepseek.com/guides/thinking_mode#tool-calls",
    ),
    (
        "deepseek effort",
        "deepseek",
        {"model": "deepseek-chat", "thinking": {"type": "disabled"}, "reasoning_effort": "high"},
        "thinking options type cannot be disabled when reasoning_effort is set",
    ),
]


@pytest.mark.parametrize(
    ("vendor", "body", "sentence"), [p[1:] for p in PARAMETERS], ids=[p[0] for p in PARAMETERS]
)
def test_a_parameter_is_refused_with_the_vendors_sentence(
    vendor: str, body: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refusal) as caught:
        check_params({"messages": [ASK], **body}, vendor)
    assert sentence in caught.value.body["error"]["message"]


@pytest.mark.parametrize(
    ("vendor", "body"),
    [
        ("openai", {"model": "gpt-5.5", "tools": [TOOL], "reasoning_effort": "none"}),
        ("openai", {"model": "gpt-5.5", "reasoning_effort": "high", "max_completion_tokens": 10}),
        ("openai", {"model": "gpt-5.1", "tools": [TOOL], "temperature": 1}),
        ("openai", {"model": "gpt-4.1", "max_tokens": 10, "temperature": 0.2}),
        ("xai", {"model": "grok-4", "temperature": 0.2, "max_tokens": 5}),
        (
            "deepseek",
            {"model": "deepseek-reasoner", "messages": [ASK, {**SAID, "reasoning_content": ""}, TOLD]},
        ),
        ("deepseek", {"model": "deepseek-chat", "messages": [ASK, SAID, TOLD]}),
    ],
)
def test_what_the_model_takes_passes(vendor: str, body: dict[str, Any]) -> None:
    check_params({"messages": [ASK], **body}, vendor)
