"""What is deleted leaves the file's bytes; what others still refer to stays whole."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.store.talk import Talk, keep
from tests.store.waiting import until
from tui.chat.messages import UserMessage
from tui.chat.parts import Text
from tui.chat.record import Node, SessionInfo, SessionRecord, SessionState
from tui.store import Store, upkeep

SECRET = "xylophonequartz"
DAY = 86_400.0


class Clock:
    """Time that stands until it is moved."""

    now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


def on_disk(directory: Path, word: str) -> bool:
    return any(word.encode() in file.read_bytes() for file in directory.rglob("*") if file.is_file())


def secret(id: str) -> SessionRecord:
    """Short texts are not packed, so that they can be seen in the file."""
    node = Node(UserMessage("m1", (Text(SECRET),), 1.0), system=f"system {SECRET}")
    return SessionRecord(SessionInfo(id), SessionState(leaf="m1", system=f"state {SECRET} " * 30), (node,))


def test_a_purged_session_leaves_the_disk(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "sessions.db", Clock())
    store.add(secret("aaaaaaaaaaaa"))
    store.set_draft("aaaaaaaaaaaa", f"draft {SECRET}")
    assert on_disk(tmp_path, SECRET)
    store.delete("aaaaaaaaaaaa")
    assert on_disk(tmp_path, SECRET)
    store.purge("aaaaaaaaaaaa")
    assert not on_disk(tmp_path, SECRET)
    store.close()
    assert not on_disk(tmp_path, SECRET)


async def test_what_was_cut_leaves_the_disk_at_the_next_start(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "sessions.db", Clock())
    steps = list(Talk().turns(2))
    writer = store.writer("aaaaaaaaaaaa")
    for step in steps:
        await keep(writer, step)
    end = steps[-1].answer.message.id
    said = Node(UserMessage("secret", (Text(SECRET),), 1.0), end)
    await writer.node(said, replace(steps[-1].state, leaf="secret"))
    await writer.cut("secret")
    assert (await writer.tree()).leaves == (end,)
    assert store.find("aaaaaaaaaaaa").messages == 8
    store.close()
    store = Store.open(tmp_path / "sessions.db", Clock())
    store.set_draft("x", None)  # after the upkeep of the start
    store.close()
    assert not on_disk(tmp_path, SECRET)


async def test_a_branch_is_cut_with_its_exchanges_and_the_rest_stays(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "sessions.db", Clock())
    writer = store.writer("aaaaaaaaaaaa")
    steps = list(Talk().turns(3))
    for step in steps:
        await keep(writer, step)
    before = store.record("aaaaaaaaaaaa")
    other = replace(steps[2].answer, message=replace(steps[2].answer.message, id="other"))
    await writer.node(other, steps[2].state)
    assert store.find("aaaaaaaaaaaa").forks == 1
    await writer.cut(steps[3].before.message.id)
    read = store.record("aaaaaaaaaaaa")
    assert read.nodes == (*before.nodes[:6], other)
    assert read.exchanges == before.exchanges[:3]
    assert (read.info.messages, read.info.forks) == (7, 1)
    await writer.cut("other")
    assert store.find("aaaaaaaaaaaa").forks == 0
    await writer.cut("nobody")
    assert len(store.load("aaaaaaaaaaaa").nodes) == 6
    store.close()


async def test_forks_share_storage_and_outlive_each_other(tmp_path: Path) -> None:
    path = tmp_path / "sessions.db"
    store = Store.open(path, Clock())
    writer = store.writer("aaaaaaaaaaaa")

    def size() -> int:
        counts = "SELECT page_count - freelist_count FROM pragma_page_count, pragma_freelist_count"
        return int(store._read(lambda db: db.execute(counts).fetchone()[0]))

    empty = size()
    for step in Talk().turns(20):
        await keep(writer, step)
    alone = size() - empty
    copies = [store.copy("aaaaaaaaaaaa") for _ in range(5)]
    assert size() - empty < alone * (1 + 5 * 0.15)
    original = store.record("aaaaaaaaaaaa")
    for id in ("aaaaaaaaaaaa", *copies[:4]):
        store.purge(id)
        read = store.record(copies[4])
        assert (read.nodes, read.exchanges) == (original.nodes, original.exchanges)
    assert size() - empty < alone * 1.1
    store.purge(copies[4])
    assert size() - empty < alone * 0.05
    store.close()
    assert path.stat().st_size < (empty + alone * 0.05) * 4096


async def test_a_session_goes_on_while_its_copy_is_purged(tmp_path: Path) -> None:
    """What the writer remembers of the last request must not outlive the pieces it stands for."""
    store = Store.open(tmp_path / "sessions.db", Clock())
    talk = Talk()
    writer = store.writer("aaaaaaaaaaaa")
    steps = []
    for step in talk.turns(4):
        steps.append(step)
        await keep(writer, step)
        if len(steps) == 4:
            copy = store.copy("aaaaaaaaaaaa")
            await writer.cut(steps[0].before.message.id)
            store.purge(copy)
    assert writer.trouble is None
    kept = store.record("aaaaaaaaaaaa").exchanges
    assert [e.wire.body for e in kept if e.wire] == [step.body for step in steps[4:]]
    store.close()


def test_sessions_deleted_a_week_ago_go_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "sessions.db"
    clock = Clock()
    store = Store.open(path, clock)
    for n in range(upkeep.SESSIONS_AT_ONCE + 2):
        store.add(secret(f"aaaaaaaaaa{n:02}"))
        store.delete(f"aaaaaaaaaa{n:02}")
    clock.now += 6 * DAY
    store.add(SessionRecord(SessionInfo("bbbbbbbbbbbb")))
    store.delete("bbbbbbbbbbbb")
    store.close()
    clock.now += 2 * DAY
    store = Store.open(path, clock)
    until(lambda: [hit.info.id for hit in store.sessions(deleted=True)] == ["bbbbbbbbbbbb"])
    store.close()
    assert not on_disk(tmp_path, SECRET)


def test_old_drafts_of_sessions_that_never_began_go(tmp_path: Path) -> None:
    clock = Clock()
    store = Store.open(tmp_path / "sessions.db", clock)
    store.add(SessionRecord(SessionInfo("aaaaaaaaaaaa")))
    for id in ("aaaaaaaaaaaa", "never"):
        store.set_draft(id, "text")
    store.close()
    clock.now += 31 * DAY
    Store.open(tmp_path / "sessions.db", clock).close()
    store = Store.open(tmp_path / "sessions.db", clock)
    assert (store.draft("aaaaaaaaaaaa"), store.draft("never")) == ("text", None)
    store.close()


def test_an_index_of_another_version_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "sessions.db"
    store = Store.open(path, Clock())
    store.add(secret("aaaaaaaaaaaa"))
    store.set_draft("x", None)
    store._thread.call(lambda db: db.execute("INSERT INTO words (words) VALUES ('delete-all')"))
    store.rename("aaaaaaaaaaaa", "title")
    assert store.sessions(SECRET) == []
    store.close()
    monkeypatch.setattr("tui.store.words.VERSION", 2)
    Store.open(path, Clock()).close()
    store = Store.open(path, Clock())
    assert len(store.sessions(SECRET)) == 1
    store.purge("aaaaaaaaaaaa")
    store.close()


async def test_a_session_whose_end_another_program_cut_stands_at_its_newest_message(tmp_path: Path) -> None:
    one, two = (Store.open(tmp_path / "sessions.db", Clock()) for _ in range(2))
    steps = list(Talk().turns(1))
    for step in steps:
        await keep(one.writer("aaaaaaaaaaaa"), step)
    await two.writer("aaaaaaaaaaaa").cut(steps[1].before.message.id)
    assert [node.message.id for node in one.load("aaaaaaaaaaaa").path()] == ["s1-1", "s1-2"]
    # And what the first still writes there is not lost.
    more = Node(UserMessage("more", (Text("on"),), 1.0), steps[1].answer.message.id)
    await one.writer("aaaaaaaaaaaa").node(more, replace(steps[1].state, leaf="more"))
    assert two.load("aaaaaaaaaaaa").nodes[-1] == replace(more, parent=None, bound_from=1)
    one.close()
    two.close()
