"""What the view of costs shows, without a screen."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.chat.spend import Spend
from tui.chat.usage import UNKNOWN_COST, Cost, Usage
from tui.clean import cells
from tui.ui import spend_rows
from tui.ui.spend_rows import chart, header, headline, line, ordered, table

TODAY = date(2026, 3, 9)


def spend(key: str, usd: str | None = None, calls: int = 1, **fields: object) -> Spend:
    cost = UNKNOWN_COST if usd is None else Cost(Decimal(usd), "computed")
    return Spend(key, calls=calls, cost=cost, **fields)  # type: ignore[arg-type]


def day(back: int, usd: str) -> Spend:
    return spend((TODAY - timedelta(days=back)).isoformat(), usd)


def test_the_bars_end_today_and_the_highest_is_full() -> None:
    shown = chart([day(2, "0.5"), day(1, "0.0001"), day(0, "1")], 7, TODAY, 70)
    assert [row[-9:] for row in shown.rows] == ["      ██ ", "      ██ ", "██    ██ ", "██ ▁▁ ██ "]
    assert shown.below == "03 Mar – 09 Mar, a bar is a day, the highest $1.0000"
    unpriced = chart([spend(TODAY.isoformat())], 7, TODAY, 70)
    assert unpriced.below == "03 Mar – 09 Mar, a bar is a day, no cost is known"


@given(
    st.dictionaries(st.integers(0, 400), st.decimals(0, 100, places=3), max_size=30),
    st.sampled_from(spend_rows.RANGES),
    st.integers(40, 200),
)
def test_bars_fit_and_show_whatever_was_spent(
    spent: dict[int, Decimal], span: int | None, width: int
) -> None:
    days = [day(back, str(usd)) for back, usd in spent.items() if span is None or back < span]
    shown = chart(sorted(days, key=lambda row: row.key), span, TODAY, width)
    assert len(shown.rows) == spend_rows.HEIGHT
    assert len({len(row) for row in shown.rows}) == 1
    assert len(shown.rows[0]) <= width
    assert bool(shown.rows[-1].strip()) == any(row.cost.usd for row in days)


@pytest.mark.parametrize("width", [40, 74, 76, 114, 194])
def test_rows_and_their_header_are_as_wide_as_the_screen(width: int) -> None:
    wide = spend(
        "日本語の長い題名" * 20, "123.4", 12_345, usage=Usage(1, 2, output=3, reasoning=1), saved=Decimal(1)
    )
    for row in (wide, spend("x"), spend("", "0.0000001"), spend("a\x1b[31mb", "1")):
        shown = line(row, Decimal(200), width)
        assert cells(shown) <= max(width, 54)
        assert "\x1b" not in shown
        assert cells(header("model", "cost", width)) == cells(shown)
    assert "deleted ses" in line(spend("", "1"), Decimal(1), width)


def test_what_is_unknown_is_not_zero() -> None:
    assert "?" in line(spend("x"), Decimal(0), 80)
    partly = Spend("x", calls=2, unknown=1, cost=Cost(Decimal(1), "computed", at_least=True))
    assert "≥ $1.0000" in line(partly, Decimal(1), 80)
    assert headline(spend("", calls=2, unknown=2, saved_unknown=2)) == (
        "cost unknown in 2 calls (2 unknown) · cached ? · saved ? · reasoning ?"
    )
    assert headline(Spend("")) == "nothing was spent"


def test_the_order_is_the_most_first_and_the_newest_day() -> None:
    rows = [spend("b", "1", 5, saved=Decimal(-1)), spend("c", None, 9), spend("a", "2", 1, saved=Decimal(3))]
    assert [row.key for row in ordered(rows, "key", "model")] == ["a", "b", "c"]
    assert [row.key for row in ordered(rows, "key", "day")] == ["c", "b", "a"]
    assert [row.key for row in ordered(rows, "cost", "model")] == ["a", "b", "c"]
    assert [row.key for row in ordered(rows, "calls", "model")] == ["c", "b", "a"]
    assert [row.key for row in ordered(rows, "saved", "model")] == ["a", "b", "c"]


def test_the_table_is_copied_exactly() -> None:
    rows = [
        Spend("s1", "A\ttitle", 2, 1, Cost(Decimal("0.1234567"), "computed"), Usage(1, 3), Decimal("-0.5")),
        spend(""),
    ]
    assert table(rows, "session").splitlines() == [
        "session\ttitle\tcalls\tunknown\tusd\tcached\tsaved\treasoning",
        "s1\tA title\t2\t1\t0.1234567\t0.75\t-0.5\t",
        "deleted sessions\t\t1\t0\t\t\t\t",
    ]
