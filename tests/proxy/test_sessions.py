"""Through the real proxy, a session that was kept goes on as if it had never been closed.

Reopened, forked, taken over as our own file or as the body of its last request: each request the vendor
gets begins with the one before, and has every seal back in its place.
"""

import asyncio
import json
import shutil
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.proxy.drive import Seen, Talk
from tests.proxy.harness import RealProxy
from tests.proxy.tap import Call, Tap
from tests.proxy.test_responses import items_of
from tui.chat.catalog import Catalog
from tui.chat.finding import Finding
from tui.chat.messages import AssistantMessage, UserMessage
from tui.chat.record import SessionRecord
from tui.exports import ours
from tui.imports import read
from tui.sim.server import SimServer
from tui.store.store import Store

FABLE = "anthropic/claude-fable-5-1"
ROUTES = (
    ("anthropic/claude-sonnet-4-5-20250929", "messages"),
    ("anthropic/claude-opus-4-7", "messages"),
    (FABLE, "messages"),
    ("openai/gpt-5.5", "responses"),
    ("openai/gpt-5.1", "chat"),
    ("gemini/gemini-3-pro-preview", "auto"),
)
UNSEALED = ("openai/gpt-5.1", "chat")
"""Where the vendor seals nothing: its reasoning stays with it."""
PROMPTS = (
    "Two thoughts. What is 12*7? Use the calculator.",
    "interleaved: what is 8*8, and then what time is it in UTC?",
    "parallel: what is 6*7, and what time is it in UTC?",
)
LATER = ("two thoughts: what is 3+4?", "Thank you. What did I ask first?")
STAND_IN = "c2tpcF90aG91Z2h0X3NpZ25hdHVyZV92YWxpZGF0b3I="
"""What the proxy gives Gemini in place of a signature it was not sent."""


@dataclass(frozen=True)
class Kept:
    """A session of three turns in a store that was closed, and what its vendor was asked for it."""

    path: Path
    id: str
    calls: tuple[Call, ...]


@pytest.fixture(scope="module", params=ROUTES, ids=[f"{model}-{endpoint}" for model, endpoint in ROUTES])
def kept(
    request: pytest.FixtureRequest,
    proxy: RealProxy,
    catalog: Catalog,
    taps: list[Tap],
    tmp_path_factory: pytest.TempPathFactory,
) -> Kept:
    model, endpoint = request.param
    path = tmp_path_factory.mktemp("kept") / "sessions.db"
    before = len(taps[0].calls)

    async def talked() -> str:
        store = Store.open(path, time.time)
        try:
            writer = store.writer(uuid.uuid4().hex[:12])
            async with Talk(proxy.url, proxy.key, catalog, model, endpoint=endpoint, writer=writer) as talk:
                for prompt in PROMPTS:
                    well(await talk.say(prompt))
                return talk.session.id
        finally:
            await asyncio.to_thread(store.close)

    id = asyncio.run(talked())
    return Kept(path, id, tuple(taps[0].calls[before:]))


Reopened = Callable[..., Any]


@pytest.fixture
def goes_on(talk: Callable[..., Talk], tmp_path: Path) -> Reopened:
    """Opens a kept session in a program of its own, from a file of its own."""

    @asynccontextmanager
    async def opened(path: Path, id: str) -> AsyncIterator[tuple[Talk, Store]]:
        mine = tmp_path / "sessions.db"
        if path != mine:
            shutil.copy(path, mine)
        store = Store.open(mine, time.time)
        try:
            assert not store.pending(id)
            resumed = store.load(id)
            writer = store.writer(id)
            async with talk(resumed.state.model, writer=writer, resumed=resumed) as going:
                yield going, store
        finally:
            await asyncio.to_thread(store.close)

    return opened


@pytest.fixture
def notes(vendors: SimServer) -> Callable[[], list[str]]:
    """What the vendors remarked since the test began."""
    before = len(vendors.state.exchanges)
    return lambda: [note for exchange in vendors.state.exchanges[before:] for note in exchange.notes]


def well(seen: Seen) -> Seen:
    """A turn that ended as it should."""
    assert (seen.error, seen.end.stop) == (None, "end")
    return seen


