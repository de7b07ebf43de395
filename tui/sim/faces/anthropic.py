"""The simulated Anthropic: strict about every rule, below ``/vendor/anthropic``."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route

from tui.sim.faces.anthropic_answer import Answer, fold, scene_of
from tui.sim.faces.anthropic_cache import charge, total_tokens
from tui.sim.faces.anthropic_request import Request, refuse
from tui.sim.faces.anthropic_rules import check
from tui.sim.faces.anthropic_seals import Minter, verify
from tui.sim.faces.play import refused
from tui.sim.pace import Pacer
from tui.sim.refusal import Refusal
from tui.sim.script import Hold, write
from tui.sim.state import Exchange, SimState, state_of
from tui.sim.transport import JsonReply, Played, Reply, StreamReply

PREFIX = "/vendor/anthropic"
_REQUESTS_A_MINUTE = 4000
_NOT_JSON = "The request body is not valid JSON: "


async def answer(state: SimState, headers: Mapping[str, str], raw: bytes) -> Reply:
    """Answer one request of ``/v1/messages``; header names in lower case.

    Raises ``Refusal`` in Anthropic's shape, ``Page`` or ``Broken``; a stream may raise ``Broken`` later.
    """
    request = _read(state, headers, raw)
    body = {k: v for k, v in request.body.items() if k != "stream"}
    attempt = state.attempt("anthropic", body)
    beats = write(scene_of(request, attempt, state.seed))
    no = refused(beats)
    if no is not None:
        refuse(no.message, status=no.status, type=no.type, headers=no.headers)
    if isinstance(beats[0], Hold):
        await asyncio.Event().wait()
    text = json.dumps([body, attempt], sort_keys=True)
    id = "msg_01" + hashlib.sha256(state.secret + text.encode()).hexdigest()[:22]
    played = Answer(
        request, beats, Minter(state.seals, request, id), charge(request, state), Pacer(state.speed, id)
    )
    told = {"request-id": f"req_011C{id[6:26]}", **_limits(state)}
    if request.body.get("stream"):
        return StreamReply(played.events(), told)
    return JsonReply(await fold(played.events()), told)


def _limits(state: SimState) -> dict[str, str]:
    """What is left of the vendor's limit of requests a minute; nothing is refused when it is used up."""
    now = state.clock()
    state.asked.append(now)
    while now - state.asked[0] > 60:
        state.asked.popleft()
    limit = "anthropic-ratelimit-requests"
    left = max(_REQUESTS_A_MINUTE - len(state.asked), 0)
    return {f"{limit}-limit": str(_REQUESTS_A_MINUTE), f"{limit}-remaining": str(left)}


async def count(state: SimState, headers: Mapping[str, str], raw: bytes) -> Reply:
    """Answer one request of ``/v1/messages/count_tokens``: every rule holds, nothing is charged."""
    return JsonReply({"input_tokens": total_tokens(_read(state, headers, raw, counting=True))})


def recorded(state: SimState, path: str, headers: Mapping[str, str], raw: bytes) -> Exchange:
    """Note a request this face received; a body that is no JSON is noted as text."""
    try:
        body: Any = json.loads(raw)
    except ValueError:
        body = raw.decode("utf-8", "replace")
    return state.record("anthropic", path, dict(headers), body)


async def call(
    state: SimState, headers: Mapping[str, str], raw: bytes, *, path: str = "/v1/messages"
) -> Reply:
    """What a proxy in the same process does instead of an HTTP call: answer, and record the exchange."""
    exchange = recorded(state, path, headers, raw)
    try:
        reply = await (answer if path == "/v1/messages" else count)(state, headers, raw)
    except Refusal as refusal:
        exchange.outcome, exchange.status = f"refused: {refusal}", refusal.status
        raise
    exchange.outcome, exchange.status = "answered", 200
    return reply


def _read(state: SimState, headers: Mapping[str, str], raw: bytes, *, counting: bool = False) -> Request:
    if not (headers.get("x-api-key") or headers.get("authorization")):
        refuse("x-api-key header is required", status=401, type="authentication_error")
    if "wrong" in headers.get("x-api-key", ""):
        refuse("invalid x-api-key", status=401, type="authentication_error")
    version = headers.get("anthropic-version")
    if version is None:
        refuse("anthropic-version: header is required")
    betas = frozenset(b.strip() for b in headers.get("anthropic-beta", "").split(",") if b.strip())
    request = check(_json(raw), betas, version, counting=counting)
    verify(request, state.seals)
    return request


def _json(raw: bytes) -> Any:
    if len(raw) > 32 * 1024 * 1024:
        refuse("Request exceeds the maximum size", status=413, type="request_too_large")
    try:
        value = json.loads(raw.decode("utf-8"))
    except ValueError as error:
        refuse(f"{_NOT_JSON}{error}")
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        refuse(f"{_NOT_JSON}no low surrogate in string: line 1 column {error.start + 1} (char {error.start})")
    return value


async def _messages(http: HttpRequest) -> Response:
    state, headers, raw = state_of(http), dict(http.headers), await http.body()
    exchange = recorded(state, "/v1/messages", headers, raw)
    return Played(lambda: answer(state, headers, raw), exchange)


async def _count_tokens(http: HttpRequest) -> Response:
    state, headers, raw = state_of(http), dict(http.headers), await http.body()
    exchange = recorded(state, "/v1/messages/count_tokens", headers, raw)
    return Played(lambda: count(state, headers, raw), exchange)


ROUTES = [
    Route(f"{PREFIX}/v1/messages", _messages, methods=["POST"]),
    Route(f"{PREFIX}/v1/messages/count_tokens", _count_tokens, methods=["POST"]),
]
