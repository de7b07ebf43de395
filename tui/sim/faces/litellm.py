"""What all routes of the LiteLLM face share: the key check, picking a deployment, headers, error texts."""

from __future__ import annotations

import json
import math
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from starlette.requests import Request

from tui.sim.deployments import LISTED, Deployment, deployments_of
from tui.sim.ledger import Ledger
from tui.sim.refusal import Refusal
from tui.sim.state import VERSION, SimState

Dialect = Literal["messages", "openai"]
COOLDOWN_SECONDS = 5.0

_EXCEPTIONS = {
    400: ("BadRequestError", "invalid_request_error"),
    401: ("AuthenticationError", "authentication_error"),
    403: ("PermissionDeniedError", "permission_error"),
    404: ("NotFoundError", "not_found_error"),
    408: ("Timeout", "timeout_error"),
    429: ("RateLimitError", "rate_limit_error"),
}
_SPOKEN = {"anthropic": "Anthropic", "bedrock": "Bedrock"}


@dataclass(frozen=True, slots=True)
class Served:
    """Who answers one call, as the response headers tell it."""

    deployment: Deployment
    requested: str
    group: str
    """The listed name that answered; another than ``requested`` after a fallback."""
    fallbacks: int = 0
    retries: int = 0
    call_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    ledger: Ledger | None = field(default=None, compare=False)
    """Where the call is booked."""


def authorise(state: SimState, headers: Mapping[str, str]) -> None:
    """Check the client's key; raises a 401 in OpenAI's shape, on every route."""
    bearer = headers.get("authorization", "")
    given = (
        headers.get("x-litellm-api-key")
        or (bearer[7:] if bearer.lower().startswith("bearer ") else bearer)
        or headers.get("x-api-key", "")
    )
    if given.removeprefix("Bearer ") == state.master_key:
        return
    said = f"Received API Key = sk-...{given[-4:]}" if given else "No api key passed in"
    error = {
        "message": f"Authentication Error, Invalid proxy server token passed. {said}.",
        "type": "auth_error",
        "param": "key",
        "code": "401",
    }
    raise Refusal(401, {"error": error}, {"x-litellm-version": VERSION})


def pick(
    state: SimState, name: Any, dialect: Dialect, *, use_fallbacks: bool = True, prompt: str = ""
) -> Served:
    """The deployment that answers for ``name``; raises the router's 400 or cooldown 429.

    A group of several takes turns. ``fallback`` in ``prompt`` makes any model fall back to ``smart``, but
    for a deployment that is called by its id; ``proxy retries`` says that a first try failed.
    """
    if state.ledger is not None:
        state.ledger.check()
    found = deployments_of(name) if isinstance(name, str) else ()
    if not found:
        said = f"You passed in model={name}. There are no healthy deployments for this model"
        raise shaped(400, remarked(f"litellm.BadRequestError: {said}", name), dialect)
    now = state.clock()
    ready = [d for d in found if state.cooldowns.get(d.id, 0.0) <= now]
    if not ready:
        wait = math.ceil(min(state.cooldowns[d.id] for d in found) - now)
        raise _cooling(name, wait, dialect)
    chosen = ready[(state.count(f"pick {name}") - 1) % len(ready)]
    steered = "fallback" in prompt.lower() and name not in ("smart", chosen.id)
    retries = 1 if "proxy retries" in prompt.lower() else 0
    if use_fallbacks and (chosen.fallback or steered):
        target = chosen.fallback or "smart"
        return Served(deployments_of(target)[0], name, target, fallbacks=1, ledger=state.ledger)
    return Served(chosen, name, _group(chosen, name), retries=retries, ledger=state.ledger)


def _group(chosen: Deployment, name: str) -> str:
    """What the header calls the group: of what a pattern caught, or was called by its id, the name sent."""
    return name if chosen.name.endswith("*") or name == chosen.id else chosen.name


def shown_name(served: Served) -> str:
    """The model a stream names: what was asked for, or the group a fallback went to."""
    return served.group if served.fallbacks else served.requested


def timeout_of(headers: Mapping[str, str], *, stream: bool) -> float | None:
    """Seconds the client gives the proxy for a call; None when it sets no limit."""
    given = (stream and headers.get("x-litellm-stream-timeout")) or headers.get("x-litellm-timeout")
    try:
        return float(given) if given else None
    except ValueError:
        return None


