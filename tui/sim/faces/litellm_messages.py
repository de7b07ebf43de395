"""``/v1/messages`` of the LiteLLM face: what the proxy changes on the way to Claude and back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tui.sim.deployments import Deployment
from tui.sim.faces import anthropic
from tui.sim.faces.litellm import (
    Served,
    authorise,
    client_headers,
    cool_down,
    headers_of,
    pick,
    remarked,
    shaped,
    timeout_of,
    wrapped,
)
from tui.sim.faces.litellm_cost import booked
from tui.sim.faces.litellm_fit import fitted_messages, unmapped
from tui.sim.faces.litellm_heal import healed, is_healable, spoilt
from tui.sim.faces.litellm_params import claude_lacks
from tui.sim.refusal import Broken, Refusal
from tui.sim.state import SimState, state_of
from tui.sim.transport import Events, JsonReply, Played, Reply, SseEvent, StreamReply

_FORWARDED = frozenset(
    {
        "model",
        "max_tokens",
        "messages",
        "system",
        "tools",
        "tool_choice",
        "thinking",
        "stream",
        "temperature",
        "top_p",
        "top_k",
        "stop_sequences",
        "metadata",
        "cache_control",
        "output_config",
        "context_management",
        "mcp_servers",
        "container",
        "inference_geo",
    }
)
_CUT = "Response payload is not completed: <TransferEncodingError: 400, message='Not enough data'>"


async def messages(state: SimState, headers: Mapping[str, str], raw: bytes) -> Reply:
    """Answer one call of ``/v1/messages`` as the proxy does; raises ``Refusal``, ``Page`` or ``Broken``."""
    body = parsed(raw)
    authorise(state, headers)
    prompt = prompt_of(body)
    served = pick(
        state, body.get("model"), "messages", use_fallbacks=not body.get("disable_fallbacks"), prompt=prompt
    )
    if "max_tokens" not in body:
        raise shaped(400, "anthropic_messages: Missing required parameter: 'max_tokens'.", "messages")
    _only_claude(served)
    said = claude_lacks(body, served.deployment) or unmapped(body, served.deployment)
    if said is not None:
        raise shaped(400, remarked(said, served.requested), "messages")
    if served.deployment.broken:
        raise wrapped(_internal_error(), served)
    sent = outgoing(body, served.deployment)
    seconds = timeout_of(headers, stream=bool(body.get("stream")))
    try:
        async with asyncio.timeout(seconds):
            reply = await _healing(state, headers, sent, prompt)
    except TimeoutError:
        said = f"litellm.Timeout: AnthropicException - Request timed out after {seconds} seconds."
        raise shaped(408, said, "messages", headers={"x-litellm-timeout": str(seconds)}) from None
    except Refusal as refusal:
        if refusal.status in (401, 404):
            cool_down(state, served.deployment)
        raise wrapped(refusal, served) from None
    except Broken as broken:
        if broken.whole_way:
            raise
        said = f"litellm.InternalServerError: AnthropicException - {_CUT}"
        raise shaped(500, said, "messages") from None
    if isinstance(reply, StreamReply):
        passed = {f"llm_provider-{k}": v for k, v in reply.headers.items()}
        return StreamReply(_relayed(state, reply.events, served), headers_of(served, stream=True) | passed)
    return _whole(reply, served)


async def count_tokens(state: SimState, headers: Mapping[str, str], raw: bytes) -> Reply:
    """Answer one call of ``/v1/messages/count_tokens``."""
    body = parsed(raw)
    authorise(state, headers)
    served = pick(state, body.get("model"), "messages")
    _only_claude(served)
    sent = {k: v for k, v in outgoing(body, served.deployment).items() if k not in ("stream", "max_tokens")}
    try:
        reply = await _vendor(state, headers, sent, "/v1/messages/count_tokens")
    except Refusal as refusal:
        raise wrapped(refusal, served) from None
    assert isinstance(reply, JsonReply)
    return JsonReply({**reply.body, "litellm_count_source": "provider"}, headers_of(served))


def parsed(raw: bytes) -> dict[str, Any]:
    """The request's JSON object; raises the proxy's 400, in OpenAI's shape on every endpoint."""
    try:
        body = json.loads(raw.decode("utf-8"))
        if not isinstance(body, dict):
            raise ValueError("the body is not an object")
        json.dumps(body, ensure_ascii=False).encode("utf-8")
    except ValueError as error:
        raise shaped(400, f"Invalid JSON payload: {error}", "openai") from None
    return body


