"""The seals an answer holds and the seals a request sends back, each told by its length and hash; pure.

Both sides go through one walk over the wire's own JSON, so equal hashes mean equal seals.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tui.chat.messages import AssistantMessage
from tui.chat.parts import AssistantPart, Dialect, Json, ToolCall
from tui.wire.fields import load_object

SealForm = Literal["signature", "redacted", "encrypted", "thought"]
"""Claude's signature; redacted thinking; ``encrypted_content``, OpenAI's of reasoning and Claude's of
search results; Gemini's thought signature."""

HASH_DIGITS = 12
"""Hex digits of the SHA-256 that are kept."""

IN_ID = "__thought__"
"""Where the proxy hides Gemini's signature within the id of a tool call."""

_IDS = ("id", "call_id")
DEEPEST = 12
"""No known wire form holds a seal deeper than this; a hostile one may nest without end."""
_TEXTS = ("input", "arguments", "function", "text", "thinking", "summary")
"""What a model said stands there; a word such as ``signature`` in it is no seal."""


@dataclass(frozen=True, slots=True)
class Seal:
    """One seal; ``length`` counts its characters, ``hash`` is the head of their SHA-256."""

    form: SealForm
    length: int
    hash: str


def seals_of(part: AssistantPart) -> tuple[Seal, ...]:
    """The seals a part of an answer carries, each once wherever the wire repeats it."""
    found = list(_walk(part.opaque.data)) if part.opaque is not None else []
    if isinstance(part, ToolCall):
        found += _in_id(part.id)
    return _once(found)


def seals_in(block: Json) -> tuple[Seal, ...]:
    """The seals anywhere in a block of the wire, each once."""
    return _once(list(_walk(block)))


def seals_in_answer(message: AssistantMessage) -> tuple[tuple[int, Seal], ...]:
    """The seals of an answer with the index of the part each is first found in."""
    found = [(index, seal) for index, part in enumerate(message.parts) for seal in seals_of(part)]
    first: dict[Seal, int] = {}
    for index, seal in found:
        first.setdefault(seal, index)
    return tuple((i, seal) for i, seal in found if seal.form != "thought" or first[seal] == i)


def seals_in_request(dialect: Dialect, body: bytes) -> tuple[Seal, ...]:
    """The seals a request sends back, in their order; ValueError when it is not a JSON object."""
    request = load_object(body.decode("utf-8", "surrogatepass"))
    entries = request.get("input" if dialect == "responses" else "messages")
    out: list[Seal] = []
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and _is_answer(entry):
            out += _once(list(_walk(entry)))
    return tuple(out)


def _is_answer(entry: dict[str, Json]) -> bool:
    """Whether a message or item is the model's own."""
    role, type = entry.get("role"), entry.get("type")
    if role is not None:
        return bool(role == "assistant")
    return isinstance(type, str) and not type.endswith("_output")


def _once(found: list[Seal]) -> tuple[Seal, ...]:
    """Thought signatures stand at up to three places of one message; the others never repeat."""
    seen: set[Seal] = set()
    out = []
    for seal in found:
        if seal.form != "thought" or seal not in seen:
            out.append(seal)
        seen.add(seal)
    return tuple(out)


def _walk(value: Json, depth: int = 0) -> Iterator[Seal]:
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            yield from _walk(item, depth + 1)
    elif isinstance(value, dict):
        if value.get("type") == "redacted_thinking":
            yield from _seal("redacted", value.get("data"))
        for key, item in value.items():
            if key == "signature":
                yield from _seal("signature" if value.get("type") == "thinking" else "thought", item)
            elif key == "encrypted_content":
                yield from _seal("encrypted", item)
            elif key in ("thought_signature", "thoughtSignature"):
                yield from _seal("thought", item)
            elif key == "thought_signatures" and isinstance(item, list):
                for signature in item:
                    yield from _seal("thought", signature)
            elif key in _IDS:
                yield from _in_id(item)
            elif key not in _TEXTS:
                yield from _walk(item, depth + 1)


def _in_id(id: Json) -> Iterator[Seal]:
    if isinstance(id, str) and IN_ID in id:
        yield from _seal("thought", id.partition(IN_ID)[2])


def _seal(form: SealForm, value: Json) -> Iterator[Seal]:
    if isinstance(value, str) and value:
        digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
        yield Seal(form, len(value), digest[:HASH_DIGITS])
