"""Cost figures: arithmetic, tiers, which one counts, and what is unknown."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui import pricing
from tui.chat.catalog import Price
from tui.chat.usage import UNKNOWN_COST, Cost, Usage, total_cost

D = Decimal
PRICE = Price(D("0.000003"), D("0.000015"), D("0.0000003"), D("0.00000375"), D("0.000006"))
USAGE = Usage(input=100, cache_read=1000, cache_write_5m=200, cache_write_1h=50, output=70, reasoning=30)


def test_each_bucket_has_its_price_and_reasoning_is_not_counted_twice() -> None:
    expected = D("0.0003") + D("0.0003") + D("0.00075") + D("0.0003") + D("0.00105")
    assert pricing.computed(USAGE, PRICE) == expected


@pytest.mark.parametrize("price", [None, Price(), Price(input=D(1)), Price(output=D(1))])
def test_without_both_prices_nothing_is_computed(price: Price | None) -> None:
    assert pricing.computed(USAGE, price) is None


@pytest.mark.parametrize("usage", [None, Usage(), Usage(input=5), Usage(output=5)])
def test_without_both_counts_nothing_is_computed(usage: Usage | None) -> None:
    assert pricing.computed(usage, PRICE) is None


def test_a_long_context_tier_reprices_the_whole_step_and_keeps_what_it_does_not_name() -> None:
    price = Price(D(1), D(10), D("0.1"), above=((200, Price(input=D(2), output=D(20))),))
    assert pricing.computed(Usage(input=200, output=1), price) == D(210)
    assert pricing.computed(Usage(input=150, cache_read=51, output=1), price) == D(300) + D("5.1") + D(20)


def test_the_header_counts_before_the_stream_before_arithmetic() -> None:
    assert pricing.settle(pricing.figures(USAGE, PRICE, "0.5", "0.4")) == Cost(D("0.5"), "proxy-header")
    assert pricing.settle(pricing.figures(USAGE, PRICE, None, "0.4")) == Cost(D("0.4"), "proxy-stream")
    assert pricing.settle(pricing.figures(USAGE, PRICE, None, None)).source == "computed"


@pytest.mark.parametrize("zero", ["0", "0.0", "0E-7"])
def test_a_zero_without_a_known_price_is_unknown_not_free(zero: str) -> None:
    assert pricing.settle(pricing.figures(USAGE, None, zero, zero)) == UNKNOWN_COST
    free = Price(D(0), D(0))
    assert pricing.settle(pricing.figures(USAGE, free, zero, None)) == Cost(D(zero), "proxy-header")


@pytest.mark.parametrize("text", ["", "abc", "-1", "NaN", "Infinity", None])
def test_nonsense_figures_are_not_told(text: str | None) -> None:
    assert pricing.amount(text) is None


def test_float_noise_is_kept_in_the_text_and_ignored_in_comparison() -> None:
    noisy = pricing.amount("0.00015000000000000001")
    assert noisy is not None
    assert str(noisy) == "0.00015000000000000001"
    assert pricing.agree(noisy, D("0.00015"))
    assert not pricing.agree(D("0.00015"), D("0.000151"))


def test_a_stopped_step_is_a_lower_bound() -> None:
    cost = pricing.lower_bound(Usage(input=1000), PRICE, output_chars=400)
    assert cost == Cost(D("0.003") + D("0.0015"), "estimated", at_least=True)
    assert pricing.lower_bound(None, None, 400) == UNKNOWN_COST


def test_a_sum_with_an_unknown_step_is_a_lower_bound_named_by_its_weakest_source() -> None:
    known, computed = Cost(D(1), "proxy-header"), Cost(D(2), "computed")
    assert known + computed == Cost(D(3), "computed")
    assert known + UNKNOWN_COST == Cost(D(1), "proxy-header", at_least=True)
    assert total_cost([]) == UNKNOWN_COST
    assert total_cost([UNKNOWN_COST, UNKNOWN_COST]) == UNKNOWN_COST


@given(st.lists(st.builds(Usage, *[st.none() | st.integers(0, 10**6)] * 6), min_size=1, max_size=5))
def test_usage_sums_never_turn_unknown_into_zero(usages: list[Usage]) -> None:
    total = usages[0]
    for usage in usages[1:]:
        total = total + usage
    for name in Usage.__dataclass_fields__:
        told = [getattr(u, name) for u in usages if getattr(u, name) is not None]
        assert getattr(total, name) == (sum(told) if told else None)
