"""Whole turns over real sockets against vendors that refuse what the real ones refuse."""

import asyncio
import random
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.engine.recording import RecordingWriter
from tui.chat.catalog import Catalog
from tui.chat.events import Event, StepFinished, StepStarted, TurnFailed, TurnFinished
from tui.chat.frame import WHOLE_BODY
from tui.chat.route import Route, Target
from tui.chat.settings import Settings
from tui.engine.ports import Clocks, SessionWriter
from tui.engine.session import Choice, Session
from tui.errors import SightlineError, UsageError
from tui.gateway.catalog import fetch_catalog
from tui.gateway.client import Endpoint, Gateway
from tui.gateway.detect import detect
from tui.resolver import resolve
from tui.sim.server import SimServer
from tui.sim.state import MASTER_KEY, SimState
from tui.tools.builtin import basic
from tui.tools.toolbox import Toolbox

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

    def session(
        self,
        model: str,
        settings: Settings | None = None,
        endpoint: str = "auto",
        writer: SessionWriter | None = None,
    ) -> Session:
        def route_for(model: str, endpoint: Any, catalog: Catalog, pin: str | None) -> Route:
            return resolve(model, catalog, (), pin, base_url=self._url, endpoint=endpoint)

        return Session(
            gateway=self.gateway,
            route_for=route_for,
            settings_for=lambda _: settings or Settings(),
            toolbox=Toolbox(basic(lambda: datetime(2026, 11, 22, 12, 0, tzinfo=UTC))),
            clocks=Clocks(time.monotonic, time.time, lambda: uuid.uuid4().hex),
            choice=Choice(model, endpoint),
            catalog=self._catalog,
            writer=writer,
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


async def test_switching_models_at_random_is_never_refused_and_keeps_prefixes(catalog: Catalog) -> None:
    prompts = [
        "what is 12*7?",
        "what time is it? parallel 3*4",
        "interleaved: 5*6",
        "redacted 2*9",
        "two thoughts 7*7",
        "empty signed 3*3",
        "thinking-text-thinking 8*2",
        "unicode",
        "bad json 2*2",
        "max tokens",
        "refusal",
    ]
    draw = random.Random(7)
    sent: dict[Target, list[Any]] = {}
    with SimServer(SimState(speed=0)) as server:
        async with desk(server, catalog) as at:
            session = at.session("smart")
            for _ in range(30):
                session.switch(draw.choice([model for model in MODELS if model != "flaky"]))
                before = len(server.state.seen("litellm"))
                async for event in session.send(draw.choice(prompts)):
                    assert not isinstance(event, TurnFailed), event.error
                    if isinstance(event, StepStarted):
                        target = event.route.target
                    if isinstance(event, StepFinished):
                        messages = server.state.seen("litellm")[before:][-1].body["messages"]
                        earlier = sent.get(target, [])
                        assert messages[: len(earlier)] == earlier
                        sent[target] = messages
        assert len(sent) >= 9
        outcomes = {exchange.outcome for exchange in server.state.exchanges}
        # The proxy would hide a refused seal by stripping all thinking; the vendor's own word counts.
        assert not [outcome for outcome in outcomes if outcome.startswith("refused")]


FAULTS = [
    ("cut stream", "stream-cut", "proxy", 5),
    ("clean cut", "stream-cut", "proxy", 5),
    ("upstream cut", "stream-cut", "vendor", 5),
    ("error midstream", "overloaded", "vendor", 4),
    ("hang", "timeout-first-byte", "proxy", 3),
    ("hang midway", "timeout-idle", "proxy", 5),
    ("html", "not-a-stream", "proxy", 5),
    ("error 400", "bad-request", "vendor", 4),
    ("error 403", "vendor-key-refused", "vendor", 4),
    ("error 429", "rate-limited", "vendor", 4),
    ("error 529", "overloaded", "vendor", 4),
    ("too long", "context-overflow", "vendor", 4),
    ("what is 2*3? html after tools", "not-a-stream", "proxy", 5),
    ("what is 2*3? cut after tools", "stream-cut", "proxy", 5),
]


@pytest.mark.parametrize("model", ["smart", "gemini/gemini-3-pro-preview"])
@pytest.mark.parametrize(("words", "cls", "layer", "code"), FAULTS)
async def test_a_fault_has_its_class_and_the_session_goes_on(
    server: SimServer, catalog: Catalog, model: str, words: str, cls: str, layer: str, code: int
) -> None:
    times = {"first_byte_timeout": 1.0, "idle_timeout": 1.0} if "hang" in words else {}
    async with desk(server, catalog, **times) as at:
        session = at.session(model)
        events = await say(session, words)
        error = error_of(events)
        assert error is not None
        assert (error.cls, error.layer, error.exit_code) == (cls, layer, code)
        after = await say(session, "and what is 3*4?")
        assert (error_of(after), stop_of(after)) == (None, "end")


async def test_two_sessions_share_a_gateway(server: SimServer, catalog: Catalog) -> None:
    async with desk(server, catalog) as at:
        first, second = at.session("smart"), at.session("openai/gpt-5.1")
        turns = await asyncio.gather(say(first, "what is 17*23?"), say(second, "what is 2*3?"))
        assert [stop_of(turn) for turn in turns] == ["end", "end"]
        assert "391" in first.conversation.messages[-1].text  # type: ignore[union-attr]


def test_a_gateway_outlives_its_event_loop(server: SimServer, catalog: Catalog) -> None:
    endpoint = Endpoint(key=lambda: MASTER_KEY)
    at = Desk(server.url, catalog, endpoint)
    session = at.session("smart")

    async def turn() -> str:
        events = await say(session, "what is 2*3?")
        await at.gateway.aclose()
        return stop_of(events)

    assert [asyncio.run(turn()) for _ in range(2)] == ["end", "end"]


@pytest.mark.parametrize("model", MODELS)
async def test_the_cost_is_the_proxys_figure_or_tokens_times_price(
    server: SimServer, catalog: Catalog, model: str
) -> None:
    async with desk(server, catalog) as at:
        for stream in (True, False):
            session = at.session(model, Settings(stream=stream))
            events = await say(session, "what is 17*23?")
            costs = [event.message.cost for event in events if isinstance(event, StepFinished)]
            assert len(costs) == 2
            assert all(cost.usd and not cost.at_least for cost in costs)
            assert {cost.source for cost in costs} <= {"proxy-header", "proxy-stream", "computed"}
            assert session.totals.cost.usd == sum(cost.usd for cost in costs if cost.usd is not None)


async def test_a_stop_before_the_first_byte_leaves_the_total_a_lower_bound(
    server: SimServer, catalog: Catalog
) -> None:
    async with desk(server, catalog) as at:
        session = at.session("smart")
        await say(session, "what is 17*23?")
        known = session.totals.cost
        assert not known.at_least
        seen: list[Event] = []
        async for event in session.send("hang"):
            seen.append(event)
            asyncio.get_running_loop().call_later(0.05, session.stop)
        assert stop_of(seen) == "cancelled"
        assert session.totals.cost == replace(known, at_least=True)
        assert session.totals.steps == 2


async def test_a_refused_step_costs_nothing(server: SimServer, catalog: Catalog) -> None:
    async with desk(server, catalog) as at:
        session = at.session("smart")
        await say(session, "error 400")
        assert session.totals.cost.usd is None
        events = await say(session, "what is 17*23? error 500 after tools")
        last = events[-1]
        assert isinstance(last, TurnFinished)
        assert last.cost.usd is not None
        assert not last.cost.at_least
        assert session.totals.cost == last.cost


async def test_a_retry_that_fails_keeps_the_partial_answer(server: SimServer, catalog: Catalog) -> None:
    async with desk(server, catalog) as at:
        session = at.session("openai/gpt-5.1")
        await say(session, "cut stream")
        before = session.conversation
        assert before.last_answer is not None
        server.state.master_key = "sk-changed"
        try:
            again = [event async for event in session.retry()]
        finally:
            server.state.master_key = MASTER_KEY
        assert error_of(again) is not None
        assert session.conversation == before
        assert stop_of([event async for event in session.retry()]) == "failed"


async def test_a_prompt_sent_while_a_turn_runs_leaves_no_trace(server: SimServer, catalog: Catalog) -> None:
    async with desk(server, catalog) as at:
        session = at.session("smart")
        async for _ in session.send("what is 2*3?"):
            held = session.conversation
            with pytest.raises(UsageError, match="a turn is running"):
                await say(session, "another")
            with pytest.raises(UsageError, match="a turn is running"):
                await anext(session.retry())
            assert session.conversation is held


async def test_a_switch_inside_a_broken_tool_loop_counts_for_the_retry(
    server: SimServer, catalog: Catalog
) -> None:
    async with desk(server, catalog) as at:
        session = at.session("smart")
        events = await say(session, "what is 17*23? error 500 after tools")
        assert stop_of(events) == "failed"
        assert session.conversation.in_tool_loop
        session.switch("anthropic/claude-opus-4-7")
        assert session.route.wire_model == "anthropic/claude-opus-4-7"
        again = [event async for event in session.retry()]
        routes = [event.route.requested for event in again if isinstance(event, StepStarted)]
        assert routes[0] == "anthropic/claude-opus-4-7"
        assert not [e for e in again if isinstance(e, StepStarted) and e.route.pinned]


@pytest.mark.parametrize(
    ("words", "status", "body"),
    [
        ("error 400", 400, "refuses this request because its prompt asks for it"),
        ("html", 200, "<h1>502 Bad Gateway</h1>"),
    ],
)
async def test_what_was_no_answer_is_kept_as_it_came(
    server: SimServer, catalog: Catalog, words: str, status: int, body: str
) -> None:
    async with desk(server, catalog) as at:
        writer = RecordingWriter()
        await say(at.session("smart", writer=writer), words)
    (kept,) = writer.exchanges.values()
    assert (kept.state, kept.status) == ("failed", status)
    assert kept.wire is not None
    assert body in "".join(frame.data for frame in kept.wire.frames)
    assert [frame.event for frame in kept.wire.frames] == [WHOLE_BODY]
    assert kept.wire.headers
    times = kept.timing
    assert times.connected is not None
    assert times.sent is not None
    assert times.headers is not None
    assert times.connected <= times.sent <= times.headers <= kept.wire.frames[0].at
    assert MASTER_KEY not in str(kept)
