"""Where a model's requests go, and why: the one place that decides it, pure.

What the catalog tells about the upstream model is believed before what a name suggests; a name
is the last resort and the reasons say so. The id sent is one the proxy lists: a wrong prefix is
refused by the proxy, or reaches another deployment and loses its configured thinking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Literal

from tui.chat.catalog import Catalog, Deployment, ModelCard, Price, ServerKind
from tui.chat.parts import Dialect, Json, KnownBy, Origin
from tui.chat.route import DIALECTS, Accepts, Provider, Reason, Route, Served
from tui.chat.rule import RoutingRule
from tui.errors import UsageError
from tui.generations import (
    UNKNOWN_VENDOR,
    accepts,
    canonical,
    family_vendor,
    is_claude,
    is_native_claude,
    prefix_vendor,
    seals_of,
    takes_schema,
    vendor_of,
)
from tui.media_rules import media_rules
from tui.resolver_match import Match, find, near_misses

__all__ = [
    "Endpoint",
    "base_url_for",
    "fell_back",
    "near_misses",
    "other_group",
    "origin_of",
    "resolve",
    "root_of",
]

Endpoint = Literal["auto", "messages", "chat", "responses"]

_PROXY_PROVIDERS: dict[Dialect, Provider] = {
    "chat": "litellm",
    "messages": "litellm-anthropic",
    "responses": "litellm-responses",
}
_PLAIN_PROVIDERS: dict[Dialect, Provider] = {
    "chat": "openai",
    "messages": "anthropic",
    "responses": "openai-responses",
}
_PLAIN_DIALECTS: dict[ServerKind, Dialect] = {"anthropic": "messages", "openai": "chat"}
_TAILS = ("/chat/completions", "/messages", "/responses", "/models")


@dataclass(frozen=True, slots=True)
class _Serving:
    """What is believed about the model behind a route, and on which evidence."""

    upstream: str | None
    vendor: str
    generation: str
    native: bool
    reason: Reason


def resolve(
    name: str,
    catalog: Catalog,
    rules: Sequence[RoutingRule] = (),
    pin: str | None = None,
    *,
    base_url: str,
    endpoint: Endpoint = "auto",
    openai_reasoning: Literal["chat", "responses"] = "chat",
) -> Route:
    """The route of ``name``, a listed id, a near spelling of one, or ``PROVIDER/ID``.

    ``pin`` is a deployment id to send instead of the group's name. Raises UsageError
    (``unknown-model``) when the catalog is complete and nothing in it is meant.
    """
    explicit, wanted = _split_provider(name.strip(), catalog)
    if not wanted:
        raise UsageError("model", "the model's name is empty", hint="see `sightline models`")
    match = find(wanted, catalog)
    pin = pin or match.deployment
    held = _held(match, pin, catalog)
    deployments = match.card.deployments if match.card else ()
    assumed = held or _assumed(deployments)
    serving = _serving(match, assumed, catalog.server)
    mixed = len({(d.vendor, _generation(d)) for d in deployments if d.upstream}) > 1
    dialect, road = _dialect(
        _Asked(name, explicit, endpoint, tuple(rules), openai_reasoning),
        match,
        serving,
        catalog.server,
        mixed and not held and any(_is_native(d) for d in deployments),
    )
    providers = _PROXY_PROVIDERS if catalog.server == "litellm" else _PLAIN_PROVIDERS
    accepted = _accepts(serving, match.card)
    return Route(
        requested=name,
        provider=providers[dialect],
        base_url=base_url_for(providers[dialect], base_url),
        wire_model=pin or match.wire_model,
        upstream=serving.upstream,
        vendor=serving.vendor,
        generation=serving.generation,
        accepts=accepted,
        price=_price(match.card, held),
        pinned=pin,
        why=(match.reason, serving.reason, road, *_remarks(mixed, deployments, pin, held)),
        configured_thinking=_configured_thinking(assumed, () if held else deployments),
        context=match.card.context if match.card else None,
        max_output=_max_output(accepted, match.card, () if held else deployments),
        mixed=mixed,
        deployments=tuple(d.id for d in deployments if d.id),
    )


def origin_of(served: Served, catalog: Catalog, route: Route) -> Origin:
    """Who minted the parts of an answer: as its headers say, else the catalog, else as routed.

    Where the catalog tells no upstream model for the route and nothing points to a fallback,
    the route's own assumption is kept: parts must go back to where they came from.
    """
    deployment = _deployment(served.model_id, catalog, route)
    told = served.model if served.model and "*" not in served.model else None
    vendor, model = route.vendor, route.generation
    known_by: KnownBy = "route"
    if route.upstream is None and not fell_back(served, route):
        pass
    elif told:
        model, known_by = canonical(told), "header"
        if deployment and deployment.upstream and canonical(deployment.upstream) == model:
            model, vendor = _generation(deployment), _vendor(deployment)
        elif model == canonical(route.upstream or ""):
            model = route.generation
            vendor = prefix_vendor(told) or route.vendor
        else:
            vendor = vendor_of(told)
    elif deployment and deployment.upstream:
        vendor, model, known_by = _vendor(deployment), _generation(deployment), "catalog"
    return Origin(route.dialect, vendor, model, served.model_id, known_by, seals_of(vendor, model))


def root_of(url: str) -> str:
    """A user's base URL without trailing slashes, without ``/v1`` and without an endpoint's own path."""
    root = url.strip().rstrip("/")
    for tail in _TAILS:
        if root.endswith(f"/v1{tail}"):
            root = root.removesuffix(tail)
    return root.removesuffix("/v1").rstrip("/")


def base_url_for(provider: Provider, url: str) -> str:
    """The base URL an SDK wants: OpenAI's appends paths behind ``/v1``, Anthropic's brings ``/v1`` itself."""
    root = root_of(url)
    return root if DIALECTS[provider] == "messages" else f"{root}/v1"


def _split_provider(name: str, catalog: Catalog) -> tuple[Provider | None, str]:
    """An explicit provider before the id, if any; a listed id that merely looks so stays whole."""
    word, slash, rest = name.partition("/")
    known: dict[str, Provider] = {p: p for p in _PROXY_PROVIDERS.values()}
    if catalog.server != "litellm":
        known["openai-responses"] = "openai-responses"
    listed = {card.id for card in catalog.cards}
    if not slash or word not in known or (name in listed and rest not in listed):
        return None, name
    return known[word], rest.strip()


def _generation(deployment: Deployment) -> str:
    return canonical(deployment.base or deployment.upstream or "")


def _vendor(deployment: Deployment) -> str:
    return deployment.vendor or (vendor_of(deployment.upstream) if deployment.upstream else UNKNOWN_VENDOR)


def _is_native(deployment: Deployment) -> bool:
    return is_native_claude(_vendor(deployment), _generation(deployment))


def _held(match: Match, pin: str | None, catalog: Catalog) -> Deployment | None:
    """The deployment a pin names, or the only one there is."""
    own = match.card.deployments if match.card else ()
    if pin is None:
        return own[0] if len(own) == 1 else None
    everywhere = (d for card in catalog.cards for d in card.deployments)
    return next((d for d in (*own, *everywhere) if d.id == pin), None)


def _assumed(deployments: Sequence[Deployment]) -> Deployment | None:
    """The deployment to expect when nobody can tell which will answer."""
    return next((d for d in deployments if _is_native(d)), deployments[0] if deployments else None)


def _serving(match: Match, deployment: Deployment | None, server: ServerKind) -> _Serving:
    """The model behind the route: from the catalog, else the plain server's own word, else the name."""
    name = match.card.id if match.card else match.wire_model
    if deployment and deployment.upstream:
        vendor, generation = _vendor(deployment), _generation(deployment)
        behind = "vendor" if name == deployment.upstream else f"{name} is {deployment.upstream}, vendor"
        says = f"{_source(match)}: {behind} {vendor}"
        if deployment.base:
            says += f", stated to be {deployment.base}"
        native = is_native_claude(vendor, generation)
        return _Serving(deployment.upstream, vendor, generation, native, Reason(says, "catalog"))
    by_name = canonical(name)
    if deployment and deployment.vendor:
        vendor = deployment.vendor
        if vendor == "anthropic":
            generation = by_name if is_claude(by_name) else f"claude ({name})"
        else:
            maker = family_vendor(name)
            lies = is_claude(by_name) and not is_native_claude(vendor, by_name)
            generation = UNKNOWN_VENDOR if lies or maker == UNKNOWN_VENDOR else by_name
        says = f"the catalog names the vendor {vendor}, but not the model; the rest is judged by the name"
        return _Serving(
            None, vendor, generation, is_native_claude(vendor, generation), Reason(says, "catalog")
        )
    if server != "litellm":
        vendor = vendor_of(name)
        vendor = server if vendor == UNKNOWN_VENDOR else vendor
        says = f"a plain {server} server, so the name is the model; vendor {vendor} by its family"
        return _Serving(name, vendor, by_name, server == "anthropic", Reason(says, "name"))
    vendor = vendor_of(name)
    says = f"the catalog tells nothing about {name}; judged by its name alone, vendor {vendor}"
    return _Serving(None, vendor, by_name, is_native_claude(vendor, by_name), Reason(says, "name"))


