"""What a session is made of, as JSON and back without loss.

Every ``x_from_json`` gives what ``x_to_json`` was given. Fields nobody knows are passed over and missing
ones have their defaults, so that a file of another version opens; a value of the wrong kind, or a word
this version does not know, is a ``Damaged`` (a ValueError) that names the place.
"""

from __future__ import annotations

from typing import get_args

from tui.chat.events import Answer, DecidedBy, Decision
from tui.chat.json_text import dump_bytes, dump_text, load_bytes, load_text
from tui.chat.messages import Message
from tui.chat.parts import Json
from tui.chat.record import CallFacts, Node
from tui.chat.serial_exchange import (
    exchange_from_json,
    exchange_to_json,
    wire_from_json,
    wire_to_json,
)
from tui.chat.serial_fields import (
    Damaged,
    Object,
    count,
    flag,
    inside,
    items,
    maybe_number,
    maybe_text,
    set_fields,
    text,
    whole,
    word,
)
from tui.chat.serial_parts import (
    message_from_json,
    message_to_json,
    result_from_json,
    result_to_json,
)
from tui.chat.serial_session import info_from_json, info_to_json, state_from_json, state_to_json

__all__ = (
    "Damaged",
    "dump_bytes",
    "dump_text",
    "exchange_from_json",
    "exchange_to_json",
    "facts_from_json",
    "facts_to_json",
    "info_from_json",
    "info_to_json",
    "load_bytes",
    "load_text",
    "message_from_json",
    "message_to_json",
    "node_from_json",
    "node_to_json",
    "placed_from_json",
    "result_from_json",
    "result_to_json",
    "state_from_json",
    "state_to_json",
    "wire_from_json",
    "wire_to_json",
)

_DECISIONS = frozenset(get_args(Decision))
_DECIDERS = frozenset(get_args(DecidedBy))


def node_to_json(node: Node) -> Json:
    """``node`` as JSON, its message within."""
    out: Object = {"message": message_to_json(node.message), **set_fields(node, ("parent", "system"))}
    if node.bound_from:
        out["bound_from"] = node.bound_from
    if node.calls:
        out["calls"] = [facts_to_json(facts) for facts in node.calls]
    if node.tools:
        out["tools"] = node.tools
    return out


def node_from_json(data: Json) -> Node:
    """The node in ``data``; ValueError with the path of what is wrong."""
    data = whole(data)
    message = inside("message", message_from_json, data.get("message"))
    return placed_from_json(message, maybe_text(data, "parent"), maybe_text(data, "system"), data)


def placed_from_json(message: Message, parent: str | None, system: str | None, data: Json) -> Node:
    """``message`` at its place, with whatever else ``data`` knows of it."""
    data = whole(data)
    return Node(
        message,
        parent,
        system,
        count(data, "bound_from", 0),
        items(data, "calls", facts_from_json),
        text(data, "tools", ""),
    )


def facts_to_json(facts: CallFacts) -> Json:
    """What is known of a tool call, as JSON."""
    out: Object = {"call": facts.call_id, **set_fields(facts, ("seconds",))}
    if facts.diff:
        out["diff"] = facts.diff
    if facts.answer is not None:
        out["decision"], out["by"] = facts.answer.decision, facts.answer.by
        if facts.answer.reason:
            out["reason"] = facts.answer.reason
        if facts.answer.lasting:
            out["lasting"] = True
    return out


def facts_from_json(data: Json) -> CallFacts:
    """What is known of a tool call, from ``data``; ValueError with the path of what is wrong."""
    data = whole(data)
    answer = None
    if data.get("decision") is not None:
        answer = Answer(
            word(data, "decision", _DECISIONS),
            word(data, "by", _DECIDERS),
            text(data, "reason", ""),
            flag(data, "lasting"),
        )
    return CallFacts(text(data, "call"), maybe_number(data, "seconds"), answer, text(data, "diff", ""))
