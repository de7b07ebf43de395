"""Whole turns over real sockets against vendors that refuse what the real ones refuse."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from tui.chat.catalog import Catalog
from tui.chat.events import Event, StepFinished, TurnFailed, TurnFinished
from tui.chat.route import Route
from tui.chat.settings import Settings
from tui.engine.ports import Clocks
from tui.engine.session import Choice, Session
from tui.errors import SightlineError
from tui.gateway.catalog import fetch_catalog
from tui.gateway.client import Endpoint, Gateway
from tui.gateway.detect import detect
from tui.resolver import resolve
from tui.sim.server import SimServer
from tui.sim.state import MASTER_KEY, SimState
from tui.tools.builtin import read_only

MODELS = [
    "smart",
    "anthropic/claude-sonnet-4-5-20250929",
    "anthropic/claude-opus-4-7",
    "anthropic/claude-fable-5-1",
    "openai/gpt-5.1",
    "openai/gpt-5.5",
    "gemini/gemini-3-pro-preview",
    "xai/grok-4",
    "deepseek/deepseek-reasoner",
    "mixed",
    "flaky",
]


@pytest.fixture(scope="module")
def server() -> Iterator[SimServer]:
    with SimServer(SimState(speed=0)) as server:
        yield server


@pytest.fixture(scope="module")
def catalog(server: SimServer) -> Catalog:
    endpoint = Endpoint(key=lambda: MASTER_KEY)

    async def read() -> Catalog:
        return await fetch_catalog(server.url, endpoint, await detect(server.url, endpoint))

    return asyncio.run(read())


class Desk:
    """One gateway and the sessions made on it."""

    def __init__(self, url: str, catalog: Catalog, endpoint: Endpoint) -> None:
        self._url = url
        self._catalog = catalog
        self.gateway = Gateway(endpoint, time.monotonic)

    def session(self, model: str, settings: Settings | None = None, endpoint: str = "auto") -> Session:
        def route_for(model: str, endpoint: Any, catalog: Catalog, pin: str | None) -> Route:
            return resolve(model, catalog, (), pin, base_url=self._url, endpoint=endpoint)

        return Session(
            gateway=self.gateway,
            route_for=route_for,
            settings_for=lambda _: settings or Settings(),
            toolbox=read_only(lambda: datetime(2026, 11, 22, 12, 0, tzinfo=UTC)),
            clocks=Clocks(time.monotonic, time.time, lambda: uuid.uuid4().hex),
            choice=Choice(model, endpoint),
            catalog=self._catalog,
        )


@asynccontextmanager
async def desk(server: SimServer, catalog: Catalog, **times: float) -> AsyncIterator[Desk]:
    """A desk whose connections are closed; whatever still runs afterwards is a leak."""
    before = asyncio.all_tasks()
    opened = Desk(server.url, catalog, Endpoint(key=lambda: MASTER_KEY, **times))  # type: ignore[arg-type]
    try:
        yield opened
    finally:
        await opened.gateway.aclose()
    assert asyncio.all_tasks() == before


async def say(session: Session, text: str) -> list[Event]:
    return [event async for event in session.send(text)]


def stop_of(events: list[Event]) -> str:
    last = events[-1]
    assert isinstance(last, TurnFinished)
    return last.stop


def error_of(events: list[Event]) -> SightlineError | None:
    return next((e.error for e in events if isinstance(e, TurnFailed)), None)


async def stopped_at(session: Session, text: str, position: int) -> list[Event]:
    seen: list[Event] = []
    async for event in session.send(text):
        if len(seen) == position:
            session.stop()
        seen.append(event)
    return seen


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("model", MODELS)
async def test_a_stop_at_any_event_is_a_stop_and_the_next_prompt_is_taken(
    server: SimServer, catalog: Catalog, model: str, stream: bool
) -> None:
    prompt = "think hard: what is 17*23, and what time is it? parallel"
    async with desk(server, catalog) as at:
        position, count = 0, 1
        while position < count:
            session = at.session(model, Settings(stream=stream))
            seen = await stopped_at(session, prompt, position)
            count = len(seen)
            last = session.conversation.last_answer
            whole = last is not None and last.stop == "end"
            assert stop_of(seen) == ("end" if whole else "cancelled")
            after = await say(session, "and what is 3*4?")
            assert (error_of(after), stop_of(after)) == (None, "end"), position
            # Every event is a point of its own, but pieces of one text are much alike.
            position += 1 if position < 12 else 3
        assert count > 8
