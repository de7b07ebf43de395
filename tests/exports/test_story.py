"""Every message and every request is told once, and each at its place."""

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import settings as runs

from tests.chat.records import records
from tests.exports.samples import asked, session
from tui.chat.record import SessionRecord
from tui.exports.story import Story, story_of


def messages(story: Story) -> list[str]:
    """The ids of all messages told."""
    return [
        thing.id
        for branch in story.branches
        for turn in branch.turns
        for thing in (turn.prompt, *(m for step in turn.steps for m in (step.message, step.results)))
        if thing is not None
    ]


def test_steps_stand_beside_their_requests() -> None:
    story = story_of(session())
    first, second = story.branches
    turns = [[step.exchange and step.exchange.id for step in turn.steps] for turn in first.turns]
    assert turns == [["x1", "x2"], ["x3", "x4"]]
    assert [step.message and step.message.id for step in first.turns[1].steps] == [None, "a3"]
    assert (second.after, second.number, second.turns[0].number) == ("a2", 2, 3)
    assert story.forks == {"a2": (2,)}
    assert story.turn_of["a2"] == "turn 1"
    assert [step.exchange and step.exchange.id for step in story.strays] == ["x6"]


def test_a_session_without_requests_counts_its_prompts() -> None:
    story = story_of(replace(session(), exchanges=()))
    assert [turn.number for branch in story.branches for turn in branch.turns] == [1, 2, 2]


def test_an_answer_that_two_requests_claim_is_told_once() -> None:
    record = session()
    twice = replace(record, exchanges=(*record.exchanges, asked("x9", 1, 9, "u1", "a1")))
    told = [step.exchange and step.exchange.id for step in story_of(twice).branches[0].turns[0].steps]
    assert told == ["x9", "x1", "x2"]


@runs(max_examples=100)
@given(record=records())
def test_everything_is_told_once(record: SessionRecord) -> None:
    story = story_of(record)
    assert Counter(messages(story)) == Counter(node.message.id for node in record.nodes)
    requests = Counter(step.exchange.id for step in story.steps if step.exchange)
    assert requests == Counter(exchange.id for exchange in record.exchanges)
