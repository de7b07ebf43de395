"""Whole sessions: kept and read back equal, named, found, copied, put away."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from tests.chat.records import records
from tests.store.talk import Talk, keep
from tui.chat.messages import UserMessage
from tui.chat.parts import Text
from tui.chat.record import Node, SessionInfo, SessionRecord, SessionState
from tui.engine.ports import ExchangeWriter, SessionWriter
from tui.errors import UsageError
from tui.store import Store, StoreError
from tui.store.exchange_writer import StoredExchange
from tui.store.session_writer import StoredSession


class Clock:
    """Time that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Store]:
    made = Store.open(tmp_path / "sessions.db", clock) if request.param == "file" else Store.in_memory(clock)
    yield made
    made.close()


def prompt(text: str, id: str = "m1") -> Node:
    return Node(UserMessage(id, (Text(text),), 5.0))


def session(id: str, text: str, title: str = "") -> SessionRecord:
    return SessionRecord(SessionInfo(id, title=title), SessionState(leaf="m1"), (prompt(text),))


def _accepts(session: StoredSession, exchange: StoredExchange) -> tuple[SessionWriter, ExchangeWriter]:
    """The type checker holds the writers to what the engine asks for."""
    return session, exchange


@settings(max_examples=20)
@given(records())
def test_any_session_comes_back_equal(record: SessionRecord) -> None:
    store = Store.in_memory(lambda: 5.0)
    try:
        id = store.add(record)
        read = store.record(id)
        assert read.nodes == record.nodes
        assert read.exchanges == record.exchanges
        assert read.state == record.state
        told = ("id", "titled_by", "pinned", "archived", "source", "forked_from")
        assert [getattr(read.info, name) for name in told] == [getattr(record.info, name) for name in told]
        assert read.info.messages == len(record.nodes)
        assert read.info.totals == record.state.totals
        assert len(store.tree(id).twigs) == len(record.nodes)
        assert read.info.forks == max(len(store.tree(id).leaves) - 1, 0)
        assert [hit.info for hit in store.sessions(archived=record.info.archived)] == [read.info]
        assert store.load(id).exchanges == tuple(replace(e, wire=None) for e in record.exchanges)
        assert store.open_up(id) == store.load(id)
        again = store.add(store.record(id))
        assert again != id
        assert store.record(again).nodes == record.nodes
        store.purge(id)
        assert store.record(again).exchanges == record.exchanges
        store.purge(again)
        assert _rows(store) == {}
    finally:
        store.close()


def _rows(store: Store) -> dict[str, int]:
    """How many rows are in the tables that are not empty."""
    tables = (
        "piece",
        "session",
        "state_piece",
        "node",
        "trail",
        "wire",
        "wire_list",
        "frames",
        "exchange",
        "result",
    )

    def count(db: sqlite3.Connection) -> dict[str, int]:
        counts = {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}
        return {table: rows for table, rows in counts.items() if rows}

    return store._read(count)


async def test_what_was_written_step_by_step_is_there(store: Store) -> None:
    talk = Talk()
    writer = store.writer("abcdefabcdef", SessionInfo("", title="Mine", titled_by="user"))
    steps = list(talk.turns(3))
    for step in steps:
        await keep(writer, step)
    assert writer.trouble is None
    read = store.record("abcdefabcdef")
    assert read.nodes == tuple(node for step in steps for node in (step.before, step.answer))
    assert [replace(e, wire=None) for e in read.exchanges] == [step.exchange for step in steps]
    wires = [e.wire for e in read.exchanges]
    assert [wire.body for wire in wires if wire] == [step.body for step in steps]
    assert [wire.frames for wire in wires if wire] == [step.frames for step in steps]
    assert wires[0] is not None
    assert wires[0].request_headers == (("authorization", "…"),)
    assert store.wire(steps[2].exchange.id) == wires[2]
    assert read.state == steps[-1].state
    assert (read.info.title, read.info.titled_by, read.info.messages) == ("Mine", "user", 12)
    assert read.info.models == ("claude-sonnet-9",)
    assert not read.info.is_open
    assert await writer.nodes(steps[1].answer.message.id) == read.nodes[:4]
    assert await writer.nodes("nobody") == ()
    assert (await writer.tree()).path(steps[1].answer.message.id) == tuple(
        n.message.id for n in read.nodes[:4]
    )


async def test_a_session_without_a_message_is_none(store: Store) -> None:
    writer = store.writer("abcdefabcdef")
    await writer.state(SessionState(model="m"))
    assert store.sessions() == []
    assert (await writer.tree()).twigs == ()


def test_a_session_is_called_after_its_first_prompt(store: Store) -> None:
    store.add(session("aaaaaaaaaaaa", "\n  How do I\x1b[31m sort?  \nmore"))
    assert store.find("aaaaaaaaaaaa").title == "How do I\x1b[31m sort?"
    store.add(session("bbbbbbbbbbbb", "word " * 50))
    assert len(store.find("bbbbbbbbbbbb").title) <= 80
    store.rename("bbbbbbbbbbbb", "Sorting \udc80")
    store.set_title("bbbbbbbbbbbb", "made by us")
    assert store.find("bbbbbbbbbbbb").title == "Sorting \udc80"
    assert [hit.info.id for hit in store.sessions("sorting")] == ["bbbbbbbbbbbb"]


