"""How figures are written on the screen: money, tokens, times, rates, gauges."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from tui.chat.usage import Cost

BARS = "▁▂▃▄▅▆▇█"

SOURCES = {
    "proxy-header": "proxy header",
    "proxy-stream": "proxy stream",
    "computed": "tokens × price",
    "estimated": "estimated",
    "unknown": "",
}
"""How each source of a cost is called."""


def usd(value: Decimal) -> str:
    """Dollars with as many decimals as tell something: four, or two significant ones below that."""
    if value == 0:
        return "$0"
    if abs(value) >= Decimal("0.001"):
        return f"${value:,.4f}" if abs(value) < 100 else f"${value:,.2f}"
    digits = min(1 - value.adjusted(), 12)
    return f"${value:.{digits}f}"


def money(cost: Cost | None) -> str:
    """A cost, a lower bound, or ``cost unknown``; never a zero that nobody told."""
    if cost is None or cost.usd is None:
        return "cost unknown"
    return f"≥ {usd(cost.usd)}" if cost.at_least else usd(cost.usd)


def per_million(price: Decimal | None) -> str:
    """A price per token as dollars per million tokens; ``?`` when not told."""
    if price is None:
        return "?"
    value = price * 1_000_000
    return f"{value:.2f}" if value >= Decimal("0.01") or value == 0 else f"{value:.4f}"


def count(tokens: int | None) -> str:
    """A token count in full; ``?`` when not told."""
    return "?" if tokens is None else f"{tokens:,}"


def short_count(tokens: int | None) -> str:
    """A token count in at most five characters: 950, 18.3k, 200k, 1M; ``?`` when not told."""
    if tokens is None:
        return "?"
    if tokens < 1000:
        return str(tokens)
    for size, letter in ((1_000_000, "M"), (1000, "k")):
        if tokens >= size:
            value = tokens / size
            return f"{value:.0f}{letter}" if value >= 100 or value == int(value) else f"{value:.1f}{letter}"
    return str(tokens)


def duration(seconds: float | None) -> str:
    """Seconds as people say them: 0.8 s, 42 s, 3:07."""
    if seconds is None:
        return "?"
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def sparkline(values: Sequence[float], width: int) -> str:
    """At most ``width`` bars, the highest full; neighbours are averaged to fit."""
    if not values or width < 1:
        return ""
    if len(values) > width:
        edges = [round(i * len(values) / width) for i in range(width + 1)]
        values = [sum(values[a:b]) / max(1, b - a) for a, b in pairwise(edges)]
    top = max(values)
    if top <= 0:
        return BARS[0] * len(values)
    return "".join(BARS[min(len(BARS) - 1, int(v / top * (len(BARS) - 1) + 0.5))] for v in values)


def context_gauge(used: int | None, size: int | None) -> str:
    """How full the context is: ``ctx 9%``, the tokens alone when its size is not told, else ``ctx ?``."""
    if used is None:
        return "ctx ?"
    if not size:
        return f"ctx {short_count(used)}"
    return f"ctx {round(100 * used / size)}%"
