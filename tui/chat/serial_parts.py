"""Messages and their parts as JSON and back.

A part is an object with its ``kind``; what has its default value is left out. A wire block names its
origin only where that is not its message's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TypeVar, get_args

from tui.chat.messages import AssistantMessage, Message, Stop, ToolMessage, UserMessage
from tui.chat.parts import (
    AssistantPart,
    Dialect,
    Document,
    Foreign,
    Image,
    Json,
    KnownBy,
    Opaque,
    Origin,
    Part,
    Reasoning,
    ReasoningState,
    SealKind,
    Text,
    ToolCall,
    ToolResult,
    UserPart,
)
from tui.chat.serial_fields import (
    Damaged,
    Object,
    a_count,
    flag,
    inside,
    items,
    maybe,
    maybe_count,
    maybe_decimal,
    maybe_text,
    number,
    set_fields,
    text,
    whole,
    word,
    wrong,
)
from tui.chat.usage import UNKNOWN_COST, Cost, CostSource, Usage

P = TypeVar("P")

DIALECTS = frozenset(get_args(Dialect))
_STOPS = frozenset(get_args(Stop))
_KNOWN_BY = frozenset(get_args(KnownBy))
_SEALS = frozenset(get_args(SealKind))
_STATES = frozenset(get_args(ReasoningState))
_SOURCES = frozenset(get_args(CostSource))
_USAGE = ("input", "cache_read", "cache_write_5m", "cache_write_1h", "output", "reasoning")


def message_to_json(message: Message) -> Json:
    """``message`` as JSON; the wire blocks in it are not copied."""
    if isinstance(message, UserMessage):
        parts = [_part_to_json(part, None) for part in message.parts]
        return {"role": "user", "id": message.id, "at": message.at, "parts": parts}
    if isinstance(message, ToolMessage):
        results = [result_to_json(result) for result in message.results]
        return {"role": "tool", "id": message.id, "at": message.at, "results": results}
    out: Object = {
        "role": "assistant",
        "id": message.id,
        "at": message.at,
        "origin": origin_to_json(message.origin),
        "parts": [_part_to_json(part, message.origin) for part in message.parts],
        "stop": message.stop,
    }
    if message.stop_raw is not None:
        out["stop_raw"] = message.stop_raw
    if message.usage is not None:
        out["usage"] = usage_to_json(message.usage)
    if message.cost != UNKNOWN_COST:
        out["cost"] = cost_to_json(message.cost)
    if message.unfinished:
        out["unfinished"] = sorted(message.unfinished)
    return out


def message_from_json(data: Json) -> Message:
    """The message in ``data``; ValueError with the path of what is wrong."""
    data = whole(data)
    role = data.get("role")
    if role == "assistant":
        return _assistant(data)
    if role == "user":
        parts = items(data, "parts", _user_part)
        return UserMessage(text(data, "id"), parts, number(data, "at", 0.0))
    if role == "tool":
        results = items(data, "results", result_from_json)
        return ToolMessage(text(data, "id"), results, number(data, "at", 0.0))
    raise Damaged("role", f"unknown role {str(role)[:40]!r}")


def _assistant(data: Object) -> AssistantMessage:
    origin = inside("origin", origin_from_json, data.get("origin"))
    return AssistantMessage(
        text(data, "id"),
        items(data, "parts", lambda part: _assistant_part(part, origin)),
        origin,
        word(data, "stop", _STOPS, "failed"),
        maybe_text(data, "stop_raw"),
        maybe(data, "usage", usage_from_json),
        maybe(data, "cost", cost_from_json) or UNKNOWN_COST,
        number(data, "at", 0.0),
        frozenset(items(data, "unfinished", a_count)) if "unfinished" in data else frozenset(),
    )


def result_to_json(result: ToolResult) -> Json:
    """A tool's result as JSON."""
    out: Object = {"call": result.call_id, "parts": [_part_to_json(part, None) for part in result.parts]}
    if result.is_error:
        out["is_error"] = True
    if result.full is not None:
        out["full"] = result.full
    return out


def result_from_json(data: Json) -> ToolResult:
    """The tool's result in ``data``; ValueError with the path of what is wrong."""
    data = whole(data)
    return ToolResult(
        text(data, "call"), items(data, "parts", _user_part), flag(data, "is_error"), maybe_text(data, "full")
    )


def origin_to_json(origin: Origin) -> Json:
    """Who minted a part, as JSON."""
    out: Object = {"dialect": origin.dialect, "vendor": origin.vendor, "model": origin.model}
    if origin.deployment is not None:
        out["deployment"] = origin.deployment
    if origin.known_by != "route":
        out["known_by"] = origin.known_by
    if origin.seals != "unsigned":
        out["seals"] = origin.seals
    return out


def origin_from_json(data: Json) -> Origin:
    """The origin in ``data``; ValueError with the path of what is wrong."""
    data = whole(data)
    return _one_for_all(
        word(data, "dialect", DIALECTS),
        text(data, "vendor", ""),
        text(data, "model", ""),
        maybe_text(data, "deployment"),
        word(data, "known_by", _KNOWN_BY, "route"),
        word(data, "seals", _SEALS, "unsigned"),
    )


