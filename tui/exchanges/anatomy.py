"""The pieces of a request: what a vendor reads of it, one after another.

Any body is taken, an imported or hostile one too: what stands where this format has nothing is a
parameter, and what is no message is one piece as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Literal

from tui.chat.json_slices import load_in_slices
from tui.chat.json_text import dump_bytes
from tui.chat.parts import Dialect, Json
from tui.clean import visible

PieceKind = Literal["tool", "system", "message", "block"]

_NAME_CELLS = 48
_SYSTEM_ROLES = ("system", "developer")
_INSIDE = ("thinking_blocks", "reasoning_content", "content", "tool_calls")
"""What of a message is given piece by piece, in the order a model reads it."""
_MODEL_ITEMS = frozenset({"function_call", "custom_tool_call", "reasoning"})


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a request that is the same or is not."""

    path: str
    """Where it stands, such as ``messages.3.content.1``; made of names of ours and numbers."""
    kind: PieceKind
    role: str
    """Who says it: system, user, assistant, tool; empty for a tool's definition. Not cleaned."""
    label: str
    """What it is, in one clean line."""
    value: Json
    size: int
    """Bytes of it as JSON without blanks."""
    hash: str
    """Of role and value, the order of keys included; not of its place."""


@dataclass(frozen=True, slots=True)
class Anatomy:
    """A request taken apart."""

    dialect: Dialect
    params: Mapping[str, Json]
    """Everything that is no piece, in the order sent."""
    pieces: tuple[Piece, ...]
    """In the order in which a prefix is cached: tools, system, messages block by block."""
    size: int
    """Bytes of the body."""


def anatomy(body: bytes, dialect: Dialect) -> Anatomy:
    """The pieces of ``body``; ValueError for what is no JSON object.

    A megabyte takes some ten milliseconds, so large bodies belong in a thread.
    """
    whole = load_in_slices(body)
    if not isinstance(whole, dict):
        raise ValueError("The body is no JSON object.")
    params = dict(whole)
    pieces: list[Piece] = []
    for key in ("tools", "functions"):
        if params.get(key) and isinstance(params[key], list):
            pieces += _tools(key, params.pop(key))
    system = "instructions" if dialect == "responses" else "system"
    if dialect != "chat" and params.get(system) and isinstance(params[system], str | list):
        pieces += _system(system, params.pop(system))
    history = "input" if dialect == "responses" else "messages"
    said = params.get(history)
    if said and isinstance(said, list):
        del params[history]
        for place, message in enumerate(said):
            pieces += _message(f"{history}.{place}", message, dialect)
    elif history == "input" and isinstance(said, str):
        pieces.append(piece_of(history, "message", "user", "user · text", params.pop(history)))
    return Anatomy(dialect, params, tuple(pieces), len(body))


def new_since(before: Anatomy | None, now: Anatomy) -> int:
    """The index of the first piece of ``now`` that is not the same at the same place as ``before``."""
    if before is None or before.dialect != now.dialect:
        return 0
    for index, (old, new) in enumerate(zip(before.pieces, now.pieces, strict=False)):
        if old.hash != new.hash or old.path != new.path:
            return index
    return min(len(before.pieces), len(now.pieces))


def name_of(tool: Json) -> str:
    """What a tool's definition calls it, not cleaned; its type for a tool of the vendor's, else empty."""
    if not isinstance(tool, dict):
        return ""
    inner = tool.get("function")
    for holder, key in ((tool, "name"), (inner, "name"), (tool, "type")):
        if isinstance(holder, dict) and isinstance(holder.get(key), str):
            return str(holder[key])
    return ""


def _tools(key: str, tools: list[Json]) -> Iterator[Piece]:
    for place, tool in enumerate(tools):
        label = f"tool {_short(name_of(tool)) or 'without a name'}"
        yield piece_of(f"{key}.{place}", "tool", "", label, tool)


def _system(key: str, system: Json) -> Iterator[Piece]:
    if isinstance(system, str):
        yield piece_of(key, "system", "system", "system · text", system)
        return
    for place, block in enumerate(system):
        yield piece_of(f"{key}.{place}", "system", "system", f"system · {_words(block)}", block)


