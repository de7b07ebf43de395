"""The LiteLLM face's ``/v1/chat/completions``: any listed model, with the proxy's losses."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tui.sim.faces import (
    bridge_claude,
    bridge_errors,
    bridge_gemini,
    bridge_openai,
    bridge_responses,
)
from tui.sim.faces.bridge_parts import Bits, Delta, Opening, Spent, Whole
from tui.sim.faces.chat_dialect import CREATED
from tui.sim.faces.litellm import (
    Served,
    authorise,
    client_headers,
    cool_down,
    headers_of,
    pick,
    shaped,
    shown_name,
    timeout_of,
)
from tui.sim.faces.litellm_cost import booked
from tui.sim.faces.litellm_messages import parsed, prompt_of
from tui.sim.faces.litellm_params import unsupported
from tui.sim.refusal import Broken, Refusal
from tui.sim.state import SimState, state_of
from tui.sim.transport import Events, JsonReply, Played, Reply, SseEvent, StreamReply


async def chat_completions(state: SimState, headers: Mapping[str, str], raw: bytes) -> Reply:
    """Answer one call as the proxy does; raises ``Refusal``, ``Page`` or ``Broken``."""
    body = parsed(raw)
    authorise(state, headers)
    served = pick(
        state,
        body.get("model"),
        "openai",
        use_fallbacks=not body.get("disable_fallbacks"),
        prompt=prompt_of(body),
    )
    stream = bool(body.get("stream"))
    seconds = timeout_of(headers, stream=stream)
    try:
        async with asyncio.timeout(seconds):
            answer = await ask(state, body, served, dict(headers))
    except TimeoutError:
        said = f"litellm.Timeout: Request timed out after {seconds} seconds."
        raise shaped(408, said, "openai", headers={"x-litellm-timeout": str(seconds)}) from None
    except Refusal as refusal:
        if refusal.status in (401, 404):
            cool_down(state, served.deployment)
        raise bridge_errors.refused(refusal, served, stream=stream) from None
    except Broken as broken:
        if broken.whole_way:
            raise
        raise bridge_errors.crashed(served, stream=stream) from None
    if isinstance(answer, Whole):
        return _whole(answer, served)
    include = bool((body.get("stream_options") or {}).get("include_usage"))
    return StreamReply(_stream(answer, served, include), headers_of(served, stream=True))


async def ask(state: SimState, body: dict[str, Any], served: Served, headers: dict[str, str]) -> Bits | Whole:
    """Call the vendor behind the deployment, in its own dialect; raises the vendor's own refusal."""
    _check_own(body, served)
    deployment = served.deployment
    if deployment.broken:
        raise Refusal(
            500, {"type": "error", "error": {"type": "api_error", "message": "Internal server error"}}
        )
    if deployment.is_claude:
        return await bridge_claude.ask(state, body, deployment, headers)
    if deployment.provider == "gemini":
        return await bridge_gemini.ask(state, body, deployment.model)
    if deployment.provider == "openai" and bridge_responses.wanted(body, deployment.model):
        return await bridge_responses.ask(state, body, deployment.model)
    return await bridge_openai.ask(state, body, deployment.model, deployment.provider)


def _check_own(body: dict[str, Any], served: Served) -> None:
    """Raise what the proxy refuses by itself: no messages, a parameter it knows the model lacks."""
    messages = body.get("messages")
    if not isinstance(messages, list) or not all(isinstance(m, dict) and "role" in m for m in messages):
        raise bridge_errors.own("litellm.BadRequestError: Invalid 'messages': expected a list of messages.")
    said = unsupported(body, served.deployment)
    if said is not None:
        raise bridge_errors.own(said)


def _whole(answer: Whole, served: Served) -> JsonReply:
    choice = {"finish_reason": answer.finish, "index": 0, "message": answer.message}
    body = {
        "id": answer.opening.id,
        "created": CREATED,
        "model": shown_name(served),
        "object": "chat.completion",
        **answer.opening.extra,
        "choices": [choice],
        "usage": answer.spent.usage,
    }
    return JsonReply(body, headers_of(served, cost=booked(served, answer.spent.billed)))


async def _stream(bits: Bits, served: Served, include_usage: bool) -> Events:
    """The chunks of the answer; what goes wrong inside becomes an error followed by ``[DONE]``."""
    opening, began, done = Opening("chatcmpl-simulated", {}), False, False
    spent: Spent | None = None
    try:
        async for bit in bits:
            match bit:
                case Opening():
                    opening = bit
                case Delta(fields, finish):
                    # Only the first chunk says who speaks.
                    fields = {k: v for k, v in fields.items() if k != "role"}
                    if not began and finish is None:
                        fields, began = {"role": "assistant", **fields}, True
                    if not fields and finish is None:
                        continue
                    done = done or finish is not None
                    yield SseEvent(_chunk(opening, served, fields, finish))
                case Spent():
                    spent = bit
    except Refusal as refusal:
        yield bridge_errors.event(refusal, served)
        yield SseEvent("[DONE]")
        return
    except Broken as broken:
        if broken.whole_way:
            raise
        yield bridge_errors.event(None, served)
        yield SseEvent("[DONE]")
        return
    if not done:
        return
    if include_usage and spent is not None:
        yield SseEvent(_bill(opening, served, spent))
    yield SseEvent("[DONE]")


def _chunk(
    opening: Opening, served: Served, fields: dict[str, Any], finish: str | None = None
) -> dict[str, Any]:
    choice: dict[str, Any] = {"index": 0, "delta": fields}
    if finish is not None:
        choice = {"finish_reason": finish, **choice}
    return {
        "id": opening.id,
        "created": CREATED,
        "model": shown_name(served),
        "object": "chat.completion.chunk",
        "choices": [choice],
        **opening.extra,
    }


def _bill(opening: Opening, served: Served, spent: Spent) -> dict[str, Any]:
    """The last chunk: usage, and its cost where the proxy knows a price."""
    usage = dict(spent.usage)
    cost = booked(served, spent.billed)
    if cost is not None:
        usage["cost"] = float(cost)
    return {**_chunk(opening, served, {}), "usage": usage}


async def _endpoint(http: Request) -> Response:
    state, headers, raw = state_of(http), client_headers(http), await http.body()
    try:
        body: Any = json.loads(raw)
    except ValueError:
        body = raw.decode("utf-8", "replace")
    exchange = state.record("litellm", http.url.path, headers, body)
    return Played(lambda: chat_completions(state, headers, raw), exchange)


ROUTES = [
    Route("/v1/chat/completions", _endpoint, methods=["POST"]),
    Route("/chat/completions", _endpoint, methods=["POST"]),
]
