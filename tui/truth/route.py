"""The road of a step, from the name asked for to the model that served, each fact with its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tui import resolver
from tui.chat.catalog import Catalog, Deployment
from tui.chat.frame import Headers
from tui.chat.record import Exchange, Wire
from tui.chat.route import Route, Served
from tui.generations import canonical, vendor_of
from tui.truth.asked import Asked, asked_in
from tui.truth.bridge import Bridge, answer_id, bridge_of, shown
from tui.truth.deployments import Found, found

Source = Literal["asked", "sent", "rule", "header", "body", "catalog", "assumed", "not told"]
"""Where a fact comes from: the user, our request, the resolver's rules, the answer's headers or body,
the proxy's list of models; ``assumed`` is what follows by rule and nothing shows."""

NOT_TOLD = "not told by this proxy"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known of a step's road, or is not."""

    label: str
    value: str | None
    """None: not told."""
    source: Source
    says: str
    """Where exactly it stands, or why it is not known. Not cleaned, like ``value``."""


def route_facts(
    exchange: Exchange, wire: Wire | None, catalog: Catalog, asked: Asked | None = None
) -> tuple[Fact, ...]:
    """The road in the order it is taken; ``asked`` spares reading the request's body again."""
    route, served = exchange.route, exchange.served
    here = found(served, catalog, route) if served is not None else Found()
    asked = asked if asked is not None else asked_in(wire.body) if wire is not None else Asked()
    facts = [Fact("requested", route.requested, "asked", "the name as you gave it"), _sent(route)]
    facts += [Fact("endpoint", f"{route.provider} {route.endpoint}", "rule", _road(route))]
    if not route.provider.startswith("litellm"):
        return (*facts, *_plain(exchange, wire))
    if served is None:
        silence = "nothing was answered yet" if exchange.state == "open" else "no answer came"
        return (*facts, Fact("answer", None, "not told", silence), *_thinking(route, here))
    facts += _who(route, served, here, catalog)
    facts.append(_bridge(route, served, here, asked, wire))
    facts.append(_address(served, here, wire))
    facts += _tries(served)
    facts.append(_version(served, catalog))
    facts.append(_header("call id", served.call_id, "x-litellm-call-id"))
    facts += _thinking(route, here)
    facts += _echo(wire)
    return tuple(facts)


def _sent(route: Route) -> Fact:
    if route.pinned:
        says = "a deployment's id, which holds the one whose seals are in the history"
        return Fact("id sent", route.wire_model, "rule", says)
    why = route.why[0].text if route.why else "as typed"
    return Fact("id sent", route.wire_model, "sent", why)


def _road(route: Route) -> str:
    own = [reason.text for reason in route.why[2:3]]
    return own[0] if own else "as configured"


def _header(label: str, value: str | int | None, name: str, why: str = "") -> Fact:
    if value is None:
        return Fact(label, None, "not told", f"no {name} in the answer's headers{why}")
    return Fact(label, str(value), "header", name)


def _who(route: Route, served: Served, here: Found, catalog: Catalog) -> list[Fact]:
    group = _header("group", served.group, "x-litellm-model-group")
    facts = [group, _header("deployment", served.model_id, "x-litellm-model-id")]
    told = served.model if served.model and "*" not in served.model else None
    if told:
        model = Fact("model", told, "header", "x-litellm-model-name")
    elif here.deployment is not None and here.deployment.upstream and "*" not in here.deployment.upstream:
        says = f"no x-litellm-model-name; the deployment's entry in {catalog.source or 'the catalog'}"
        model = Fact("model", here.deployment.upstream, "catalog", says)
    elif route.upstream and not resolver.fell_back(served, route):
        model = Fact("model", route.upstream, "assumed", "no header names it; as the route expects")
    else:
        model = Fact("model", None, "not told", "no x-litellm-model-name, and the catalog does not tell")
    return [*facts, model]


