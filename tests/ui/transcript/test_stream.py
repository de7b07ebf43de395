"""Text waits for its frame, in order and by part; slow frames take less and come later."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.ui.transcript.stream import FRAME, LEAST, REST, WORK, Coalescer

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


def test_a_slow_frame_takes_less_and_rests_longer() -> None:
    queue = Coalescer()
    queue.push("a", "x" * 6_000)
    share = len(queue.take()[0][1])
    queue.worked(10.0, WORK * 4)
    assert len(queue.take()[0][1]) < share
    assert queue.delay(10.0) == pytest.approx((REST - 1) * WORK * 4)
    for _ in range(20):
        queue.worked(20.0, 1.0)
    queue.push("a", "x" * LEAST)
    queue.take_all("a")
    queue.push("a", "x" * (LEAST + 1))
    assert len(queue.take()[0][1]) == LEAST


def test_a_long_backlog_is_caught_up_with() -> None:
    queue = Coalescer()
    queue.push("a", "x" * 100_000)
    frames = 0
    while queue.backlog:
        queue.take()
        queue.worked(float(frames), 1.0)
        frames += 1
    assert frames < 60


def test_quick_frames_take_more_and_keep_the_pace() -> None:
    queue = Coalescer()
    queue.push("a", "x" * 8_000)
    share = len(queue.take()[0][1])
    queue.worked(10.0, 0.001)
    assert len(queue.take()[0][1]) == 2 * share
    assert 0 < queue.delay(10.0) <= FRAME
    assert queue.delay(11.0) == 0
    queue.clear()
    assert queue.backlog == 0
    assert queue.take() == []