def cool_down(state: SimState, deployment: Deployment) -> None:
    """Take a deployment out of service for everyone, as the router does after a vendor's 401 or 404."""
    state.cooldowns[deployment.id] = state.clock() + COOLDOWN_SECONDS


def headers_of(served: Served, *, cost: Decimal | None = None, stream: bool = False) -> dict[str, str]:
    """The ``x-litellm-*`` headers of an answer; ``cost`` appears only on whole answers.

    An unknown price is reported as 0.0, which cannot be told from free: so does the real proxy.
    """
    deployment = served.deployment
    headers = {
        "x-litellm-call-id": served.call_id,
        "x-litellm-model-id": deployment.id,
        "x-litellm-model-name": deployment.upstream,
        "x-litellm-model-group": served.group,
        "x-litellm-model-api-base": f"https://{deployment.provider}.simulated.invalid",
        "x-litellm-attempted-retries": str(served.retries),
        "x-litellm-attempted-fallbacks": str(served.fallbacks),
        "x-litellm-version": VERSION,
        "x-litellm-key-spend": "0.0",
        "x-litellm-overhead-duration-ms": "1.5",
    }
    if served.ledger is not None:
        headers |= served.ledger.headers()
    if stream:
        # The real proxy sends these before a token is counted; they mean nothing.
        for kind in ("original", "input", "output"):
            headers[f"x-litellm-response-cost-{kind}"] = "0.0"
    else:
        headers["x-litellm-response-cost"] = repr(float(cost)) if cost is not None else "0.0"
    return headers


def shaped(
    status: int,
    message: str,
    dialect: Dialect,
    *,
    type: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Refusal:
    """An error in the proxy's shape for the endpoint."""
    kind = type or _EXCEPTIONS.get(status, ("", "api_error"))[1]
    extra = {"x-litellm-version": VERSION, "x-litellm-call-id": str(uuid.uuid4()), **(headers or {})}
    if dialect == "messages":
        return Refusal(status, {"type": "error", "error": {"type": kind, "message": message}}, extra)
    param_free = {"message": message, "type": kind, "param": None, "code": str(status)}
    return Refusal(status, {"error": param_free}, extra)


def remarked(said: str, name: Any) -> str:
    """An error with what the router adds when it has nowhere else to go with a call of ``name``."""
    configured = ", ".join(d.name for d in LISTED if d.fallback)
    return (
        f"{said}\n\nLiteLLM: model group {name!r} failed with the error above and no fallback model group "
        "was found for it, so the request was not retried on another model. Fallbacks are configured for: "
        f"{configured}. Add a fallbacks entry for that model group (Router fallbacks or proxy "
        "router_settings.fallbacks) to retry on another model."
    )


def wrapped(refusal: Refusal, served: Served) -> Refusal:
    """A vendor's error as ``/v1/messages`` passes it on: its JSON in a sentence, overload turned into 500."""
    status = 500 if refusal.status >= 500 else refusal.status
    name = _EXCEPTIONS.get(status, ("InternalServerError", ""))[0]
    vendor = json.dumps(refusal.body, separators=(",", ":"))
    if status == 400 and "prompt is too long" in vendor:
        name = "ContextWindowExceededError"
    provider = _SPOKEN.get(served.deployment.provider, served.deployment.provider.capitalize())
    message = remarked(f"litellm.{name}: {provider}Exception - {vendor}", served.requested)
    headers = {
        "x-litellm-model-id": served.deployment.id,
        "x-litellm-model-group": served.group,
        "x-litellm-response-cost": "0",
        "x-litellm-attempted-retries": "2" if status >= 429 else "0",
        "x-litellm-attempted-fallbacks": str(served.fallbacks),
    }
    return shaped(status, message, "messages", headers=headers)


def client_headers(request: Request) -> dict[str, str]:
    """The request's headers, names in lower case."""
    return {k.lower(): v for k, v in request.headers.items()}


def _cooling(name: str, wait: int, dialect: Dialect) -> Refusal:
    sentence = (
        f"No deployments available for selected model, Try again in {wait} seconds. Passed model={name}. "
        "pre-call-checks=False, cooldown_list=['...']"
    )
    if dialect == "messages":
        return shaped(429, sentence, dialect)
    return shaped(
        429, sentence, dialect, type="all_deployments_in_cooldown", headers={"retry-after": str(wait)}
    )
