"""One tolerant GET of a discovery route: JSON or a remark, never an exception for what a server does."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tui.chat.catalog import Refusal
from tui.chat.parts import Json
from tui.gateway.client import Endpoint, Gateway
from tui.gateway.secrets import hide, masked, secrets_in

_MOST_BYTES = 64 * 1024 * 1024
_MOST_WORDS = 200


@dataclass(frozen=True, slots=True)
class Told:
    """What one route answered; ``status`` is None when nothing came back."""

    path: str
    status: int | None = None
    body: Json = None
    """The JSON value, numbers with a point as ``Decimal``; None when the answer was not JSON."""
    text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    error: Exception | None = None

    @property
    def ok(self) -> bool:
        """Whether JSON came back with status 200."""
        return self.status == 200 and self.body is not None

    @property
    def refusal(self) -> Refusal:
        """Why nothing usable came back."""
        return Refusal(self.path, self.status, self._says())

    def _says(self) -> str:
        if self.error is not None:
            return f"{type(self.error).__name__}: {self.error}"[:_MOST_WORDS]
        if self.status is not None and 300 <= self.status < 400:
            return f"redirects to {self.headers.get('location', 'elsewhere')}, which is not followed"
        error = self.body.get("error") if isinstance(self.body, dict) else None
        words = error.get("message") if isinstance(error, dict) else error
        if isinstance(words, str):
            return words[:_MOST_WORDS]
        return "the answer is not a list of models" if self.status == 200 else self.text[:_MOST_WORDS]


@asynccontextmanager
async def connection(endpoint: Endpoint) -> AsyncIterator[Any]:
    """An HTTP client that follows no redirect and reads no proxy variables of the environment."""
    await asyncio.to_thread(Gateway.warm)
    import httpx2

    verify: Any = ssl.create_default_context(cafile=endpoint.ca_file) if endpoint.ca_file else True
    timeout = httpx2.Timeout(None, connect=endpoint.connect_timeout)
    async with httpx2.AsyncClient(
        timeout=timeout, follow_redirects=False, trust_env=False, verify=verify
    ) as client:
        yield client


async def ask(client: Any, root: str, path: str, headers: Mapping[str, str], seconds: float) -> Told:
    """What ``root + path`` answers within ``seconds``."""
    import httpx2

    secrets = secrets_in(headers)
    try:
        async with asyncio.timeout(seconds), client.stream("GET", root + path, headers=headers) as response:
            raw = bytearray()
            async for piece in response.aiter_bytes():
                raw += piece
                if len(raw) > _MOST_BYTES:
                    raise ValueError(f"the answer is larger than {_MOST_BYTES // 2**20} MiB")
            text = masked(raw.decode("utf-8", "replace"), secrets)
            told = {name: masked(value, secrets) for name, value in response.headers.items()}
            return Told(path, response.status_code, parse(text), text, told)
    except TimeoutError:
        return Told(path, error=TimeoutError(f"no answer within {seconds:g} s"))
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as error:
        hide(error, secrets)
        return Told(path, error=error)


def parse(text: str) -> Json:
    """The JSON value of ``text`` with exact prices; None when it is not JSON."""
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_not_json)
    except (ValueError, ArithmeticError, RecursionError):
        return None


def _not_json(name: str) -> Json:
    raise ValueError(f"{name} is not JSON")


async def proxy_headers(endpoint: Endpoint) -> dict[str, str]:
    """The configured headers and the key the way a proxy or an OpenAI-like server takes it."""
    key = await asyncio.to_thread(endpoint.key)
    return {**endpoint.headers, **({"authorization": f"Bearer {key}"} if key else {})}


async def anthropic_headers(endpoint: Endpoint) -> dict[str, str]:
    """The configured headers and the key the way Anthropic's own API takes it."""
    key = await asyncio.to_thread(endpoint.key)
    own = {"anthropic-version": endpoint.anthropic_version, **({"x-api-key": key} if key else {})}
    return {**own, **endpoint.headers}
