"""What kind of server a base URL leads to, found without a paid call.

``/health`` of a LiteLLM proxy calls every deployment for money, so it is never touched; the
routes asked here are free and need no key. Where a firewall hides them, the shape of the model
list tells.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from tui.chat.catalog import ServerKind
from tui.chat.parts import Json
from tui.gateway import failures
from tui.gateway.client import Endpoint
from tui.gateway.lookup import Told, anthropic_headers, ask, connection, proxy_headers
from tui.resolver import root_of

ALIVE = "/health/liveliness"
UI_CONFIG = "/.well-known/litellm-ui-config"
DETAILS = "/health/readiness/details"
SIMULATED = "x-sightline-simulated"


@dataclass(frozen=True, slots=True)
class Detected:
    """The server's kind, which evidence says so, its version where told, and whether it is our simulation."""

    kind: ServerKind
    because: str
    version: str | None = None
    simulated: bool = False


async def detect(base_url: str, endpoint: Endpoint, *, seconds: float = 10.0) -> Detected:
    """The kind of server behind ``base_url``; CallFailed when nothing answers there at all."""
    root = root_of(base_url)
    async with connection(endpoint) as client:
        alive, config = await asyncio.gather(
            ask(client, root, ALIVE, endpoint.headers, seconds),
            ask(client, root, UI_CONFIG, endpoint.headers, seconds),
        )
        if alive.status is None and config.status is None:
            raise failures.from_exception(alive.error or ConnectionError("no answer"), "connect")
        simulated = any(SIMULATED in told.headers for told in (alive, config))
        because = _litellm_evidence(alive, config)
        if because:
            details = await ask(client, root, DETAILS, await proxy_headers(endpoint), seconds)
            return Detected("litellm", because, _version(details), simulated)
        return await _by_lists(client, root, endpoint, seconds, simulated)


def _litellm_evidence(alive: Told, config: Told) -> str:
    if alive.ok and isinstance(alive.body, str) and "alive" in alive.body.lower():
        return f"{ALIVE} says it is a LiteLLM proxy"
    if (
        config.ok
        and isinstance(config.body, dict)
        and {"server_root_path", "proxy_base_url"} & set(config.body)
    ):
        return f"{UI_CONFIG} says it is a LiteLLM proxy"
    return ""


def _version(details: Told) -> str | None:
    version = details.body.get("litellm_version") if details.ok and isinstance(details.body, dict) else None
    return version if isinstance(version, str) else None


async def _by_lists(client: Any, root: str, endpoint: Endpoint, seconds: float, simulated: bool) -> Detected:
    """The kind by the shape of what the model lists answer, or of their refusals."""
    bearer = await proxy_headers(endpoint)
    info, openai, anthropic = await asyncio.gather(
        ask(client, root, "/model/info", bearer, seconds),
        ask(client, root, "/v1/models", bearer, seconds),
        ask(client, root, "/v1/models", await anthropic_headers(endpoint), seconds),
    )
    simulated = simulated or any(SIMULATED in told.headers for told in (info, openai, anthropic))
    if info.ok and _has_entries(info.body, "model_name"):
        return Detected("litellm", "/model/info answers as a LiteLLM proxy does", None, simulated)
    if _is_anthropic(anthropic.body):
        return Detected("anthropic", "/v1/models answers in Anthropic's shape", None, simulated)
    if _is_openai(openai.body):
        return Detected("openai", "/v1/models answers in OpenAI's shape", None, simulated)
    kind: ServerKind = "anthropic" if "anthropic" in root else "openai"
    return Detected(kind, f"nothing there tells its kind; judged by the URL {root}", None, simulated)


def _has_entries(body: Json, key: str) -> bool:
    data = body.get("data") if isinstance(body, dict) else None
    return isinstance(data, list) and any(isinstance(entry, dict) and key in entry for entry in data)


def _is_anthropic(body: Json) -> bool:
    if not isinstance(body, dict) or body.get("object") == "list":
        return False
    return (body.get("type") == "error" and isinstance(body.get("error"), dict)) or "has_more" in body


def _is_openai(body: Json) -> bool:
    return isinstance(body, dict) and (body.get("object") == "list" or isinstance(body.get("error"), dict))
