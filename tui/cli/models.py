"""``sightline models``: what the proxy offers, where each model would go, and what it costs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from decimal import Decimal
from typing import TextIO, TypeAlias

from tui.chat.catalog import Catalog, ModelCard, Price
from tui.chat.parts import Json
from tui.chat.route import Route
from tui.cli.json_events import dump
from tui.cli.table import harmless_for, print_table
from tui.errors import UsageError
from tui.generations import UNKNOWN_VENDOR

_DETAILS = frozenset({"parallel", "forced", "prefill"})
"""Capabilities that `--json` tells and the table has no room for."""
_MILLION = 1_000_000


Resolve: TypeAlias = Callable[[str, str, Catalog, str | None], Route]
"""(model, endpoint, catalog, pin) -> Route; UsageError for a model nobody knows."""


def run(
    catalog: Catalog,
    resolve: Resolve,
    *,
    as_json: bool,
    out: TextIO | None = None,
    err: TextIO | None = None,
) -> int:
    """Print every card of ``catalog`` with the route ``resolve`` gives it; remarks go to ``err``.

    The streams are standard output and standard error unless given.
    """
    out, err = out or sys.stdout, err or sys.stderr
    if as_json:
        for card in catalog.cards:
            print(dump(model_fields(card, _route(card, catalog, resolve))), file=out)
    elif catalog.cards:
        header = ("MODEL", "VENDOR", "ENDPOINT", "IN $/M", "OUT $/M", "CONTEXT", "CAN")
        print_table(out, header, [_row(card, _route(card, catalog, resolve)) for card in catalog.cards])
    harmless = harmless_for(err)
    for refusal in catalog.refusals:
        status = "no answer" if refusal.status is None else f"status {refusal.status}"
        print(harmless(f"not read: {refusal.path} ({status}) {refusal.says}".rstrip()), file=err)
    if not catalog.cards:
        print("the server lists no models for this key; a name can still be typed", file=err)
    return 0


def model_fields(card: ModelCard, route: Route | None) -> dict[str, Json]:
    """One line of ``models --json``; null where not known, prices as decimal text in dollars per token."""
    vendor = route.vendor if route else next((d.vendor for d in card.deployments if d.vendor), UNKNOWN_VENDOR)
    return {
        "id": card.id,
        "wildcard": card.wildcard,
        "mode": card.mode,
        "vendor": None if vendor == UNKNOWN_VENDOR else vendor,
        "provider": route.provider if route else None,
        "endpoint": route.endpoint if route else None,
        "upstream": route.upstream if route else None,
        "deployments": [
            {"id": d.id, "upstream": d.upstream, "vendor": d.vendor, "price": price_fields(d.price)}
            for d in card.deployments
        ],
        "mixed": route.mixed if route else None,
        "context": card.context,
        "max_output": route.max_output if route else card.max_output,
        "price": price_fields(card.price),
        "supports": {name: card.supports.get(name) for name in sorted(card.supports)},
        "configured_thinking": route.configured_thinking if route else None,
    }


def price_fields(price: Price | None) -> Json:
    """A price as JSON; null when the proxy tells none."""
    if price is None:
        return None
    buckets = ("input", "output", "cache_read", "cache_write_5m", "cache_write_1h")
    told: dict[str, Json] = {bucket: _decimal(getattr(price, bucket)) for bucket in buckets}
    told["above"] = [{"tokens": tokens, **price_fields(tier)} for tokens, tier in price.above]
    return told


def _route(card: ModelCard, catalog: Catalog, resolve: Resolve) -> Route | None:
    """Where this card's model goes; a wildcard goes nowhere until a name fills it."""
    if card.wildcard:
        return None
    try:
        return resolve(card.id, "auto", catalog, None)
    except UsageError:
        return None


def _row(card: ModelCard, route: Route | None) -> tuple[str, ...]:
    can = ", ".join(name for name, told in card.supports.items() if told and name not in _DETAILS) or "?"
    return (
        card.id,
        _vendor(card, route),
        route.endpoint if route else "by name",
        _per_million(card.price.input if card.price else None),
        _per_million(card.price.output if card.price else None),
        f"{card.context:,}" if card.context else "?",
        card.mode if card.mode and card.mode != "chat" else can,
    )


def _vendor(card: ModelCard, route: Route | None) -> str:
    vendors = dict.fromkeys(d.vendor for d in card.deployments if d.vendor)
    return ", ".join(vendors) or (route.vendor if route else "?")


def _per_million(price: Decimal | None) -> str:
    if price is None:
        return "?"
    dollars = price * _MILLION
    return f"{dollars:.2f}" if dollars == dollars.quantize(Decimal("0.01")) else f"{dollars.normalize():f}"


def _decimal(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
