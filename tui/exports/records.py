"""Puts a hand to every text of a session record; whatever is no text stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from tui.chat.finding import Finding
from tui.chat.messages import AssistantMessage, Message, UserMessage
from tui.chat.parts import (
    AssistantPart,
    Document,
    Foreign,
    Image,
    Opaque,
    Origin,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
    UserPart,
)
from tui.chat.record import CallFacts, Exchange, Failure, Node, SessionInfo, SessionRecord, SessionState, Wire
from tui.chat.route import Reason, Route, Served
from tui.chat.settings import OutputSchema, Overrides, ToolSpec
from tui.exports.bodies import Bodies
from tui.exports.hands import Hand
from tui.exports.streams import frames_through
from tui.exports.walking import block, content, schema

P = TypeVar("P", bound=AssistantPart | UserPart)


def record_through(record: SessionRecord, hand: Hand) -> SessionRecord:
    """The whole ``record`` as it goes out."""
    bodies = Bodies(hand)
    return SessionRecord(
        _info(record.info, hand),
        _state(record.state, hand),
        tuple(_node(node, hand) for node in record.nodes),
        tuple(exchange_through(exchange, hand, bodies) for exchange in record.exchanges),
    )


def exchange_through(exchange: Exchange, hand: Hand, bodies: Bodies) -> Exchange:
    """One exchange as it goes out; ``bodies`` are those of its session."""
    return replace(
        exchange,
        id=hand.name(exchange.id),
        route=_route(exchange.route, hand),
        after=_maybe(hand.name, exchange.after),
        answer=_maybe(hand.name, exchange.answer),
        served=exchange.served and _served(exchange.served, hand),
        failure=exchange.failure and _failure(exchange.failure, hand),
        findings=tuple(_finding(finding, hand) for finding in exchange.findings),
        figures=tuple(replace(figure, says=hand.remark(figure.says)) for figure in exchange.figures),
        observed=tuple(_finding(finding, hand) for finding in exchange.observed),
        repeats=_maybe(hand.name, exchange.repeats),
        wire=exchange.wire and _wire(exchange.wire, hand, bodies),
    )


def _maybe(change: Callable[[str], str], text: str | None) -> str | None:
    return None if text is None else change(text)


def _all(change: Callable[[str], str], texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(change(text) for text in texts)


def _info(info: SessionInfo, hand: Hand) -> SessionInfo:
    return replace(
        info,
        id=hand.name(info.id),
        title=hand.text(info.title),
        source=hand.name(info.source),
        forked_from=_maybe(hand.name, info.forked_from),
        model=hand.name(info.model),
        models=_all(hand.name, info.models),
    )


def _state(state: SessionState, hand: Hand) -> SessionState:
    own = state.own_system
    return replace(
        state,
        model=hand.name(state.model),
        endpoint=hand.name(state.endpoint),
        overrides=_overrides(state.overrides, hand),
        own_system=None if own is None else (_maybe(hand.text, own[0]),),
        tools=tuple(_tool(tool, hand) for tool in state.tools),
        leaf=_maybe(hand.name, state.leaf),
        system=_maybe(hand.text, state.system),
        said=frozenset(hand.remark(said) for said in state.said),
        refused=_maybe(hand.name, state.refused),
    )


def _tool(tool: ToolSpec, hand: Hand) -> ToolSpec:
    return ToolSpec(hand.name(tool.name), hand.text(tool.description), schema(tool.schema, hand))


def _overrides(overrides: Overrides, hand: Hand) -> Overrides:
    return {name: _override(name, value, hand) for name, value in overrides.items()}


def _override(name: str, value: Any, hand: Hand) -> Any:
    match name:
        case "headers" if value is not None:
            return dict(hand.headers(tuple(value.items())))
        case "extra" if value is not None:
            return content(dict(value), hand)
        case "schema" if isinstance(value, OutputSchema):
            return OutputSchema(hand.name(value.name), schema(value.schema, hand))
        case "stop" if value is not None:
            return _all(hand.text, tuple(value))
        case _:
            return hand.name(value) if isinstance(value, str) else value


def _node(node: Node, hand: Hand) -> Node:
    return Node(
        _message(node.message, hand),
        _maybe(hand.name, node.parent),
        _maybe(hand.text, node.system),
        node.bound_from,
        tuple(_facts(facts, hand) for facts in node.calls),
        hand.name(node.tools),
    )


def _facts(facts: CallFacts, hand: Hand) -> CallFacts:
    answer = facts.answer and replace(facts.answer, reason=hand.text(facts.answer.reason))
    return replace(facts, call_id=hand.name(facts.call_id), answer=answer, diff=hand.text(facts.diff))


def _message(message: Message, hand: Hand) -> Message:
    id = hand.name(message.id)
    if isinstance(message, UserMessage):
        return replace(message, id=id, parts=_parts(message.parts, hand))
    if isinstance(message, AssistantMessage):
        origin = _origin(message.origin, hand)
        stop = _maybe(hand.name, message.stop_raw)
        return replace(message, id=id, parts=_parts(message.parts, hand), origin=origin, stop_raw=stop)
    results = tuple(_result(result, hand) for result in message.results)
    return replace(message, id=id, results=results)


def _parts(parts: tuple[P, ...], hand: Hand) -> tuple[P, ...]:
    return tuple(_part(part, hand) for part in parts)


def _part(part: Any, hand: Hand) -> Any:
    match part:
        case Text():
            return Text(hand.text(part.text), _opaque(part.opaque, hand))
        case Reasoning():
            return Reasoning(hand.text(part.text), part.state, _opaque(part.opaque, hand))
        case ToolCall():
            return ToolCall(
                hand.name(part.id),
                hand.name(part.name),
                hand.arguments(part.arguments),
                part.as_sent,
                _opaque(part.opaque, hand),
            )
        case Foreign(opaque=Opaque() as opaque):
            return Foreign(hand.name(part.label), _opaque(opaque, hand) or opaque)
        case Image() | Document():
            kind = hand.name(part.media_type)
            return replace(part, media_type=kind, data=hand.media(part.data), name=hand.text(part.name))


def _result(result: ToolResult, hand: Hand) -> ToolResult:
    full = _maybe(hand.text, result.full)
    return ToolResult(hand.name(result.call_id), _parts(result.parts, hand), result.is_error, full)


def _opaque(opaque: Opaque | None, hand: Hand) -> Opaque | None:
    return opaque and Opaque(_origin(opaque.origin, hand), block(opaque.data, hand))


def _origin(origin: Origin, hand: Hand) -> Origin:
    return replace(
        origin,
        vendor=hand.name(origin.vendor),
        model=hand.name(origin.model),
        deployment=_maybe(hand.name, origin.deployment),
    )


def _route(route: Route, hand: Hand) -> Route:
    return replace(
        route,
        requested=hand.name(route.requested),
        base_url=hand.name(route.base_url),
        wire_model=hand.name(route.wire_model),
        upstream=_maybe(hand.name, route.upstream),
        vendor=hand.name(route.vendor),
        generation=hand.name(route.generation),
        pinned=_maybe(hand.name, route.pinned),
        why=tuple(Reason(hand.remark(reason.text), reason.source) for reason in route.why),
        configured_thinking=block(route.configured_thinking, hand),
        deployments=_all(hand.name, route.deployments),
    )


def _served(served: Served, hand: Hand) -> Served:
    return replace(
        served,
        call_id=_maybe(hand.name, served.call_id),
        model_id=_maybe(hand.name, served.model_id),
        model=_maybe(hand.name, served.model),
        group=_maybe(hand.name, served.group),
        api_base=_maybe(hand.name, served.api_base),
        proxy_version=_maybe(hand.name, served.proxy_version),
        response_cost=_maybe(hand.name, served.response_cost),
    )


def _failure(failure: Failure, hand: Hand) -> Failure:
    return replace(
        failure,
        cls=hand.name(failure.cls),
        title=hand.remark(failure.title),
        what=hand.remark(failure.what),
        hint=hand.remark(failure.hint),
        vendor_message=_maybe(hand.remark, failure.vendor_message),
    )


def _finding(finding: Finding, hand: Hand) -> Finding:
    return Finding(
        hand.name(finding.cls),
        hand.remark(finding.says),
        hand.name(finding.path),
        hand.remark(finding.mend),
        finding.fatal,
    )


def _wire(wire: Wire, hand: Hand, bodies: Bodies) -> Wire:
    return Wire(
        bodies.through(wire.body),
        hand.headers(wire.request_headers),
        hand.headers(wire.headers),
        frames_through(wire.frames, hand),
    )
