"""Cost figures: arithmetic, tiers, which one counts, and what is unknown."""

import re
from decimal import Context, Decimal, localcontext

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


_PRICES = st.none() | st.decimals(0, 1000, places=12)
_SOME = st.decimals(0, 1000, places=12)
_TOKENS = st.none() | st.integers(0, 10**9)
_TOLD = st.builds(Usage, st.integers(0, 10**9), _TOKENS, _TOKENS, _TOKENS, st.integers(0, 10**9), st.none())
_LISTED = st.builds(Price, _SOME, _SOME, _PRICES, _PRICES, _PRICES)
_LINE = re.compile(r"([\d,]+) [a-z0-9 ]+ × \$([\d.]+)/M")


@given(_TOLD, _LISTED)
def test_the_arithmetic_in_words_makes_exactly_the_sum(usage: Usage, price: Price) -> None:
    bill = pricing.bill(usage, price)
    assert bill is not None
    with localcontext(Context(prec=100)):
        words = [(int(n.replace(",", "")), D(each) / 1_000_000) for n, each in _LINE.findall(bill.words)]
        assert sum((n * each for n, each in words), D(0)) == bill.usd
    assert len(words) == len(bill.lines) == bill.words.count("×")


def test_the_words_name_each_bucket_its_price_and_the_tier() -> None:
    price = Price(D("3e-6"), D("15e-6"), D("3e-7"), above=((200_000, Price(D("6e-6"))),))
    bill = pricing.bill(Usage(input=1204, cache_read=198_900, output=611), price)
    assert bill is not None
    assert bill.words == (
        "1,204 in × $6.00/M + 198,900 cache read × $0.30/M + 611 out × $15.00/M "
        "(the prices above 200,000 tokens in)"
    )
