"""What an answer cost, whole or cut, by everything that is known of it."""

from __future__ import annotations

from dataclasses import dataclass

from tui import pricing
from tui.chat.catalog import Catalog
from tui.chat.parts import Reasoning, Text, ToolCall
from tui.chat.route import Route, Served
from tui.chat.usage import UNKNOWN_COST, Cost, Figure
from tui.truth import figures as truth
from tui.wire.codec import Reply


@dataclass(frozen=True, slots=True)
class Account:
    """The cost of one answer, and every figure there was for it."""

    cost: Cost = UNKNOWN_COST
    figures: tuple[Figure, ...] = ()


def account(
    reply: Reply, served: Served, catalog: Catalog, route: Route, *, cut: bool, whole: bool = False
) -> Account:
    """What one answer cost; a lower bound where it was ``cut``. ``whole`` is one that was not streamed."""
    price = pricing.price_of(served, catalog, route)
    told = truth.Answered(
        usage=reply.usage,
        header=served.response_cost if whole else None,
        stream=reply.stream_cost,
        whole=whole,
        cut=cut,
        dialect=route.dialect,
        proxy_version=served.proxy_version,
    )
    seen = truth.figures(told, price)
    if cut and truth.total(seen, "proxy-stream") is None:
        return Account(pricing.lower_bound(reply.usage, price, _chars(reply)), seen)
    return Account(truth.settle(seen), seen)


def _chars(reply: Reply) -> int:
    total = 0
    for part in reply.parts:
        match part:
            case Text(text=text) | Reasoning(text=text):
                total += len(text)
            case ToolCall(arguments=arguments):
                total += len(arguments)
    return total