def prompt_of(body: Mapping[str, Any]) -> str:
    """The newest text of the user, for the words that steer the proxy itself; empty when there is none."""
    messages = body.get("messages")
    for message in reversed(messages if isinstance(messages, list) else []):
        if not isinstance(message, dict) or message.get("role") != "user":
            continue
        content = message.get("content")
        if isinstance(content, str):
            return content
        blocks = content if isinstance(content, list) else []
        texts = [b.get("text") for b in blocks if isinstance(b, dict) and b.get("type") == "text"]
        if texts:
            return "\n".join(str(t) for t in texts)
    return ""


def outgoing(body: Mapping[str, Any], deployment: Deployment) -> dict[str, Any]:
    """The body as the proxy sends it on: fields it knows, its own model id, its configured thinking."""
    sent = {k: v for k, v in body.items() if k in _FORWARDED} | {"model": deployment.model}
    if isinstance(sent.get("metadata"), dict):
        sent["metadata"] = {k: v for k, v in sent["metadata"].items() if k == "user_id"}
    if sent.get("thinking") is None:
        sent.pop("thinking", None)
        if deployment.thinking:
            sent["thinking"] = dict(deployment.thinking)
    configured = "thinking" in sent and body.get("thinking") is None
    return fitted_messages(sent, deployment, configured=configured)


async def _healing(state: SimState, headers: Mapping[str, str], sent: dict[str, Any], prompt: str) -> Reply:
    """Call the vendor; on a bad seal strip all thinking and call once more, without a word to the client."""
    try:
        return await _vendor(state, headers, spoilt(sent) if "self-heal" in prompt.lower() else sent)
    except Refusal as refusal:
        if not is_healable(refusal, sent):
            raise
    return await _vendor(state, headers, healed(sent))


async def _vendor(
    state: SimState, headers: Mapping[str, str], sent: dict[str, Any], path: str = "/v1/messages"
) -> Reply:
    forwarded = {
        "x-api-key": "simulated",
        "anthropic-version": headers.get("anthropic-version", "2023-06-01"),
    }
    betas = [b for b in headers.get("anthropic-beta", "").split(",") if b.strip()]
    if "context_management" in sent:
        betas.append("context-management-2025-06-27")
    if betas:
        forwarded["anthropic-beta"] = ",".join(betas)
    return await anthropic.call(state, forwarded, json.dumps(sent).encode(), path=path)


def _only_claude(served: Served) -> None:
    if served.deployment.is_claude:
        return
    # Newer real proxies bridge this; the simulated one keeps one road per vendor.
    raise shaped(
        400,
        f"litellm.BadRequestError: the simulated gateway serves {served.requested!r} "
        f"({served.deployment.upstream}) on /v1/chat/completions only",
        "messages",
    )


def _internal_error() -> Refusal:
    error = {"type": "api_error", "message": "Internal server error"}
    return Refusal(500, {"type": "error", "error": error})


def _whole(reply: JsonReply, served: Served) -> JsonReply:
    # After a fallback a whole answer shows the real model, a streamed one does not.
    name = served.deployment.model if served.fallbacks else served.requested
    headers = headers_of(served, cost=booked(served, reply.body["usage"]))
    del headers["x-litellm-model-api-base"]
    return JsonReply({**reply.body, "model": name}, headers)


async def _relayed(state: SimState, events: Events, served: Served) -> Events:
    """The vendor's events with the model renamed; a vendor that dies becomes an error event."""
    writes: dict[str, int] = {}
    try:
        async for event in events:
            data = event.data
            if event.event == "message_start":
                writes = data["message"]["usage"]["cache_creation"]
                message = {**data["message"], "model": served.requested}
                yield SseEvent({**data, "message": message}, event.event)
            elif event.event == "message_delta":
                cost = booked(served, {**data["usage"], "cache_creation": writes})
                told = {"cost": 0.0 if cost is None else float(cost)} if state.cost_in_stream else {}
                yield SseEvent({**data, "usage": {**data["usage"], **told}}, event.event)
            else:
                yield event
    except Broken as broken:
        if broken.whole_way:
            raise
        error = {"type": "api_error", "message": _CUT}
        yield SseEvent({"type": "error", "error": error}, "error")


async def _messages(http: Request) -> Response:
    state, headers, raw = state_of(http), client_headers(http), await http.body()
    return Played(lambda: messages(state, headers, raw), _record(state, "/v1/messages", headers, raw))


async def _count(http: Request) -> Response:
    state, headers, raw = state_of(http), client_headers(http), await http.body()
    record = _record(state, "/v1/messages/count_tokens", headers, raw)
    return Played(lambda: count_tokens(state, headers, raw), record)


def _record(state: SimState, path: str, headers: dict[str, str], raw: bytes) -> Any:
    try:
        body: Any = json.loads(raw)
    except ValueError:
        body = raw.decode("utf-8", "replace")
    return state.record("litellm", path, headers, body)


ROUTES = [
    Route("/v1/messages", _messages, methods=["POST"]),
    Route("/v1/messages/count_tokens", _count, methods=["POST"]),
]
