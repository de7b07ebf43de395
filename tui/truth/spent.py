"""What is told of one call where many are added up: whether it may have cost anything, what caching saved."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from tui import pricing
from tui.chat.record import Exchange
from tui.generations import canonical

_NEVER_SENT = frozenset({"proxy-unreachable"})
AS_BILLED = Decimal("0.01")
"""How far tokens times price may be from what was billed: beyond it, it was billed by another price."""


def may_have_cost(exchange: Exchange) -> bool:
    """Whether a call that has ended may have cost something; a refusal does not, nor what never went out."""
    if exchange.answer is not None or exchange.cost.usd is not None or exchange.state == "lost":
        return True
    failure = exchange.failure
    refused = failure is not None and (failure.status is not None or failure.cls in _NEVER_SENT)
    return exchange.seconds is not None and not refused


def model_of(exchange: Exchange) -> str:
    """The canonical name of the model that answered, by the headers where they tell it."""
    told = exchange.served.model if exchange.served is not None else None
    return (canonical(told) if told else exchange.route.generation) or exchange.route.requested


def saved_by_cache(exchange: Exchange) -> Decimal | None:
    """US dollars that caching saved: what reads cost less than fresh input, minus what writes cost more.

    Negative where more was written than read. None where it is not known: nothing was counted, or the
    price is none that what was billed follows from.
    """
    usage, price = exchange.usage, exchange.route.price
    if usage is None or usage.input_total is None:
        return None
    if not (usage.cache_read or usage.cache_write_5m or usage.cache_write_1h):
        return Decimal(0)
    cached = pricing.computed(usage, price)
    uncached = pricing.computed(
        replace(usage, input=usage.input_total, cache_read=0, cache_write_5m=0, cache_write_1h=0), price
    )
    billed = exchange.cost.usd
    if cached is None or uncached is None or billed is None or abs(cached - billed) > AS_BILLED * billed:
        return None
    return uncached - cached
