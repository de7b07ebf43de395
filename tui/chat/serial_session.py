"""How a session stands and what a list of sessions shows, as JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from tui.chat.parts import Json
from tui.chat.record import SessionInfo, SessionState
from tui.chat.serial_fields import (
    Object,
    count,
    flag,
    items,
    maybe,
    maybe_number,
    maybe_text,
    number,
    object_at,
    text,
    texts,
    whole,
    word,
    wrong,
)
from tui.chat.serial_parts import cost_from_json, cost_to_json, usage_from_json, usage_to_json
from tui.chat.settings import OutputSchema, Overrides, Settings, ToolSpec
from tui.chat.usage import UNKNOWN_COST, Totals, Usage

_KNOBS = frozenset(field.name for field in fields(Settings))
_STATE = SessionState()
_PLAIN_STATE = ("model", "endpoint", "leaf", "system", "bound_from", "foreign_reasoning", "chosen_at")
_FOREIGN = frozenset({"drop", "text"})
_PLAIN_INFO = (
    "title",
    "titled_by",
    "created",
    "changed",
    "pinned",
    "archived",
    "deleted_at",
    "source",
    "forked_from",
    "model",
    "messages",
    "forks",
    "is_open",
)
_INFO = SessionInfo("")
_TITLED_BY = frozenset({"auto", "user"})


def state_to_json(state: SessionState) -> Json:
    """How a session stands, as JSON."""
    out = _changed(state, _STATE, (*_PLAIN_STATE, "unpinned", "refused"))
    if state.overrides:
        out["overrides"] = {name: _knob_to_json(value) for name, value in state.overrides.items()}
    if state.own_system is not None:
        out["own_system"] = list(state.own_system)
    if state.tools:
        out["tools"] = [_tool_to_json(tool) for tool in state.tools]
    if state.said:
        out["said"] = sorted(state.said)
    if state.totals != _STATE.totals:
        out["totals"] = _totals_to_json(state.totals)
    return out


def state_from_json(data: Json) -> SessionState:
    """How a session stands, from ``data``; ValueError with the path of what is wrong."""
    data = whole(data)
    return SessionState(
        model=text(data, "model", ""),
        endpoint=text(data, "endpoint", "auto"),
        overrides=maybe(data, "overrides", _overrides) or {},
        own_system=maybe(data, "own_system", _own_system),
        tools=items(data, "tools", _tool),
        leaf=maybe_text(data, "leaf"),
        system=maybe_text(data, "system"),
        bound_from=count(data, "bound_from", 0),
        foreign_reasoning=word(data, "foreign_reasoning", _FOREIGN, "drop"),
        chosen_at=count(data, "chosen_at", 0),
        unpinned=flag(data, "unpinned"),
        said=frozenset(texts(data, "said")),
        refused=maybe_text(data, "refused"),
        totals=maybe(data, "totals", _totals) or _STATE.totals,
    )


def info_to_json(info: SessionInfo) -> Json:
    """What a list of sessions shows, as JSON."""
    out = {"id": info.id, **_changed(info, _INFO, _PLAIN_INFO)}
    if info.models:
        out["models"] = list(info.models)
    if info.totals != _INFO.totals:
        out["totals"] = _totals_to_json(info.totals)
    return out


def info_from_json(data: Json) -> SessionInfo:
    """What a list of sessions shows, from ``data``; ValueError with the path of what is wrong."""
    data = whole(data)
    return SessionInfo(
        id=text(data, "id"),
        title=text(data, "title", ""),
        titled_by=word(data, "titled_by", _TITLED_BY, "auto"),
        created=number(data, "created", 0.0),
        changed=number(data, "changed", 0.0),
        pinned=flag(data, "pinned"),
        archived=flag(data, "archived"),
        deleted_at=maybe_number(data, "deleted_at"),
        source=text(data, "source", ""),
        forked_from=maybe_text(data, "forked_from"),
        model=text(data, "model", ""),
        models=texts(data, "models"),
        messages=count(data, "messages", 0),
        forks=count(data, "forks", 0),
        totals=maybe(data, "totals", _totals) or _INFO.totals,
        is_open=flag(data, "is_open"),
    )


def _changed(value: object, default: object, names: tuple[str, ...]) -> Object:
    """These fields of ``value``, where they are not as in ``default``."""
    return {name: found for name in names if (found := getattr(value, name)) != getattr(default, name)}


def _totals_to_json(totals: Totals) -> Json:
    out: Object = {"turns": totals.turns, "steps": totals.steps, "usage": usage_to_json(totals.usage)}
    return out if totals.cost == UNKNOWN_COST else {**out, "cost": cost_to_json(totals.cost)}


def _totals(data: Json) -> Totals:
    data = whole(data)
    return Totals(
        count(data, "turns", 0),
        count(data, "steps", 0),
        maybe(data, "usage", usage_from_json) or Usage(),
        maybe(data, "cost", cost_from_json) or UNKNOWN_COST,
    )


def _tool_to_json(tool: ToolSpec) -> Json:
    return {"name": tool.name, "description": tool.description, "schema": tool.schema}


def _tool(data: Json) -> ToolSpec:
    data = whole(data)
    return ToolSpec(text(data, "name"), text(data, "description", ""), data.get("schema"))


def _own_system(data: Json) -> tuple[str | None]:
    if type(data) is not list or len(data) != 1 or not (data[0] is None or type(data[0]) is str):
        raise wrong("", "a list of one prompt", data)
    return (data[0],)


def _knob_to_json(value: Any) -> Json:
    if isinstance(value, OutputSchema):
        return {"name": value.name, "schema": value.schema}
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value


def _overrides(data: Json) -> Overrides:
    """What was set; a knob nobody knows any more is passed over."""
    data = whole(data)
    return {name: _knob(data, name) for name in data if name in _KNOBS}


def _knob(data: Object, name: str) -> Any:
    """The value set at ``name``, of a type its knob can have; None where it is set to nothing."""
    value = data[name]
    if value is None:
        return None
    match name:
        case "stop":
            return texts(data, name)
        case "schema":
            schema = object_at(data, name)
            return OutputSchema(text(schema, "name"), schema.get("schema"))
        case "extra":
            return object_at(data, name)
        case "headers":
            headers = object_at(data, name)
            return {key: text(headers, key) for key in headers}
        case "stream":
            return flag(data, name)
        case "max_tokens" | "top_k":
            return count(data, name)
        case "temperature" | "top_p":
            return number(data, name)
        case "thinking" if type(value) is int:
            return value
        case _:
            return text(data, name)