def history(call: Call) -> list[Any]:
    """The messages a vendor was sent, each as it went out."""
    body = call.body
    found = next(body[name] for name in ("messages", "input", "contents") if name in body)
    return [json.dumps(item, ensure_ascii=False) for item in found]


def around(call: Call) -> dict[str, Any]:
    """Everything else of the request."""
    return {k: v for k, v in call.body.items() if k not in ("messages", "input", "contents")}


def seals(value: Any) -> list[str]:
    """Everything sealed in a request or an answer, in its order."""
    if isinstance(value, list):
        return [seal for item in value for seal in seals(item)]
    if not isinstance(value, dict):
        return []
    out: list[str] = []
    for name, item in value.items():
        sealed = name in ("signature", "thoughtSignature", "encrypted_content")
        sealed = sealed or (name == "data" and value.get("type") == "redacted_thinking")
        if sealed and isinstance(item, str) and item:
            out.append(item)
        else:
            out += seals(item)
    return out


def sealed_by(call: Call) -> list[str]:
    """What the vendor sealed in its answer."""
    if "anthropic" in call.path:
        return seals(call.blocks)
    if call.path.endswith("/responses"):
        return seals(items_of(call))
    text = call.answer.decode()
    lines = [line[5:] for line in text.splitlines() if line.startswith("data:")]
    found: Iterable[str] = lines or [text]
    return [seal for line in found if line.strip() != "[DONE]" for seal in seals(json.loads(line))]


def check_extends(calls: Sequence[Call]) -> None:
    """Each request begins with all of the one before, under the same settings, with every seal so far."""
    assert {call.status for call in calls} == {200}
    made = seals(json.loads(calls[0].request))
    for before, now in pairwise(calls):
        said = history(before)
        assert history(now)[: len(said)] == said
        assert around(now) == around(before)
        made += sealed_by(before)
        assert seals(now.body) == made


def sealed_on(path: Sequence[Any], record: SessionRecord, calls: Sequence[Call]) -> list[str]:
    """What the vendor sealed in the answers of a branch."""
    made = [e.answer for e in record.exchanges]
    assert len(made) == len(calls)
    by_answer = dict(zip(made, calls, strict=True))
    answers = [node.message.id for node in path if isinstance(node.message, AssistantMessage)]
    return [seal for answer in answers for seal in sealed_by(by_answer[answer])]


async def test_a_reopened_session_goes_on_where_it_was(
    kept: Kept, goes_on: Reopened, calls: Callable[[], list[Call]], notes: Callable[[], list[str]]
) -> None:
    async with goes_on(kept.path, kept.id) as (going, store):
        before = going.session.totals
        assert (before.turns, before.steps) == (len(PROMPTS), len(kept.calls))
        costs = [well(await going.say(prompt)).end.cost.usd for prompt in LATER]
        after = going.session.totals
        assert (after.turns, after.steps) == (5, len(kept.calls) + len(calls()))
        assert before.cost.usd is not None
        assert after.cost.usd == before.cost.usd + sum(cost for cost in costs if cost is not None)
        record = store.record(kept.id)
    check_extends([*kept.calls, *calls()])
    assert notes() == []
    assert bool(seals(calls()[-1].body)) == (record.state.model != UNSEALED[0])
    assert [e.state for e in record.exchanges] == ["done"] * after.steps
    assert record.state.totals == after


async def test_its_branches_are_gone_on_with_after_it_was_reopened(
    kept: Kept,
    goes_on: Reopened,
    calls: Callable[[], list[Call]],
    notes: Callable[[], list[str]],
    tmp_path: Path,
) -> None:
    async with goes_on(kept.path, kept.id) as (going, _):
        chat = going.session
        prompts = [node.message.id for node in chat.path if isinstance(node.message, UserMessage)]
        stood = chat.state.leaf
        well(await going.see(chat.edit(prompts[1], "parallel: what is 5*5, and what is 7*8?")))
        edited = chat.state.leaf
        answer = next(node.message.id for node in chat.path if isinstance(node.message, AssistantMessage))
        well(await going.see(chat.regenerate(answer)))
        await chat.go_to(edited)
        well(await going.say(LATER[0]))
        await chat.go_to(stood)
        assert chat.state.leaf == stood
    # Closed between the flip and the next word.
    forks = len(calls())
    async with goes_on(tmp_path / "sessions.db", kept.id) as (going, store):
        assert going.session.state.leaf == stood
        well(await going.say(LATER[0]))
        path, record = going.session.path, store.record(kept.id)
    check_extends([*kept.calls, *calls()[forks:]])
    assert {call.status for call in calls()} == {200}
    assert notes() == []
    # Each branch had its own seals back, and those of no other.
    every = [*kept.calls, *calls()]
    nodes = {node.message.id: node for node in record.nodes}
    for exchange, call in zip(record.exchanges, every, strict=True):
        assert exchange.after is not None
        above = record.path(exchange.after)
        assert seals(call.body) == sealed_on(above, record, every)
    assert path[-1].message.id in nodes


