"""How money, tokens and times are written for people, on the screen and on paper."""

from __future__ import annotations

from decimal import Decimal

from tui.chat.usage import Cost

SOURCES = {
    "proxy-header": "proxy header",
    "proxy-stream": "proxy stream",
    "proxy-log": "proxy log",
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


def about(cost: Cost) -> str:
    """An estimated cost: ``about $0.0123``, or ``cost unknown``."""
    return money(cost) if cost.usd is None else f"about {money(cost)}"


def count(tokens: int | None) -> str:
    """A token count in full; ``?`` when not told."""
    return "?" if tokens is None else f"{tokens:,}"


def duration(seconds: float | None) -> str:
    """Seconds as people say them: 0.8 s, 42 s, 3:07."""
    if seconds is None:
        return "?"
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
