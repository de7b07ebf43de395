"""Few commits, nothing dropped, nobody told that something is durable that is not."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.store.talk import Talk, keep
from tests.store.waiting import until
from tui.store import Store, StoreError, writer_thread
from tui.store.writer_thread import WriterThread


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE t (a)")
    return path


@pytest.fixture
def thread(path: Path) -> Iterator[WriterThread]:
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=0.05)
    made = WriterThread(db, path, lambda: None, lambda db: None)
    yield made
    made.close()


def put(value: object) -> Callable[[sqlite3.Connection], None]:
    def run(db: sqlite3.Connection) -> None:
        db.execute("INSERT INTO t VALUES (?)", (value,))

    return run


def rows(path: Path) -> list[object]:
    with closing(sqlite3.connect(path)) as db:
        return [a for (a,) in db.execute("SELECT a FROM t ORDER BY rowid")]


def test_what_is_not_urgent_waits_for_company(thread: WriterThread, path: Path) -> None:
    futures = [thread.hold(put(n), urgent=False) for n in range(50)]
    for future in futures:
        future.result()
    assert rows(path) == list(range(50))
    assert thread.commits <= 2


def test_what_is_urgent_takes_the_others_along(
    thread: WriterThread, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_thread, "BATCH_S", 3600)
    early = thread.hold(put("frames"), urgent=False)
    thread.hold(put("message"), urgent=True).result()
    assert early.done()
    assert rows(path) == ["frames", "message"]


def test_not_more_than_ten_commits_a_second(thread: WriterThread) -> None:
    begun = time.monotonic()
    while time.monotonic() - begun < 0.5:
        thread.hold(put(1), urgent=False)
        time.sleep(0.001)
    took = time.monotonic() - begun
    assert thread.commits <= took * 10 + 1


def test_what_cannot_be_written_is_held_and_written_later(
    thread: WriterThread, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_thread, "RETRY_S", 0.01)
    written: list[int] = []
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        for n in range(3):
            assert thread.hold(put(n), urgent=True, written=lambda n=n: written.append(n)).result() is None  # type: ignore[misc]
        assert thread.trouble is not None
        assert thread.trouble.cls == "store-failed"
        assert "locked" in thread.trouble.says
        assert written == []
        with pytest.raises(StoreError, match="locked"):
            thread.call(put("now or never"))
        other.execute("ROLLBACK")
    until(lambda: thread.trouble is None)
    assert rows(path) == [0, 1, 2]
    assert written == [0, 1, 2]


def test_what_is_held_is_written_at_the_end(path: Path) -> None:
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=0.05)
    thread = WriterThread(db, path, lambda: None, lambda db: None)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        thread.hold(put("held"), urgent=True).result()
        other.execute("ROLLBACK")
    thread.hold(put("waiting"), urgent=False)
    thread.close()
    assert rows(path) == ["held", "waiting"]


def test_one_wrong_job_does_not_take_the_others_with_it(thread: WriterThread, path: Path) -> None:
    def wrong(db: sqlite3.Connection) -> None:
        put("half")(db)
        raise KeyError("a mistake")

    thread.hold(put("before"), urgent=False)
    thread.hold(wrong, urgent=False)
    thread.hold(put("after"), urgent=True).result()
    assert rows(path) == ["before", "after"]
    assert thread.trouble is not None
    thread.hold(put("on"), urgent=True).result()
    until(lambda: thread.trouble is None)
    with pytest.raises(KeyError):
        thread.call(wrong)


def test_many_threads(thread: WriterThread, path: Path) -> None:
    def work(name: int) -> None:
        for n in range(50):
            thread.hold(put(name * 100 + n), urgent=n % 7 == 0)

    workers = [threading.Thread(target=work, args=(name,)) for name in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    thread.call(put(-1))
    found = [row for row in rows(path) if isinstance(row, int) and row >= 0]
    assert sorted(found) == [name * 100 + n for name in range(4) for n in range(50)]
    # Each thread's in its own order.
    assert [row for row in found if row < 100] == list(range(50))


async def test_a_full_disk_while_chatting_and_room_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_thread, "RETRY_S", 0.01)
    store = Store.open(tmp_path / "sessions.db", lambda: 5.0)
    steps = list(Talk().turns(6))
    writer = store.writer("aaaaaaaaaaaa")
    await keep(writer, steps[0])
    pages = store._thread.call(lambda db: db.execute("PRAGMA page_count").fetchone()[0])
    store._thread.call(lambda db: db.execute(f"PRAGMA max_page_count = {pages + 1}"))
    for step in steps[1:]:
        await keep(writer, step)
    assert writer.trouble is not None
    assert "full" in writer.trouble.says
    # What is not on disk can be walked all the same.
    last = steps[-1].answer.message.id
    assert [n.message.id for n in await writer.nodes(last)] == [
        n.message.id for step in steps for n in (step.before, step.answer)
    ]
    assert (await writer.tree()).leaves == (last,)
    store._thread._db.execute("PRAGMA max_page_count = 100000")
    await asyncio.to_thread(until, lambda: writer.trouble is None)
    await keep(writer, step := next(iter(Talk(name="more").turns(1))))
    read = store.record("aaaaaaaaaaaa")
    assert [e.wire.body for e in read.exchanges if e.wire] == [s.body for s in (*steps, step)]
    assert [e.wire.frames for e in read.exchanges if e.wire] == [s.frames for s in (*steps, step)]
    assert len(read.nodes) == 2 * len(steps) + 2
    store.close()