async def test_a_session_handed_on_as_our_file_goes_on_elsewhere(
    kept: Kept,
    goes_on: Reopened,
    calls: Callable[[], list[Call]],
    notes: Callable[[], list[str]],
    tmp_path: Path,
) -> None:
    text = ours.dump(_record(kept)).encode()
    path, id = _elsewhere(tmp_path, text)
    async with goes_on(path, id) as (going, _):
        for prompt in LATER:
            well(await going.say(prompt))
        assert going.session.totals.turns == 5
    check_extends([*kept.calls, *calls()])
    assert notes() == []


async def test_the_body_of_its_last_request_is_enough_to_go_on(
    kept: Kept,
    goes_on: Reopened,
    calls: Callable[[], list[Call]],
    notes: Callable[[], list[str]],
    tmp_path: Path,
) -> None:
    wire = _record(kept).exchanges[-1].wire
    assert wire is not None
    path, id = _elsewhere(tmp_path, wire.body)
    async with goes_on(path, id) as (going, _):
        # The request ended with results of tools: the answer to them is what is missing.
        seen = well(await going.see(going.session.retry()))
        well(await going.say(LATER[1]))
        route = going.session.route
    again, *rest = calls()
    assert around(again) == around(kept.calls[-1])
    if route.dialect == "responses":
        # Which account sealed it no body tells, and any other would refuse it; that is said.
        assert seals(again.body) == []
        assert [found.says for found in seen.warnings] == [
            "8 OpenAI blocks will not be sent to openai/gpt-5.5."
        ]
    else:
        assert again.body == kept.calls[-1].body
        assert seals(again.body) == seals(kept.calls[-1].body)
    check_extends([again, *rest])
    assert notes() == []


@pytest.mark.parametrize("kept", [(FABLE, "messages")], indirect=True, ids=[FABLE])
@pytest.mark.parametrize("what", ["system", "tools"])
async def test_a_change_a_model_would_refuse_is_offered_as_a_fork(
    kept: Kept,
    goes_on: Reopened,
    calls: Callable[[], list[Call]],
    notes: Callable[[], list[str]],
    what: str,
) -> None:
    async with goes_on(kept.path, kept.id) as (going, _):
        chat = going.session
        assert chat.fork_needed() is None
        tools = chat.toolbox.only(["calculator"]) if what == "tools" else chat.toolbox
        chat.revise(system="Be brief." if what == "system" else chat.system, toolbox=tools)
        found = chat.fork_needed()
        assert isinstance(found, Finding)
        assert (found.cls, found.path) == ("anthropic-prefix-bound", what)
        chat.accept_fork()
        assert chat.fork_needed() is None
        for prompt in LATER:
            well(await going.say(prompt))
    assert seals(calls()[0].body) == []
    check_extends(calls())
    assert notes() == []


def _record(kept: Kept) -> SessionRecord:
    store = Store.open(kept.path, time.time)
    try:
        return store.record(kept.id)
    finally:
        store.close()


def _elsewhere(directory: Path, text: bytes) -> tuple[Path, str]:
    """Another program's store with the session in a file of that text."""
    path = directory / "elsewhere.db"
    store = Store.open(path, time.time)
    try:
        found = read("it", text, now=time.time(), new_id=lambda: uuid.uuid4().hex[:12])
        return path, store.add(found.record)
    finally:
        store.close()
