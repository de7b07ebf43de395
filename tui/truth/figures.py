"""Every cost figure of one step, each with the exact place it stood or how it was reckoned."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from tui.chat.catalog import Catalog, Price
from tui.chat.parts import Dialect
from tui.chat.record import Exchange
from tui.chat.route import Served
from tui.chat.usage import UNKNOWN_COST, Cost, CostSource, Figure, FigureSource, Usage
from tui.pricing import amount, at_least, bill, price_of
from tui.truth.lookups import LogRow, PriceList

HEADER = "x-litellm-response-cost"
_IN_STREAM: dict[Dialect, str] = {
    "messages": "usage.cost of message_delta",
    "chat": "usage.cost of the last chunk",
    "responses": "response.usage.cost of response.completed",
}
STREAMED = "a stream's headers go out before its tokens are counted"
WHOLE = "the answer was not streamed"
REFUSED = "no answer came that tokens or a cost could be told of"
ZERO = ", for the model has no price"
_ORDER: tuple[FigureSource, ...] = ("proxy-header", "proxy-stream", "proxy-log", "computed")
"""Which figure counts: the proxy's own before ours, what came with the answer before what is looked up."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What an answer told that bears on its cost."""

    usage: Usage | None = None
    header: str | None = None
    """The text of ``x-litellm-response-cost``."""
    stream: str | None = None
    """The text of ``usage.cost``."""
    whole: bool = False
    """It was not streamed."""
    cut: bool = False
    """It was stopped, or broke, before its end."""
    refused: bool = False
    """The call failed before any answer."""
    dialect: Dialect = "messages"
    proxy_version: str | None = None


def figures(
    told: Answered,
    price: Price | None,
    *,
    listed: PriceList | None = None,
    upstream: str | None = None,
    row: LogRow | None = None,
) -> tuple[Figure, ...]:
    """What the header, the stream and tokens times ``price`` say, and what was looked up where it was.

    A proxy bills a model without a price as 0.0: such a zero is no figure, for it means unknown.
    """
    if told.refused:
        nothing: tuple[FigureSource, ...] = ("proxy-header", "proxy-stream", "computed")
        seen = [Figure(source, None, REFUSED) for source in nothing]
        return (*seen, *looked_up(told.usage, listed, upstream, row))
    known = price is not None and price.known
    seen = [_header(told, known), _stream(told, known), _computed(told, price)]
    return (*seen, *looked_up(told.usage, listed, upstream, row))


def looked_up(
    usage: Usage | None, listed: PriceList | None, upstream: str | None, row: LogRow | None
) -> tuple[Figure, ...]:
    """The figures of the proxy's price list and of its spend logs, as far as they were read."""
    seen = []
    if listed is not None:
        seen.append(_listed(usage, listed, upstream))
    if row is not None:
        seen.append(Figure("proxy-log", row.usd, row.says))
    return tuple(seen)


def counting(seen: tuple[Figure, ...]) -> Figure | None:
    """The figure that counts: header, else stream, else spend log, else tokens times price."""
    known = {figure.source: figure for figure in seen if figure.usd is not None}
    return next((known[source] for source in _ORDER if source in known), None)


def settle(seen: tuple[Figure, ...]) -> Cost:
    """The figure that counts, as a cost."""
    figure = counting(seen)
    if figure is None:
        return UNKNOWN_COST
    # The price list alone never counts, so each source is one a cost can have.
    source: CostSource = figure.source if figure.source != "price-list" else "unknown"
    return Cost(figure.usd, source)


def of_exchange(exchange: Exchange, catalog: Catalog) -> tuple[Figure, ...]:
    """The figures kept with ``exchange``, else those that can still be told of one kept without any."""
    if exchange.figures or exchange.state == "open":
        return exchange.figures
    cost, served = exchange.cost, exchange.served or Served()
    failed = exchange.state == "failed" and exchange.usage is None
    told = Answered(
        usage=exchange.usage,
        cut=cost.at_least or exchange.state != "done",
        refused=failed and (exchange.status is None or exchange.status >= 400),
        dialect=exchange.route.dialect,
        proxy_version=served.proxy_version,
        whole=cost.source == "proxy-header",
    )
    seen = figures(told, price_of(served, catalog, exchange.route))
    return tuple(
        replace(figure, usd=cost.usd, says="as it was told then") if figure.source == cost.source else figure
        for figure in seen
    )


def _header(told: Answered, known: bool) -> Figure:
    usd = amount(told.header)
    if not told.whole:
        return Figure("proxy-header", None, STREAMED)
    if usd is None:
        version = f"LiteLLM {told.proxy_version} " if told.proxy_version else "the server "
        return Figure("proxy-header", None, f"{version}sent no {HEADER}")
    if usd == 0 and not known:
        return Figure("proxy-header", None, f"{HEADER}: {_said(told.header)}{ZERO}")
    return Figure("proxy-header", usd, f"{HEADER}: {_said(told.header)}")


def _stream(told: Answered, known: bool) -> Figure:
    usd = amount(told.stream)
    place = "usage.cost of the answer" if told.whole else _IN_STREAM[told.dialect]
    if usd is None:
        if told.whole:
            return Figure("proxy-stream", None, WHOLE)
        if told.cut:
            return Figure("proxy-stream", None, "the answer ended before its last usage")
        return Figure("proxy-stream", None, f"no {place}: the proxy's switch for it is off, or it is too old")
    if usd == 0 and not known:
        return Figure("proxy-stream", None, f"{place}: {_said(told.stream)}{ZERO}")
    return Figure("proxy-stream", usd, f"{place}: {_said(told.stream)}")


def _computed(told: Answered, price: Price | None) -> Figure:
    if price is None or not price.known:
        return Figure("computed", None, "the proxy lists no price for this model")
    if told.cut:
        made = None if told.usage is None else at_least(told.usage, price)
        rest = "" if made is None or not made.lines else f"; told so far: {made.words}"
        return Figure("computed", None, f"the answer ended before its tokens were counted{rest}")
    made = bill(told.usage, price)
    if made is None:
        return Figure("computed", None, "the answer does not tell its tokens")
    return Figure("computed", made.usd, made.words)


def _listed(usage: Usage | None, listed: PriceList, upstream: str | None) -> Figure:
    name, price = listed.price_of(upstream)
    if name is None:
        return Figure("price-list", None, f"the proxy's price list has no {upstream or 'upstream model'}")
    made = bill(usage, price)
    if made is None:
        why = (
            "the answer does not tell its tokens" if price is not None and price.known else "it has no price"
        )
        return Figure("price-list", None, f"{name}: {why}")
    return Figure("price-list", made.usd, f"{name}: {made.words}")


def _said(text: str | None) -> str:
    return (text or "").strip()[:40]


def total(seen: tuple[Figure, ...], source: FigureSource) -> Decimal | None:
    """What the figure of ``source`` says; None where there is none."""
    return next((figure.usd for figure in seen if figure.source == source), None)
