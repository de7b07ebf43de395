"""Where a request went and who answered it, as JSON and back."""

from __future__ import annotations

from tui.chat.catalog import Price
from tui.chat.parts import Json
from tui.chat.route import DIALECTS, Reason, Route, Served
from tui.chat.serial_fields import (
    Damaged,
    Object,
    a_count,
    flag,
    inside,
    items,
    maybe,
    maybe_count,
    maybe_decimal,
    maybe_text,
    set_fields,
    text,
    texts,
    whole,
    word,
    wrong,
)

_BUCKETS = ("input", "output", "cache_read", "cache_write_5m", "cache_write_1h")
_REASONS = frozenset({"explicit", "rule", "catalog", "name", "pin", "default"})
_SERVED_TEXTS = ("call_id", "model_id", "model", "group", "api_base", "proxy_version", "response_cost")
_SERVED_COUNTS = ("attempted_retries", "attempted_fallbacks")


def route_to_json(route: Route) -> Json:
    """``route`` as JSON, without what the model accepts."""
    out: Object = {
        "requested": route.requested,
        "provider": route.provider,
        "base_url": route.base_url,
        "wire_model": route.wire_model,
        "vendor": route.vendor,
        "generation": route.generation,
    }
    out |= set_fields(route, ("upstream", "pinned", "configured_thinking", "context", "max_output"))
    if route.price is not None:
        out["price"] = price_to_json(route.price)
    if route.why:
        out["why"] = [[reason.source, reason.text] for reason in route.why]
    if route.mixed:
        out["mixed"] = True
    if route.deployments:
        out["deployments"] = list(route.deployments)
    return out


def route_from_json(data: Json) -> Route:
    """The route in ``data``; ValueError with the path of what is wrong."""
    data = whole(data)
    return Route(
        requested=text(data, "requested"),
        provider=word(data, "provider", DIALECTS),
        base_url=text(data, "base_url", ""),
        wire_model=text(data, "wire_model", ""),
        upstream=maybe_text(data, "upstream"),
        vendor=text(data, "vendor", ""),
        generation=text(data, "generation", ""),
        price=maybe(data, "price", price_from_json),
        pinned=maybe_text(data, "pinned"),
        why=items(data, "why", _reason),
        configured_thinking=data.get("configured_thinking"),
        context=maybe_count(data, "context"),
        max_output=maybe_count(data, "max_output"),
        mixed=flag(data, "mixed"),
        deployments=texts(data, "deployments"),
    )


def served_to_json(served: Served) -> Json:
    """Who answered, as JSON."""
    return set_fields(served, _SERVED_TEXTS + _SERVED_COUNTS)


def served_from_json(data: Json) -> Served:
    """Who answered, from ``data``; ValueError with the path of what is wrong."""
    data = whole(data)
    known = {name: maybe_text(data, name) for name in _SERVED_TEXTS}
    counts = {name: maybe_count(data, name) for name in _SERVED_COUNTS}
    return Served(**known, **counts)  # type: ignore[arg-type]


def _reason(data: Json) -> Reason:
    if type(data) is not list or len(data) != 2 or type(data[1]) is not str:
        raise wrong("", "a source and a sentence", data)
    if data[0] not in _REASONS:
        raise Damaged("0", "unknown source of a reason")
    return Reason(data[1], data[0])


def price_to_json(price: Price) -> Json:
    """``price`` as JSON, each figure as decimal text."""
    out: Object = {name: str(usd) for name in _BUCKETS if (usd := getattr(price, name)) is not None}
    if price.above:
        out["above"] = [[tokens, price_to_json(tier)] for tokens, tier in price.above]
    return out


def price_from_json(data: Json) -> Price:
    """The price in ``data``; ValueError with the path of what is wrong."""
    data = whole(data)
    try:
        usd = {name: maybe_decimal(data, name) for name in _BUCKETS}
        return Price(**usd, above=items(data, "above", _tier))
    except RecursionError:
        raise Damaged("above", "nested too deeply") from None


def _tier(data: Json) -> tuple[int, Price]:
    if type(data) is not list or len(data) != 2:
        raise wrong("", "a number of tokens and a price", data)
    return inside("0", a_count, data[0]), inside("1", price_from_json, data[1])
