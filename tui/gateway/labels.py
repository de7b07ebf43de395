"""What lets a LiteLLM proxy's logs join ours: ids of the session and the call, and tags, in headers.

Measured on 1.106.2, on all three endpoints, streamed and whole: the proxy logs a call under the id in
``x-litellm-call-id`` and gives it back, takes ``x-litellm-session-id`` for the session and the trace,
and ``x-litellm-tags`` for tags. None of them goes on to the vendor, and the body stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from tui.chat.route import Route
from tui.gateway.client import Answer, Gateway

CALL, SESSION, TRACE, TAGS = (
    "x-litellm-call-id",
    "x-litellm-session-id",
    "x-litellm-trace-id",
    "x-litellm-tags",
)


@dataclass(frozen=True, slots=True)
class Labels:
    """What the calls of one session are labelled with."""

    session: str
    ids: bool = True
    tags: tuple[str, ...] = ()
    fixed: Collection[str] = ()
    """Names of headers that are configured for the proxy, in lower case: they stay as they are."""

    def on(self, route: Route, given: Mapping[str, str], new_id: Callable[[], str]) -> dict[str, str]:
        """``given`` with the labels a call over ``route`` carries; only a LiteLLM proxy gets any."""
        if not route.provider.startswith("litellm"):
            return dict(given)
        # One call, one id: what a request that is sent again carried names another.
        headers = {name: value for name, value in given.items() if name.lower() != CALL}
        taken = {name.lower() for name in headers} | set(self.fixed)
        own: dict[str, str] = {}
        if self.ids and CALL not in taken:
            own[CALL] = f"{self.session}-{new_id()}"
        if self.ids and not taken & {SESSION, TRACE}:
            own[SESSION] = self.session
        if self.tags and TAGS not in taken:
            own[TAGS] = ",".join(self.tags)
        return {**headers, **own}


class Labelled:
    """A gateway for one session, which labels what it sends."""

    def __init__(self, gateway: Gateway, labels: Labels, new_id: Callable[[], str]) -> None:
        self._gateway = gateway
        self._labels = labels
        self._new_id = new_id

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

    def open(
        self, route: Route, body: bytes, *, stream: bool, headers: Mapping[str, str] | None = None
    ) -> AbstractAsyncContextManager[Answer]:
        """As the gateway itself, with the labels among the headers."""
        labelled = self._labels.on(route, headers or {}, self._new_id)
        return self._gateway.open(route, body, stream=stream, headers=labelled)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._gateway.aclose()
