"""Sums of tokens and money keep what is unknown unknown."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tui.chat.usage import UNKNOWN_COST, Cost, CostSource, Usage, total_cost

_counts = st.none() | st.integers(0, 10**9)
_usages = st.builds(Usage, _counts, _counts, _counts, _counts, _counts, _counts)


@given(_usages, _usages)
def test_a_bucket_is_unknown_only_if_nobody_told_it(a: Usage, b: Usage) -> None:
    total = a + b
    for name in ("input", "cache_read", "cache_write_5m", "cache_write_1h", "output", "reasoning"):
        told = [value for value in (getattr(a, name), getattr(b, name)) if value is not None]
        assert getattr(total, name) == (sum(told) if told else None)


def test_the_input_total_counts_cached_tokens() -> None:
    assert Usage(1, 2, 3, 4, 100).input_total == 10
    assert Usage(cache_read=2).input_total == 2
    assert Usage(output=5).input_total is None


def test_a_sum_with_an_unknown_is_a_lower_bound_named_by_its_weakest_source() -> None:
    header = Cost(Decimal("0.1"), "proxy-header")
    computed = Cost(Decimal("0.02"), "computed")
    assert header + computed == Cost(Decimal("0.12"), "computed")
    assert header + UNKNOWN_COST == Cost(Decimal("0.1"), "proxy-header", at_least=True)
    assert UNKNOWN_COST + UNKNOWN_COST == UNKNOWN_COST


_costs = st.builds(
    Cost,
    st.decimals(0, 100, places=6),
    st.sampled_from(("proxy-header", "proxy-stream", "computed", "estimated")),
    st.booleans(),
) | st.just(UNKNOWN_COST)


@given(st.lists(_costs))
def test_a_total_does_not_depend_on_the_order(costs: list[Cost]) -> None:
    assert total_cost(costs) == total_cost(costs[::-1])
    known = [c.usd for c in costs if c.usd is not None]
    assert total_cost(costs).usd == (sum(known, Decimal(0)) if known else None)


def test_free_and_unknown_are_different() -> None:
    source: CostSource = "computed"
    assert total_cost([Cost(Decimal(0), source)]).usd == 0
    assert total_cost([]).usd is None
