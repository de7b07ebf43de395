"""What was copied is really run: curl sends the very bytes, Python an equal body, on all three endpoints."""

import asyncio
import json
import subprocess
import sys
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import tui.sim.server
from tests.exchanges.curl import path_with_curl
from tui.chat.catalog import Catalog
from tui.chat.record import Exchange, Wire
from tui.chat.route import Route
from tui.chat.settings import Settings
from tui.engine.ports import Clocks
from tui.engine.session import Choice, Session
from tui.exchanges.copy_as import copy_as
from tui.exchanges.sent import KEY_VARIABLE
from tui.gateway.catalog import fetch_catalog
from tui.gateway.client import Endpoint, Gateway
from tui.gateway.detect import detect
from tui.resolver import resolve
from tui.sim.server import SimServer
from tui.sim.state import MASTER_KEY, SimState
from tui.tools.builtin import basic
from tui.tools.toolbox import Toolbox

PROMPT = "Think hard: what is 17 * 23? Use the tools. 'quoted' \\ \"é😀\" %s $HOME \x7f\u202e"
ENDPOINTS = ("messages", "chat", "responses")
Message = dict[str, Any]


class Recorder:
    """Notes each body that arrives, then lets the application have it."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.calls: list[tuple[str, dict[str, str], bytes]] = []

    async def __call__(self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.calls.append((scope["path"], headers, body))
        waiting = [{"type": "http.request", "body": body, "more_body": False}]

        async def again() -> Message:
            return waiting.pop() if waiting else await receive()

        await self._app(scope, again, send)


@pytest.fixture(scope="module")
def recorder() -> Iterator[tuple[SimServer, Recorder]]:
    build, found = tui.sim.server.build_app, []

    def recorded(state: SimState) -> Any:
        found.append(Recorder(build(state)))
        return found[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tui.sim.server, "build_app", recorded)
        server = SimServer(SimState(speed=0))
    with server:
        yield server, found[0]


async def exchanges(url: str) -> dict[str, tuple[Exchange, Wire]]:
    """The last request of a tool loop on each endpoint, as this program sent it."""
    endpoint = Endpoint(key=lambda: MASTER_KEY, headers={"x-team": "it's blue"})
    catalog = await fetch_catalog(url, endpoint, await detect(url, endpoint))
    gateway = Gateway(endpoint, time.monotonic)
    out = {}
    for name in ENDPOINTS:

        def route_for(model: str, wanted: Any, known: Catalog, pin: str | None) -> Route:
            return resolve(model, known, (), pin, base_url=url, endpoint=wanted)

        session = Session(
            gateway=gateway,
            route_for=route_for,
            settings_for=lambda _, name=name: Settings(stream=name != "chat"),  # type: ignore[misc]
            toolbox=Toolbox(basic(lambda: datetime(2026, 11, 22, 12, 0, tzinfo=UTC))),
            clocks=Clocks(time.monotonic, time.time, lambda: uuid.uuid4().hex),
            choice=Choice("anthropic/claude-sonnet-4-5-20250929", name),
            catalog=catalog,
        )
        async for _ in session.send(PROMPT):
            pass
        last = list(session.log.values())[-1]
        wire = await session.wire(last.id)
        assert wire is not None
        out[name] = last, wire
    await gateway.aclose()
    return out


def test_copied_requests_are_run(recorder: tuple[SimServer, Recorder], tmp_path: Path) -> None:
    server, seen = recorder
    made = asyncio.run(exchanges(server.url))
    environment = {"PATH": path_with_curl(tmp_path), KEY_VARIABLE: MASTER_KEY, "HOME": str(tmp_path)}
    for name, (exchange, wire) in made.items():
        copied = copy_as("curl", exchange, wire, [MASTER_KEY]).text
        assert MASTER_KEY not in copied
        before = len(seen.calls)
        ran = subprocess.run(["sh", "-c", copied], env=environment, capture_output=True, check=True)
        ((path, headers, body),) = seen.calls[before:]
        assert (name, path, body) == (name, exchange.route.endpoint, wire.body)
        assert headers["x-team"] == "it's blue"
        assert b"error" not in ran.stdout[:200]
        assert len(ran.stdout) > 100
    programs = {}
    for name, (exchange, wire) in made.items():
        program = tmp_path / f"{name}.py"
        program.write_text(copy_as("python", exchange, wire, [MASTER_KEY]).text)
        programs[name] = subprocess.Popen(
            [sys.executable, str(program)], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
    for name, running in programs.items():
        out, error = running.communicate(timeout=60)
        assert running.returncode == 0, error.decode()
        assert len(out) > 100, name
    for exchange, wire in made.values():
        bodies = [body for path, _, body in seen.calls if path == exchange.route.endpoint]
        assert json.loads(bodies[-1]) == json.loads(wire.body)