def _source(match: Match) -> str:
    return "wildcard" if match.card and "covers" in match.reason.text else "catalog"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the user decided about the road."""

    name: str
    explicit: Provider | None
    endpoint: Endpoint
    rules: tuple[RoutingRule, ...]
    openai_reasoning: Literal["chat", "responses"]


def _dialect(
    asked: _Asked, match: Match, serving: _Serving, server: ServerKind, may_be_claude: bool
) -> tuple[Dialect, Reason]:
    """The wire format to speak: the user's word, then evidence, then the default."""
    wished = None if asked.endpoint == "auto" else asked.endpoint
    if asked.explicit:
        dialect = DIALECTS[asked.explicit]
        if wished and wished != dialect:
            raise UsageError(
                "endpoint",
                f"{asked.name} asks for {dialect}, the endpoint option for {wished}",
                hint="drop one",
            )
        return dialect, Reason(f"the provider {asked.explicit} was named", "explicit")
    if wished:
        return wished, Reason(f"the endpoint {wished} was asked for", "explicit")
    for rule in asked.rules:
        if fnmatchcase(asked.name, rule.match) or fnmatchcase(match.wire_model, rule.match):
            at = f" ({rule.place})" if rule.place else ""
            return rule.dialect, Reason(f"routing rule {rule.match}: {rule.dialect}{at}", "rule")
    reasons = bool(accepts(serving.generation).efforts) and serving.vendor in ("openai", "azure")
    if asked.openai_reasoning == "responses" and reasons and server != "anthropic" and not may_be_claude:
        says = "routing.openai_reasoning: OpenAI's reasoning models keep their reasoning on /v1/responses"
        return "responses", Reason(says, "rule")
    if server != "litellm":
        return _PLAIN_DIALECTS[server], Reason(f"the server speaks {server}'s own format", "default")
    source = serving.reason.source
    if serving.native or may_be_claude:
        return "messages", Reason("Claude keeps its sealed thinking only on /v1/messages", source)
    return "chat", Reason("not Claude, so the proxy's common format, /v1/chat/completions", source)


