"""Which of the catalog's deployments answered, and under which names it is listed; pure."""

from __future__ import annotations

from dataclasses import dataclass

from tui.chat.catalog import Catalog, Deployment, ModelCard
from tui.chat.route import Route, Served
from tui.generations import canonical


@dataclass(frozen=True, slots=True)
class Found:
    """The deployment that answered, as the catalog has it."""

    deployment: Deployment | None = None
    """None where the headers name none or the catalog does not know it."""
    shared: bool = False
    """Whether it stands behind a pattern, so that its id says nothing about the model."""
    pattern: str = ""
    """The listed pattern, if one is listed."""


def found(served: Served, catalog: Catalog, route: Route) -> Found:
    """The deployment whose id the headers name; without a header the only one the route can reach."""
    id = served.model_id
    if id is None:
        only = route.deployments[0] if len(route.deployments) == 1 else None
        if (
            only is None
            or served.attempted_fallbacks
            or (served.group or route.wire_model) != route.wire_model
        ):
            return Found()
        id = only
    entries = [(card, d) for card in catalog.cards for d in card.deployments if d.id == id]
    if not entries:
        return Found()
    pattern = next((card.id for card, _ in entries if card.wildcard), "")
    upstreams = {d.upstream for _, d in entries}
    shared = bool(pattern) or len(upstreams) > 1 or any("*" in (up or "") for up in upstreams)
    own = [d for card, d in entries if card.id in (route.wire_model, served.group)]
    return Found((own or [d for _, d in entries])[0], shared, pattern)


def listed_sibling(name: str, catalog: Catalog, pattern: Found) -> tuple[ModelCard, Deployment] | None:
    """The listed model that says the same as ``name`` in other words and has a deployment of its own."""
    shared = pattern.deployment.id if pattern.deployment is not None else None
    for card in catalog.cards:
        if card.wildcard or card.id == name or canonical(card.id) != canonical(name):
            continue
        own = [d for d in card.deployments if d.id != shared]
        if own:
            return card, own[0]
    return None