def _message(path: str, message: Json, dialect: Dialect) -> Iterator[Piece]:
    if not isinstance(message, dict):
        yield piece_of(path, "message", "", "no message", message)
        return
    role = _role(message)
    kind: PieceKind = "system" if role in _SYSTEM_ROLES else "message"
    who = _short(role) or "nobody"
    if dialect == "responses" and _text(message, "type") not in ("", "message"):
        yield piece_of(path, "block", role, f"{who} · {_words(message)}", message)
        return
    inside = _inside(message, role)
    head = {key: value for key, value in message.items() if key not in inside}
    if not inside:
        yield piece_of(path, kind, role, f"{who} · {_whole(message)}", message)
    elif head != {"role": role}:
        yield piece_of(path, kind, role, f"{who} · {_fields(head)}", head)
    for key in inside:
        yield from _blocks(f"{path}.{key}", key, message[key], role)


def _inside(message: dict[str, Json], role: str) -> list[str]:
    """The keys of ``message`` that are given piece by piece; none where it is one piece."""
    if role in ("tool", "function"):
        return []
    keys = [key for key in _INSIDE if key in message and _is_inside(key, message[key])]
    return [] if keys == ["content"] and isinstance(message["content"], str) else keys


def _is_inside(key: str, value: Json) -> bool:
    if isinstance(value, list):
        return bool(value) and key != "reasoning_content"
    return isinstance(value, str) and key in ("content", "reasoning_content")


def _blocks(path: str, key: str, value: Json, role: str) -> Iterator[Piece]:
    kind: PieceKind = "system" if role in _SYSTEM_ROLES else "block"
    who = _short(role) or "nobody"
    if isinstance(value, str):
        words = "thinking" if key == "reasoning_content" else "text"
        yield piece_of(path, kind, role, f"{who} · {words}", value)
        return
    for place, block in enumerate(value):
        yield piece_of(f"{path}.{place}", kind, role, f"{who} · {_words(block)}", block)


def _role(message: dict[str, Json]) -> str:
    kind = _text(message, "type")
    if kind in _MODEL_ITEMS:
        return "assistant"
    return "tool" if kind.endswith("_output") else _text(message, "role")


def _fields(head: dict[str, Json]) -> str:
    """What stands beside the blocks of a message."""
    named = [key for key in head if key not in ("role", "type")]
    if named == ["content"]:
        return "no content"
    return _short(", ".join(named[:_NAME_CELLS])) or "message"


def _whole(message: dict[str, Json]) -> str:
    call = _text(message, "tool_call_id")
    return f"result of {_short(call)}" if call else "text"


def _words(block: Json) -> str:
    """What a block is, clean."""
    if not isinstance(block, dict):
        return "text" if isinstance(block, str) else "no block"
    kind = _text(block, "type")
    inner = block.get("function")
    if isinstance(inner, dict):
        return f"call {_short(_text(inner, 'name'))}"
    if kind in ("tool_use", "function_call", "custom_tool_call"):
        return f"call {_short(_text(block, 'name'))}"
    for key in ("tool_use_id", "call_id"):
        if key in block:
            return f"result of {_short(_text(block, key))}"
    if kind in ("input_text", "output_text"):
        return "text"
    return _short(kind.replace("_", " ")) or "block without a type"


def _text(holder: dict[str, Json], key: str) -> str:
    value = holder.get(key)
    return value if isinstance(value, str) else ""


def _short(text: str) -> str:
    return _cleaned(text[: 4 * _NAME_CELLS])


@lru_cache(maxsize=1024)
def _cleaned(text: str) -> str:
    # The same few names come up in every message.
    return visible(text, _NAME_CELLS)


def piece_of(path: str, kind: PieceKind, role: str, label: str, value: Json) -> Piece:
    """A piece with its size and hash; ``label`` is clean."""
    raw = dump_bytes(value)
    mark = blake2b(role.encode("utf-8", "surrogatepass") + b"\0", digest_size=16)
    mark.update(raw)
    return Piece(path, kind, role, label, value, len(raw), mark.hexdigest())
