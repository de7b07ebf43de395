"""What the engine needs from outside, as protocols; the composition root provides them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from tui.chat.finding import Finding
from tui.chat.frame import Frame, Headers
from tui.chat.parts import ToolResult
from tui.chat.record import CallFacts, Exchange, Node, SessionState, Timing, Wire
from tui.chat.route import Route, Served
from tui.chat.tree import Tree


class AnswerPort(Protocol):
    """One answer whose headers have arrived."""

    @property
    def served(self) -> Served:
        """Who answered, as the headers tell it."""
        ...

    @property
    def status(self) -> int:
        """The HTTP status."""
        ...

    @property
    def headers(self) -> Headers:
        """The answer's headers; secrets we sent are masked."""
        ...

    @property
    def request_headers(self) -> Headers:
        """What was really sent; secrets are masked."""
        ...

    @property
    def timing(self) -> Timing:
        """When the parts of the call were over, in seconds since the gateway was given it."""
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

    async def ready(self, *routes: Route) -> None:
        """Load what is needed to send on ``routes``, so that it does not count as waiting for the answer."""
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


class ExchangeWriter(Protocol):
    """Keeps one exchange while it runs. Frames never wait; what is awaited is durable when it returns."""

    def answering(self, exchange: Exchange, headers: Headers, request_headers: Headers) -> None:
        """The headers came; ``exchange`` now says status and who serves."""
        ...

    def frame(self, frame: Frame) -> None:
        """One frame, its ``at`` in seconds since the request went out; durable within 250 ms."""
        ...

    async def finish(self, exchange: Exchange, node: Node | None, state: SessionState) -> None:
        """The end: the exchange as it ended, with the message made of it, in one transaction."""
        ...


class SessionWriter(Protocol):
    """Where a session is kept. Nothing raises: a store that cannot write says so in ``trouble``.

    What it could not write it holds and writes with the next call that succeeds.
    """

    @property
    def trouble(self) -> Finding | None:
        """Why nothing is being kept now; None while all is well."""
        ...

    async def node(self, node: Node, state: SessionState) -> None:
        """A message that is complete, and how the session stands with it."""
        ...

    async def state(self, state: SessionState) -> None:
        """How the session stands now: another leaf, model, setting."""
        ...

    async def result(self, after: str, result: ToolResult, facts: CallFacts) -> None:
        """One call's result while others of answer ``after`` still run; their message supersedes it."""
        ...

    async def exchange(self, exchange: Exchange, body: bytes) -> ExchangeWriter:
        """A request that is about to go out with ``body``."""
        ...

    async def wire(self, exchange: str) -> Wire | None:
        """What went over the line for an exchange that has ended; None where it is not known."""
        ...

    async def nodes(self, leaf: str | None) -> tuple[Node, ...]:
        """The path from the root to ``leaf``."""
        ...

    async def tree(self) -> Tree:
        """All branches."""
        ...

    async def cut(self, id: str) -> None:
        """Delete a message and everything after it."""
        ...
