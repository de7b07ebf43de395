"""What a session is made of, as JSON and back without loss.

Every ``x_from_json`` gives what ``x_to_json`` was given. Fields nobody knows are passed over and missing
ones have their defaults, so that a file of another version opens; a value of the wrong kind, or a word
this version does not know, is a ``Damaged`` (a ValueError) that names the place.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import get_args

from tui.chat.events import Answer, DecidedBy, Decision
from tui.chat.finding import Finding
from tui.chat.frame import Frame
from tui.chat.json_text import dump_bytes, dump_text, load_bytes, load_text
from tui.chat.parts import Json
from tui.chat.record import CallFacts, Exchange, ExchangeState, Failure, Headers, Node, Wire
from tui.chat.route import Route
from tui.chat.serial_fields import (
    Damaged,
    Object,
    a_number,
    count,
    flag,
    inside,
    items,
    maybe,
    maybe_count,
    maybe_number,
    maybe_text,
    number,
    set_fields,
    text,
    whole,
    word,
    wrong,
)
from tui.chat.serial_parts import (
    cost_from_json,
    cost_to_json,
    message_from_json,
    message_to_json,
    result_from_json,
    result_to_json,
    usage_from_json,
    usage_to_json,
)
from tui.chat.serial_route import route_from_json, route_to_json, served_from_json, served_to_json
from tui.chat.serial_session import info_from_json, info_to_json, state_from_json, state_to_json
from tui.chat.usage import UNKNOWN_COST
from tui.errors import Layer

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
    "result_from_json",
    "result_to_json",
    "state_from_json",
    "state_to_json",
    "wire_from_json",
    "wire_to_json",
)

_STATES = frozenset(get_args(ExchangeState))
_DECISIONS = frozenset(get_args(Decision))
_DECIDERS = frozenset(get_args(DecidedBy))
_LAYERS = frozenset(get_args(Layer))
_PLAIN_EXCHANGE = ("after", "answer", "status", "seconds", "ttft_s")


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
    return Node(
        inside("message", message_from_json, data.get("message")),
        maybe_text(data, "parent"),
        maybe_text(data, "system"),
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


def exchange_to_json(exchange: Exchange) -> Json:
    """``exchange`` as JSON, without its wire and without what the model accepts."""
    out: Object = {
        "id": exchange.id,
        "turn": exchange.turn,
        "step": exchange.step,
        "at": exchange.at,
        "state": exchange.state,
        "route": route_to_json(exchange.route),
        **set_fields(exchange, _PLAIN_EXCHANGE),
    }
    if exchange.served is not None:
        out["served"] = served_to_json(exchange.served)
    for name in ("seals_sent", "seals_received"):
        if getattr(exchange, name):
            out[name] = getattr(exchange, name)
    if exchange.usage is not None:
        out["usage"] = usage_to_json(exchange.usage)
    if exchange.cost != UNKNOWN_COST:
        out["cost"] = cost_to_json(exchange.cost)
    if exchange.failure is not None:
        out["failure"] = _failure_to_json(exchange.failure)
    if exchange.findings:
        out["findings"] = [_finding_to_json(finding) for finding in exchange.findings]
    if exchange.thinking_seconds:
        out["thinking_seconds"] = {str(index): s for index, s in exchange.thinking_seconds.items()}
    return out


def exchange_from_json(data: Json, route: Route | None = None) -> Exchange:
    """The exchange in ``data``, without its wire; ValueError with the path of what is wrong.

    Many exchanges have the same ``route``: where it was read apart from them, it is not looked for.
    """
    data = whole(data)
    return Exchange(
        id=text(data, "id"),
        turn=count(data, "turn", 0),
        step=count(data, "step", 0),
        at=number(data, "at", 0.0),
        route=route or inside("route", route_from_json, data.get("route")),
        after=maybe_text(data, "after"),
        answer=maybe_text(data, "answer"),
        state=word(data, "state", _STATES, "lost"),
        status=maybe_count(data, "status"),
        served=maybe(data, "served", served_from_json),
        seconds=maybe_number(data, "seconds"),
        ttft_s=maybe_number(data, "ttft_s"),
        seals_sent=count(data, "seals_sent", 0),
        seals_received=count(data, "seals_received", 0),
        usage=maybe(data, "usage", usage_from_json),
        cost=maybe(data, "cost", cost_from_json) or UNKNOWN_COST,
        failure=maybe(data, "failure", _failure),
        findings=items(data, "findings", _finding),
        thinking_seconds=maybe(data, "thinking_seconds", _seconds) or {},
    )


def wire_to_json(wire: Wire) -> Json:
    """What went over the line, as JSON: the body as text, or as base64 where it is none."""
    out: Object = {}
    if wire.body:
        try:
            out["body"] = wire.body.decode()
        except UnicodeDecodeError:
            out["body_base64"] = base64.b64encode(wire.body).decode()
    if wire.request_headers:
        out["request_headers"] = [list(header) for header in wire.request_headers]
    if wire.headers:
        out["headers"] = [list(header) for header in wire.headers]
    if wire.frames:
        out["frames"] = [[frame.at, frame.event, frame.data] for frame in wire.frames]
    return out


def wire_from_json(data: Json) -> Wire:
    """What went over the line, from ``data``; ValueError with the path of what is wrong."""
    data = whole(data)
    body = text(data, "body", "").encode("utf-8", "surrogatepass")
    if "body_base64" in data:
        try:
            body = base64.b64decode(text(data, "body_base64"), validate=True)
        except (binascii.Error, UnicodeEncodeError):
            raise Damaged("body_base64", "this is no base64") from None
    return Wire(
        body, _headers(data, "request_headers"), _headers(data, "headers"), items(data, "frames", _frame)
    )


def _headers(data: Object, name: str) -> Headers:
    return items(data, name, _header)


def _header(data: Json) -> tuple[str, str]:
    if type(data) is not list or len(data) != 2 or type(data[0]) is not str or type(data[1]) is not str:
        raise wrong("", "a name and a value", data)
    return data[0], data[1]


def _frame(data: Json) -> Frame:
    if type(data) is not list or len(data) != 3 or type(data[1]) is not str or type(data[2]) is not str:
        raise wrong("", "a time, an event's name and its data", data)
    return Frame(data[1], data[2], inside("0", a_number, data[0]))


def _failure_to_json(failure: Failure) -> Json:
    out: Object = {"cls": failure.cls, "layer": failure.layer, "title": failure.title}
    out |= {name: found for name in ("what", "hint", "retry_helps") if (found := getattr(failure, name))}
    return out | set_fields(failure, ("status", "vendor_message"))


def _failure(data: Json) -> Failure:
    data = whole(data)
    return Failure(
        text(data, "cls"),
        word(data, "layer", _LAYERS, "client"),
        text(data, "title", ""),
        text(data, "what", ""),
        text(data, "hint", ""),
        maybe_count(data, "status"),
        maybe_text(data, "vendor_message"),
        flag(data, "retry_helps"),
    )


def _finding_to_json(finding: Finding) -> Json:
    out: Object = {"cls": finding.cls, "says": finding.says}
    return out | {name: found for name in ("path", "mend", "fatal") if (found := getattr(finding, name))}


def _finding(data: Json) -> Finding:
    data = whole(data)
    return Finding(
        text(data, "cls"),
        text(data, "says", ""),
        text(data, "path", ""),
        text(data, "mend", ""),
        flag(data, "fatal"),
    )


def _seconds(data: Json) -> Mapping[int, float]:
    data = whole(data)
    out: dict[int, float] = {}
    for index in data:
        if not (index.isascii() and index.isdecimal() and len(index) < 10):
            raise Damaged(index[:40], "no index of a part")
        out[int(index)] = number(data, index)
    return out
