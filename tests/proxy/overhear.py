"""Listens between the proxy and the program: keeps every frame the program's own gateway hands on."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tui.chat.frame import Frame, Headers
from tui.chat.record import Timing
from tui.chat.route import Route, Served
from tui.gateway.client import Answer, Gateway
from tui.gateway.labels import Labelled


@dataclass
class Heard:
    """One answer of the proxy, as the program got it."""

    answer: Answer
    kept: list[Frame] = field(default_factory=list)

    @property
    def served(self) -> Served:
        """Who answered, as the headers tell it."""
        return self.answer.served

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.answer.status

    @property
    def headers(self) -> Headers:
        """The answer's headers."""
        return self.answer.headers

    @property
    def request_headers(self) -> Headers:
        """What was sent."""
        return self.answer.request_headers

    @property
    def timing(self) -> Timing:
        """When the parts of the call were over."""
        return self.answer.timing

    async def frames(self) -> AsyncGenerator[Frame, None]:
        """The frames as they come, each kept."""
        async with aclosing(self.answer.frames()) as frames:
            async for frame in frames:
                self.kept.append(frame)
                yield frame

    @property
    def usage(self) -> dict[str, Any]:
        """Every usage field told in this answer, the last word of each; read without the program's codecs."""
        usage: dict[str, Any] = {}
        for frame in self.kept:
            if frame.data.startswith("{"):
                data = json.loads(frame.data)
                usage |= (data.get("message") or {}).get("usage") or {}
                usage |= data.get("usage") or {}
        return usage


class Overhearing:
    """The program's gateway with an ear at it."""

    def __init__(self, gateway: Gateway | Labelled) -> None:
        self._gateway = gateway
        self.heard: list[Heard] = []

    @property
    def first_byte_timeout(self) -> float:
        """Seconds until the first frame at the latest."""
        return self._gateway.first_byte_timeout

    @property
    def idle_timeout(self) -> float:
        """Seconds between two frames at the most."""
        return self._gateway.idle_timeout

    async def ready(self, *routes: Route) -> None:
        """As the gateway itself."""
        await self._gateway.ready(*routes)

    @asynccontextmanager
    async def open(
        self, route: Route, body: bytes, *, stream: bool, headers: Mapping[str, str] | None = None
    ) -> AsyncIterator[Heard]:
        """As the gateway itself, with every frame kept."""
        async with self._gateway.open(route, body, stream=stream, headers=headers) as answer:
            self.heard.append(Heard(answer))
            yield self.heard[-1]

    async def aclose(self) -> None:
        """Close every connection."""
        await self._gateway.aclose()
