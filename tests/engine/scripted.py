"""A gateway that plays frames from a list: for moments no real socket can be made to hit."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import Any

from tui.chat.catalog import Catalog, Price
from tui.chat.events import Event
from tui.chat.frame import Frame, Headers
from tui.chat.record import SessionRecord, Timing
from tui.chat.route import Accepts, Route, Served
from tui.chat.settings import Settings
from tui.engine.ports import Clocks, SessionWriter
from tui.engine.session import Choice, Session
from tui.engine.spending import Spending
from tui.tools.toolbox import Toolbox

Item = dict[str, Any] | Exception | Callable[[], Awaitable[None]]
"""A frame's JSON, an error to raise, or something to await."""


@dataclass
class ScriptedAnswer:
    items: list[Item]
    served: Served
    status: int = 200
    headers: Headers = (("content-type", "text/event-stream"),)
    request_headers: Headers = (("content-type", "application/json"),)
    timing: Timing = field(default_factory=Timing)

    async def frames(self) -> AsyncGenerator[Frame, None]:
        for item in self.items:
            if isinstance(item, Exception):
                raise item
            if callable(item):
                await item()
                continue
            yield Frame(item["type"], json.dumps(item), 0.0)


@dataclass
class ScriptedGateway:
    answers: list[list[Item] | Exception]
    served: Served = field(default_factory=Served)
    first_byte_timeout: float = 5.0
    idle_timeout: float = 5.0
    requests: list[dict[str, Any]] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    open_answers: int = 0

    async def ready(self, *routes: Route) -> None:
        return

    @asynccontextmanager
    async def open(
        self, route: Route, body: bytes, *, stream: bool, headers: Mapping[str, str] | None = None
    ) -> AsyncIterator[ScriptedAnswer]:
        self.requests.append(json.loads(body))
        self.headers.append(dict(headers or {}))
        self.routes.append(route)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        self.open_answers += 1
        try:
            yield ScriptedAnswer(answer, self.served)
        finally:
            self.open_answers -= 1


def text_block(index: int, text: str) -> list[Item]:
    return [
        {"type": "content_block_start", "index": index, "content_block": {"type": "text", "text": ""}},
        *(
            {"type": "content_block_delta", "index": index, "delta": {"type": "text_delta", "text": piece}}
            for piece in (text[:3], text[3:])
            if piece
        ),
        {"type": "content_block_stop", "index": index},
    ]


def thinking_block(index: int, text: str, signature: str) -> list[Item]:
    start = {"type": "thinking", "thinking": "", "signature": ""}
    deltas = [
        {"type": "thinking_delta", "thinking": text},
        {"type": "signature_delta", "signature": signature},
    ]
    return [
        {"type": "content_block_start", "index": index, "content_block": start},
        *({"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas),
        {"type": "content_block_stop", "index": index},
    ]


def call_block(index: int, id: str, name: str, arguments: str) -> list[Item]:
    start = {"type": "tool_use", "id": id, "name": name, "input": {}}
    delta = {"type": "input_json_delta", "partial_json": arguments}
    return [
        {"type": "content_block_start", "index": index, "content_block": start},
        {"type": "content_block_delta", "index": index, "delta": delta},
        {"type": "content_block_stop", "index": index},
    ]


def opening(input_tokens: int = 100) -> Item:
    usage = {"input_tokens": input_tokens, "output_tokens": 1}
    return {
        "type": "message_start",
        "message": {"id": "msg_1", "type": "message", "role": "assistant", "content": [], "usage": usage},
    }


def closing(stop: str = "end_turn", output_tokens: int = 10) -> list[Item]:
    return [
        {"type": "message_delta", "delta": {"stop_reason": stop}, "usage": {"output_tokens": output_tokens}},
        {"type": "message_stop"},
    ]


def answer(*blocks: list[Item], stop: str = "end_turn") -> list[Item]:
    return [opening(), *(item for block in blocks for item in block), *closing(stop)]


PRICE = Price(input=Decimal("0.001"), output=Decimal("0.002"))


def route(model: str = "smart", **changes: Any) -> Route:
    fields: dict[str, Any] = {
        "requested": model,
        "provider": "litellm-anthropic",
        "base_url": "http://127.0.0.1:1",
        "wire_model": model,
        "upstream": "anthropic/claude-opus-4-5",
        "vendor": "anthropic",
        "generation": "claude-opus-4-5",
        "accepts": Accepts(thinking=frozenset({"enabled", "disabled"})),
        "price": PRICE,
    }
    return Route(**{**fields, **changes})


def session(
    gateway: ScriptedGateway,
    *,
    toolbox: Toolbox | None = None,
    writer: SessionWriter | None = None,
    resumed: SessionRecord | None = None,
    available: Toolbox | None = None,
    prefix: str = "id",
    spending: Spending | None = None,
    **changes: Any,
) -> Session:
    ids = count(1)

    def route_for(model: str, endpoint: str, catalog: Catalog, pin: str | None) -> Route:
        if pin is not None:
            return route(model, **{**changes, "pinned": pin, "wire_model": pin})
        return route(model, **changes)

    loop = asyncio.get_running_loop()
    return Session(
        gateway=gateway,
        route_for=route_for,
        settings_for=lambda _: Settings(),
        toolbox=toolbox or Toolbox(),
        clocks=Clocks(loop.time, lambda: 1_700_000_000.0, lambda: f"{prefix}{next(ids)}"),
        choice=Choice("smart"),
        catalog=Catalog(),
        max_steps=5,
        writer=writer,
        resumed=resumed,
        available=available,
        spending=spending,
    )


async def collect(events: AsyncIterator[Event]) -> list[Event]:
    return [event async for event in events]
