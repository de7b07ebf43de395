"""Figures held against each other: every difference that can be provoked has its reason, none is made up."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.chat.catalog import Price
from tui.chat.usage import Usage
from tui.pricing import computed
from tui.truth.figures import Answered, figures
from tui.truth.reasons import Evidence
from tui.truth.reconcile import Reconciliation, reconcile

D = Decimal
PRICE = Price(
    D("3e-6"),
    D("15e-6"),
    D("3e-7"),
    D("3.75e-6"),
    D("6e-6"),
    above=((200_000, Price(D("6e-6"), D("22.5e-6"))),),
)
USAGE = Usage(input=1204, cache_read=18_330, cache_write_5m=300, cache_write_1h=77, output=611, reasoning=500)


def held(
    usage: Usage, told: Decimal | str, evidence: Evidence | None = None, **of_figures: object
) -> Reconciliation:
    """A whole answer whose header says ``told``, against its tokens at the catalog's price."""
    evidence = evidence or Evidence(usage, PRICE, streamed=False, model="claude")
    told_by = Answered(usage, str(told), whole=True)
    return reconcile(figures(told_by, evidence.price, **of_figures), evidence)  # type: ignore[arg-type]


def billed(usage: Usage, price: Price = PRICE) -> Decimal:
    usd = computed(usage, price)
    assert usd is not None
    return usd


def test_figures_that_agree_say_nothing_and_the_proxys_own_counts() -> None:
    noisy = billed(USAGE) * (1 + D("1e-12"))
    found = held(USAGE, noisy)
    assert found.mismatches == ()
    assert found.counts is not None
    assert found.counts.source == "proxy-header"
    assert [found.agrees(f) for f in found.figures] == [True, None, True]


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (
            replace(USAGE, cache_write_5m=377, cache_write_1h=0),
            "cache tier: 77 one-hour cache writes are billed at the five-minute price",
        ),
        (
            replace(USAGE, cache_write_5m=0, cache_write_1h=377),
            "cache tier: 300 five-minute cache writes are billed at the one-hour price",
        ),
        (
            replace(USAGE, input=1204 + 18_330, cache_read=0),
            "cache tier: 18,330 tokens read from the cache are billed as ordinary input",
        ),
        (replace(USAGE, cache_read=0), "cache tier: 18,330 tokens read from the cache are not billed"),
        (
            replace(USAGE, output=1111),
            "500 thinking tokens are billed beside the output, which holds them already",
        ),
        (replace(USAGE, output=111), "500 thinking tokens are not billed"),
        (replace(USAGE, output=500), "of 611 tokens out only the 500 of the thinking are billed"),
    ],
)
def test_a_bill_that_counts_tokens_otherwise_is_explained(other: Usage, reason: str) -> None:
    (finding,) = held(USAGE, billed(other)).mismatches
    assert finding.cls == "cost-mismatch"
    assert finding.says.endswith(f": {reason}.")


@pytest.mark.parametrize(
    ("size", "billing", "reason"),
    [
        (
            200_001,
            replace(PRICE, above=()),
            "long-context tier: 200,001 tokens in are over 200,000, yet the ordinary prices are billed",
        ),
        (
            200_000,
            replace(PRICE, above=((0, PRICE.above[0][1]),)),
            "long-context tier: the prices above 200,000 tokens in are billed for 200,000, "
            "which are not over it",
        ),
    ],
)
def test_a_bill_by_the_other_tier_is_explained(size: int, billing: Price, reason: str) -> None:
    usage = Usage(input=size, output=10)
    (finding,) = held(usage, billed(usage, billing)).mismatches
    assert finding.says.endswith(f": {reason}.")


def test_a_margin_and_a_discount_are_told_by_the_headers_of_a_whole_answer_only() -> None:
    ours = billed(USAGE)
    headers = (
        ("x-litellm-response-cost-original", str(ours)),
        ("x-litellm-response-cost-discount-amount", "0.001"),
        ("x-litellm-response-cost-margin-amount", "0.0005"),
    )
    evidence = Evidence(USAGE, PRICE, headers=headers, streamed=False)
    (finding,) = held(USAGE, ours - D("0.0005"), evidence).mismatches
    assert "a discount of $0.001 and a margin of $0.0005" in finding.says
    (unexplained,) = held(USAGE, ours - D("0.0005"), replace(evidence, streamed=True)).mismatches
    assert "Nothing known explains it" in unexplained.says


def test_a_round_factor_is_called_what_it_looks_like() -> None:
    (finding,) = held(USAGE, billed(USAGE) * D("1.1")).mismatches
    assert "exactly 10 % more: a margin, a discount or a regional price" in finding.says


def test_a_zero_for_a_priced_model_is_told_and_a_cached_answer_is_free_for_a_reason() -> None:
    (finding,) = held(USAGE, "0.0").mismatches
    assert "the proxy billed nothing" in finding.says
    cached = Evidence(USAGE, PRICE, headers=(("x-litellm-cache-key", "k"),), streamed=False)
    (finding,) = held(USAGE, "0.0", cached).mismatches
    assert "from its own cache" in finding.says


def test_an_unknown_price_is_named_once_and_nothing_counts() -> None:
    found = held(USAGE, "0.0", Evidence(USAGE, None, streamed=False, model="grok-unpriced"))
    assert found.counts is None
    (finding,) = found.mismatches
    assert finding.cls == "unknown-price"
    assert finding.says == (
        "The proxy has no price for grok-unpriced. The 0 of its response header means unknown, not free."
    )


