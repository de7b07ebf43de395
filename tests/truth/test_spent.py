"""Whether a call may have cost something, and what caching saved."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.scripted import route
from tui import pricing
from tui.chat.catalog import Price
from tui.chat.record import Exchange, ExchangeState, Failure
from tui.chat.route import Served
from tui.chat.usage import Cost, Usage
from tui.truth.spent import may_have_cost, model_of, saved_by_cache

PRICE = Price(
    Decimal("0.000003"), Decimal("0.000015"), Decimal("0.0000003"), Decimal("0.00000375"), Decimal("0.000006")
)
REFUSED = Failure("vendor-error", "vendor", "no", status=400)
UNREACHED = Failure("proxy-unreachable", "client", "nobody there")
LATE = Failure("timeout-first-byte", "proxy", "nothing came")


def call(**fields: Any) -> Exchange:
    return replace(Exchange("x", 1, 1, 0.0, route(price=PRICE), state="done", seconds=1.0), **fields)


@pytest.mark.parametrize(
    ("state", "seconds", "failure", "cost", "may"),
    [
        ("done", 1.0, None, None, True),
        ("failed", 1.0, REFUSED, None, False),
        ("failed", 1.0, REFUSED, Decimal("0.1"), True),
        ("failed", 1.0, UNREACHED, None, False),
        ("failed", 1.0, LATE, None, True),
        ("stopped", 1.0, None, None, True),
        ("stopped", None, None, None, False),
        ("lost", None, None, None, True),
    ],
)
def test_only_what_went_out_and_was_not_refused_may_have_cost(
    state: ExchangeState, seconds: float | None, failure: Failure | None, cost: Decimal | None, may: bool
) -> None:
    known = Cost(cost, "computed" if cost else "unknown")
    assert may_have_cost(call(state=state, seconds=seconds, failure=failure, cost=known)) is may


def test_the_model_is_the_one_that_answered() -> None:
    assert model_of(call()) == "claude-opus-4-5"
    assert model_of(call(served=Served(model="anthropic/claude-haiku-4-5-20251001"))) == "claude-haiku-4-5"
    assert model_of(call(route=route(generation=""))) == "smart"


_tokens = st.integers(0, 200_000)


@given(st.builds(Usage, _tokens, _tokens, _tokens, _tokens, _tokens))
def test_reads_save_the_difference_and_writes_cost_it(usage: Usage) -> None:
    billed = pricing.computed(usage, PRICE)
    assert billed is not None
    read, five, hour = usage.cache_read or 0, usage.cache_write_5m or 0, usage.cache_write_1h or 0
    wanted = read * Decimal("0.0000027") - five * Decimal("0.00000075") - hour * Decimal("0.000003")
    assert saved_by_cache(call(usage=usage, cost=Cost(billed, "proxy-header"))) == wanted


def test_what_was_saved_is_not_known_at_another_price() -> None:
    usage = Usage(100, 1000, output=50)
    billed = Cost(Decimal("0.00135"), "proxy-header")
    assert saved_by_cache(call(usage=usage, cost=billed)) == Decimal("0.0027")
    assert saved_by_cache(call(usage=usage, cost=Cost(Decimal("0.0015"), "proxy-header"))) is None
    assert saved_by_cache(call(usage=usage, cost=billed, route=route(price=None))) is None
    assert saved_by_cache(call(usage=usage)) is None
    assert saved_by_cache(call(usage=None, cost=billed)) is None
    # Nothing was cached: that saves nothing at any price.
    assert saved_by_cache(call(usage=Usage(100, 0, output=5), route=route(price=None))) == 0
