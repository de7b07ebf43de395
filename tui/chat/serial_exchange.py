"""An exchange and what went over the line for it, as JSON and back without loss."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import fields
from typing import get_args

from tui.chat.finding import Finding
from tui.chat.frame import Frame, Headers
from tui.chat.parts import Json
from tui.chat.record import Exchange, ExchangeState, Failure, Purpose, Timing, Wire
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
    maybe_decimal,
    maybe_number,
    maybe_text,
    number,
    set_fields,
    text,
    whole,
    word,
    wrong,
)
from tui.chat.serial_parts import cost_from_json, cost_to_json, usage_from_json, usage_to_json
from tui.chat.serial_route import route_from_json, route_to_json, served_from_json, served_to_json
from tui.chat.usage import UNKNOWN_COST, Figure, FigureSource
from tui.errors import Layer

_STATES = frozenset(get_args(ExchangeState))
_PURPOSES = frozenset(get_args(Purpose))
_SOURCES = frozenset(get_args(FigureSource))
_LAYERS = frozenset(get_args(Layer))
_PLAIN_EXCHANGE = ("after", "answer", "status", "seconds", "ttft_s")
_TIMING = tuple(field.name for field in fields(Timing))


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
    return out | _observations(exchange)


def _observations(exchange: Exchange) -> Object:
    """What was made out about an exchange beside its answer."""
    out: Object = {}
    if timing := set_fields(exchange.timing, _TIMING):
        out["timing"] = timing
    if exchange.figures:
        out["figures"] = [_figure_to_json(figure) for figure in exchange.figures]
    if exchange.observed:
        out["observed"] = [_finding_to_json(finding) for finding in exchange.observed]
    if exchange.purpose != "turn":
        out["purpose"] = exchange.purpose
    return out | set_fields(exchange, ("repeats",))


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
        timing=maybe(data, "timing", _timing) or Timing(),
        figures=items(data, "figures", _figure),
        observed=items(data, "observed", _finding),
        purpose=word(data, "purpose", _PURPOSES, "turn"),
        repeats=maybe_text(data, "repeats"),
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


def _timing(data: Json) -> Timing:
    data = whole(data)
    return Timing(*[maybe_number(data, name) for name in _TIMING])


def _figure_to_json(figure: Figure) -> Json:
    out: Object = {"source": figure.source}
    if figure.usd is not None:
        out["usd"] = str(figure.usd)
    if figure.says:
        out["says"] = figure.says
    return out


def _figure(data: Json) -> Figure:
    data = whole(data)
    return Figure(word(data, "source", _SOURCES), maybe_decimal(data, "usd"), text(data, "says", ""))
