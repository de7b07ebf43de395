"""A session opened without being read."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.talk import ROUTE, Talk, keep
from tui.chat.json_text import dump_bytes
from tui.chat.messages import AssistantMessage, ToolMessage, UserMessage
from tui.chat.parts import Text
from tui.chat.record import Exchange, Node, SessionInfo, SessionRecord, SessionState
from tui.chat.settings import Settings
from tui.chat.unread import peeked
from tui.store import Store, StoreError, unread
from tui.wire.messages import MessagesCodec

PLAIN = (UserMessage, AssistantMessage, ToolMessage)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store.open(tmp_path / "sessions.db", lambda: 5.0)
    yield made
    made.close()


def prompts(count: int) -> SessionRecord:
    """A session of prompts, each behind the one before."""
    messages = [UserMessage(f"m{n}", (Text(f"prompt {n}"),), 5.0 + n) for n in range(count)]
    parents = (None, *(message.id for message in messages))
    nodes = tuple(Node(message, parent) for message, parent in zip(messages, parents, strict=False))
    return SessionRecord(SessionInfo("a" * 12), SessionState(leaf=messages[-1].id), nodes)


def unread_in(record: SessionRecord) -> int:
    return sum(type(node.message) not in PLAIN for node in record.nodes)


def test_only_the_last_messages_are_read_as_a_session_opens(store: Store) -> None:
    id = store.add(prompts(unread.READ_AT_ONCE + 50))
    record = store.open_up(id)
    assert unread_in(record) == 50
    assert [node.message.id for node in record.path()] == [f"m{n}" for n in range(unread.READ_AT_ONCE + 50)]
    assert unread_in(record) == 50
    assert record == store.load(id)
    assert unread_in(record) == 0


async def test_a_session_with_calls_and_exchanges_reads_equal(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unread, "READ_AT_ONCE", 0)
    writer = store.writer("talktalktalk")
    for step in Talk().turns(2):
        await keep(writer, step)
    record, whole = store.open_up("talktalktalk"), store.load("talktalktalk")
    assert whole.exchanges
    assert unread_in(record) == len(whole.nodes)
    late = [one for one in record.exchanges if one.answer is not None]
    assert late
    assert all(type(one) is not Exchange for one in late)
    known = [(one.answer, one.after, one.state, one.purpose, one.wire) for one in record.exchanges]
    assert known == [(one.answer, one.after, one.state, one.purpose, one.wire) for one in whole.exchanges]
    assert all(type(one) is not Exchange for one in late)
    assert [peeked(one) for one in record.exchanges] == list(whole.exchanges)
    sent = [MessagesCodec().encode(one.conversation(), ROUTE, Settings(), ()).body for one in (record, whole)]
    assert sent[0] == sent[1]
    assert record == whole


@pytest.mark.parametrize("scattered", [0, 100], ids=["sorted", "as they lie"])
async def test_sessions_written_side_by_side_hold_each_its_own(
    store: Store, monkeypatch: pytest.MonkeyPatch, scattered: int
) -> None:
    monkeypatch.setattr(unread, "SCATTERED", scattered)
    talks = {"talktalktalk": Talk().turns(3), "otherother12": Talk(seed=2).turns(3)}
    writers = {id: store.writer(id) for id in talks}
    for steps in zip(*talks.values(), strict=True):
        for writer, step in zip(writers.values(), steps, strict=True):
            await keep(writer, step)
    for id in talks:
        assert store.open_up(id) == store.load(id)
        assert len(store.open_up(id).nodes) > 3


def test_a_message_that_is_damaged_is_told_when_it_is_looked_at(store: Store, tmp_path: Path) -> None:
    id = store.add(prompts(unread.READ_AT_ONCE + 1))
    with sqlite3.connect(tmp_path / "sessions.db") as db:
        piece = db.execute("SELECT piece FROM node WHERE name = 'm0'").fetchone()
        db.execute("UPDATE piece SET data = ? WHERE id = ?", (dump_bytes({"role": "user", "id": 1}), *piece))
    db.close()
    message = store.open_up(id).nodes[0].message
    assert message.id == "m0"
    with pytest.raises(StoreError, match="message m0 cannot be read: id"):
        _ = message.parts  # type: ignore[union-attr]


def test_one_of_the_last_that_is_damaged_is_told_at_once(store: Store, tmp_path: Path) -> None:
    id = store.add(prompts(2))
    with sqlite3.connect(tmp_path / "sessions.db") as db:
        db.execute(
            "UPDATE piece SET data = ? WHERE id = (SELECT piece FROM node WHERE name = 'm1')", (b"{}",)
        )
    db.close()
    with pytest.raises(StoreError, match="cannot be read"):
        store.open_up(id)