def test_a_session_is_named_in_several_ways(store: Store, clock: Clock) -> None:
    with pytest.raises(UsageError) as none:
        store.find("last")
    assert "new" in none.value.hint
    for id, title in (
        ("abcd00000001", "First"),
        ("abcd00000002", "Second"),
        ("ffff00000003", "Twice"),
        ("ffff00000004", "Twice"),
    ):
        clock.now += 1
        store.add(session(id, "hello", title))
    assert store.find("abcd00000001").id == "abcd00000001"
    assert store.find("ffff00000003").id == "ffff00000003"
    assert store.find("last").id == "ffff00000004"
    assert store.find("First").id == "abcd00000001"
    assert store.find("abcd00000002"[:12]).title == "Second"
    store.delete("ffff00000004")
    assert store.find("last").id == "ffff00000003"
    store.undelete("ffff00000004")
    for name, word in (
        ("abcd", "abcd00000002"),
        ("Twice", "ffff00000003"),
        ("Secnd", "abcd00000002"),
        ("abc", ""),
    ):
        with pytest.raises(UsageError) as told:
            store.find(name)
        assert word in f"{told.value} {told.value.hint}"
        assert told.value.hint


def test_pinned_before_all_archived_apart_deleted_to_be_had_back(store: Store, clock: Clock) -> None:
    for id in ("aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc"):
        clock.now += 1
        store.add(session(id, "hello"))
    store.pin("aaaaaaaaaaaa")
    assert [hit.info.id[0] for hit in store.sessions()] == ["a", "c", "b"]
    assert [hit.info.id[0] for hit in store.sessions(limit=2)] == ["a", "c"]
    store.archive("cccccccccccc")
    store.delete("bbbbbbbbbbbb")
    assert [hit.info.id[0] for hit in store.sessions()] == ["a"]
    assert [hit.info.id[0] for hit in store.sessions(archived=True)] == ["c"]
    (put_away,) = store.sessions(deleted=True)
    assert put_away.info.deleted_at == clock.now
    store.undelete("bbbbbbbbbbbb")
    store.archive("cccccccccccc", on=False)
    store.pin("aaaaaaaaaaaa", on=False)
    assert [hit.info.id[0] for hit in store.sessions()] == ["c", "b", "a"]


async def test_a_message_brings_a_deleted_session_back(store: Store) -> None:
    store.add(session("aaaaaaaaaaaa", "hello"))
    store.delete("aaaaaaaaaaaa")
    await store.writer("aaaaaaaaaaaa").node(
        replace(prompt("again", "m2"), parent="m1"), SessionState(leaf="m2")
    )
    assert store.find("aaaaaaaaaaaa").deleted_at is None


async def test_a_copy_is_one_branch_and_shares_what_is_kept(store: Store) -> None:
    writer = store.writer("abcdefabcdef")
    steps = list(Talk().turns(4))
    for step in steps:
        await keep(writer, step)
    before = _rows(store)
    whole = store.copy("abcdefabcdef")
    assert _rows(store)["piece"] == before["piece"]
    assert _rows(store)["frames"] == before["frames"]
    original, copied = store.record("abcdefabcdef"), store.record(whole)
    assert (copied.nodes, copied.exchanges) == (original.nodes, original.exchanges)
    assert copied.info.forked_from == "abcdefabcdef"
    assert copied.state.totals.steps == 8
    assert copied.state.totals.cost.usd is not None
    half = store.copy("abcdefabcdef", steps[3].answer.message.id, "Half")
    read = store.record(half)
    assert (read.nodes, read.exchanges) == (original.nodes[:8], original.exchanges[:4])
    assert (read.info.title, read.state.leaf, read.info.messages) == ("Half", steps[3].answer.message.id, 8)
    store.purge("abcdefabcdef")
    assert store.record(whole).exchanges == original.exchanges
    store.purge(whole)
    assert store.record(half) == replace(read, info=store.find(half))
    assert store.sessions(first_word(read))[0].info.id == half
    with pytest.raises(UsageError, match="nothing to copy"):
        store.copy(half, "nobody")


def first_word(record: SessionRecord) -> str:
    message = record.nodes[0].message
    assert isinstance(message, UserMessage)
    return message.text.split()[0]


def test_drafts(store: Store) -> None:
    assert store.draft("aaaaaaaaaaaa") is None
    store.set_draft("aaaaaaaaaaaa", "half a tho\udc80ught\x00")
    assert store.draft("aaaaaaaaaaaa") == "half a tho\udc80ught\x00"
    store.set_draft("aaaaaaaaaaaa", None)
    assert store.draft("aaaaaaaaaaaa") is None


def test_nobody_is_there(store: Store) -> None:
    for call in (store.load, store.record, store.tree, store.delete, store.purge, store.copy, store.pin):
        with pytest.raises(UsageError, match="no session zzzz"):
            call("zzzz")
    assert store.wire("zzzz") is None
    assert not store.pending("zzzz")


def test_what_came_from_elsewhere_and_hangs_in_the_air_becomes_a_root(store: Store) -> None:
    lost = replace(prompt("b", "m2"), parent="never seen")
    id = store.add(SessionRecord(SessionInfo(""), SessionState(leaf="m2"), (prompt("a"), lost)))
    assert [node.parent for node in store.load(id).nodes] == [None, None]
    assert store.tree(id).leaves == ("m1", "m2")


def test_a_closed_store_says_so(tmp_path: Path, clock: Clock) -> None:
    store = Store.open(tmp_path / "sessions.db", clock)
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.sessions()
    with pytest.raises(StoreError, match="closed"):
        store.set_draft("a", "b")


def test_memory_leaves_nothing_behind(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    store = Store.in_memory(clock, "the disk is full")
    store.add(session("aaaaaaaaaaaa", "hello"))
    assert (store.path, store.problem) == (None, "the disk is full")
    store.close()
    assert list(tmp_path.iterdir()) == []
