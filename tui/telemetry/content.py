"""What was said, in the form the conventions have for it; only made where the configuration asks for it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tui.chat.messages import AssistantMessage
from tui.chat.parts import Reasoning, Text, ToolCall

Part = dict[str, Any]


def of_input(body: Mapping[str, Any]) -> list[Part]:
    """The messages of a request in any of the three formats; media and seals are named, not copied."""
    said = body.get("messages", body.get("input"))
    if isinstance(said, str):
        return [{"role": "user", "parts": [_text(said)]}]
    return [_message(item) for item in said if isinstance(item, dict)] if isinstance(said, list) else []


def of_system(body: Mapping[str, Any]) -> list[Part]:
    """The system prompt where the format keeps it apart."""
    return list(_parts(body.get("system", body.get("instructions"))))


def of_output(message: AssistantMessage) -> list[Part]:
    """The answer as one message."""
    parts: list[Part] = []
    for part in message.parts:
        match part:
            case Text(text=text):
                parts.append(_text(text))
            case Reasoning(text=text):
                parts.append({"type": "reasoning", "content": text})
            case ToolCall(id=id, name=name, arguments=arguments):
                parts.append({"type": "tool_call", "id": id, "name": name, "arguments": arguments})
            case _:
                parts.append({"type": type(part).__name__.lower()})
    return [{"role": "assistant", "parts": parts, "finish_reason": message.stop_raw or message.stop}]


def _message(item: Mapping[str, Any]) -> Part:
    kind = item.get("type")
    if kind == "function_call":
        return {"role": "assistant", "parts": [_call(item.get("call_id"), item)]}
    if kind == "function_call_output":
        return {"role": "tool", "parts": [_result(item.get("call_id"), item.get("output"))]}
    if kind == "reasoning":
        return {"role": "assistant", "parts": [{"type": "reasoning"}]}
    if item.get("role") == "tool":
        return {"role": "tool", "parts": [_result(item.get("tool_call_id"), item.get("content"))]}
    parts = list(_parts(item.get("content")))
    calls = item.get("tool_calls")
    made = [call for call in _objects(calls) if isinstance(call.get("function"), dict)]
    parts += [_call(call.get("id"), call["function"]) for call in made]
    return {"role": str(item.get("role", "user")), "parts": parts}


def _parts(content: Any) -> Iterator[Part]:
    if isinstance(content, str):
        yield _text(content)
    for block in _objects(content):
        kind = block.get("type")
        if kind in ("text", "input_text", "output_text"):
            yield _text(str(block.get("text", "")))
        elif kind == "thinking":
            yield {"type": "reasoning", "content": str(block.get("thinking", ""))}
        elif kind == "tool_use":
            yield _call(block.get("id"), {"name": block.get("name"), "arguments": block.get("input")})
        elif kind == "tool_result":
            yield _result(block.get("tool_use_id"), block.get("content"))
        else:
            yield {"type": str(kind)}


def _objects(content: Any) -> Iterable[Mapping[str, Any]]:
    return [block for block in content if isinstance(block, dict)] if isinstance(content, list) else ()


def _text(text: str) -> Part:
    return {"type": "text", "content": text}


def _call(id: Any, function: Mapping[str, Any]) -> Part:
    return {
        "type": "tool_call",
        "id": id,
        "name": function.get("name"),
        "arguments": function.get("arguments"),
    }


def _result(id: Any, content: Any) -> Part:
    if isinstance(content, list):
        content = [part.get("content", f"({part['type']})") for part in _parts(content)]
    return {"type": "tool_call_response", "id": id, "response": content}


def written(value: list[Part]) -> str:
    """As an attribute holds it."""
    return json.dumps(value, ensure_ascii=False)
