"""n turns cost O(n): on disk, and in what one more step takes."""

from pathlib import Path

from tests.store.talk import Talk, keep
from tui.store import Store


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
    """The history is not in the file twice: no piece of it occurs again in a later request."""
    store = Store.open(tmp_path / "sessions.db", lambda: 5.0)
    marker = "unrepeatable-" + "q7" * 150
    talk = Talk()
    first, *rest = list(talk.turns(5))
    body = first.body.replace(
        b'"content":[{', b'"content":[{"type":"text","text":"%s"},{' % marker.encode(), 1
    )
    writer = store.writer("aaaaaaaaaaaa")
    for step in (first, *rest):
        later = step.body.replace(
            b'"content":[{', b'"content":[{"type":"text","text":"%s"},{' % marker.encode(), 1
        )
        assert later.startswith(body[:40])
        await keep(
            writer, type(step)(step.before, step.exchange, later, step.frames, step.answer, step.state)
        )
    pieces = store._read(lambda db: [row[0] for row in db.execute("SELECT id FROM piece")])
    from tui.store.pieces import read

    found = store._read(lambda db: sum(marker.encode() in read(db, id) for id in pieces))
    assert found == 1
    store.close()
