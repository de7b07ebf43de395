"""Token counts in disjoint buckets and what they cost; unknown is None, never 0."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

CostSource = Literal["proxy-header", "proxy-stream", "proxy-log", "computed", "estimated", "unknown"]

WEAKEST_LAST: tuple[CostSource, ...] = (
    "proxy-header",
    "proxy-stream",
    "proxy-log",
    "computed",
    "estimated",
    "unknown",
)
"""Sources of a cost, what is most to be trusted first."""


def _add(a: int | None, b: int | None) -> int | None:
    if a is None:
        return b
    return a if b is None else a + b


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one step or a sum of steps; buckets are disjoint, but reasoning is within output."""

    input: int | None = None
    """Fresh input tokens: neither read from nor written to a cache."""
    cache_read: int | None = None
    cache_write_5m: int | None = None
    cache_write_1h: int | None = None
    output: int | None = None
    reasoning: int | None = None

    @property
    def input_total(self) -> int | None:
        """Everything that went in, cached or not; None when nothing was told."""
        return _add(_add(self.input, self.cache_read), _add(self.cache_write_5m, self.cache_write_1h))

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            _add(self.input, other.input),
            _add(self.cache_read, other.cache_read),
            _add(self.cache_write_5m, other.cache_write_5m),
            _add(self.cache_write_1h, other.cache_write_1h),
            _add(self.output, other.output),
            _add(self.reasoning, other.reasoning),
        )


@dataclass(frozen=True, slots=True)
class Cost:
    """US dollars, where the figure comes from, and whether it is only a lower bound."""

    usd: Decimal | None
    source: CostSource
    at_least: bool = False

    def __add__(self, other: Cost) -> Cost:
        """A sum: the known part, a lower bound if any addend is unknown, named by its weakest source."""
        known = [c.usd for c in (self, other) if c.usd is not None]
        sources = [c.source for c in (self, other) if c.usd is not None]
        if not known:
            return UNKNOWN_COST
        return Cost(
            sum(known, Decimal(0)),
            max(sources, key=WEAKEST_LAST.index),
            self.at_least or other.at_least or len(known) < 2,
        )


UNKNOWN_COST = Cost(None, "unknown")

FigureSource = Literal["proxy-header", "proxy-stream", "computed", "price-list", "proxy-log"]
"""The response header, the stream's usage, tokens times the catalog's price, tokens times the price
in the proxy's public list, and the row in its spend logs."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One statement of what a step cost."""

    source: FigureSource
    usd: Decimal | None
    """None: it was looked for and is not there, or cannot be made."""
    says: str = ""
    """Where exactly it stood or how it came about; else why there is none."""


def total_cost(costs: list[Cost]) -> Cost:
    """The sum over steps; unknown when there is nothing known to add."""
    if not costs:
        return UNKNOWN_COST
    total = costs[0]
    for cost in costs[1:]:
        total = total + cost
    return total


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over a session; the cost is unknown until a step told one."""

    turns: int = 0
    steps: int = 0
    usage: Usage = field(default_factory=Usage)
    cost: Cost = UNKNOWN_COST
