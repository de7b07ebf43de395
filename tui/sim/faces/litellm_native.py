"""``/v1/responses`` where the vendor has the endpoint itself: what the proxy changes on the way and back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from tui.sim.faces import responses
from tui.sim.faces.bridge_errors import LOST, failed_event, own
from tui.sim.faces.bridge_parts import billed, recorded
from tui.sim.faces.litellm import Served, headers_of, shown_name
from tui.sim.faces.litellm_cost import booked
from tui.sim.faces.litellm_ids import packed, unpacked
from tui.sim.faces.litellm_params import gpt_lacks
from tui.sim.refusal import Broken
from tui.sim.state import SimState
from tui.sim.transport import Events, JsonReply, Reply, SseEvent, StreamReply

VENDORS = ("openai", "xai")
_KNOWN_WORDS = """
    background context_management include input instructions max_output_tokens max_tool_calls metadata model
    parallel_tool_calls previous_response_id prompt prompt_cache_key prompt_cache_retention reasoning
    safety_identifier service_tier store stream stream_options temperature text tool_choice tools
    top_logprobs top_p truncation user
"""
_KNOWN = frozenset(_KNOWN_WORDS.split())
_FEWEST_TOKENS = 16
_UUID = re.compile(r"rs_[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_CALLS = {"function_call": "fc_", "custom_tool_call": "ctc_"}
_ENDED = (
    "litellm.APIConnectionError: {provider} closed the responses stream before any terminal event "
    "(response.completed, response.incomplete or response.failed)"
)
_NULLS = {
    "message": ("phase",),
    "function_call": ("caller", "namespace"),
}
_ALWAYS = """
    id created_at error incomplete_details instructions metadata model object output parallel_tool_calls
    temperature tool_choice tools top_p max_output_tokens previous_response_id reasoning status text
    truncation usage user store background service_tier
"""
_INPUT_DETAILS = (
    "audio_tokens",
    "cached_tokens",
    "cached_tokens_details",
    "image_tokens",
    "text_tokens",
    "video_tokens",
)
_OUTPUT_DETAILS = ("audio_tokens", "reasoning_tokens", "text_tokens")
_DONE = ("response.completed", "response.incomplete")


def is_native(served: Served) -> bool:
    """Whether the vendor behind this deployment has ``/v1/responses`` of its own."""
    return served.deployment.provider in VENDORS


async def answer(state: SimState, body: dict[str, Any], served: Served) -> Reply:
    """Ask the vendor; raises its ``Refusal``, or the proxy's own for what it knows the model lacks."""
    deployment = served.deployment
    sent = outgoing(body, served)
    vendor = deployment.vendor
    exchange = state.record(vendor, f"/vendor/{vendor}/v1/responses", {}, sent)
    reply = await recorded(exchange, responses.answer(state, sent, vendor, deployment.id))
    if isinstance(reply, StreamReply):
        passed = {f"llm_provider-{k}": v for k, v in reply.headers.items()}
        return StreamReply(_relayed(reply.events, served), headers_of(served, stream=True) | passed)
    cost = booked(served, _billed(reply.body["usage"]))
    headers = headers_of(served, cost=cost)
    if cost is None:
        del headers["x-litellm-response-cost"]
    return JsonReply(_whole(reply.body, served), headers)


def outgoing(body: Mapping[str, Any], served: Served) -> dict[str, Any]:
    """The body as the vendor gets it: known fields only, items another vendor's bridge made left out."""
    model = served.deployment.model
    sent = {k: v for k, v in body.items() if k in _KNOWN and v is not None} | {"model": model}
    if isinstance(sent.get("previous_response_id"), str):
        sent["previous_response_id"] = unpacked(sent["previous_response_id"])
    if served.deployment.provider == "xai":
        sent.pop("metadata", None)
        return sent
    if isinstance(sent.get("max_output_tokens"), int):
        sent["max_output_tokens"] = max(_FEWEST_TOKENS, sent["max_output_tokens"])
    reasoning = sent.get("reasoning")
    effort = reasoning.get("effort") if isinstance(reasoning, dict) else None
    said = gpt_lacks(sent, served.deployment, effort, "reasoning.effort")
    if said is not None:
        raise own(said)
    if isinstance(sent.get("input"), list):
        sent["input"] = [_item(item) for item in sent["input"] if not _minted_by_a_bridge(item)]
    return sent


