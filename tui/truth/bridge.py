"""Which road the proxy takes upstream for a call, and whether it translates on the way.

What follows is by rule, as measured on LiteLLM 1.80 and 1.106; what an answer carries of its road, such
as an id only one format has, confirms it or speaks against it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tui.chat.frame import Frame, Headers
from tui.chat.json_text import load_text
from tui.chat.parts import Dialect, Json
from tui.generations import accepts, is_claude
from tui.truth.asked import Asked

_MADE = re.compile(r"^(?:msg_|chatcmpl-)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
"""Ids the proxy makes up itself where it translates a stream; vendors' have no dashes."""
_PEEKED = 6
"""Frames among which an answer's id stands, if anywhere."""
NEW = (1, 106)
"""Since this version /v1/messages has a road of its own for other vendors than Claude's."""

MESSAGES, CHAT, RESPONSES, GENERATE = (
    "/v1/messages",
    "/v1/chat/completions",
    "/v1/responses",
    "generateContent",
)
_SPOKEN: dict[Dialect, str] = {"messages": MESSAGES, "chat": CHAT, "responses": RESPONSES}


@dataclass(frozen=True, slots=True)
class Bridge:
    """How a call goes on upstream."""

    road: str
    """The format spoken there, such as ``/v1/responses`` or ``Bedrock Converse``."""
    translated: bool
    sure: bool
    """Whether the answer itself shows it; else it is assumed by rule."""
    says: str
    """The evidence in words."""


def version_of(text: str | None) -> tuple[int, ...] | None:
    """``1.106.2`` as numbers, whatever follows them; None for anything else."""
    found = re.match(r"v?(\d{1,6}(?:\.\d{1,6})+)", text or "")
    return tuple(int(number) for number in found[1].split(".")) if found else None


def bridge_of(
    dialect: Dialect, upstream: str, vendor: str, generation: str, asked: Asked, version: str | None
) -> Bridge:
    """The road by rule, for a deployment whose model is ``upstream``."""
    told = version_of(version)
    is_old = told is not None and told < NEW
    road = _claude(dialect, upstream, vendor) if is_claude(generation) else None
    road = road or _other(dialect, vendor, generation, asked, is_old=is_old)
    native = {"Bedrock InvokeModel", "Vertex rawPredict", "/anthropic/v1/messages"}
    translated = road != _SPOKEN[dialect] and not (dialect == "messages" and road in native)
    since = " before 1.106" if is_old else ""
    says = f"by rule: on {_SPOKEN[dialect]} LiteLLM{since} calls {vendor} so"
    return Bridge(road, translated, False, says)


def _claude(dialect: Dialect, upstream: str, vendor: str) -> str | None:
    """Claude is spoken to in its own format by whoever runs it, but for Bedrock and others' platforms."""
    if vendor == "bedrock":
        converse = dialect != "messages" or "converse/" in upstream
        return "Bedrock Converse" if converse else "Bedrock InvokeModel"
    return {"anthropic": MESSAGES, "azure": MESSAGES, "vertex": "Vertex rawPredict"}.get(vendor)


def _other(dialect: Dialect, vendor: str, generation: str, asked: Asked, *, is_old: bool) -> str:
    if vendor in ("gemini", "vertex"):
        return GENERATE
    if dialect == "messages" and not is_old:
        own = {"openai": RESPONSES, "azure": RESPONSES, "deepseek": "/anthropic/v1/messages"}
        return own.get(vendor, CHAT)
    if dialect == "responses" and vendor in ("openai", "azure", "xai"):
        return RESPONSES
    if dialect == "chat" and vendor in ("openai", "azure"):
        effort = asked.effort not in (None, "none")
        return RESPONSES if accepts(generation).effort_with_tools and asked.tools and effort else CHAT
    return CHAT


def shown(bridge: Bridge, dialect: Dialect, headers: Headers, frames: Sequence[Frame]) -> Bridge:
    """``bridge`` held against what the answer shows of its road."""
    id = answer_id(frames)
    vendors_own = sorted(name for name, _ in headers if name in _VENDOR_IDS)
    told = f"its headers carry {vendors_own[0]}" if vendors_own else ""
    if dialect != "responses":
        if dialect == "messages" and id.startswith("chatcmpl-"):
            return Bridge(CHAT, True, True, f"the answer's id {_short(id)} is one of {CHAT}")
        if id.startswith("resp_"):
            return Bridge(RESPONSES, True, True, f"the answer's id {_short(id)} is one of {RESPONSES}")
        if _MADE.match(id):
            made = f"the answer's id {_short(id)} was made by the proxy, so it translated"
            road = f"; {bridge.road} is {bridge.says}"
            return Bridge(bridge.road, True, False, made + road)
        if dialect == "messages" and id.startswith("msg_") and not bridge.translated:
            return Bridge(bridge.road, False, True, f"the answer's id {_short(id)} is the vendor's own")
    if told:
        return Bridge(
            bridge.road, bridge.translated, False, f"{bridge.says}; {told}, so the vendor was asked"
        )
    return bridge


_VENDOR_IDS = frozenset(
    {"llm_provider-request-id", "llm_provider-x-request-id", "llm_provider-openai-processing-ms"}
)


def answer_id(frames: Sequence[Frame]) -> str:
    """The id the answer calls itself by; empty where its first frames have none."""
    for frame in frames[:_PEEKED]:
        try:
            value = load_text(frame.data)
        except ValueError:
            continue
        for holder in (value, _inside(value, "message"), _inside(value, "response")):
            id = _inside(holder, "id")
            if isinstance(id, str) and id:
                return id
    return ""


def _inside(value: Json, key: str) -> Json:
    return value.get(key) if isinstance(value, dict) else None


def _short(id: str) -> str:
    return id if len(id) <= 24 else f"{id[:20]}…"
