"""How faces answer: JSON or server-sent events, cut or abandoned as real connections are."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Receive, Scope, Send

from tui.sim.refusal import Broken, Page, Refusal
from tui.sim.state import Exchange

SIMULATED = {"x-sightline-simulated": "1"}


@dataclass(frozen=True, slots=True)
class SseEvent:
    """One server-sent event; ``data`` is dumped as JSON unless it is text (such as ``[DONE]``)."""

    data: Any
    event: str | None = None

    def encode(self) -> bytes:
        """The event's bytes, with its closing blank line."""
        data = self.data if isinstance(self.data, str) else json.dumps(self.data, separators=(",", ":"))
        head = f"event: {self.event}\n" if self.event else ""
        return f"{head}data: {data}\n\n".encode()


Events: TypeAlias = AsyncIterator[SseEvent]


@dataclass(frozen=True, slots=True)
class JsonReply:
    """A whole answer."""

    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True, slots=True)
class StreamReply:
    """A streamed answer; the iterator may raise ``Broken``."""

    events: Events
    headers: Mapping[str, str] = field(default_factory=dict)


Reply: TypeAlias = JsonReply | StreamReply
Produce: TypeAlias = Callable[[], Awaitable[Reply]]


class Played(Response):
    """Plays what ``produce`` makes, and stops it when the client goes away.

    ``Refusal`` becomes its JSON, ``Page`` becomes HTML, ``Broken`` leaves the body unfinished so that
    the server closes the socket.
    """

    def __init__(self, produce: Produce, exchange: Exchange | None = None) -> None:
        super().__init__()
        self._produce = produce
        self._exchange = exchange or Exchange("", "", {}, None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        playing = asyncio.create_task(self._play(scope, receive, send))
        leaving = asyncio.create_task(_client_gone(receive))
        try:
            await asyncio.wait({playing, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if not playing.done():
                self._exchange.outcome = "cancelled"
        finally:
            for task in (playing, leaving):
                task.cancel()
            results = await asyncio.gather(playing, leaving, return_exceptions=True)
        if isinstance(results[0], Exception):
            raise results[0]

    async def _play(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = self._exchange
        try:
            reply = await self._produce()
        except Refusal as refusal:
            exchange.outcome, exchange.status = f"refused: {refusal}", refusal.status
            whole: Response = JSONResponse(refusal.body, refusal.status, {**SIMULATED, **refusal.headers})
        except Page as page:
            exchange.outcome, exchange.status = "answered", 200
            whole = HTMLResponse(page.html, 200, SIMULATED)
        except Broken:
            exchange.outcome = "cut"
            await _begin_and_leave(send)
            return
        else:
            exchange.status = 200
            if isinstance(reply, StreamReply):
                exchange.outcome = await _stream(reply, send)
                return
            exchange.outcome, exchange.status = "answered", reply.status
            whole = JSONResponse(reply.body, reply.status, {**SIMULATED, **reply.headers})
        await whole(scope, receive, send)


async def body_of(request: Request) -> Any:
    """The request's JSON body; raises ``ValueError`` when it is not strict UTF-8 JSON."""
    return json.loads((await request.body()).decode("utf-8"))


async def _stream(reply: StreamReply, send: Send) -> str:
    """Send all events; gives the exchange's outcome."""
    headers = {"content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache"}
    headers |= {**SIMULATED, **reply.headers}
    raw = [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in headers.items()]
    await send({"type": "http.response.start", "status": 200, "headers": raw})
    try:
        async for event in reply.events:
            await send({"type": "http.response.body", "body": event.encode(), "more_body": True})
    except Broken:
        await send({"type": "http.response.body", "body": b"event: content_block_del", "more_body": True})
        return "cut"
    await send({"type": "http.response.body", "body": b"", "more_body": False})
    return "answered"


async def _begin_and_leave(send: Send) -> None:
    """Promise more of a whole answer than ever comes; the server then closes the socket."""
    headers = [(b"content-type", b"application/json"), (b"content-length", b"4096")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b'{"id": "', "more_body": True})


async def _client_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
