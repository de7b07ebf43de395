"""What the engine needs from outside, as protocols; the composition root provides them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from tui.chat.route import Route, Served
from tui.wire.frame import Frame


class AnswerPort(Protocol):
    """One answer whose headers have arrived."""

    @property
    def served(self) -> Served:
        """Who answered, as the headers tell it."""
        ...

    def frames(self) -> AsyncGenerator[Frame, None]:
        """The frames as they come; CallFailed when it is no stream."""
        ...


class GatewayPort(Protocol):
    """Posts finished bytes."""

    @property
    def first_byte_timeout(self) -> float:
        """Seconds until the first frame at the latest."""
        ...

    @property
    def idle_timeout(self) -> float:
        """Seconds between two frames at the most."""
        ...

    async def ready(self) -> None:
        """Load what is needed to send, so that it does not count as waiting for the answer."""
        ...

    def open(
        self, route: Route, body: bytes, *, stream: bool, headers: Mapping[str, str] | None = None
    ) -> AbstractAsyncContextManager[AnswerPort]:
        """The answer once its headers are there; CallFailed on any refusal.

        ``headers`` go with the request where they are not those of the connection, the format or the key.
        """
        ...


@dataclass(frozen=True, slots=True)
class Clocks:
    """Time and names, injected so that tests and snapshots repeat exactly."""

    monotonic: Callable[[], float]
    """Seconds; only differences mean anything."""
    wall: Callable[[], float]
    """Unix time in seconds."""
    new_id: Callable[[], str]
