"""Tokens times price, and which of several cost figures counts.

The figures of a proxy win over our arithmetic: it knows custom prices, tiers and margins.
Measured: streams carry meaningless zeros in some cost headers, an unknown price is billed as
0.0, and header figures carry float noise.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from tui.chat.catalog import Catalog, Price
from tui.chat.route import Route, Served
from tui.chat.usage import UNKNOWN_COST, Cost, Usage

CHARS_PER_TOKEN = 4
"""Rule of thumb for text whose tokens nobody counted."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Every cost figure seen for one step, in US dollars; None = not told or not computable."""

    header: Decimal | None = None
    stream: Decimal | None = None
    computed: Decimal | None = None


def price_of(served: Served, catalog: Catalog, route: Route) -> Price | None:
    """The price of the deployment that answered, else of the group that did, else of the route."""
    for card in catalog.cards:
        for deployment in card.deployments:
            if (
                served.model_id is not None
                and deployment.id == served.model_id
                and deployment.price is not None
            ):
                return deployment.price
    if served.attempted_fallbacks and served.group is not None:
        return next((card.price for card in catalog.cards if card.id == served.group), None)
    return route.price


def amount(text: str | None) -> Decimal | None:
    """A figure as the proxy wrote it; None for nothing, nonsense or a negative."""
    if text is None:
        return None
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() and value >= 0 else None


def computed(usage: Usage | None, price: Price | None) -> Decimal | None:
    """Tokens times price in US dollars; None unless both directions are counted and priced."""
    if usage is None or usage.input is None or usage.output is None:
        return None
    return _sum(usage, price)


def _sum(usage: Usage, price: Price | None) -> Decimal | None:
    """The priced part of ``usage``, counting what is not told as nothing; None without a needed price."""
    if price is None or not price.known:
        return None
    tier = _tier(price, usage.input_total or 0)
    write_5m = tier.cache_write_5m if tier.cache_write_5m is not None else tier.input
    buckets = (
        (usage.input, tier.input),
        (usage.cache_read, tier.cache_read if tier.cache_read is not None else tier.input),
        (usage.cache_write_5m, write_5m),
        (usage.cache_write_1h, tier.cache_write_1h if tier.cache_write_1h is not None else write_5m),
        (usage.output, tier.output),
    )
    return sum((tokens * each for tokens, each in buckets if tokens and each is not None), Decimal(0))


def _tier(price: Price, input_tokens: int) -> Price:
    """The prices at this input size; a tier fills its gaps from the base prices."""
    chosen = price
    for threshold, tier in price.above:
        if input_tokens > threshold:
            chosen = Price(
                *(
                    getattr(tier, name) if getattr(tier, name) is not None else getattr(price, name)
                    for name in ("input", "output", "cache_read", "cache_write_5m", "cache_write_1h")
                )
            )
    return chosen


def figures(usage: Usage | None, price: Price | None, header: str | None, stream: str | None) -> Figures:
    """All figures of a step side by side, with the proxy's meaningless zeros taken out."""
    unpriced = price is None or not price.known
    told = [amount(header), amount(stream)]
    if unpriced:
        # A proxy bills a model without a price as 0.0: that is "unknown", not "free".
        told = [None if value == 0 else value for value in told]
    return Figures(told[0], told[1], computed(usage, price))


def settle(seen: Figures) -> Cost:
    """The figure that counts: the response header, else the streamed one, else tokens times price."""
    if seen.header is not None:
        return Cost(seen.header, "proxy-header")
    if seen.stream is not None:
        return Cost(seen.stream, "proxy-stream")
    if seen.computed is not None:
        return Cost(seen.computed, "computed")
    return UNKNOWN_COST


def lower_bound(usage: Usage | None, price: Price | None, output_chars: int) -> Cost:
    """What a cut or stopped step has cost at the least: told input plus an estimate of what came."""
    known = usage or Usage()
    if known.output is None:
        known = known + Usage(output=output_chars // CHARS_PER_TOKEN)
    usd = _sum(known, price)
    return UNKNOWN_COST if usd is None else Cost(usd, "estimated", at_least=True)


def agree(a: Decimal, b: Decimal) -> bool:
    """Whether two figures are equal but for float noise (relative 1e-9)."""
    return abs(a - b) <= Decimal("1e-9") * max(abs(a), abs(b))
