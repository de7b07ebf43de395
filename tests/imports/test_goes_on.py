"""An imported request goes on at vendors that refuse what the real ones refuse, with its seals."""

import asyncio
import json
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from tests.imports.reading import imported
from tui.chat.catalog import Catalog
from tui.chat.events import Event, StepFinished, TurnFailed
from tui.chat.record import SessionRecord
from tui.chat.route import Route
from tui.chat.settings import Settings
from tui.engine.ports import Clocks
from tui.engine.session import Choice, Session
from tui.gateway.catalog import fetch_catalog
from tui.gateway.client import Endpoint, Gateway
from tui.gateway.detect import detect
from tui.resolver import resolve
from tui.sim.server import SimServer
from tui.sim.state import MASTER_KEY, SimState
from tui.tools.builtin import basic
from tui.tools.toolbox import Toolbox
from tui.wire.sealed import seals_in_request

ENDPOINT = Endpoint(key=lambda: MASTER_KEY)
PROMPTS = ["think hard: what is 17*23, and what time is it? parallel", "interleaved 5*6", "redacted 2*9"]
CASES = [
    ("messages", "anthropic/claude-sonnet-4-5-20250929", True),
    ("messages", "anthropic/claude-opus-4-7", True),
    ("messages", "anthropic/claude-fable-5-1", True),
    ("messages", "smart", True),
    ("chat", "anthropic/claude-sonnet-4-5-20250929", True),
    ("chat", "smart", True),
    ("chat", "deepseek/deepseek-reasoner", False),
    ("chat", "gemini/gemini-3-pro-preview", False),
    ("chat", "openai/gpt-5.1", False),
    ("responses", "anthropic/claude-sonnet-4-5-20250929", True),
    ("responses", "openai/gpt-5.1", False),
]
"""Endpoint, model, and whether its seals go back: OpenAI's only to the account that made them, which no body
tells; Gemini's ride on calls."""


@pytest.fixture(scope="module")
def server() -> Iterator[SimServer]:
    with SimServer(SimState(speed=0)) as server:
        yield server


@pytest.fixture(scope="module")
def catalog(server: SimServer) -> Catalog:
    async def found() -> Catalog:
        return await fetch_catalog(server.url, ENDPOINT, await detect(server.url, ENDPOINT))

    return asyncio.run(found())


def session_on(
    gateway: Gateway,
    server: SimServer,
    catalog: Catalog,
    choice: Choice,
    resumed: SessionRecord | None = None,
) -> Session:
    """A session on the simulated gateway, a new one or one that goes on."""

    def route_for(model: str, endpoint: Any, catalog: Catalog, pin: str | None) -> Route:
        return resolve(model, catalog, (), pin, base_url=server.url, endpoint=endpoint)

    tools = Toolbox(basic(lambda: datetime(2026, 11, 22, 12, 0, tzinfo=UTC)))
    return Session(
        gateway=gateway,
        route_for=route_for,
        settings_for=lambda route: Settings(thinking="on" if "claude" in route.generation else None),
        toolbox=tools,
        clocks=Clocks(time.monotonic, time.time, lambda: uuid.uuid4().hex),
        choice=choice,
        catalog=catalog,
        resumed=resumed,
        available=tools if resumed else None,
    )


async def say(session: Session, text: str) -> list[Event]:
    events = [event async for event in session.send(text)]
    failed = [event.error for event in events if isinstance(event, TurnFailed)]
    assert not failed, failed
    return events


@pytest.mark.parametrize(("endpoint", "model", "keeps"), CASES)
async def test_the_last_request_of_a_session_goes_on_with_its_seals(
    server: SimServer, catalog: Catalog, endpoint: str, model: str, keeps: bool
) -> None:
    gateway = Gateway(ENDPOINT, time.monotonic)
    try:
        first = session_on(gateway, server, catalog, Choice(model, endpoint))
        for prompt in PROMPTS:
            await say(first, prompt)
        body = server.state.seen("litellm")[-1].body
        where = "input" if endpoint == "responses" else "messages"
        found = imported(
            json.dumps(body),
            route_for=lambda name, endpoint: resolve(
                name, catalog, base_url=server.url, endpoint=cast("Any", endpoint)
            ),
        )
        assert found.format == endpoint
        so_far = len(server.state.exchanges)
        second = session_on(gateway, server, catalog, Choice(model, endpoint), found.record)
        events = await say(second, "and what is 3*4?")
        sent = next(e for e in server.state.exchanges[so_far:] if e.face == "litellm").body
        outcomes = {exchange.outcome for exchange in server.state.exchanges[so_far:]}
        assert not [outcome for outcome in outcomes if outcome.startswith("refused")], outcomes
        steps = [event for event in events if isinstance(event, StepFinished)]
        was = json.dumps(body[where][:-1])[:-1]
        if keeps or endpoint == "chat":
            assert json.dumps(sent[where]).startswith(was)
        sealed = len(seals_in_request(cast("Any", endpoint), json.dumps(body).encode()))
        assert steps[0].seals_sent >= (sealed if keeps else 0)
        assert sealed or not keeps
        assert sent["tools"] == body["tools"]
    finally:
        await gateway.aclose()
