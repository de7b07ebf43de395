"""A stored session on the simulated gateway, opened as a program does; by who is killed and who checks."""

import asyncio
import importlib
import time
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tui.chat.catalog import Catalog
from tui.chat.parts import Json
from tui.chat.record import SessionRecord
from tui.chat.route import Route
from tui.chat.settings import Settings
from tui.engine.ports import Clocks
from tui.engine.recovery import recover
from tui.engine.session import Choice, Session
from tui.gateway.client import Endpoint, Gateway
from tui.resolver import resolve
from tui.sim.state import MASTER_KEY
from tui.store.store import Store
from tui.tools.builtin import basic
from tui.tools.toolbox import Tool, Toolbox

TOOL_S = 0.15
"""How long a tool runs, so that a program can be killed meanwhile."""


class Slow:
    """A tool that takes its time."""

    def __init__(self, tool: Tool, seconds: float) -> None:
        self.spec = tool.spec
        self._tool, self._seconds = tool, seconds

    async def run(self, arguments: Mapping[str, Json]) -> str:
        await asyncio.sleep(self._seconds)
        return await self._tool.run(arguments)


def toolbox(seconds: float = 0.0) -> Toolbox:
    tools = basic(lambda: datetime(2026, 11, 22, 12, 0, tzinfo=UTC))
    return Toolbox(Slow(tool, seconds * (place + 1)) for place, tool in enumerate(tools))


def gateway() -> Gateway:
    return Gateway(Endpoint(key=lambda: MASTER_KEY, first_byte_timeout=30, idle_timeout=30), time.monotonic)


def warm() -> None:
    """Load both SDKs, so that the time of a turn is that of its answer."""
    Gateway.warm()
    for name in ("anthropic", "openai"):
        importlib.import_module(name)


def open_store(path: Path) -> Store:
    return Store.open(path, time.time)


async def reopened(store: Store, id: str) -> SessionRecord | None:
    """The session as it is kept, with what a dead program left made whole; None when there is none."""
    if not any(hit.info.id == id for hit in store.sessions()):
        return None
    left = await asyncio.to_thread(store.pending, id)
    record = await asyncio.to_thread(store.load, id)
    return await recover(left, record, store.writer(id))


def session(
    store: Store,
    id: str,
    url: str,
    model: str,
    through: Gateway,
    resumed: SessionRecord | None,
    tool_s: float = 0.0,
) -> Session:
    def route_for(name: str, endpoint: Any, catalog: Catalog, pin: str | None) -> Route:
        return resolve(name, catalog, (), pin, base_url=url, endpoint=endpoint)

    tools = toolbox(tool_s)
    return Session(
        gateway=through,
        route_for=route_for,
        settings_for=lambda _: Settings(thinking="high"),
        toolbox=tools,
        clocks=Clocks(time.monotonic, time.time, lambda: uuid.uuid4().hex[:12]),
        choice=Choice(model),
        catalog=Catalog(),
        id=id,
        writer=store.writer(id),
        resumed=resumed,
        available=tools,
    )
