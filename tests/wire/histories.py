"""Random conversations as they really come about: several vendors, cuts, stops, refused and missing tools."""

import json
from typing import Any

from hypothesis import strategies as st

from tests.attachments.samples import as_image, as_pdf, as_text, moving_gif, picture
from tests.wire.streams import origin_of
from tui.chat.messages import AssistantMessage, Message, Stop, ToolMessage, UserMessage
from tui.chat.parts import (
    AssistantPart,
    Attachment,
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
    origin_of("responses", "gpt-5.1"),
    origin_of("responses", "gpt-5.1", "d2"),
    origin_of("responses", "claude-fable-5-1"),
    origin_of("responses", "deepseek-reasoner"),
)
"""Who may have answered; the tests' routes lead to each of them."""

ATTACHMENTS: tuple[Attachment, ...] = (
    as_image(picture()),
    as_image(picture("JPEG"), "image/jpeg", "a\ud800.jpg"),
    as_image(picture(size=(9000, 2)), name="wide.png"),
    as_image(moving_gif(), "image/gif", "moving.gif"),
    as_pdf(b"%PDF-1.4", pages=70),
    as_text("one\ntwo", 'no"tes<.md'),
    as_text(" \n", ""),
)
"""What people attach; none is taken everywhere but text."""

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
def _item(draw: st.DrawFn, origin: Origin, number: int, place: int) -> AssistantPart:
    """A part of an answer on responses, as its decoder makes it: each with its own item."""
    kind = draw(st.sampled_from(["text", "text", "reasoning", "reasoning", "call", "call", "foreign"]))
    item: dict[str, Any]
    if kind == "reasoning":
        text = draw(st.sampled_from(["", "hm", "\ud800 torn"]))
        summary = [{"type": "summary_text", "text": text}] if text else []
        item = {"id": f"rs_{number}_{place}", "type": "reasoning", "summary": summary}
        state: ReasoningState = "unsigned"
        if origin.vendor != "deepseek" and draw(st.sampled_from([True, True, True, False])):
            item["encrypted_content"] = (
                "gAAAAAseal" if origin.vendor == "openai" else '[{"type": "thinking"}]'
            )
            state = "signed" if text else "omitted"
        return Reasoning(text, state, Opaque(origin, item))
    if kind == "call":
        name, arguments = draw(st.sampled_from(["calculator", "note"])), draw(_arguments)
        id = f"call_{number}_{place}"
        item = {"type": "function_call", "id": f"fc_{number}_{place}", "call_id": id, "name": name}
        item |= {"arguments": arguments, "namespace": None, "status": "completed"}
        return ToolCall(id, name, arguments, opaque=Opaque(origin, item))
    if kind == "foreign":
        item = {"id": f"ws_{number}_{place}", "type": "web_search_call", "action": None}
        return Foreign("web_search_call", Opaque(origin, item))
    text = draw(_texts)
    said = [{"type": "output_text", "text": text, "annotations": []}]
    item = {"id": f"msg_{number}_{place}", "type": "message", "role": "assistant", "content": said}
    return Text(text, Opaque(origin, {**item, "phase": draw(st.sampled_from([None, "commentary"]))}))


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
def _answer(draw: st.DrawFn, number: int, origins: tuple[Origin, ...]) -> AssistantMessage:
    origin = draw(st.sampled_from(origins))
    # Within one answer a vendor's ids differ; between answers they may repeat.
    ids = draw(st.lists(_ids, min_size=4, max_size=4, unique=True))
    if origin.vendor == "anthropic":
        ids = [f"toolu_{number}_{i}" for i in range(4)]
    length = draw(st.integers(0, 4))
    if origin.dialect == "responses":
        parts = tuple(draw(_item(origin, number, place)) for place in range(length))
    else:
        parts = tuple(draw(_part(origin, id)) for id in ids[:length])
    cut = draw(st.booleans())
    unfinished = frozenset({len(parts) - 1}) if cut and parts else frozenset[int]()
    if unfinished and origin.dialect == "responses" and isinstance(parts[-1], Text):
        # An item still growing is not kept as an item.
        parts = (*parts[:-1], Text(parts[-1].text))
    stop: Stop = "cancelled" if cut else "tool_use"
    return AssistantMessage(f"a{number}", parts, origin, stop, None, None, UNKNOWN_COST, 0.0, unfinished)


@st.composite
def _result(draw: st.DrawFn, id: str) -> ToolResult:
    given = draw(st.lists(st.sampled_from(ATTACHMENTS), max_size=1))
    return ToolResult(id, (Text(draw(_texts)), *given), is_error=draw(st.booleans()))


@st.composite
def histories(draw: st.DrawFn, origins: tuple[Origin, ...] = ORIGINS) -> list[Message]:
    """Messages in an order the engine can produce, the last one not an answer."""
    messages: list[Message] = []
    for number in range(draw(st.integers(1, 5))):
        prompt = draw(st.sampled_from(["hello", "again, please", "\ud800 torn", "42"]))
        attached = draw(st.lists(st.sampled_from(ATTACHMENTS), max_size=2))
        messages.append(UserMessage(f"u{number}", (*attached, Text(prompt)), 0.0))
        for step in range(draw(st.integers(0, 3))):
            answer = draw(_answer(number * 10 + step, origins))
            messages.append(answer)
            if not answer.calls or not draw(st.booleans()):
                break
            run = [call for call in answer.calls if draw(st.booleans())]
            results = tuple(draw(_result(call.id)) for call in run)
            messages.append(ToolMessage(f"t{number * 10 + step}", results, 0.0))
    while isinstance(messages[-1], AssistantMessage):
        messages.pop()
    return messages


def units(body: dict[str, Any], dialect: str) -> list[tuple[str, str]]:
    """The request as units no later request may change: blocks where neighbours merge, else messages."""
    if dialect == "responses":
        return [(str(item.get("type")), json.dumps(item)) for item in body["input"]]
    if dialect == "chat":
        return [(message["role"], json.dumps(message)) for message in body["messages"]]
    return [
        (message["role"], json.dumps(block)) for message in body["messages"] for block in message["content"]
    ]


def responses_in(messages: list[Message]) -> list[list[dict[str, Any]]]:
    """The items of each answer that OpenAI made on responses: what it would look ids up in."""
    return [
        [part.opaque.data for part in message.parts if part.opaque is not None]
        for message in messages
        if isinstance(message, AssistantMessage)
        and (message.origin.dialect, message.origin.vendor) == ("responses", "openai")
    ]
