"""The HTTP routes of the simulated OpenAI, xAI, DeepSeek and Gemini, below ``/vendor``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tui.sim.faces import chat_dialect, gemini, responses
from tui.sim.faces.openai_refusal import error_body
from tui.sim.generations import GENERATIONS
from tui.sim.refusal import Refusal
from tui.sim.state import SimState, state_of
from tui.sim.transport import Played, Reply, body_of

Answer = Callable[[SimState, dict[str, Any]], Awaitable[Reply]]


def _routes() -> list[Route]:
    found: list[Route] = []
    for habits in (chat_dialect.OPENAI, chat_dialect.XAI, chat_dialect.DEEPSEEK):
        for base in (f"/vendor/{habits.vendor}", f"/vendor/{habits.vendor}/v1"):
            found.append(Route(f"{base}/chat/completions", _chat(habits), methods=["POST"]))
            found.append(Route(f"{base}/models", _models(habits.vendor), methods=["GET"]))
            if habits.vendor != "deepseek":
                found.append(Route(f"{base}/responses", _responses(habits.vendor), methods=["POST"]))
    google = "/vendor/gemini"
    return [
        *found,
        Route(google + "/models/{target}", _gemini, methods=["POST"]),
        Route(google + "/v1beta/models/{target}", _gemini, methods=["POST"]),
    ]


def _chat(habits: chat_dialect.Habits) -> Callable[[Request], Awaitable[Response]]:
    async def answer(state: SimState, body: dict[str, Any]) -> Reply:
        return await chat_dialect.answer(state, habits, body)

    async def endpoint(request: Request) -> Response:
        return _openai_like(request, habits.vendor, answer)

    return endpoint


def _responses(vendor: str) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        async def answer(state: SimState, body: dict[str, Any]) -> Reply:
            return await responses.answer(state, body, vendor, _key(request))

        return _openai_like(request, vendor, answer)

    return endpoint


def _key(request: Request) -> str:
    return request.headers.get("authorization", "").removeprefix("Bearer ").strip()


def _openai_like(request: Request, vendor: str, answer: Answer) -> Response:
    state = state_of(request)
    exchange = state.record(vendor, request.url.path, dict(request.headers), None)

    async def produce() -> Reply:
        _authorise(_key(request))
        try:
            exchange.body = await body_of(request)
        except ValueError:
            exchange.body = None
        if not isinstance(exchange.body, dict):
            message = "We could not parse the JSON body of your request."
            raise Refusal(400, error_body(message, "invalid_request_error"))
        return await answer(state, exchange.body)

    return Played(produce, exchange)


def _authorise(key: str) -> None:
    """Any key will do but none, and those with ``wrong`` in them."""
    if not key:
        message = (
            "You didn't provide an API key. You need to provide your API key in an Authorization header."
        )
        raise Refusal(401, error_body(message, "invalid_request_error"))
    if "wrong" in key:
        message = f"Incorrect API key provided: {key}."
        raise Refusal(401, error_body(message, "invalid_request_error", code="invalid_api_key"))


def _models(vendor: str) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        del request
        data = [
            {"id": name, "object": "model", "created": chat_dialect.CREATED, "owned_by": vendor}
            for name, generation in GENERATIONS.items()
            if generation.vendor == vendor
        ]
        return JSONResponse({"object": "list", "data": data})

    return endpoint


async def _gemini(request: Request) -> Response:
    state = state_of(request)
    exchange = state.record("gemini", request.url.path, dict(request.headers), None)
    model, _, method = request.path_params["target"].partition(":")

    async def produce() -> Reply:
        key = request.headers.get("x-goog-api-key") or request.query_params.get("key", "")
        gemini.authorise(key or request.headers.get("authorization", "").removeprefix("Bearer "))
        try:
            exchange.body = await body_of(request)
        except ValueError:
            exchange.body = None
        return await gemini.answer(state, model, method, exchange)

    return Played(produce, exchange)


ROUTES = _routes()
"""Every route of these four vendors."""
