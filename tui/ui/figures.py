"""How figures are written on the screen: prices, counts, rates and gauges beside those of ``chat``."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from tui.chat.figures import SOURCES, about, count, duration, money, usd

__all__ = [
    "SOURCES",
    "about",
    "context_gauge",
    "count",
    "duration",
    "money",
    "per_million",
    "short_count",
    "sparkline",
    "usd",
]

BARS = "▁▂▃▄▅▆▇█"


def per_million(price: Decimal | None) -> str:
    """A price per token as dollars per million tokens; ``?`` when not told."""
    if price is None:
        return "?"
    value = price * 1_000_000
    return f"{value:.2f}" if value >= Decimal("0.01") or value == 0 else f"{value:.4f}"


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
