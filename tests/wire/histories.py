"""Random conversations as they really come about: several vendors, cuts, stops, refused and missing tools."""

import json
from typing import Any

from hypothesis import strategies as st

from tests.wire.streams import origin_of
from tui.chat.messages import AssistantMessage, Message, Stop, ToolMessage, UserMessage
from tui.chat.parts import (
    AssistantPart,
    Foreign,
    Opaque,
    Origin,
    Reasoning,
    ReasoningState,
    Text,
    ToolCall,
    ToolResult,
)
from tui.chat.usage import UNKNOWN_COST

ORIGINS = (
    origin_of("messages", "claude-sonnet-4-5"),
    origin_of("messages", "claude-fable-5-1"),
    origin_of("chat", "claude-sonnet-4-5"),
    origin_of("chat", "gpt-5.1"),
    origin_of("messages", "gpt-5.1", "d2"),
    origin_of("chat", "gemini-3-pro-preview"),
    origin_of("chat", "deepseek-reasoner"),
)
"""Who may have answered; the tests' routes lead to each of them."""

_texts = st.sampled_from(["", " ", "\n\n", "yes", "naïve 世界", "two\nlines", "\ud800 torn", "\u200b"])
_ids = st.sampled_from(
    ["toolu_1", "toolu_2", "call_1", "functions.f:0", "call_x__thought__A+/=", "c" * 60, "toolu_1|fc_2"]
)
_arguments = st.sampled_from(
    ["", "{}", '{"a": 1}', '{ "é" : 1e2 }', "[1]", '{"a": ', '{"n": 9007199254740993}', "NaN"]
)


@st.composite
def _reasoning(draw: st.DrawFn, origin: Origin) -> Reasoning:
    state: ReasoningState = draw(st.sampled_from(("signed", "omitted", "redacted", "unsigned")))
    text = draw(st.sampled_from(["hm", "let me see"])) if state in ("signed", "unsigned") else ""
    data: dict[str, Any]
    if state == "redacted":
        data = {"type": "redacted_thinking", "data": draw(st.sampled_from(["EmwK", "Eq/+="]))}
    elif state == "unsigned" and origin.dialect == "chat":
        data = {"reasoning_content": text}
    else:
        data = {"type": "thinking", "thinking": text, "signature": "" if state == "unsigned" else "Eq=="}
    return Reasoning(text, state, Opaque(origin, data))


@st.composite
def _part(draw: st.DrawFn, origin: Origin, id: str) -> AssistantPart:
    kind = draw(st.sampled_from(["text", "text", "reasoning", "reasoning", "call", "call", "foreign"]))
    if kind == "reasoning":
        return draw(_reasoning(origin))
    if kind == "call":
        call = ToolCall(id, draw(st.sampled_from(["calculator", "note"])), draw(_arguments))
        if origin.dialect == "messages" and call.arguments == '{"a": 1}' and draw(st.booleans()):
            block = {"type": "tool_use", "id": id, "name": call.name, "input": {"a": 1}, "caller": {}}
            return ToolCall(call.id, call.name, call.arguments, opaque=Opaque(origin, block))
        return call
    if kind == "foreign" and origin.dialect == "messages":
        return Foreign("narration", Opaque(origin, {"type": "narration", "says": "psst"}))
    if kind == "foreign":
        return Foreign("annotations", Opaque(origin, {"message": {"annotations": [{"n": 1}]}}))
    return Text(draw(_texts))


@st.composite
def _answer(draw: st.DrawFn, number: int) -> AssistantMessage:
    origin = draw(st.sampled_from(ORIGINS))
    # Within one answer a vendor's ids differ; between answers they may repeat.
    ids = draw(st.lists(_ids, min_size=4, max_size=4, unique=True))
    if origin.vendor == "anthropic":
        ids = [f"toolu_{number}_{i}" for i in range(4)]
    parts = tuple(draw(_part(origin, id)) for id in ids[: draw(st.integers(0, 4))])
    cut = draw(st.booleans())
    unfinished = frozenset({len(parts) - 1}) if cut and parts else frozenset[int]()
    stop: Stop = "cancelled" if cut else "tool_use"
    return AssistantMessage(f"a{number}", parts, origin, stop, None, None, UNKNOWN_COST, 0.0, unfinished)


@st.composite
def histories(draw: st.DrawFn) -> list[Message]:
    """Messages in an order the engine can produce, the last one not an answer."""
    messages: list[Message] = []
    for number in range(draw(st.integers(1, 5))):
        prompt = draw(st.sampled_from(["hello", "again, please", "\ud800 torn", "42"]))
        messages.append(UserMessage(f"u{number}", (Text(prompt),), 0.0))
        for step in range(draw(st.integers(0, 3))):
            answer = draw(_answer(number * 10 + step))
            messages.append(answer)
            if not answer.calls or not draw(st.booleans()):
                break
            run = [call for call in answer.calls if draw(st.booleans())]
            results = tuple(
                ToolResult(call.id, (Text(draw(_texts)),), is_error=draw(st.booleans())) for call in run
            )
            messages.append(ToolMessage(f"t{number * 10 + step}", results, 0.0))
    while isinstance(messages[-1], AssistantMessage):
        messages.pop()
    return messages


def units(body: dict[str, Any], dialect: str) -> list[tuple[str, str]]:
    """The request as units no later request may change: blocks where neighbours merge, else messages."""
    if dialect == "chat":
        return [(message["role"], json.dumps(message)) for message in body["messages"]]
    return [
        (message["role"], json.dumps(block)) for message in body["messages"] for block in message["content"]
    ]
