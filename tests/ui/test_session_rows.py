"""What the rows of the session picker say, and how they fit."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.ui.shelves import NOW, filled
from tui.chat.record import SessionInfo
from tui.chat.usage import UNKNOWN_COST, Totals
from tui.ui.session_rows import (
    HEAD,
    UNTITLED,
    age,
    columns,
    facts,
    found_in,
    model_of,
    row_of,
    title_room,
    words_of,
)

INFO = replace(filled()[1].info, totals=filled()[1].state.totals, models=("claude-opus-4-5", "gpt-5.5"))


def line(info: SessionInfo, width: int, current: str = "") -> str:
    return "".join(text for _, text in columns(row_of(info, NOW, current), width))


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-5, "now"),
        (59, "now"),
        (60, "1m"),
        (3599, "59m"),
        (3600, "1h"),
        (86_400, "1d"),
        (7 * 86_400, "1w"),
        (364 * 86_400, "52w"),
        (800 * 86_400, "2y"),
    ],
)
def test_an_age_is_said_in_one_unit(seconds: float, said: str) -> None:
    assert age(seconds) == said


def test_a_bound_is_a_bound_and_unknown_is_no_zero() -> None:
    assert "≥$0.4211" in line(INFO, 80)
    unknown = replace(INFO, totals=Totals(3, 3, cost=UNKNOWN_COST))
    assert "unknown" in line(unknown, 80)
    assert "$0" not in line(unknown, 80)
    assert row_of(replace(INFO, totals=Totals(), messages=7), NOW).turns == "?"
    assert row_of(replace(INFO, changed=0.0), NOW).age == "?"
    assert row_of(replace(INFO, changed=1e300), NOW).age == "?"


def test_the_model_that_answered_last_stands_first() -> None:
    assert model_of(INFO) == "gpt-5.5 +1"
    assert model_of(replace(INFO, models=(), model="smart")) == "smart"


def test_marks_are_signs_in_a_narrow_line_and_words_in_a_wide_one() -> None:
    info = replace(INFO, pinned=True, is_open=True, forks=2, source="codex", forked_from="abc")
    assert line(info, 80).startswith("★ ")
    assert line(info, 80).rstrip().endswith("○┬└↓")
    assert "pinned · open elsewhere · 2 forks · a fork" in line(info, 200)
    assert line(info, 80, info.id).startswith("● ")
    assert "open elsewhere" not in line(info, 200, info.id)
    assert "this one · pinned" in line(info, 200, info.id)
    told = facts(info, row_of(info, NOW))
    assert told.startswith(
        f"{info.id} · 14 turns, 0 messages · claude-opus-4-5, gpt-5.5 · since 2025-11-22 · "
    )
    assert told.endswith("pinned · open elsewhere · 2 forks · a fork · from codex")
    assert "deleted" in facts(replace(info, deleted_at=1.0), row_of(replace(info, deleted_at=1.0), NOW))
    assert "since" not in facts(replace(info, created=1e300), row_of(info, NOW))


@pytest.mark.parametrize("width", [40, 53, 60, 73, 112, 113, 160, 193])
@given(title=st.text(max_size=200), model=st.text(max_size=60))
def test_every_line_fills_its_width_and_stays_on_it(width: int, title: str, model: str) -> None:
    info = replace(INFO, title=title, models=(model,))
    said = line(info, width)
    assert cell_len(said) == width
    assert "\n" not in said
    assert "\x1b" not in said
    assert cell_len("".join(text for _, text in columns(HEAD, width))) == width
    assert title_room(width) >= 12


def test_a_session_without_a_title_says_so() -> None:
    assert row_of(replace(INFO, title=""), NOW).title == UNTITLED


def test_filters_are_no_words() -> None:
    assert words_of("sky model:opus cost>0.1 age<7d  BLUE") == ("sky", "blue")
    assert words_of("cost>a") == ("cost", "a")


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("Why is the Sky blue, skyline?", "sk blu", ["Sk", "blu", "sk"]),
        ("Ünïcode unicode", "UNICODE", ["Ünïcode", "unicode"]),
        ("husky", "sky", []),
        ("snake_case", "case", ["case"]),
        ("空はなぜ青い", "なぜ", ["なぜ"]),
        ("ﬁle and fil", "fil", ["ﬁl", "fil"]),
        ("nothing", "", []),
        ("a.*b", ".*", []),
    ],
)
def test_what_was_found_is_marked_where_words_begin(text: str, query: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in found_in(text, words_of(query))] == found


@given(text=st.text(max_size=80), query=st.text(max_size=20))
def test_marks_lie_within_the_text_and_apart(text: str, query: str) -> None:
    end = 0
    for start, following in found_in(text, words_of(query)):
        assert end <= start < following <= len(text)
        end = following