def _minted_by_a_bridge(item: Any) -> bool:
    """Whether a reasoning item holds another vendor's thinking, which OpenAI could not read."""
    if not isinstance(item, dict) or item.get("type") != "reasoning":
        return False
    if _UUID.fullmatch(str(item.get("id"))):
        return True
    try:
        blocks = json.loads(item.get("encrypted_content") or "")
    except (TypeError, ValueError):
        return False
    return isinstance(blocks, list)


def _item(item: Any) -> Any:
    if not isinstance(item, dict):
        return item
    kept = {k: v for k, v in item.items() if k != "cache_control"}
    if kept.get("type") == "reasoning":
        kept = {k: v for k, v in kept.items() if v is not None}
    prefix = _CALLS.get(str(kept.get("type")))
    if prefix and not str(kept.get("id", prefix)).startswith(prefix):
        del kept["id"]
    return kept


def _whole(answered: dict[str, Any], served: Served) -> dict[str, Any]:
    """A whole answer with every field the proxy knows, null where the vendor said nothing."""
    body: dict[str, Any] = {word: answered.get(word) for word in _ALWAYS.split()}
    body["id"] = packed(served, answered["id"])
    body["model"] = served.deployment.model if served.fallbacks else served.requested
    body["output"] = [
        {**item, **{key: None for key in _NULLS.get(item["type"], ()) if key not in item}}
        for item in answered["output"]
    ]
    body["tools"] = [
        {**tool, "allowed_callers": None, "defer_loading": None, "output_schema": None}
        for tool in answered["tools"]
    ]
    usage = dict(answered["usage"])
    usage["input_tokens_details"] = dict.fromkeys(_INPUT_DETAILS) | usage["input_tokens_details"]
    usage["output_tokens_details"] = dict.fromkeys(_OUTPUT_DETAILS) | usage["output_tokens_details"]
    body["usage"] = {**usage, "cost": None}
    return body


async def _relayed(events: Events, served: Served) -> Events:
    """The vendor's events without their names and nulls; whatever ends otherwise becomes a failure."""
    response: dict[str, Any] = {}
    number = -1
    try:
        async for event in events:
            data = event.data
            if data["type"] == "response.failed":
                error = data["response"]["error"]
                yield failed_event(response, error["code"], error["message"], number + 1)
                yield SseEvent("[DONE]")
                return
            number = data["sequence_number"]
            if "response" in data:
                response = _bare(data["response"]) | {"id": packed(served, data["response"]["id"])}
                data = {**data, "response": response}
            if data["type"] in _DONE:
                cost = booked(served, _billed(response["usage"]))
                response["usage"] = {**response["usage"], **({} if cost is None else {"cost": float(cost)})}
            yield SseEvent({**data, "model": shown_name(served)})
            if data["type"] in _DONE:
                yield SseEvent("[DONE]")
                return
        lost = _ENDED.format(provider=served.deployment.provider)
    except Broken as broken:
        if broken.whole_way:
            raise
        lost = LOST
    yield failed_event(response, "server_error", lost, number + 1)
    yield SseEvent("[DONE]")


def _bare(value: Any) -> Any:
    """The same without fields that are null, as the proxy writes what it streams."""
    if isinstance(value, dict):
        kept = {k: v for k, v in value.items() if v is not None}
        # Inside what the client had sent nulls stay.
        return {k: v if k in ("reasoning", "text") else _bare(v) for k, v in kept.items()}
    return [_bare(entry) for entry in value] if isinstance(value, list) else value


def _billed(usage: dict[str, Any]) -> dict[str, Any]:
    cached = usage["input_tokens_details"]["cached_tokens"]
    return billed(usage["input_tokens"] - cached, usage["output_tokens"], cached)
