"""Text waits for its frame, in order and by part; slow frames take less and come later."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.ui.transcript.stream import FLOOD, FLOODED, FRAME, LEAST, REST, WORK, Coalescer

PUSHES = st.lists(st.tuples(st.sampled_from("ab"), st.text(min_size=1, max_size=3000)), max_size=20)


@given(PUSHES)
def test_nothing_is_lost_or_reordered(pushes: list[tuple[str, str]]) -> None:
    queue = Coalescer()
    for key, text in pushes:
        queue.push(key, text)
    taken: list[tuple[str, str]] = []
    while queue.backlog:
        taken += queue.take()
    for name in "ab":
        assert "".join(t for k, t in taken if k == name) == "".join(t for k, t in pushes if k == name)
    assert "".join(t for _, t in taken) == "".join(t for _, t in pushes)


@given(PUSHES)
def test_a_part_that_ends_takes_its_own_text_only(pushes: list[tuple[str, str]]) -> None:
    queue = Coalescer()
    for key, text in pushes:
        queue.push(key, text)
    assert queue.take_all("a") == "".join(t for k, t in pushes if k == "a")
    assert queue.backlog == sum(len(t) for k, t in pushes if k == "b")
    assert all(key == "b" for key, _ in queue.take())


class _Clock:
    """The CPU a frame took, as it is set."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def worked(queue: Coalescer, clock: _Clock, now: float, seconds: float, cpu: float | None = None) -> None:
    """End a frame that took so long, and so much CPU if that was less."""
    clock.now += seconds if cpu is None else cpu
    queue.worked(now, seconds)


def test_a_slow_frame_takes_less_and_rests_longer() -> None:
    clock = _Clock()
    queue = Coalescer(clock)
    queue.push("a", "x" * 6_000)
    share = len(queue.take()[0][1])
    worked(queue, clock, 10.0, WORK * 4)
    assert len(queue.take()[0][1]) < share
    assert queue.delay(10.0) == pytest.approx((REST - 1) * WORK * 4)
    for _ in range(20):
        worked(queue, clock, 20.0, 1.0)
    queue.push("a", "x" * LEAST)
    queue.take_all("a")
    queue.push("a", "x" * (LEAST + 1))
    assert len(queue.take()[0][1]) == LEAST


def test_a_long_backlog_is_caught_up_with() -> None:
    clock = _Clock()
    queue = Coalescer(clock)
    queue.push("a", "x" * 100_000)
    frames = 0
    while queue.backlog:
        queue.take()
        worked(queue, clock, float(frames), 1.0)
        frames += 1
    assert frames < 60


def test_quick_frames_take_more_and_keep_the_pace() -> None:
    clock = _Clock()
    queue = Coalescer(clock)
    queue.push("a", "x" * 8_000)
    share = len(queue.take()[0][1])
    worked(queue, clock, 10.0, 0.001)
    assert len(queue.take()[0][1]) == 2 * share
    queue.clear()
    queue.push("a", "x" * 100)
    queue.take()
    worked(queue, clock, 10.0, 0.001)
    assert 0 < queue.delay(10.0) <= FRAME
    assert queue.delay(11.0) == 0
    queue.clear()
    assert queue.backlog == 0
    assert queue.take() == []


def test_a_frame_that_waited_for_the_machine_takes_no_less() -> None:
    clock = _Clock()
    queue = Coalescer(clock)
    queue.push("a", "x" * 20_000)
    share = len(queue.take()[0][1])
    worked(queue, clock, 10.0, 1.0, WORK)
    assert len(queue.take()[0][1]) == share


def test_frames_that_nobody_can_read_come_less_often() -> None:
    clock = _Clock()
    queue = Coalescer(clock)
    queue.push("a", "x" * FLOOD)
    queue.take()
    worked(queue, clock, 10.0, 0.001)
    assert FRAME < queue.delay(10.0) <= FLOODED
    queue.push("a", "x" * (FLOOD - 1))
    queue.take()
    worked(queue, clock, 11.0, 0.001)
    assert queue.delay(11.0) <= FRAME
