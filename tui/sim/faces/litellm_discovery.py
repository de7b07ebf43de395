"""The discovery routes of the LiteLLM face: who it is, which models it lists, what they cost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tui.sim.deployments import LISTED, Deployment
from tui.sim.faces.litellm import authorise, client_headers
from tui.sim.faces.litellm_params import supported
from tui.sim.generations import GENERATIONS, Generation
from tui.sim.refusal import Refusal
from tui.sim.state import VERSION, SimState, state_of
from tui.sim.transport import SIMULATED

_Answer = Callable[[SimState, Request], Any]

_SEEING = frozenset({"anthropic", "openai", "gemini", "xai"})
"""Vendors of whose models the proxy's list says that they take images."""
_READING = frozenset({"anthropic", "openai", "gemini"})
"""Vendors of whose models it says that they take PDFs."""


def _names() -> list[str]:
    return list(dict.fromkeys(d.name for d in LISTED))


def _first(name: str) -> Deployment:
    return next(d for d in LISTED if d.name == name)


def _float(price: Decimal | None) -> float | None:
    return None if price is None else float(price)


def _model_info(deployment: Deployment) -> dict[str, Any]:
    generation = deployment.generation
    known = generation is not None and generation.rates is not None
    rates = generation.rates if generation else None
    flag = True if known else None
    return {
        "id": deployment.id,
        "db_model": False,
        "key": deployment.model if known else None,
        "litellm_provider": "bedrock" if deployment.provider == "bedrock" else deployment.provider,
        "mode": "chat" if known else None,
        "max_tokens": generation.max_output if generation and known else None,
        "max_input_tokens": generation.context if generation and known else None,
        "max_output_tokens": generation.max_output if generation and known else None,
        "input_cost_per_token": _float(rates.input) if rates else None,
        "output_cost_per_token": _float(rates.output) if rates else None,
        "cache_read_input_token_cost": _float(rates.cache_read) if rates else None,
        "cache_creation_input_token_cost": _float(rates.cache_write) if rates else None,
        "cache_creation_input_token_cost_above_1hr": _float(rates.cache_write_1h) if rates else None,
        "supports_function_calling": flag,
        "supports_reasoning": generation.reasons if generation and known else None,
        "supports_vision": _told(generation, _SEEING) if known else None,
        "supports_prompt_caching": (rates.cache_read is not None) if rates else None,
        "supports_pdf_input": _told(generation, _READING) if known else None,
        "supports_response_schema": flag,
        "supported_endpoints": _endpoints(generation),
        "supported_openai_params": supported(deployment) if known else None,
    }


def _told(generation: Generation | None, vendors: frozenset[str]) -> bool | None:
    """What the proxy's list says of a capability: that a model has it, or nothing."""
    return True if generation and generation.vendor in vendors else None


def _endpoints(generation: Generation | None) -> list[str] | None:
    if generation is None or generation.vendor != "openai":
        return None
    return ["/v1/chat/completions", "/v1/responses"]


def _info(state: SimState, request: Request) -> Any:
    authorise(state, client_headers(request))
    base = str(request.base_url).rstrip("/")
    entries = []
    for deployment in LISTED:
        params: dict[str, Any] = {
            "model": deployment.upstream,
            "api_base": f"{base}/vendor/{deployment.vendor}",
            "custom_llm_provider": None,
            "use_in_pass_through": False,
        }
        if deployment.thinking is not None:
            params["thinking"] = deployment.thinking
        entries.append(
            {"model_name": deployment.name, "litellm_params": params, "model_info": _model_info(deployment)}
        )
    return {"data": entries}


def _groups(state: SimState, request: Request) -> Any:
    authorise(state, client_headers(request))
    groups = []
    for name in _names():
        members = [_model_info(d) for d in LISTED if d.name == name]
        group: dict[str, Any] = {
            "model_group": name,
            "providers": sorted({str(m["litellm_provider"]) for m in members}),
        }
        for key in ("max_input_tokens", "max_output_tokens", "input_cost_per_token", "output_cost_per_token"):
            group[key] = max((m[key] for m in members if m[key] is not None), default=None)
        group["mode"] = members[0]["mode"]
        for key in ("supports_function_calling", "supports_reasoning", "supports_vision"):
            group[key] = any(bool(m[key]) for m in members)
        groups.append(group)
    return {"data": groups}


def _models(state: SimState, request: Request) -> Any:
    headers = client_headers(request)
    authorise(state, headers)
    if "anthropic-version" in headers:
        data = [
            {"type": "model", "id": n, "display_name": n, "created_at": "2026-01-01T00:00:00Z"}
            for n in _names()
        ]
        return {"data": data, "has_more": False, "first_id": _names()[0], "last_id": _names()[-1]}
    fallbacks = request.query_params.get("include_metadata") == "true"
    return {"data": [_openai_entry(name, with_fallbacks=fallbacks) for name in _names()], "object": "list"}


