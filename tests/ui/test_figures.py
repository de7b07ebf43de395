"""Money, tokens and times as people read them."""

from decimal import Decimal

import pytest

from tui.chat.usage import UNKNOWN_COST, Cost
from tui.ui.figures import (
    context_gauge,
    count,
    duration,
    money,
    per_million,
    short_count,
    sparkline,
    usd,
)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("0", "$0"),
        ("0.0123", "$0.0123"),
        ("0.00015000000000000001", "$0.00015"),
        ("0.0000031", "$0.0000031"),
        ("1.5", "$1.5000"),
        ("1234.567", "$1,234.57"),
    ],
)
def test_dollars_keep_the_digits_that_tell_something(value: str, shown: str) -> None:
    assert usd(Decimal(value)) == shown


def test_an_unknown_cost_is_never_a_zero() -> None:
    assert money(None) == money(UNKNOWN_COST) == "cost unknown"
    assert money(Cost(Decimal("0.004"), "estimated", at_least=True)) == "≥ $0.0040"
    assert money(Cost(Decimal(0), "proxy-header")) == "$0"


def test_prices_are_per_million_tokens() -> None:
    assert per_million(Decimal("0.000005")) == "5.00"
    assert per_million(Decimal("0.000000001")) == "0.0010"
    assert per_million(None) == "?"


@pytest.mark.parametrize(
    ("tokens", "shown"),
    [
        (None, "?"),
        (0, "0"),
        (950, "950"),
        (18330, "18.3k"),
        (200_000, "200k"),
        (1_000_000, "1M"),
        (1_048_576, "1.0M"),
    ],
)
def test_counts_in_few_characters(tokens: int | None, shown: str) -> None:
    assert short_count(tokens) == shown


def test_counts_in_full() -> None:
    assert count(18330) == "18,330"
    assert count(None) == "?"


@pytest.mark.parametrize(
    ("seconds", "shown"), [(None, "?"), (0.84, "0.8 s"), (42.4, "42 s"), (187.0, "3:07")]
)
def test_durations(seconds: float | None, shown: str) -> None:
    assert duration(seconds) == shown


def test_a_sparkline_fits_and_peaks() -> None:
    assert sparkline([], 8) == ""
    assert sparkline([0, 0], 8) == "▁▁"
    assert sparkline([1, 2, 4], 8) == "▃▅█"
    assert len(sparkline(list(range(100)), 8)) == 8


def test_the_gauge_tells_what_is_known() -> None:
    assert context_gauge(None, 200_000) == "ctx ?"
    assert context_gauge(18_000, 200_000) == "ctx 9%"
    assert context_gauge(18_000, None) == "ctx 18k"
