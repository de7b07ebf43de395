"""What an answer cost, whole or cut, by everything that is known of it."""

from __future__ import annotations

from tui import pricing
from tui.chat.catalog import Catalog
from tui.chat.parts import Reasoning, Text, ToolCall
from tui.chat.route import Route, Served
from tui.chat.usage import Cost
from tui.wire.codec import Reply


def cost_of(
    reply: Reply, served: Served, catalog: Catalog, route: Route, *, cut: bool, whole: bool = False
) -> Cost:
    """The cost of one answer; a lower bound where it was ``cut``. ``whole`` is one that was not streamed."""
    price = pricing.price_of(served, catalog, route)
    header = served.response_cost if whole else None
    seen = pricing.figures(reply.usage, price, header, reply.stream_cost)
    if cut and seen.stream is None:
        return pricing.lower_bound(reply.usage, price, _chars(reply))
    return pricing.settle(seen)


def _chars(reply: Reply) -> int:
    total = 0
    for part in reply.parts:
        match part:
            case Text(text=text) | Reasoning(text=text):
                total += len(text)
            case ToolCall(arguments=arguments):
                total += len(arguments)
    return total
