"""A session that was kept goes on as if it had never ended: to the byte, with all its seals."""

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.engine.recording import RecordingWriter
from tests.engine.scripted import ScriptedGateway, answer, collect, session, text_block, thinking_block
from tui.chat.catalog import Catalog
from tui.chat.conversation import Conversation
from tui.chat.events import Event, StepStarted, TurnFailed, TurnFinished, Warned
from tui.chat.parts import Json
from tui.chat.record import SessionRecord
from tui.chat.route import Accepts, Route
from tui.chat.settings import Settings, ToolSpec
from tui.engine.offers import FORK
from tui.engine.ports import Clocks
from tui.engine.session import Choice, Session
from tui.gateway.client import Endpoint, Gateway
from tui.resolver import resolve
from tui.sim.server import SimServer
from tui.sim.state import MASTER_KEY, SimState
from tui.store.store import Store
from tui.tools.builtin import basic
from tui.tools.toolbox import Toolbox, ToolError

BOUND = Accepts(thinking=frozenset({"adaptive"}), thinking_default="always", prefix_bound=True)
MODELS = [
    "anthropic/claude-fable-5-1",
    "anthropic/claude-opus-4-5",
    "openai/gpt-5.5",
    "gemini/gemini-3-pro-preview",
    "xai/grok-4",
]
PROMPTS = [
    "think hard: what is 17*23, and what time is it? parallel",
    "redacted 2*9",
    "interleaved: 5*6",
    "unicode",
    "bad json 2*2",
    "two thoughts 7*7",
]


class Echo:
    def __init__(self, name: str = "echo", description: str = "Say it back.") -> None:
        self.spec = ToolSpec(name, description, {"type": "object", "properties": {}})

    async def run(self, arguments: Mapping[str, Json]) -> str:
        return self.spec.description


def seals(body: dict[str, Any]) -> list[str]:
    blocks = (b for m in body["messages"] if m["role"] == "assistant" for b in m["content"])
    return [block["signature"] for block in blocks if block["type"] == "thinking"]


def sealed(*texts: str) -> ScriptedGateway:
    return ScriptedGateway(
        [answer(thinking_block(0, "hm", f"S-{text}"), text_block(1, text)) for text in texts]
    )


def forks(events: list[Event]) -> list[str]:
    return [e.finding.says for e in events if isinstance(e, Warned) and e.finding.cls == FORK]


@pytest.fixture(scope="module")
def server() -> Iterator[SimServer]:
    with SimServer(SimState(speed=0)) as server:
        yield server


@asynccontextmanager
async def opened(server: SimServer, path: Path, model: str, id: str) -> AsyncIterator[Session]:
    """A program's life: it opens the store, takes the session up if it is there, and ends."""
    store = Store.open(path, time.time)
    through = Gateway(Endpoint(key=lambda: MASTER_KEY), time.monotonic)
    tools = Toolbox(basic(lambda: datetime(2026, 11, 22, 12, 0, tzinfo=UTC)))

    def route_for(name: str, endpoint: Any, catalog: Catalog, pin: str | None) -> Route:
        return resolve(name, catalog, (), pin, base_url=server.url, endpoint=endpoint)

    known = any(hit.info.id == id for hit in store.sessions())
    record = await asyncio.to_thread(store.load, id) if known else None
    try:
        yield Session(
            gateway=through,
            route_for=route_for,
            settings_for=lambda _: Settings(),
            toolbox=tools,
            clocks=Clocks(time.monotonic, time.time, lambda: uuid.uuid4().hex[:12]),
            choice=Choice(model),
            catalog=Catalog(),
            begin=lambda _: Conversation("You are of few words.", foreign_reasoning="text"),
            id=id,
            writer=store.writer(id),
            resumed=record,
            available=tools,
        )
    finally:
        await through.aclose()
        store.close()


@pytest.mark.parametrize("model", MODELS)
async def test_what_is_sent_after_reopening_extends_what_was_sent_before(
    server: SimServer, tmp_path: Path, model: str
) -> None:
    sent: list[list[Any]] = []
    start = len(server.state.exchanges)
    kept: tuple[Any, ...] | None = None
    for prompt in PROMPTS:
        async with opened(server, tmp_path / "s.db", model, "resumed00000") as chat:
            if kept is not None:
                assert (chat.state, chat.path, dict(chat.exchanges)) == kept
            async for event in chat.send(prompt):
                assert not isinstance(event, TurnFailed), event.error
                if isinstance(event, StepStarted):
                    body = json.loads(event.body)
                    sent.append(body.get("messages") or body["input"])
            kept = (chat.state, chat.path, dict(chat.exchanges))
    for earlier, later in pairwise(sent):
        assert later[: len(earlier)] == earlier
    assert len(sent) > len(PROMPTS)
    outcomes = {exchange.outcome for exchange in server.state.exchanges[start:]}
    assert outcomes == {"answered"}


async def kept(gateway: ScriptedGateway, toolbox: Toolbox, **route: Any) -> SessionRecord:
    """A session of one turn with a sealed thought."""
    writer = RecordingWriter()
    chat = session(gateway, toolbox=toolbox, writer=writer, **route)
    await collect(chat.send("one"))
    return writer.record()


def taken_up(record: SessionRecord, gateway: ScriptedGateway, available: Toolbox, **route: Any) -> Session:
    writer = RecordingWriter(record.nodes)
    return session(gateway, writer=writer, resumed=record, available=available, prefix="n", **route)


