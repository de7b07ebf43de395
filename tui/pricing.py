"""Tokens times price: the exact sum, its arithmetic in words, and the price of who answered.

A proxy prices what is not told apart as it does itself: cached tokens without a price of their
own as ordinary input, one-hour writes as five-minute ones; above a threshold of input tokens all
prices change.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal, InvalidOperation, localcontext

from tui.chat.catalog import Catalog, Price
from tui.chat.route import Route, Served
from tui.chat.usage import UNKNOWN_COST, Cost, Usage

CHARS_PER_TOKEN = 4
"""Rule of thumb for text whose tokens nobody counted."""

_EXACT = Context(prec=100)
"""Enough digits for any token count at any price a proxy can write down."""


@dataclass(frozen=True, slots=True)
class Line:
    """Some tokens at one price."""

    bucket: str
    """``in``, ``cache read``, ``cache write 5m``, ``cache write 1h`` or ``out``."""
    tokens: int
    each: Decimal
    """US dollars per token."""

    @property
    def usd(self) -> Decimal:
        """What they cost together."""
        with localcontext(_EXACT):
            return self.tokens * self.each


@dataclass(frozen=True, slots=True)
class Bill:
    """Tokens times price, bucket by bucket."""

    lines: tuple[Line, ...]
    above: int | None = None
    """The number of input tokens above which these prices apply; None at the base prices."""

    @property
    def usd(self) -> Decimal:
        """The sum, exact."""
        with localcontext(_EXACT):
            return sum((line.usd for line in self.lines), Decimal(0))

    @property
    def words(self) -> str:
        """The arithmetic, such as ``1,204 in × $3.00/M + 611 out × $15.00/M``."""
        if not self.lines:
            return "nothing was counted"
        sums = " + ".join(f"{line.tokens:,} {line.bucket} × {_per_million(line.each)}" for line in self.lines)
        return sums if self.above is None else f"{sums} (the prices above {self.above:,} tokens in)"


def _per_million(each: Decimal) -> str:
    """A price per token as dollars per million, with every digit it has and cents at the least."""
    with localcontext(_EXACT):
        value = each * 1_000_000
    text = format(value, "f")
    whole, _, decimals = text.partition(".")
    return f"${whole}.{decimals.rstrip('0').ljust(2, '0')}/M"


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


def bill(usage: Usage | None, price: Price | None) -> Bill | None:
    """Tokens times price; None unless both directions are counted and priced."""
    if usage is None or usage.input is None or usage.output is None:
        return None
    return at_least(usage, price)


def at_least(usage: Usage, price: Price | None) -> Bill | None:
    """The priced part of ``usage``, counting what is not told as nothing; None without a needed price."""
    if price is None or not price.known:
        return None
    above, tier = _tier(price, usage.input_total or 0)
    write_5m = tier.cache_write_5m if tier.cache_write_5m is not None else tier.input
    buckets = (
        ("in", usage.input, tier.input),
        ("cache read", usage.cache_read, tier.cache_read if tier.cache_read is not None else tier.input),
        ("cache write 5m", usage.cache_write_5m, write_5m),
        (
            "cache write 1h",
            usage.cache_write_1h,
            tier.cache_write_1h if tier.cache_write_1h is not None else write_5m,
        ),
        ("out", usage.output, tier.output),
    )
    return Bill(
        tuple(Line(name, tokens, each) for name, tokens, each in buckets if tokens and each is not None),
        above,
    )


def computed(usage: Usage | None, price: Price | None) -> Decimal | None:
    """The sum of ``bill`` in US dollars."""
    made = bill(usage, price)
    return None if made is None else made.usd


def _tier(price: Price, input_tokens: int) -> tuple[int | None, Price]:
    """The prices at this input size and their threshold; a tier fills its gaps from the base prices."""
    above, chosen = None, price
    for threshold, tier in price.above:
        if input_tokens > threshold:
            above = threshold
            chosen = Price(
                *(
                    getattr(tier, name) if getattr(tier, name) is not None else getattr(price, name)
                    for name in ("input", "output", "cache_read", "cache_write_5m", "cache_write_1h")
                )
            )
    return above, chosen


def lower_bound(usage: Usage | None, price: Price | None, output_chars: int) -> Cost:
    """What a cut or stopped step has cost at the least: told input plus an estimate of what came."""
    known = usage or Usage()
    if known.output is None:
        known = known + Usage(output=output_chars // CHARS_PER_TOKEN)
    made = at_least(known, price)
    return UNKNOWN_COST if made is None else Cost(made.usd, "estimated", at_least=True)


def agree(a: Decimal, b: Decimal) -> bool:
    """Whether two figures are equal but for float noise (relative 1e-9)."""
    return abs(a - b) <= Decimal("1e-9") * max(abs(a), abs(b))
