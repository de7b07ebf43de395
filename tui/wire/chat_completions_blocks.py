"""One message of the chat format: our rendering of prompts, answers, calls and results."""

from __future__ import annotations

from tui.chat.conversation import arguments_object
from tui.chat.parts import Document, Image, Json, Reasoning, Text, ToolCall, ToolResult
from tui.wire.media_text import data_url, file_name, is_text, told_document

NO_OUTPUT = "(no output)"
"""Stands for an empty result: some vendors refuse blank text."""


def call_entry(call: ToolCall, id: str, *, own: bool) -> dict[str, Json]:
    """The entry of one call in ``tool_calls``; what is not a JSON object goes out as an empty one."""
    readable = arguments_object(call.arguments) is not None
    if call.opaque is not None and isinstance(call.opaque.data, dict):
        entry: dict[str, Json] = call.opaque.data
        if readable:
            return entry
        return {**entry, "function": {**entry.get("function", {}), "arguments": "{}"}}
    # A blank is what some vendors send for no arguments, and only they take it back.
    text = call.arguments if readable and (own or call.arguments.strip()) else "{}"
    return {"id": id, "type": "function", "function": {"name": call.name, "arguments": text}}


def user_content(parts: tuple[Text | Image | Document, ...]) -> Json:
    """The content of a prompt: a string for a single text, else a list."""
    if len(parts) == 1 and isinstance(parts[0], Text):
        return parts[0].text
    return [_content_part(part) for part in parts]


def tool_message(result: ToolResult, call_id: str) -> dict[str, Json]:
    """The answer to the call that goes out as ``call_id``; an error is said in words, there is no field."""
    entries = [_content_part(p) for p in result.parts if not isinstance(p, Text) or p.text.strip()]
    content: Json = entries
    if all(entry["type"] == "text" for entry in entries):
        lines = [entry["text"] for entry in entries]
        content = ("Error: " if result.is_error else "") + ("\n".join(lines) or NO_OUTPUT)
    elif result.is_error:
        content = [{"type": "text", "text": "Error:"}, *entries]
    return {"role": "tool", "tool_call_id": call_id, "content": content}


def thinking_block(part: Reasoning) -> dict[str, Json] | None:
    """The sealed block of a thought, if it carries one."""
    data = part.opaque.data if part.opaque is not None else None
    sealed = part.state != "unsigned" and isinstance(data, dict) and "type" in data
    return data if sealed else None


def _content_part(part: Text | Image | Document) -> dict[str, Json]:
    match part:
        case Text(text=text):
            return {"type": "text", "text": text}
        case Image():
            return {"type": "image_url", "image_url": {"url": data_url(part)}}
        case Document() if is_text(part):
            return {"type": "text", "text": told_document(part)}
        case Document():
            return {"type": "file", "file": {"filename": file_name(part), "file_data": data_url(part)}}
