"""A request's parameters as what a user sets here; what has no setting of ours is named."""

from __future__ import annotations

from typing import Any

from tui.chat.parts import Json
from tui.chat.settings import OutputSchema, Overrides
from tui.imports.fields import number, obj, text, whole
from tui.imports.limits import quoted
from tui.imports.reading import Reading
from tui.imports.remarks import UNREAD

_EFFORTS = frozenset({"minimal", "low", "medium", "high", "xhigh", "max"})
_SILENT = frozenset({"model", "messages", "input", "instructions", "system", "tools", "stream", "user"})
_OURS = frozenset({"cache_control", "stream_options", "store", "include", "parallel_tool_calls", "n"})
"""What the program sends of its own accord, or means nothing to a conversation."""


def messages_overrides(body: dict[str, Json], reading: Reading) -> Overrides:
    """The settings in a request to /v1/messages."""
    out = _common(body)
    thinking, output = obj(body, "thinking"), obj(body, "output_config")
    match text(thinking, "type"):
        case "enabled":
            out["thinking"] = whole(thinking, "budget_tokens") or "on"
        case "adaptive":
            out["thinking"] = "on"
        case "disabled":
            out["thinking"] = "off"
    if text(thinking, "display") in ("summarized", "omitted"):
        out["display"] = thinking["display"]
    if text(output, "effort") in _EFFORTS:
        out["effort"] = output["effort"]
    if isinstance(schema := obj(output, "format").get("schema"), dict):
        out["schema"] = OutputSchema("answer", schema)
    if text(obj(body, "cache_control"), "ttl") == "1h":
        out["cache"] = "1h"
    _count(out, "max_tokens", body, "max_tokens")
    _stops(out, body.get("stop_sequences"))
    known = {"thinking", "output_config", "max_tokens", "stop_sequences"}
    _leftover(body, known, reading)
    return out


def chat_overrides(body: dict[str, Json], reading: Reading) -> Overrides:
    """The settings in a request to /v1/chat/completions."""
    out = _common(body)
    _effort(out, body.get("reasoning_effort"))
    thinking = obj(body, "thinking")
    if thinking:
        # Anthropic's own words, which the proxy passes on.
        same: dict[str, Json] = {key: body[key] for key in ("thinking", "output_config") if key in body}
        out |= {k: v for k, v in messages_overrides(same, reading).items() if k in ("thinking", "effort")}
    for name in ("max_tokens", "max_completion_tokens"):
        _count(out, "max_tokens", body, name)
    _stops(out, body.get("stop"))
    _schema(out, obj(obj(body, "response_format"), "json_schema"))
    known = {"reasoning_effort", "thinking", "output_config", "max_tokens", "max_completion_tokens", "stop"}
    _leftover(body, known | {"response_format"}, reading)
    return out


def responses_overrides(body: dict[str, Json], reading: Reading) -> Overrides:
    """The settings in a request to /v1/responses."""
    out = _common(body)
    _effort(out, obj(body, "reasoning").get("effort"))
    _count(out, "max_tokens", body, "max_output_tokens")
    _schema(out, obj(obj(body, "text"), "format"))
    _leftover(body, {"reasoning", "max_output_tokens", "text", "previous_response_id"}, reading)
    return out


def _common(body: dict[str, Json]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name in ("temperature", "top_p"):
        value = number(body.get(name))
        if value is not None and value >= 0:
            out[name] = value
    _count(out, "top_k", body, "top_k")
    if body.get("stream") is False:
        out["stream"] = False
    return out


def _count(out: dict[str, Any], name: str, body: dict[str, Json], key: str) -> None:
    if found := whole(body, key):
        out[name] = found


def _effort(out: dict[str, Any], value: Json) -> None:
    if value == "none":
        out["thinking"] = "off"
    elif isinstance(value, str) and value in _EFFORTS:
        out["thinking"] = value


def _stops(out: dict[str, Any], value: Json) -> None:
    stops = [value] if isinstance(value, str) else value
    if isinstance(stops, list) and stops and all(isinstance(stop, str) and stop for stop in stops):
        out["stop"] = tuple(stops)


def _schema(out: dict[str, Any], told: dict[str, Json]) -> None:
    if isinstance(told.get("schema"), dict):
        out["schema"] = OutputSchema(text(told, "name") or "answer", told["schema"])


def _leftover(body: dict[str, Json], known: set[str], reading: Reading) -> None:
    taken = _SILENT | _OURS | known | {"temperature", "top_p", "top_k"}
    left = [quoted(key, 40) for key, value in body.items() if key not in taken and value is not None]
    if left:
        named = ", ".join(sorted(left)[:12]) + (" …" if len(left) > 12 else "")
        says = f"Parameters of the request that are not taken over: {named}."
        reading.remarks.say(UNREAD, says, mend="/set sends any field with the next request")
