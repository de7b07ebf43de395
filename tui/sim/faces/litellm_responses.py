"""``/v1/responses`` of the LiteLLM face: passed to vendors that have it, bridged over chat to the others.

Neither road names its events; only the ``response.failed`` the proxy itself makes has an ``event:`` line.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tui.sim.faces import bridge, bridge_errors, bridge_items, bridge_output, bridge_stream, litellm_native
from tui.sim.faces.bridge_parts import Whole
from tui.sim.faces.litellm import (
    Served,
    authorise,
    client_headers,
    cool_down,
    headers_of,
    pick,
    shaped,
    timeout_of,
)
from tui.sim.faces.litellm_cost import booked
from tui.sim.faces.litellm_messages import parsed
from tui.sim.faces.responses_rules import type_of
from tui.sim.refusal import Broken, Refusal
from tui.sim.state import SimState, state_of
from tui.sim.transport import JsonReply, Played, Reply, StreamReply


async def responses(state: SimState, headers: Mapping[str, str], raw: bytes) -> Reply:
    """Answer one call as the proxy does; raises ``Refusal``, ``Page`` or ``Broken``."""
    body = parsed(raw)
    authorise(state, headers)
    if "input" not in body:
        raise _missing("input")
    served = pick(
        state,
        body.get("model"),
        "openai",
        use_fallbacks=not body.get("disable_fallbacks"),
        prompt=prompt_of(body["input"]),
    )
    native = litellm_native.is_native(served)
    stream = bool(body.get("stream"))
    seconds = timeout_of(headers, stream=stream)
    try:
        async with asyncio.timeout(seconds):
            if served.deployment.broken:
                raise Refusal(500, _INTERNAL)
            if native:
                return await litellm_native.answer(state, body, served)
            return await _bridged(state, body, served, dict(headers))
    except TimeoutError:
        said = f"litellm.Timeout: Connection timed out. Timeout passed={seconds}."
        raise shaped(408, said, "openai", headers={"x-litellm-timeout": str(seconds)}) from None
    except Refusal as refusal:
        if refusal.status in (401, 404):
            cool_down(state, served.deployment)
        if stream and served.deployment.provider == "gemini" and not bridge_errors.is_own(refusal):
            # This vendor is asked only once the stream to the client is open.
            return StreamReply(bridge_stream.refused(refusal), _headers(served))
        raise bridge_errors.refused(refusal, served, stream=stream, endpoint="responses") from None
    except Broken as broken:
        if broken.whole_way:
            raise
        raise bridge_errors.crashed(served, stream=stream) from None


def prompt_of(items: Any) -> str:
    """The newest text of the user, for the words that steer the proxy itself; empty when there is none."""
    if isinstance(items, str):
        return items
    for item in reversed(items if isinstance(items, list) else []):
        if isinstance(item, dict) and type_of(item) == "message" and item.get("role") == "user":
            content = item.get("content")
            parts = content if isinstance(content, list) else [{"text": content}]
            return "\n".join(str(p.get("text") or "") for p in parts if isinstance(p, dict))
    return ""


async def _bridged(state: SimState, body: dict[str, Any], served: Served, headers: dict[str, str]) -> Reply:
    chat = bridge_items.translate(body)
    if served.deployment.thinking is not None:
        # Here, unlike on the chat endpoint, an effort does not replace the configured thinking.
        chat.setdefault("thinking", dict(served.deployment.thinking))
    answer = await bridge.ask(state, chat, served, headers)
    if isinstance(answer, Whole):
        cost = booked(served, answer.spent.billed)
        return JsonReply(bridge_output.whole(answer, body, served), headers_of(served, cost=cost))
    return StreamReply(bridge_stream.stream(answer, body, served), _headers(served))


def _headers(served: Served) -> dict[str, str]:
    told = headers_of(served, stream=True)
    del told["x-litellm-model-api-base"]
    return told


def _missing(name: str) -> Refusal:
    refusal = shaped(400, f"/responses: Missing required parameter: '{name}'.", "openai")
    refusal.body["error"]["param"] = name
    return refusal


_INTERNAL = {
    "error": {"message": "Internal server error", "type": "server_error", "param": None, "code": None}
}


async def _endpoint(http: Request) -> Response:
    state, headers, raw = state_of(http), client_headers(http), await http.body()
    try:
        body: Any = json.loads(raw)
    except ValueError:
        body = raw.decode("utf-8", "replace")
    exchange = state.record("litellm", http.url.path, headers, body)
    return Played(lambda: responses(state, headers, raw), exchange)


ROUTES = [
    Route("/v1/responses", _endpoint, methods=["POST"]),
    Route("/responses", _endpoint, methods=["POST"]),
]
