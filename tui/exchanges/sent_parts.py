"""What a request's history holds, in the same words for all three formats, so that two can be compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tui.chat.json_slices import load_in_slices
from tui.chat.parts import Dialect, Json

SentKind = Literal["thinking", "text", "call", "result"]


@dataclass(frozen=True, slots=True)
class SentPart:
    """A part of a message of the model or of a tool's result."""

    kind: SentKind
    text: str = ""
    id: str = ""
    """Of a call or its result."""
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent of a conversation, but for what people said."""

    parts: tuple[SentPart, ...] = ()
    """In the order they stand in the body."""
    system: str = ""
    tools: tuple[str, ...] = ()
    """Their names."""


def sent(body: bytes, dialect: Dialect) -> Sent:
    """What ``body`` holds; nothing at all of what is no request of this format."""
    try:
        whole = load_in_slices(body)
    except ValueError:
        return Sent()
    if not isinstance(whole, dict):
        return Sent()
    said = _list(whole.get("input" if dialect == "responses" else "messages"))
    parts = {"messages": _messages, "chat": _chat, "responses": _responses}[dialect](said)
    system = _text(whole.get("instructions" if dialect == "responses" else "system"))
    if dialect == "chat" or not system:
        system = "\n".join(_text(m.get("content")) for m in said if m.get("role") in ("system", "developer"))
    return Sent(tuple(parts), system, tuple(map(_tool, _list(whole.get("tools")))))


def _messages(said: list[dict[str, Json]]) -> Iterator[SentPart]:
    for message in said:
        is_answer, content = message.get("role") == "assistant", message.get("content")
        if isinstance(content, str) and is_answer:
            yield SentPart("text", content)
        for block in _list(content):
            kind = block.get("type")
            if kind == "tool_result":
                yield SentPart("result", _text(block.get("content")), _word(block, "tool_use_id"))
            elif is_answer:
                yield from _block(block)


def _block(block: dict[str, Json]) -> Iterator[SentPart]:
    match block.get("type"):
        case "thinking":
            yield SentPart("thinking", _word(block, "thinking"), sealed=bool(block.get("signature")))
        case "redacted_thinking":
            yield SentPart("thinking", sealed=True)
        case "text" | "output_text":
            yield SentPart("text", _word(block, "text"))
        case "tool_use":
            yield SentPart("call", _word(block, "name"), _word(block, "id"))


def _chat(said: list[dict[str, Json]]) -> Iterator[SentPart]:
    for message in said:
        if message.get("role") == "tool":
            yield SentPart("result", _text(message.get("content")), _word(message, "tool_call_id"))
        if message.get("role") != "assistant":
            continue
        # In whatever order they are written, the proxy hands them on in this one.
        for name in ("thinking_blocks", "reasoning_content", "content", "tool_calls"):
            value = message.get(name)
            if name == "thinking_blocks" or (name == "content" and isinstance(value, list)):
                for block in _list(value):
                    yield from _block(block)
            elif name == "reasoning_content" and value and not message.get("thinking_blocks"):
                yield SentPart("thinking", _text(value))
            elif name == "content" and isinstance(value, str) and value:
                yield SentPart("text", value)
            elif name == "tool_calls":
                for call in _list(value):
                    function = call.get("function")
                    called = _word(function, "name") if isinstance(function, dict) else ""
                    yield SentPart("call", called, _word(call, "id"))


def _responses(said: list[dict[str, Json]]) -> Iterator[SentPart]:
    for item in said:
        match item.get("type"):
            case "reasoning":
                text = _text(item.get("content")) or _text(item.get("summary"))
                yield SentPart("thinking", text, sealed=bool(item.get("encrypted_content")))
            case "function_call":
                yield SentPart("call", _word(item, "name"), _word(item, "call_id"))
            case "function_call_output":
                yield SentPart("result", _text(item.get("output")), _word(item, "call_id"))
            case _ if item.get("role") == "assistant":
                yield SentPart("text", _text(item.get("content")))


def _tool(tool: dict[str, Json]) -> str:
    function = tool.get("function")
    return _word(function if isinstance(function, dict) else tool, "name")


def _list(value: Json) -> list[dict[str, Json]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _word(holder: dict[str, Json], name: str) -> str:
    value = holder.get(name)
    return value if isinstance(value, str) else ""


def _text(value: Json) -> str:
    if isinstance(value, str):
        return value
    return "\n".join(filter(None, (_word(block, "text") for block in _list(value))))
