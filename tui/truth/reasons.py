"""Why two cost figures of one step differ: each reason with the evidence it rests on; pure arithmetic.

A reason is found by reckoning the step once more as a proxy would that makes just that
difference: where the result is the figure, the reason fits to the last digit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from tui.chat.catalog import Price
from tui.chat.frame import Headers
from tui.chat.usage import Usage
from tui.pricing import agree, amount, computed

ORIGINAL = "x-litellm-response-cost-original"
_PARTS = ("x-litellm-response-cost-discount-amount", "x-litellm-response-cost-margin-amount")
_CACHED = "x-litellm-cache-key"
_ROUND = Decimal("0.001")
"""How round a factor must be to look like somebody's margin."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What else is known of a step whose figures are compared."""

    usage: Usage | None = None
    price: Price | None = None
    """The catalog's, for the deployment that answered."""
    own_price: bool = False
    """The deployment's configuration names a price of its own."""
    siblings: tuple[tuple[str, Price, bool], ...] = ()
    """Other deployments of the same upstream model: the name, the price, and whether it is their own."""
    listed: Price | None = None
    """The price list's."""
    as_loaded: bool = True
    """The price list is without what was registered since."""
    headers: Headers = ()
    """Of the answer."""
    streamed: bool = True
    retries: int | None = None
    fallbacks: int | None = None
    model: str = ""
    """What answered, as people know it."""


def header(evidence: Evidence, name: str) -> str | None:
    """A header of the answer."""
    return next((value for key, value in evidence.headers if key.lower() == name), None)


def why_not_ours(told: Decimal, evidence: Evidence) -> str:
    """Why the proxy's figure is not tokens times the catalog's price; empty when nothing explains it."""
    return next(_reasons(told, evidence), "")


def _reasons(told: Decimal, evidence: Evidence) -> Iterator[str]:
    ours = computed(evidence.usage, evidence.price)
    if ours is None or evidence.usage is None or evidence.price is None:
        return
    yield from _zero(told, ours, evidence)
    yield from _adjusted(told, ours, evidence)
    yield from _cache(told, evidence.usage, evidence.price)
    yield from _long(told, evidence.usage, evidence.price)
    yield from _thinking(told, evidence.usage, evidence.price)
    yield from _factor(told, ours)


def _zero(told: Decimal, ours: Decimal, evidence: Evidence) -> Iterator[str]:
    if told or not ours:
        return
    if header(evidence, _CACHED):
        yield f"the proxy answered from its own cache ({_CACHED}), which it does not bill"
    else:
        yield "the proxy billed nothing: it had no price when it answered, or has this model for free"


def _adjusted(told: Decimal, ours: Decimal, evidence: Evidence) -> Iterator[str]:
    """Discount and margin as the headers tell them; a stream's are zeros that were never filled in."""
    original = amount(header(evidence, ORIGINAL))
    less, more = (amount(header(evidence, name)) or Decimal(0) for name in _PARTS)
    if evidence.streamed or not original or not (less or more) or not agree(original - less + more, told):
        return
    said = " and ".join(
        f"{word} ${value:f}" for word, value in (("a discount of", less), ("a margin of", more)) if value
    )
    rest = "" if agree(original, ours) else f"; before it the proxy reckons ${original:f}, not ${ours:f}"
    yield f"the proxy applies {said} ({ORIGINAL}: {original:f}){rest}"


def _cache(told: Decimal, usage: Usage, price: Price) -> Iterator[str]:
    short, long = usage.cache_write_5m or 0, usage.cache_write_1h or 0
    read = usage.cache_read or 0
    fresh = usage.input or 0
    others = (
        (
            long,
            replace(usage, cache_write_5m=short + long, cache_write_1h=0),
            f"{long:,} one-hour cache writes are billed at the five-minute price",
        ),
        (
            short,
            replace(usage, cache_write_5m=0, cache_write_1h=short + long),
            f"{short:,} five-minute cache writes are billed at the one-hour price",
        ),
        (
            read,
            replace(usage, input=fresh + read, cache_read=0),
            f"{read:,} tokens read from the cache are billed as ordinary input",
        ),
        (
            short + long,
            replace(usage, input=fresh + short + long, cache_write_5m=0, cache_write_1h=0),
            f"{short + long:,} cache writes are billed as ordinary input",
        ),
        (
            read + short + long,
            replace(
                usage, input=fresh + read + short + long, cache_read=0, cache_write_5m=0, cache_write_1h=0
            ),
            "all input is billed at the ordinary price: the cache is not counted",
        ),
        (read, replace(usage, cache_read=0), f"{read:,} tokens read from the cache are not billed"),
        (
            short + long,
            replace(usage, cache_write_5m=0, cache_write_1h=0),
            f"{short + long:,} cache writes are not billed",
        ),
        (
            read + short + long,
            replace(usage, cache_read=0, cache_write_5m=0, cache_write_1h=0),
            "nothing that went through the cache is billed",
        ),
        (
            read + short + long,
            replace(usage, input=fresh + read + short + long),
            "cached tokens are billed twice, once as ordinary input",
        ),
    )
    for counted, other, says in others:
        if counted and _is(told, other, price):
            yield f"cache tier: {says}"


def _long(told: Decimal, usage: Usage, price: Price) -> Iterator[str]:
    size = usage.input_total or 0
    base = replace(price, above=())
    for threshold, _tier in price.above:
        always = replace(price, above=tuple((-1 if at == threshold else at, p) for at, p in price.above))
        if size > threshold and _is(told, usage, base):
            yield (
                f"long-context tier: {size:,} tokens in are over {threshold:,}, "
                "yet the ordinary prices are billed"
            )
        elif size <= threshold and _is(told, usage, always):
            yield (
                f"long-context tier: the prices above {threshold:,} tokens in are billed for {size:,}, "
                "which are not over it"
            )


def _thinking(told: Decimal, usage: Usage, price: Price) -> Iterator[str]:
    hidden, output = usage.reasoning or 0, usage.output or 0
    if not hidden:
        return
    if _is(told, replace(usage, output=output + hidden), price):
        yield f"{hidden:,} thinking tokens are billed beside the output, which holds them already"
    elif _is(told, replace(usage, output=max(output - hidden, 0)), price):
        yield f"{hidden:,} thinking tokens are not billed"
    elif output > hidden and _is(told, replace(usage, output=hidden), price):
        yield f"of {output:,} tokens out only the {hidden:,} of the thinking are billed"


def _factor(told: Decimal, ours: Decimal) -> Iterator[str]:
    """A round factor between the two is what a margin or a discount looks like that no header tells."""
    if not ours or not told:
        return
    factor = told / ours
    if not Decimal("0.05") <= factor <= 5 or not agree(factor, factor.quantize(_ROUND)):
        return
    percent = (factor.quantize(_ROUND) - 1) * 100
    word = "more" if percent > 0 else "less"
    yield (
        f"exactly {abs(percent).normalize():f} % {word}: a margin, a discount or a regional price in the "
        "proxy's configuration would look so"
    )


def _is(told: Decimal, usage: Usage, price: Price) -> bool:
    other = computed(usage, price)
    return other is not None and agree(told, other)
