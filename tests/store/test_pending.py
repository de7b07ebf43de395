"""What dead programs left is given once, to one; what runs is nobody's to recover."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.store.talk import Step, Talk
from tui.chat.messages import ToolMessage
from tui.chat.parts import Text, ToolResult
from tui.chat.record import CallFacts, Node
from tui.store import PendingResult, Store

ID = "aaaaaaaaaaaa"


def now() -> float:
    return 5.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sessions.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    made = Store.open(path, now)
    yield made
    made.close()


async def begin(store: Store, step: Step) -> None:
    """A program that gets half of an answer."""
    writer = store.writer(ID)
    await writer.node(step.before, step.state)
    exchange = await writer.exchange(replace(step.exchange, state="open", answer=None), step.body)
    exchange.answering(replace(step.exchange, state="open", answer=None), (("a", "b"),), ())
    for frame in step.frames[:20]:
        exchange.frame(frame)


async def test_an_open_exchange_is_left_when_its_program_is_gone(path: Path, store: Store) -> None:
    step = next(iter(Talk().turns(1)))
    dead = Store.open(path, now)
    await begin(dead, step)
    assert not store.pending(ID)
    assert not dead.pending(ID)
    dead.close()
    (left,) = store.pending(ID).exchanges
    assert left.wire is not None
    assert (left.state, left.wire.body, left.wire.frames) == ("open", step.body, step.frames[:20])
    assert left.wire.headers == (("a", "b"),)
    # It is ours now: others see nothing of it, until we die too.
    third = Store.open(path, now)
    assert not third.pending(ID)
    assert store.pending(ID).exchanges == (left,)
    store.close()
    assert third.pending(ID).exchanges == (left,)
    kept = third.writer(ID).reopen(left)
    await kept.finish(replace(step.exchange, state="lost"), step.answer, step.state)
    assert not third.pending(ID)
    read = third.record(ID)
    assert read.nodes == (step.before, step.answer)
    assert read.exchanges[0].state == "lost"
    assert read.exchanges[0].wire == left.wire
    third.close()


async def test_results_wait_for_their_message(path: Path, store: Store) -> None:
    step, after = list(Talk().turns(1))
    dead = Store.open(path, now)
    writer = dead.writer(ID)
    for node in (step.before, step.answer):
        await writer.node(node, step.state)
    answer = step.answer.message.id
    results = [
        (ToolResult(f"c{n}", (Text("x"),), is_error=n == 1), CallFacts(f"c{n}", 0.5)) for n in range(2)
    ]
    for result, facts in results:
        await writer.result(answer, result, facts)
    assert not dead.pending(ID)
    dead.close()
    left = store.pending(ID)
    assert left.results == tuple(PendingResult(answer, result, facts) for result, facts in results)
    message = ToolMessage("t", tuple(result for result, _ in results), 1.0)
    await store.writer(ID).node(Node(message, answer), after.state)
    assert not store.pending(ID)


async def test_a_finished_exchange_is_not_pending(store: Store, path: Path) -> None:
    step = next(iter(Talk().turns(1)))
    await begin(store, step)
    assert not store.pending(ID)
    other = Store.open(path, now)
    assert not store.sessions()[0].info.is_open
    assert other.sessions()[0].info.is_open
    store.release(ID)
    assert not other.sessions()[0].info.is_open
    other.close()


async def test_one_that_came_from_elsewhere_open_is_left(store: Store) -> None:
    step = next(iter(Talk().turns(1)))
    await begin(store, step)
    await store.writer(ID).state(replace(step.state, leaf=step.before.message.id))
    record = store.record(ID)
    copied = store.add(record)
    (left,) = store.pending(copied).exchanges
    assert left.id == record.exchanges[0].id
    assert store.load(store.copy(ID)).exchanges == ()
