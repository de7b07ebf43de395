"""One content block of the Messages format: our rendering of a part, and the part in a vendor's block."""

from __future__ import annotations

import json

from tui.chat.conversation import arguments_object
from tui.chat.parts import (
    AssistantPart,
    Document,
    Foreign,
    Image,
    Json,
    Opaque,
    Origin,
    Reasoning,
    ReasoningState,
    Text,
    ToolCall,
    ToolResult,
)
from tui.wire.fields import same_json
from tui.wire.media_text import document_text, file_name, is_text, told_document


def assistant_block(part: AssistantPart, call_id: str = "") -> dict[str, Json] | None:
    """The block of one part: its own if it carries one, else our rendering; None when it has neither."""
    if part.opaque is not None:
        return own_block(part)
    match part:
        case Text(text=text):
            return {"type": "text", "text": text}
        case ToolCall(name=name, arguments=arguments):
            given = arguments_object(arguments)
            return {"type": "tool_use", "id": call_id, "name": name, "input": given or {}}
    return None


def own_block(part: AssistantPart) -> dict[str, Json] | None:
    """The vendor's block a part carries, if it is one."""
    data = part.opaque.data if part.opaque is not None else None
    return data if isinstance(data, dict) and isinstance(data.get("type"), str) else None


def is_sealed(block: dict[str, Json]) -> bool:
    """Whether a block of an answer carries reasoning only its vendor can read or verify."""
    if block.get("type") == "thinking":
        return bool(block.get("signature"))
    return block.get("type") == "redacted_thinking"


def user_block(part: Text | Image | Document, *, documents: bool) -> dict[str, Json]:
    """The block of one part of a prompt or tool result; ``documents`` when text files may be documents."""
    match part:
        case Text(text=text):
            return {"type": "text", "text": text}
        case Image(media_type=media_type, data=data):
            return {"type": "image", "source": _base64(media_type, data)}
        case Document() if is_text(part):
            # The vendor takes base64 for PDF only; and for other vendors the proxy drops such a block.
            text = document_text(part)
            if not documents or not text.strip():
                return {"type": "text", "text": told_document(part)}
            source = {"type": "text", "media_type": "text/plain", "data": text}
            return {"type": "document", "source": source, "title": file_name(part)}
        case Document(media_type=media_type, data=data):
            return {"type": "document", "source": _base64(media_type, data), "title": file_name(part)}


def result_block(result: ToolResult, call_id: str, *, documents: bool) -> dict[str, Json]:
    """The answer to the call that goes out as ``call_id``; blank text, which vendors refuse, is left out."""
    block: dict[str, Json] = {"type": "tool_result", "tool_use_id": call_id}
    content = [
        user_block(p, documents=documents) for p in result.parts if not isinstance(p, Text) or p.text.strip()
    ]
    if content:
        block["content"] = content
    if result.is_error:
        block["is_error"] = True
    return block


def part_of(block: dict[str, Json], streamed: str | None, origin: Origin) -> AssistantPart:
    """The part in ``block``; ``streamed`` is the arguments' text when it came in pieces.

    The block is kept with it exactly where our rendering would not give it back.
    """
    opaque = Opaque(origin, block)
    match block:
        case {"type": "text", "text": str(text)}:
            return Text(text) if _renders(Text(text), block) else Text(text, opaque)
        case {"type": "thinking", "thinking": str(text)}:
            return Reasoning(text, _state(text, block.get("signature")), opaque)
        case {"type": "redacted_thinking"}:
            return Reasoning("", "redacted", opaque)
        case {"type": "tool_use", "id": str(id), "name": str(name), "input": dict(given)} if id and name:
            as_sent = bool(streamed)
            arguments = streamed or json.dumps(given, ensure_ascii=False)
            call = ToolCall(id, name, arguments, as_sent)
            return call if _renders(call, block) else ToolCall(id, name, arguments, as_sent, opaque)
    return Foreign(str(block.get("type", "")), opaque)


def _state(text: str, signature: Json) -> ReasoningState:
    if not signature:
        return "unsigned"
    return "signed" if text else "omitted"


def _renders(part: Text | ToolCall, block: dict[str, Json]) -> bool:
    id = part.id if isinstance(part, ToolCall) else ""
    return same_json(assistant_block(part, id), block)


def _base64(media_type: str, data: str) -> dict[str, Json]:
    return {"type": "base64", "media_type": media_type, "data": data}
