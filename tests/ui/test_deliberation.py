"""Which keys decide about a question, and which were meant for something else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.ui.deliberation import HELD_S, MEANT_S, READ_S, Deliberation


def asked(at: float = 10.0) -> Deliberation:
    keys = Deliberation()
    keys.show(at)
    return keys


def test_a_key_pressed_once_it_could_be_read_decides_a_moment_later() -> None:
    keys = asked()
    assert keys.press("y", 10.0 + READ_S)
    assert keys.waiting == "y"
    assert keys.settle() == "y"
    assert keys.waiting == ""
    assert keys.settle() == ""


@pytest.mark.parametrize("at", [9.0, 10.0, 10.0 + READ_S - 0.01])
def test_a_key_pressed_before_that_decides_nothing(at: float) -> None:
    keys = asked()
    assert not keys.press("y", at)
    assert keys.settle() == ""


def test_nothing_is_decided_before_anything_was_shown() -> None:
    keys = Deliberation()
    assert not keys.press("y", 1e9)
    keys.show(10.0)
    keys.hide()
    assert not keys.press("y", 1e9)


def test_what_waits_is_forgotten_when_another_question_takes_its_place() -> None:
    keys = asked()
    keys.press("y", 11.0)
    keys.show(11.1)
    assert keys.settle() == ""
    assert not keys.press("y", 11.1 + READ_S - 0.01)


def test_the_first_letter_of_a_word_is_given_back() -> None:
    keys = asked()
    keys.press("s", 11.0)
    assert keys.typed(11.1) == "s"
    assert keys.settle() == ""
    assert keys.typed(11.2) == ""


def test_so_is_one_that_came_too_early_but_not_one_of_long_ago() -> None:
    keys = asked()
    keys.press("y", 10.1)
    assert keys.typed(10.2) == "y"
    keys = asked()
    keys.press("y", 11.0)
    assert keys.typed(11.0 + MEANT_S) == ""


def test_a_second_deciding_key_takes_the_first_back() -> None:
    keys = asked()
    keys.press("y", 11.0)
    assert not keys.press("n", 11.1)
    assert keys.settle() == ""


def test_a_double_press_decides_once_and_a_held_key_not_at_all() -> None:
    keys = asked()
    keys.press("y", 11.0)
    assert not keys.press("y", 11.1)
    assert keys.settle() == "y"
    keys = asked()
    for number in range(8):
        keys.press("y", 11.0 + number * 0.03)
    assert keys.settle() == ""


@given(delay=st.floats(0.2, 1.0), every=st.floats(0.01, HELD_S * 0.9))
def test_a_key_held_down_never_decides_about_a_second_question(delay: float, every: float) -> None:
    """A keyboard repeats after a delay, then fast; the next question comes up meanwhile."""
    keys = asked()
    decided = []
    at = 11.0
    settle_at = at + MEANT_S if keys.press("y", at) else None
    at += delay
    while at < 15.0:
        if settle_at is not None and at >= settle_at:
            if keys.settle():
                decided.append(settle_at)
                keys.show(settle_at + 0.02)
            settle_at = None
        if keys.press("y", at):
            settle_at = at + MEANT_S
        at += every
    assert len(decided) <= 1


@given(word=st.text("ynsNa", min_size=2, max_size=9), gap=st.floats(0.03, 0.12))
def test_a_word_of_deciding_letters_typed_fast_decides_at_most_with_its_end(word: str, gap: float) -> None:
    keys = asked()
    waits = [keys.press(letter, 11.0 + number * gap) for number, letter in enumerate(word)]
    if keys.settle():
        assert waits[-1] or word[-1] == word[-2]