_one_for_all = lru_cache(maxsize=256)(Origin)
"""The origins met: a long session has thousands of messages and few of these."""


def usage_to_json(usage: Usage) -> Json:
    """Token counts as JSON."""
    return set_fields(usage, _USAGE)


def usage_from_json(data: Json) -> Usage:
    """The token counts in ``data``; ValueError with the path of what is wrong."""
    data = whole(data)
    return Usage(*[maybe_count(data, name) for name in _USAGE])


def cost_to_json(cost: Cost) -> Json:
    """A cost as JSON, the exact figure as a text."""
    out: Object = {"source": cost.source}
    if cost.usd is not None:
        out["usd"] = str(cost.usd)
    if cost.at_least:
        out["at_least"] = True
    return out


def cost_from_json(data: Json) -> Cost:
    """The cost in ``data``; ValueError with the path of what is wrong."""
    data = whole(data)
    return Cost(maybe_decimal(data, "usd"), word(data, "source", _SOURCES, "unknown"), flag(data, "at_least"))


def _part_to_json(part: Part, origin: Origin | None) -> Json:
    out: Object
    match part:
        case Text():
            out = {"kind": "text", "text": part.text}
        case Reasoning():
            out = {"kind": "thinking", "text": part.text, "state": part.state}
        case ToolCall():
            out = {"kind": "tool_call", "id": part.id, "name": part.name, "arguments": part.arguments}
            if not part.as_sent:
                out["as_sent"] = False
        case Image():
            out = {"kind": "image", "media_type": part.media_type, "data": part.data}
            return {**out, "name": part.name} if part.name else out
        case Document():
            out = {"kind": "document", "media_type": part.media_type, "data": part.data}
            return {**out, **set_fields(part, ("pages",)), **({"name": part.name} if part.name else {})}
        case Foreign():
            out = {"kind": "foreign", "label": part.label}
        case ToolResult():
            raise TypeError("a tool's result is no part of a prompt or an answer")
    if part.opaque is not None:
        opaque = part.opaque
        out["block"] = opaque.data
        if opaque.origin != origin:
            out["block_origin"] = origin_to_json(opaque.origin)
    return out


def _opaque(data: Object, origin: Origin | None) -> Opaque | None:
    if "block" not in data:
        return None
    other = data.get("block_origin")
    if other is not None:
        origin = inside("block_origin", origin_from_json, other)
    if origin is None:
        raise wrong("block_origin", "an object", None)
    return Opaque(origin, data["block"])


def _text(data: Object, origin: Origin | None) -> Text:
    said, opaque = text(data, "text"), _opaque(data, origin)
    return Text(_once(said, "text", opaque), opaque)


def _thinking(data: Object, origin: Origin | None) -> Reasoning:
    said, state, opaque = text(data, "text"), word(data, "state", _STATES), _opaque(data, origin)
    return Reasoning(_once(said, "thinking", opaque), state, opaque)


def _once(said: str, name: str, opaque: Opaque | None) -> str:
    """The text of a part; the very one of its wire block where they are equal, or both would take room."""
    block = opaque.data if opaque is not None else None
    own = block.get(name) if isinstance(block, dict) else None
    return own if isinstance(own, str) and own == said else said


def _tool_call(data: Object, origin: Origin | None) -> ToolCall:
    return ToolCall(
        text(data, "id"),
        text(data, "name"),
        text(data, "arguments"),
        flag(data, "as_sent", True),
        _opaque(data, origin),
    )


def _foreign(data: Object, origin: Origin | None) -> Foreign:
    opaque = _opaque(data, origin)
    if opaque is None:
        raise wrong("block", "a wire block", None)
    return Foreign(text(data, "label"), opaque)


def _image(data: Object, _: Origin | None) -> Image:
    return Image(text(data, "media_type"), text(data, "data"), text(data, "name", ""))


def _document(data: Object, _: Origin | None) -> Document:
    return Document(
        text(data, "media_type"), text(data, "data"), text(data, "name", ""), maybe_count(data, "pages")
    )


_USER: Mapping[str, Callable[[Object, Origin | None], UserPart]] = {
    "text": _text,
    "image": _image,
    "document": _document,
}
_ASSISTANT: Mapping[str, Callable[[Object, Origin | None], AssistantPart]] = {
    "text": _text,
    "thinking": _thinking,
    "tool_call": _tool_call,
    "foreign": _foreign,
}


def _of_kind(
    data: Json, origin: Origin | None, kinds: Mapping[str, Callable[[Object, Origin | None], P]]
) -> P:
    data = whole(data)
    kind = data.get("kind")
    read = kinds.get(kind) if type(kind) is str else None
    if read is None:
        raise Damaged("kind", f"unknown kind {str(kind)[:40]!r}")
    return read(data, origin)


def _user_part(data: Json) -> UserPart:
    return _of_kind(data, None, _USER)


def _assistant_part(data: Json, origin: Origin) -> AssistantPart:
    return _of_kind(data, origin, _ASSISTANT)