def _openai_entry(name: str, *, with_fallbacks: bool = False) -> dict[str, Any]:
    info = _model_info(_first(name))
    entry: dict[str, Any] = {
        "id": name,
        "object": "model",
        "created": 1_677_610_602,
        # The real proxy says so of every model in its list.
        "owned_by": "openai",
        "mode": info["mode"],
        "max_input_tokens": info["max_input_tokens"],
        "max_output_tokens": info["max_output_tokens"],
    }
    if with_fallbacks:
        fallback = _first(name).fallback
        entry["metadata"] = {"fallbacks": [fallback] if fallback else []}
    return entry


def _model(state: SimState, request: Request) -> Any:
    authorise(state, client_headers(request))
    name = request.path_params["name"]
    if "/" in name or name not in _names():
        # Ids with a slash are listed, yet not found one by one.
        raise Refusal(404, {"detail": f"The model `{name}` does not exist"})
    return _openai_entry(name) | {"owned_by": _first(name).provider}


_UI_CONFIG = {
    "server_root_path": "/",
    "proxy_base_url": None,
    "auto_redirect_to_sso": False,
    "admin_ui_disabled": True,
    "simulated": True,
}
_READY = {"status": "healthy", "db": "Not connected"}


def _open(value: Any) -> _Answer:
    """An answer that is always the same and needs no key."""
    return lambda _state, _request: value


def _ready_details(state: SimState, request: Request) -> Any:
    authorise(state, client_headers(request))
    return {**_READY, "litellm_version": VERSION, "simulated": True}


def _health(state: SimState, _request: Request) -> Any:
    state.count("health")
    message = "GET /health calls every deployment and costs money; a client must never use it"
    raise Refusal(500, {"error": {"message": message, "type": "internal_server_error", "code": "500"}})


def _no_database(state: SimState, request: Request) -> Any:
    authorise(state, client_headers(request))
    error = {"message": "DB not connected. This route needs a database.", "type": "no_db", "code": "500"}
    raise Refusal(500, {"error": error})


def _key(state: SimState, request: Request) -> Any:
    if state.ledger is None:
        return _no_database(state, request)
    authorise(state, client_headers(request))
    return state.ledger.info()


def _logs(state: SimState, request: Request) -> Any:
    if state.ledger is None:
        return _no_database(state, request)
    authorise(state, client_headers(request))
    return state.ledger.found(request.query_params.get("request_id"))


def _prices(_state: SimState, _request: Request) -> Any:
    """The public list of prices, which needs no key: one entry a model, by the vendors' own names."""
    named = {generation.name: generation for generation in GENERATIONS.values()}
    named |= {d.model: d.generation for d in LISTED if d.generation is not None}
    return {
        name: {
            "input_cost_per_token": _float(generation.rates.input),
            "output_cost_per_token": _float(generation.rates.output),
            "cache_read_input_token_cost": _float(generation.rates.cache_read),
            "cache_creation_input_token_cost": _float(generation.rates.cache_write),
            "cache_creation_input_token_cost_above_1hr": _float(generation.rates.cache_write_1h),
            "litellm_provider": generation.vendor,
            "mode": "chat",
        }
        for name, generation in named.items()
        if generation.rates is not None
    }


def _route(path: str, answer: _Answer) -> Route:
    async def endpoint(request: Request) -> Response:
        state = state_of(request)
        state.count(f"GET {path}")
        try:
            return JSONResponse(answer(state, request), headers=SIMULATED)
        except Refusal as refusal:
            return JSONResponse(refusal.body, refusal.status, {**SIMULATED, **refusal.headers})

    handler: Callable[[Request], Awaitable[Response]] = endpoint
    return Route(path, handler, methods=["GET"])


async def _front(_request: Request) -> Response:
    title = "LiteLLM API - Swagger UI (simulated by sightline)"
    return HTMLResponse(f"<!doctype html><title>{title}</title><h1>{title}</h1>", headers=SIMULATED)


ROUTES = [
    Route("/", _front, methods=["GET"]),
    *(_route(path, _open("I'm alive!")) for path in ("/health/liveliness", "/health/liveness")),
    _route("/health/readiness", _open(_READY)),
    _route("/health/readiness/details", _ready_details),
    _route("/health", _health),
    _route("/.well-known/litellm-ui-config", _open(_UI_CONFIG)),
    *(_route(path, _models) for path in ("/v1/models", "/models")),
    *(_route(path, _model) for path in ("/v1/models/{name:path}", "/models/{name:path}")),
    *(_route(path, _info) for path in ("/model/info", "/v1/model/info")),
    _route("/model_group/info", _groups),
    *(_route(path, _no_database) for path in ("/v2/model/info", "/user/info", "/team/info")),
    _route("/key/info", _key),
    _route("/spend/logs", _logs),
    _route("/public/litellm_model_cost_map", _prices),
]