def test_a_price_only_the_proxy_knows_counts_without_complaint() -> None:
    found = held(USAGE, "0.5", Evidence(USAGE, None, streamed=False))
    assert found.counts is not None
    assert found.mismatches == ()


def test_a_stream_without_figures_says_that_ours_stands_in() -> None:
    evidence = Evidence(USAGE, PRICE)
    found = reconcile(figures(Answered(USAGE), PRICE), evidence)
    assert found.counts is not None
    assert found.counts.source == "computed"
    assert [f.cls for f in found.mismatches] == ["cost-not-told"]
    assert "include_cost_in_streaming_usage" in found.mismatches[0].mend
    old = reconcile(figures(Answered(USAGE, whole=True, proxy_version="1.80.10"), PRICE), evidence)
    assert "LiteLLM 1.80.10 sent no x-litellm-response-cost." in old.mismatches[0].says
    tried = replace(evidence, retries=1)
    after = reconcile(figures(Answered(USAGE, whole=True, proxy_version="1.106.2"), PRICE), tried)
    assert "as is usual on /v1/messages after a retry or a fallback" in after.mismatches[0].says


def test_retries_and_the_zeros_of_streams_are_remarks_not_differences() -> None:
    zeros = (("X-LiteLLM-Response-Cost-Original", "0.0"),)
    evidence = Evidence(USAGE, PRICE, headers=zeros, streamed=True, retries=2)
    found = reconcile(figures(Answered(USAGE, stream=str(billed(USAGE))), PRICE), evidence)
    assert found.mismatches == ()
    assert "the proxy tried 2 times more than it answered" in found.remarks[0]
    assert "say 0.0 on a stream: sent before any token, so no figure" in found.remarks[1]


def test_a_cut_answer_has_no_figure_that_counts() -> None:
    seen = figures(Answered(Usage(input=5), cut=True), PRICE)
    found = reconcile(seen, Evidence(Usage(input=5), PRICE), cut=True)
    assert (found.counts, found.mismatches) == (None, ())
    assert "the least it cost" in found.why


OTHER = Price(D("0.001"), D("0.002"), D("3e-7"), D("3.75e-6"), D("6e-6"))


def test_a_price_set_for_another_deployment_is_seen_in_the_catalog() -> None:
    evidence = Evidence(USAGE, OTHER, siblings=(("custom", OTHER, True),), streamed=False, model="claude")
    (finding,) = held(USAGE, billed(USAGE, OTHER), evidence).mismatches
    assert finding.cls == "price-polluted"
    assert "the price of custom, and this one names no price of its own" in finding.says


def test_a_price_set_for_another_deployment_is_seen_beside_the_price_list() -> None:
    evidence = Evidence(
        USAGE,
        OTHER,
        siblings=(("a", OTHER, False), ("b", OTHER, False)),
        listed=PRICE,
        streamed=False,
        model="claude",
    )
    (finding,) = held(USAGE, billed(USAGE, OTHER), evidence).mismatches
    assert finding.cls == "price-polluted"
    assert "the price of a, b, and the price list says $3 / $15 per M in / out" in finding.says


def test_a_bill_at_anothers_price_is_seen_without_either() -> None:
    evidence = Evidence(USAGE, PRICE, siblings=(("custom", OTHER, True),), streamed=False, model="claude")
    (finding,) = held(USAGE, billed(USAGE, OTHER), evidence).mismatches
    assert finding.cls == "price-polluted"
    assert "it lists $3 / $15 per M in / out for this one" in finding.says


@pytest.mark.parametrize(
    "evidence",
    [
        Evidence(USAGE, PRICE, siblings=(("twin", PRICE, False),), model="claude"),
        Evidence(USAGE, PRICE, siblings=(("twin", PRICE, True),), model="claude"),
        Evidence(USAGE, PRICE, siblings=(("custom", OTHER, True),), listed=PRICE, model="claude"),
        Evidence(
            USAGE, OTHER, own_price=True, siblings=(("twin", PRICE, False),), listed=PRICE, model="claude"
        ),
        Evidence(
            USAGE, OTHER, own_price=True, siblings=(("twin", OTHER, True),), listed=PRICE, model="claude"
        ),
        Evidence(USAGE, OTHER, listed=PRICE, model="claude"),
    ],
)
def test_pollution_is_not_claimed_where_a_price_is_ones_own_or_the_lists(evidence: Evidence) -> None:
    price = evidence.price
    assert price is not None
    found = held(USAGE, billed(USAGE, price), replace(evidence, streamed=False))
    assert [f.cls for f in found.mismatches if f.cls == "price-polluted"] == []


@given(
    st.builds(Usage, *[st.integers(0, 10**6)] * 5, st.none()),
    st.decimals("1e-9", "1e-3", places=12),
    st.decimals("1e-9", "1e-3", places=12),
)
def test_whatever_the_tokens_an_exact_bill_reconciles(usage: Usage, dear: Decimal, cheap: Decimal) -> None:
    price = Price(dear, dear * 5, cheap, dear * D("1.25"))
    found = held(usage, billed(usage, price), Evidence(usage, price, streamed=False))
    assert found.mismatches == ()