def _accepts(serving: _Serving, card: ModelCard | None) -> Accepts:
    told = card.supports if card else {}
    known = accepts(serving.generation)
    # A proxy's price list can lag behind: what is known of the generation counts before its word.
    tools = told.get("tools") if known.tools is None else known.tools
    return replace(
        known,
        tools=tools,
        vision=told.get("vision"),
        pdf=told.get("pdf"),
        schema=takes_schema(
            serving.vendor, serving.generation, told.get("schema"), told.get("native_schema")
        ),
        media=media_rules(serving.vendor, serving.generation, card.context if card else None),
    )


def _price(card: ModelCard | None, held: Deployment | None) -> Price | None:
    if held is not None and held.price is not None:
        return held.price
    return card.price if card else None


def _configured_thinking(assumed: Deployment | None, deployments: Sequence[Deployment]) -> Json:
    """The thinking the proxy will add; while several deployments may answer, of any that adds some."""
    return next(
        (d.thinking for d in (assumed, *deployments) if d is not None and d.thinking is not None), None
    )


def _max_output(accepted: Accepts, card: ModelCard | None, deployments: Sequence[Deployment]) -> int | None:
    limits = [accepted.max_output, card.max_output if card else None]
    limits += [accepts(_generation(d)).max_output for d in deployments if d.upstream]
    return min((limit for limit in limits if limit), default=None)


def _remarks(
    mixed: bool, deployments: Sequence[Deployment], pin: str | None, held: Deployment | None
) -> tuple[Reason, ...]:
    if pin:
        at = f" ({held.upstream})" if held and held.upstream else ""
        return (Reason(f"pinned to deployment {pin}{at}, whose seals are in the history", "pin"),)
    if mixed:
        behind = ", ".join(dict.fromkeys(d.upstream or "?" for d in deployments))
        return (
            Reason(f"its deployments differ ({behind}); the first answer decides which is held", "catalog"),
        )
    return ()


def _deployment(id: str | None, catalog: Catalog, route: Route) -> Deployment | None:
    """The catalog's deployment ``id``; None when unknown or shared by the many models of a wildcard."""
    if id is None:
        return None
    found = [(card, d) for card in catalog.cards for d in card.deployments if d.id == id]
    own = [d for card, d in found if card.id == route.wire_model]
    if own:
        return own[0]
    upstreams = {d.upstream for _, d in found}
    return found[0][1] if len(upstreams) == 1 and "*" not in (found[0][1].upstream or "") else None


def fell_back(served: Served, route: Route) -> bool:
    """Whether the proxy answered from another group than the one asked."""
    if served.attempted_fallbacks is not None:
        return served.attempted_fallbacks > 0
    return other_group(served, route) is not None


def other_group(served: Served, route: Route) -> str | None:
    """The group that answered, where it is not the one asked: after a fallback, or behind an alias."""
    # A wildcard may be told as its pattern, a pinned deployment as its own name.
    comparable = served.group and "*" not in served.group and route.pinned is None
    return served.group if comparable and served.group != route.wire_model else None
