"""How the form that asks fits its words and leaves room for what is asked, at every size."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.asking_session import shell
from tui.chat.events import ApprovalNeeded
from tui.ui.approval_layout import Choice, Layout, answer_rows, answers, layout

KEYS = {"once": "y", "session": "s", "no": "n", "never": "N", "all": "a"}


def laid(words: str, width: int, height: int, *, waiting: int = 3, tall: bool = False) -> Layout:
    call, ask = shell("ls")
    asked = replace(ask, says=words, grants=words)
    needed = ApprovalNeeded(0.0, call, asked, lambda _: None)
    return layout(needed, f"1 of {waiting}", answers(waiting, KEYS), width, height, tall=tall)


@given(st.text(max_size=400), st.integers(20, 200), st.integers(10, 70), st.booleans())
def test_words_fit_and_something_is_left_to_read(words: str, width: int, height: int, tall: bool) -> None:
    form = laid(words, width, height, tall=tall)
    assert form.room >= 1
    for line in (*form.says, *form.covers):
        assert line.cell_length <= max(width, 16 + len("1 of 3") + 2)
    assert form.says[0].plain.endswith("1 of 3")


@pytest.mark.parametrize("height", [16, 24, 40, 60])
def test_it_takes_half_the_screen_and_nearly_all_of_it_when_tall(height: int) -> None:
    def rows(form: Layout) -> int:
        return len(form.says) + len(form.covers) + form.room + 1 + 2 * form.framed

    assert rows(laid("do it", 76, height)) == max(10, height // 2)
    assert rows(laid("do it", 76, height, tall=True)) == max(10, height - 9)


def test_words_too_long_end_in_an_ellipsis() -> None:
    form = laid("word " * 100, 76, 24)
    assert (len(form.says), len(form.covers)) == (3, 2)
    assert form.says[-1].plain.endswith(" …")
    assert form.covers[-1].plain.endswith(" …")
    low = laid("word " * 100, 36, 12)
    assert (len(low.says), len(low.covers), low.framed) == (1, 1, False)


def test_all_at_once_is_offered_where_several_wait() -> None:
    assert [c.id for c in answers(1, KEYS)] == ["once", "session", "no", "never"]
    assert answers(7, KEYS)[-1] == Choice("all", "a", "all 7 once")


@given(st.integers(10, 120))
def test_answers_are_broken_between_each_other(width: int) -> None:
    choices = answers(3, KEYS)
    rows = answer_rows(choices, width)
    assert [c for row in rows for c in row] == list(choices)
    for row in rows:
        assert len(row) == 1 or sum(c.cells for c in row) + 2 * (len(row) - 1) <= width
