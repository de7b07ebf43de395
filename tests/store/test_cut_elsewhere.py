"""What one program takes away while another is at it: nobody's rows are mistaken, no answer is lost."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.store.talk import Step, Talk, keep
from tui.chat.messages import ToolMessage
from tui.chat.parts import Text, ToolResult
from tui.chat.record import CallFacts, Node, SessionInfo, SessionRecord
from tui.store import Store

ID, OTHER = "aaaaaaaaaaaa", "bbbbbbbbbbbb"


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    """Two programs on one file."""
    path = tmp_path / "sessions.db"
    one, two = Store.open(path, lambda: 5.0), Store.open(path, lambda: 5.0)
    yield one, two
    two.close()
    one.close()


def steps(seed: int, count: int = 1) -> list[Step]:
    return list(Talk(seed, f"t{seed}").turns(count))


async def test_frames_and_ends_of_what_was_cut_go_into_no_other_exchange(stores: tuple[Store, Store]) -> None:
    one, two = stores
    mine, theirs = steps(1)[0], steps(2)[0]
    writer, other = one.writer(ID), two.writer(OTHER)
    await writer.node(mine.before, mine.state)
    running = await writer.exchange(replace(mine.exchange, state="open", answer=None), mine.body)
    running.frame(mine.frames[0])
    await two.writer(ID).cut(mine.before.message.id)
    # Takes the numbers that were let go.
    await keep(other, theirs)
    before = two.record(OTHER)
    running.answering(mine.exchange, (("a", "b"),), ())
    for frame in mine.frames[1:]:
        running.frame(frame)
    await running.finish(mine.exchange, mine.answer, mine.state)
    assert one.trouble is None
    assert two.record(OTHER) == before
    kept = one.record(ID)
    # What was said while it was cut brings its prompt back.
    assert kept.nodes == (mine.before, mine.answer)
    assert [(e.id, e.cost, e.state) for e in kept.exchanges] == [
        (mine.exchange.id, mine.exchange.cost, "done")
    ]


async def test_a_session_purged_elsewhere_comes_back_as_itself(stores: tuple[Store, Store]) -> None:
    one, two = stores
    talk = steps(1)
    for step in talk:
        await keep(one.writer(ID), step)
    copy = one.copy(ID)
    writer = one.writer(copy)
    await writer.node(talk[-1].answer, talk[-1].state)
    # All it holds is the first session's, too.
    two.purge(copy)
    added = two.add(SessionRecord(SessionInfo(OTHER), nodes=(steps(2)[0].before,)))
    node = replace(talk[0].before, message=replace(talk[0].before.message, id="later"))
    await writer.node(node, talk[0].state)
    assert one.trouble is None
    assert [found.message.id for found in one.load(copy).nodes] == ["later"]
    assert len(two.load(added).nodes) == 1


async def test_a_result_that_comes_after_its_message_is_nobodys(stores: tuple[Store, Store]) -> None:
    one, two = stores
    first, second = steps(1)
    writer = one.writer(ID)
    await keep(writer, first)
    await writer.node(second.before, second.state)
    assert isinstance(second.before.message, ToolMessage)
    await writer.result(first.answer.message.id, second.before.message.results[0], CallFacts("late"))
    one.close()
    assert not two.pending(ID)


async def test_results_of_an_answer_that_was_cut_or_never_came_are_left_by_nobody(
    stores: tuple[Store, Store],
) -> None:
    one, two = stores
    first, second = steps(1)
    writer = one.writer(ID)
    await keep(writer, first)
    result = ToolResult("c", (Text("x"),))
    answer = first.answer.message.id
    await writer.result(answer, result, CallFacts("c"))
    await two.writer(ID).cut(answer)
    await writer.result(answer, result, CallFacts("c"))
    await writer.result("never", result, CallFacts("c"))
    one.close()
    assert not two.pending(ID)
    await two.writer(ID).node(Node(second.before.message), second.state)