def _bridge(route: Route, served: Served, here: Found, asked: Asked, wire: Wire | None) -> Fact:
    upstream = served.model or (here.deployment and here.deployment.upstream) or route.upstream
    if not upstream:
        return Fact("bridge", None, "not told", "the upstream model is not known, so neither is its road")
    vendor = _vendor(here.deployment, upstream, route)
    by_rule = bridge_of(route.dialect, upstream, vendor, canonical(upstream), asked, served.proxy_version)
    seen = by_rule if wire is None else shown(by_rule, route.dialect, wire.headers, wire.frames)
    return Fact("bridge", bridge_words(route, vendor, seen), "body" if seen.sure else "assumed", seen.says)


def bridge_words(route: Route, vendor: str, bridge: Bridge) -> str:
    """The bridge in one line, such as ``/v1/messages → openai /v1/responses, translated``."""
    end = "translated" if bridge.translated else "handed through"
    road = bridge.road if bridge.road.lower().startswith(vendor) else f"{vendor} {bridge.road}"
    return f"{route.endpoint} → {road}, {end}"


def _vendor(deployment: Deployment | None, upstream: str, route: Route) -> str:
    if deployment is not None and deployment.vendor:
        return deployment.vendor
    return route.vendor if canonical(upstream) == route.generation else vendor_of(upstream)


def _address(served: Served, here: Found, wire: Wire | None) -> Fact:
    label = "upstream at"
    if served.api_base:
        return Fact(label, served.api_base, "header", "x-litellm-model-api-base")
    why = ""
    if wire is not None and not any(name.startswith("llm_provider-") for name, _ in wire.headers):
        why = (
            ", nor any of the vendor's own: neither comes with whole answers of /v1/messages and bridged ones"
        )
    if here.deployment is not None and here.deployment.api_base:
        return Fact(label, here.deployment.api_base, "catalog", "litellm_params.api_base of the deployment")
    return _header(label, None, "x-litellm-model-api-base", why)


def _tries(served: Served) -> list[Fact]:
    retries = _header("retries", served.attempted_retries, "x-litellm-attempted-retries")
    if served.attempted_retries == 0:
        retries = Fact("retries", "0", "header", f"{retries.says}; a silent self-heal is not counted there")
    return [retries, _header("fallbacks", served.attempted_fallbacks, "x-litellm-attempted-fallbacks")]


def _version(served: Served, catalog: Catalog) -> Fact:
    if served.proxy_version is None and catalog.version:
        return Fact("proxy", catalog.version, "catalog", "told when the models were listed")
    return _header("proxy", served.proxy_version, "x-litellm-version")


def _thinking(route: Route, here: Found) -> list[Fact]:
    configured = here.deployment.thinking if here.deployment is not None else route.configured_thinking
    if configured is None:
        return []
    says = "litellm_params.thinking; added where a request says nothing about thinking"
    return [Fact("config", f"thinking {words(configured)}", "catalog", says)]


def words(value: object) -> str:
    """A small JSON object of the configuration as people read it: ``enabled, budget_tokens 8000``."""
    if not isinstance(value, dict):
        return str(value)
    rest = [f"{key} {item}" for key, item in value.items() if key != "type"]
    return ", ".join([*([str(value["type"])] if "type" in value else []), *rest])


def _echo(wire: Wire | None) -> list[Fact]:
    id = answer_id(wire.frames) if wire is not None else ""
    return [Fact("answer id", id, "body", "the first frame that has one")] if id else []


def _plain(exchange: Exchange, wire: Wire | None) -> list[Fact]:
    """Before a plain server nobody stands in between: the name is the model."""
    headers: Headers = wire.headers if wire is not None else ()
    ids = [(name, value) for name, value in headers if name in ("request-id", "x-request-id")]
    facts = [Fact("model", exchange.route.wire_model, "sent", "a plain server: no proxy in between")]
    return [*facts, *(Fact("request id", value, "header", name) for name, value in ids[:1]), *_echo(wire)]
