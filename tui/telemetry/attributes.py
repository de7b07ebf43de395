"""The attributes of spans by OpenTelemetry's conventions for generative AI; pure, nothing that was said.

What the conventions have no word for is below ``sightline.`` and ``litellm.``; unknown is left out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from tui.chat.events import Answering, StepFinished, StepStarted
from tui.chat.finding import Finding
from tui.chat.route import Route
from tui.chat.usage import Cost, Usage
from tui.secrets import without_known_shapes

Value = str | bool | int | float | tuple[str, ...]
Attributes = dict[str, Value]

LONGEST_BODY = 1_000_000
"""Bytes of a request that is looked into; parsing more would hold up the program."""
_VENDORS = {"gemini": "gcp.gemini", "vertex": "gcp.vertex_ai", "bedrock": "aws.bedrock", "xai": "x_ai"}
_PARAMS = {
    "max_tokens": ("max_tokens", "max_completion_tokens", "max_output_tokens"),
    "temperature": ("temperature",),
    "top_p": ("top_p",),
    "top_k": ("top_k",),
    "stream": ("stream",),
}


def of_request(session: str, event: StepStarted, body: Mapping[str, Any]) -> Attributes:
    """What is known when a request goes out; ``body`` is empty where it was too long to look into."""
    route = event.route
    found: Attributes = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": _VENDORS.get(route.vendor, route.vendor),
        "gen_ai.conversation.id": session,
        "gen_ai.request.model": route.wire_model,
        "sightline.route.endpoint": route.endpoint,
        "sightline.route.provider": route.provider,
        "sightline.requested": route.requested,
        "sightline.exchange.id": event.exchange,
        "sightline.turn": event.turn,
        "sightline.step": event.step,
        "sightline.request.bytes": len(event.body),
        **_server(route),
    }
    for name, words in _PARAMS.items():
        value = next((body[word] for word in words if body.get(word) is not None), None)
        if isinstance(value, bool | int | float):
            found[f"gen_ai.request.{name}"] = value
    stops = body.get("stop_sequences", body.get("stop"))
    texts = [stops] if isinstance(stops, str) else stops if isinstance(stops, list) else []
    if texts and all(isinstance(text, str) for text in texts):
        found["gen_ai.request.stop_sequences"] = tuple(texts)
    return found


def of_answer(event: Answering) -> Attributes:
    """What the headers of an answer tell of who made it."""
    served = event.served
    pairs: dict[str, str | int | None] = {
        "gen_ai.response.model": served.model,
        "litellm.call_id": served.call_id,
        "litellm.model_id": served.model_id,
        "litellm.model_group": served.group,
        "litellm.version": served.proxy_version,
        "litellm.attempted_retries": served.attempted_retries,
        "litellm.attempted_fallbacks": served.attempted_fallbacks,
    }
    return {name: value for name, value in pairs.items() if value is not None}


def of_end(event: StepFinished) -> Attributes:
    """What a step came to."""
    message = event.message
    found: Attributes = {
        "gen_ai.response.finish_reasons": (message.stop_raw or message.stop,),
        "sightline.seals.sent": event.seals_sent,
        "sightline.seals.received": event.seals_received,
        **of_usage(message.usage),
        **of_cost(message.cost),
    }
    if event.ttft_s is not None:
        found["gen_ai.response.time_to_first_chunk"] = event.ttft_s
    return found


def of_usage(usage: Usage | None) -> Attributes:
    """Tokens by bucket; input is everything that went in, cached or not."""
    if usage is None:
        return {}
    writes = [n for n in (usage.cache_write_5m, usage.cache_write_1h) if n is not None]
    pairs = {
        "input_tokens": usage.input_total,
        "output_tokens": usage.output,
        "cache_read.input_tokens": usage.cache_read,
        "cache_write.input_tokens": sum(writes) if writes else None,
        "reasoning.output_tokens": usage.reasoning,
    }
    return {f"gen_ai.usage.{name}": count for name, count in pairs.items() if count is not None}


def of_cost(cost: Cost) -> Attributes:
    """US dollars and where the figure comes from; no figure where nobody knows."""
    found: Attributes = {"sightline.cost.source": cost.source}
    if cost.usd is not None:
        # Two names: collectors that sum up costs look for the first.
        found |= {"gen_ai.usage.cost": float(cost.usd), "sightline.cost.usd": str(cost.usd)}
        found["sightline.cost.at_least"] = cost.at_least
    return found


def of_finding(finding: Finding) -> Attributes:
    """A remark of ours, for an event of its span."""
    pairs = {"says": finding.says, "path": finding.path, "mend": finding.mend}
    return {f"sightline.{name}": without_known_shapes(text) for name, text in pairs.items() if text}


def body_of(body: bytes) -> Mapping[str, Any]:
    """The request's JSON; empty where it is too long or none."""
    if len(body) > LONGEST_BODY:
        return {}
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _server(route: Route) -> Attributes:
    try:
        parts = urlsplit(route.base_url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return {}
    if not host:
        return {}
    return {"server.address": host, "server.port": port or (443 if parts.scheme == "https" else 80)}
