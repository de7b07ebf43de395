"""n turns cost O(n): on disk, and in what one more step takes."""

import sqlite3
from pathlib import Path

from tests.store.talk import Talk, keep
from tui.chat.messages import UserMessage
from tui.store import Store, pieces


def bytes_used(store: Store) -> int:
    counts = "SELECT page_count - freelist_count FROM pragma_page_count, pragma_freelist_count"
    pages: int = store._read(lambda db: db.execute(counts).fetchone()[0])
    return pages * 4096


async def test_two_hundred_turns_with_tools_cost_twice_what_one_hundred_cost(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "sessions.db", lambda: 5.0)
    talk, writer = Talk(), store.writer("aaaaaaaaaaaa")
    empty = bytes_used(store)
    ratios, sent = [], 0
    for _ in range(2):
        for step in talk.turns(100):
            sent += len(step.body)
            await keep(writer, step, frames=False)
        ratios.append((bytes_used(store) - empty) / talk.said)
    # Per byte of conversation: a neutral message, a wire message, the index and the rows around them.
    assert ratios[1] < ratios[0] * 1.05
    assert ratios[1] < 2.5
    assert bytes_used(store) < sent / 50
    store.close()


async def test_frames_cost_less_than_twice_what_they_say(tmp_path: Path) -> None:
    without, with_frames = (Store.open(tmp_path / name, lambda: 5.0) for name in ("a.db", "b.db"))
    sizes = []
    for store in (without, with_frames):
        talk = Talk()
        for step in talk.turns(20):
            await keep(store.writer("aaaaaaaaaaaa"), step, frames=store is with_frames)
        sizes.append(bytes_used(store))
        store.close()
    assert sizes[1] - sizes[0] < 2 * talk.said


async def test_what_is_said_once_is_kept_once(tmp_path: Path) -> None:
    """The history is not in the file twice: however many requests hold a prompt, two pieces do."""
    store = Store.open(tmp_path / "sessions.db", lambda: 5.0)
    steps = list(Talk().turns(5))
    for step in steps:
        await keep(store.writer("aaaaaaaaaaaa"), step)
    prompt = steps[0].before.message
    assert isinstance(prompt, UserMessage)
    said = prompt.text.encode()
    assert all(said in step.body for step in steps)

    def count(db: sqlite3.Connection) -> int:
        ids = db.execute("SELECT id FROM piece").fetchall()
        return sum(said in pieces.read(db, id) for (id,) in ids)

    # The message itself, and the item of a request that was made of it.
    assert store._read(count) == 2
    store.close()
