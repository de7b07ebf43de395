"""One item of the Responses format: our rendering of a part, and the part in a vendor's item.

An item goes back as it came, id and all, only together with everything its response held: OpenAI
looks the ids up and refuses reasoning without what followed it, and what followed without its
reasoning. By value, without ids, no item asks for another.
"""

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
from tui.wire.fields import objects_in, text_in
from tui.wire.media_text import data_url, file_name, is_text, told_document

NO_OUTPUT = "(no output)"
"""Stands for an empty result: some vendors refuse blank text."""

_KNOWN = frozenset({"reasoning", "message", "function_call"})
_BOUND = frozenset({"id", "status"})
"""Fields that speak of the stored item, not of what was said."""


def item_of(part: AssistantPart, call_id: str, *, as_came: bool) -> dict[str, Json] | None:
    """The item of one part of an answer; None when it has none that may be sent.

    ``as_came`` gives back the vendor's own item, else it is rendered by value; ``call_id`` is what
    a call goes out as.
    """
    own = _own_item(part)
    if own is not None and as_came:
        return own
    match part:
        case Foreign():
            return None if own is None else {key: value for key, value in own.items() if key != "id"}
        case Reasoning():
            return _by_value(own)
        case Text(text=text):
            said = {"type": "message", "role": "assistant", "content": [_output_text(text)]}
            return _by_value(own) or said
        case ToolCall(name=name, arguments=arguments):
            readable = arguments_object(arguments) is not None and arguments.strip()
            call = _by_value(own) or {"type": "function_call", "call_id": call_id, "name": name}
            return call | {"arguments": arguments if readable else "{}"}


def told_reasoning(part: Reasoning) -> dict[str, Json] | None:
    """Unsealed thinking as an item, for vendors who want its text back; None when it has no text."""
    if not part.text.strip():
        return None
    return {"type": "reasoning", "summary": [{"type": "summary_text", "text": part.text}]}


def user_item(parts: tuple[Text | Image | Document, ...]) -> dict[str, Json]:
    """The item of a prompt."""
    if len(parts) == 1 and isinstance(parts[0], Text):
        return {"role": "user", "content": parts[0].text}
    return {"role": "user", "content": [_input_part(part) for part in parts]}


def result_item(result: ToolResult, call_id: str) -> dict[str, Json]:
    """The answer to the call that goes out as ``call_id``; an error is said in words, there is no field."""
    entries = [_input_part(p) for p in result.parts if not isinstance(p, Text) or p.text.strip()]
    output: Json = entries
    if all(entry["type"] == "input_text" for entry in entries):
        lines = [entry["text"] for entry in entries]
        output = ("Error: " if result.is_error else "") + ("\n".join(lines) or NO_OUTPUT)
    elif result.is_error:
        output = [{"type": "input_text", "text": "Error:"}, *entries]
    return {"type": "function_call_output", "call_id": call_id, "output": output}


def is_sealed(item: dict[str, Json]) -> bool:
    """Whether an item carries reasoning only its vendor can read."""
    return item.get("type") == "reasoning" and bool(item.get("encrypted_content"))


def blocks_sealed(part: AssistantPart) -> int:
    """How many blocks of Claude's the proxy packed into one reasoning item; 0 for anything else."""
    own = _own_item(part) if isinstance(part, Reasoning) else None
    sealed = own.get("encrypted_content") if own else None
    if not isinstance(sealed, str) or not sealed.startswith("["):
        return 0
    try:
        packed = json.loads(sealed)
    except (ValueError, RecursionError):
        return 0
    return len(packed)


def checked(item: dict[str, Json]) -> dict[str, Json]:
    """``item`` itself; ValueError when something in it is not what the format allows."""
    text_in(item, "id")
    if text_in(item, "type") in _KNOWN:
        for field in ("name", "call_id", "arguments", "encrypted_content"):
            text_in(item, field)
        reasoning_text(item)
        message_text(item)
    return item


def part_of(item: dict[str, Json], origin: Origin) -> AssistantPart:
    """The part in a finished, checked item, which is kept with it."""
    opaque = Opaque(origin, item)
    match item:
        case {"type": "reasoning"}:
            text = reasoning_text(item)
            return Reasoning(text, _state(text, item), opaque)
        case {"type": "message"} if (said := message_text(item)) is not None:
            return Text(said, opaque)
        case {"type": "function_call", "call_id": str(id), "name": str(name), "arguments": str(text)}:
            if id and name:
                return ToolCall(id, name, text, opaque=opaque)
    return Foreign(text_in(item, "type"), opaque)


def reasoning_text(item: dict[str, Json]) -> str:
    """The readable thinking of an item: its summary, else its content; paragraphs parted by a blank line."""
    for field in ("summary", "content"):
        texts = [text_in(piece, "text") for piece in objects_in(item, field)]
        if text := "\n\n".join(text for text in texts if text):
            return text
    return ""


def message_text(item: dict[str, Json]) -> str | None:
    """The visible text of a message item, refusals included; None where it holds only what nobody knows."""
    pieces = objects_in(item, "content")
    known = [piece for piece in pieces if piece.get("type") in ("output_text", "refusal")]
    if pieces and not known:
        return None
    return "".join(text_in(piece, "text") or text_in(piece, "refusal") for piece in known)


def is_refusal(item: dict[str, Json]) -> bool:
    """Whether a message item holds a refusal."""
    return any(piece.get("type") == "refusal" for piece in objects_in(item, "content"))


def _own_item(part: AssistantPart) -> dict[str, Json] | None:
    """The vendor's item a part carries, without the nulls a proxy filled in.

    A whole answer comes with ``namespace: null`` and the like from the proxy's own types; the vendor
    never said them and takes some of them for an error.
    """
    if part.opaque is None or part.opaque.origin.dialect != "responses":
        return None
    data: dict[str, Json] = part.opaque.data
    if data.get("type") not in _KNOWN:
        return data
    return {key: value for key, value in data.items() if value is not None}


def _by_value(item: dict[str, Json] | None) -> dict[str, Json] | None:
    return None if item is None else {key: value for key, value in item.items() if key not in _BOUND}


def _state(text: str, item: dict[str, Json]) -> ReasoningState:
    if not item.get("encrypted_content"):
        return "unsigned"
    return "signed" if text else "omitted"


def _output_text(text: str) -> dict[str, Json]:
    return {"type": "output_text", "text": text}


def _input_part(part: Text | Image | Document) -> dict[str, Json]:
    match part:
        case Text(text=text):
            return {"type": "input_text", "text": text}
        case Image():
            return {"type": "input_image", "image_url": data_url(part)}
        case Document() if is_text(part):
            return {"type": "input_text", "text": told_document(part)}
        case Document():
            return {"type": "input_file", "filename": file_name(part), "file_data": data_url(part)}