async def test_everything_a_session_knew_is_there_again() -> None:
    gateway = sealed("A1", "A2")
    writer = RecordingWriter()
    tools = Toolbox([Echo("b"), Echo("a")])
    chat = session(gateway, toolbox=tools, writer=writer)
    chat.overrides = {"max_tokens": 77}
    chat.revise(system="mine", toolbox=tools)
    await collect(chat.send("one"))
    chat.switch("other", "messages")
    chat._router.unpinned = True
    await collect(chat.send("two"))
    every = Toolbox([Echo("a"), Echo("b"), Echo("c")])
    late = taken_up(writer.record("abcdef012345"), gateway, every)
    assert late.id == "abcdef012345"
    assert late.state == chat.state
    assert (late.conversation, late.totals, dict(late.exchanges)) == (
        chat.conversation,
        chat.totals,
        {k: replace(v, wire=None) for k, v in chat.exchanges.items()},
    )
    assert [spec.name for spec in late.toolbox.specs] == ["b", "a"]
    assert (late.choice, late.settings.max_tokens, late.system) == (chat.choice, 77, "mine")


async def test_a_tool_described_anew_makes_a_fork_that_is_said_once() -> None:
    gateway = sealed("A1", "A2", "A3")
    record = await kept(gateway, Toolbox([Echo()]), accepts=BOUND)
    late = taken_up(record, gateway, Toolbox([Echo(description="Repeat.")]), accepts=BOUND)
    found = late.fork_needed()
    assert found is not None
    assert "echo is described anew" in found.says
    assert forks(await collect(late.send("two"))) == [found.says]
    assert seals(gateway.requests[-1]) == []
    assert forks(await collect(late.send("three"))) == []
    assert seals(gateway.requests[-1]) == ["S-A2"]


async def test_a_fork_that_was_accepted_is_not_warned_of() -> None:
    gateway = sealed("A1", "A2")
    record = await kept(gateway, Toolbox([Echo()]), accepts=BOUND)
    late = taken_up(record, gateway, Toolbox([]), accepts=BOUND)
    found = late.fork_needed()
    assert found is not None
    assert "without echo" in found.says
    late.accept_fork()
    assert late.fork_needed() is None
    assert forks(await collect(late.send("two"))) == []
    assert seals(gateway.requests[-1]) == []


@pytest.mark.parametrize("now", [Toolbox([]), Toolbox([Echo(description="Repeat.")])], ids=["gone", "anew"])
async def test_kept_as_made_nothing_that_is_sent_changes(now: Toolbox) -> None:
    gateway = sealed("A1", "A2")
    record = await kept(gateway, Toolbox([Echo()]), accepts=BOUND)
    late = taken_up(record, gateway, now, accepts=BOUND)
    late.keep_as_made()
    assert late.fork_needed() is None
    assert forks(await collect(late.send("two"))) == []
    first, second = gateway.requests
    assert seals(second) == ["S-A1"]
    assert second["tools"] == first["tools"]
    tool = late.toolbox.get("echo")
    assert tool is not None
    if now.specs:
        assert await tool.run({}) == "Repeat."
    else:
        with pytest.raises(ToolError, match="no longer available"):
            await tool.run({})


async def test_where_none_of_its_tools_is_known_a_session_is_offered_what_a_new_one_would_be() -> None:
    gateway = sealed("A1", "A2")
    record = await kept(gateway, Toolbox([Echo("Bash"), Echo("Read")]))
    usual = Toolbox([Echo("shell")])
    late = session(
        gateway,
        writer=RecordingWriter(record.nodes),
        resumed=record,
        toolbox=usual,
        available=usual,
        prefix="n",
    )
    assert late.toolbox.specs == usual.specs
    none = await kept(sealed("A1"), Toolbox())
    late = session(gateway, resumed=none, toolbox=usual, available=usual, prefix="n")
    assert late.toolbox.specs == ()


async def test_what_is_not_bound_to_its_prefix_goes_on_without_a_word() -> None:
    gateway = sealed("A1", "A2")
    record = await kept(gateway, Toolbox([Echo()]))
    late = taken_up(record, gateway, Toolbox([Echo(description="Repeat.")]))
    assert late.fork_needed() is None
    assert forks(await collect(late.send("two"))) == []
    assert seals(gateway.requests[-1]) == ["S-A1"]


async def test_a_system_prompt_configured_anew_counts_unless_the_user_set_one() -> None:
    gateway = sealed("A1", "A2", "A3")
    record = await kept(gateway, Toolbox(), accepts=BOUND)
    writer = RecordingWriter(record.nodes)
    late = session(gateway, writer=writer, available=Toolbox(), prefix="n", accepts=BOUND)
    late._offers.begin = lambda _: Conversation("new words")
    late._resume(record, Toolbox())
    found = late.fork_needed()
    assert found is not None
    assert found.says.startswith("The system prompt has changed")
    await collect(late.send("two"))
    assert gateway.requests[-1]["system"] == "new words"
    late.revise(system="mine", toolbox=Toolbox())
    await collect(late.send("three"))
    again = session(gateway, writer=writer, prefix="m", accepts=BOUND)
    again._offers.begin = lambda _: Conversation("newer words")
    again._resume(replace(writer.record(), exchanges=()), Toolbox())
    assert (again.system, again.fork_needed()) == ("mine", None)


async def test_a_change_that_was_not_sent_yet_is_still_a_question_after_reopening() -> None:
    gateway = sealed("A1", "A2")
    writer = RecordingWriter()
    chat = session(gateway, toolbox=Toolbox([Echo()]), writer=writer, accepts=BOUND)
    await collect(chat.send("one"))
    chat.revise(system="brief", toolbox=chat.toolbox)
    await chat.saved()
    late = taken_up(writer.record(), gateway, Toolbox([Echo()]), accepts=BOUND)
    assert late.system == "brief"
    assert late.fork_needed() is not None
    events = await collect(late.send("two"))
    assert isinstance(events[-1], TurnFinished)
    assert gateway.requests[-1]["system"] == "brief"
    assert seals(gateway.requests[-1]) == []
