"""Which listed id a typed model name means; the resolver's first step, pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from tui.chat.catalog import Catalog, Deployment, ModelCard
from tui.chat.route import Reason
from tui.errors import UsageError
from tui.generations import canonical, family_vendor, prefix_vendor, vendor_named, vendor_of

_NEAR = 0.6
_NEAR_MISSES = 5


@dataclass(frozen=True, slots=True)
class Match:
    """The id to send, the card that lists it (a wildcard's is filled in), and why this one."""

    wire_model: str
    card: ModelCard | None
    reason: Reason
    deployment: str | None = None
    """Set when the name itself is a deployment id."""


def find(name: str, catalog: Catalog) -> Match:
    """The listed model ``name`` means; UsageError when it is certainly unknown or means several."""
    concrete = [card for card in catalog.cards if not card.wildcard]
    found = (
        _exact(name, concrete)
        or _deployment_id(name, concrete)
        or _other_prefix(name, concrete)
        or _other_case(name, concrete)
        or _wildcard(name, [card for card in catalog.cards if card.wildcard])
    )
    if found:
        return found
    near = near_misses(name, catalog)
    if catalog.complete:
        raise UsageError(
            "unknown model",
            f"the proxy does not list {name!r}",
            hint=f"did you mean {_either(near)}?" if near else "see `sightline models` for what it lists",
            layer="client",
            cls="unknown-model",
        )
    known = (
        "no list of models could be read" if not catalog.cards else "not in the list, which is not complete"
    )
    also = f"; near it: {', '.join(near)}" if near else ""
    return Match(name, None, Reason(f"{known}, so the name is sent as typed{also}", "default"))


def near_misses(name: str, catalog: Catalog) -> tuple[str, ...]:
    """Listed ids that resemble ``name``, the nearest first, at most five."""
    wanted = _spellings(name)
    scored: list[tuple[float, str]] = []
    for card in catalog.cards:
        if card.wildcard:
            continue
        score = max(_likeness(a, b) for a in wanted for b in _spellings(card.id))
        if any(canonical(d.upstream) == canonical(name) for d in card.deployments if d.upstream):
            score = max(score, 0.95)
        if score >= _NEAR:
            scored.append((-score, card.id))
    return tuple(dict.fromkeys(id for _, id in sorted(scored)))[:_NEAR_MISSES]


def _spellings(name: str) -> set[str]:
    low = name.strip().lower()
    return {low, low.rpartition("/")[2], canonical(low)} - {""}


def _likeness(a: str, b: str) -> float:
    if len(a) > 2 and (a in b or b in a):
        return 0.9
    return SequenceMatcher(None, a, b).ratio()


def _either(names: Iterable[str]) -> str:
    listed = list(names)
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} or {listed[-1]}"


def _exact(name: str, cards: list[ModelCard]) -> Match | None:
    card = next((c for c in cards if c.id == name), None)
    return Match(name, card, Reason(f"the proxy lists {name}", "catalog")) if card else None


def _deployment_id(name: str, cards: list[ModelCard]) -> Match | None:
    for card in cards:
        if any(d.id == name for d in card.deployments):
            reason = Reason(f"{name} is the id of a deployment of {card.id}", "catalog")
            return Match(name, card, reason, deployment=name)
    return None


def _other_prefix(name: str, cards: list[ModelCard]) -> Match | None:
    """The one listed id that differs from ``name`` only by a provider prefix, in either direction."""
    longer = [c for c in cards if c.id.partition("/")[2] == name]
    if len(longer) > 1:
        makers = [c for c in longer if prefix_vendor(c.id) == family_vendor(name)]
        longer = makers if len(makers) == 1 else longer
    if len(longer) > 1:
        ids = [c.id for c in longer]
        raise UsageError(
            "unknown model",
            f"{name!r} could be any of {', '.join(ids)}",
            hint="type the whole id",
            cls="unknown-model",
        )
    if longer:
        says = f"the proxy lists {name} as {longer[0].id}, which is sent exactly so"
        return Match(longer[0].id, longer[0], Reason(says, "catalog"))
    for card in cards:
        if "/" in name and name.partition("/")[2] == card.id and _serves(card, name):
            says = f"the proxy lists {name} as {card.id}, which is sent exactly so"
            return Match(card.id, card, Reason(says, "catalog"))
    return None


def _serves(card: ModelCard, name: str) -> bool:
    """Whether nothing the catalog tells about ``card`` contradicts the prefix of ``name``."""
    vendors = {d.vendor or (vendor_of(d.upstream) if d.upstream else None) for d in card.deployments}
    return vendors <= {prefix_vendor(name), None}


def _other_case(name: str, cards: list[ModelCard]) -> Match | None:
    same = [c for c in cards if c.id.strip().lower() == name.strip().lower()]
    if len(same) != 1:
        return None
    return Match(same[0].id, same[0], Reason(f"the proxy lists it as {same[0].id}", "catalog"))


def _wildcard(name: str, cards: list[ModelCard]) -> Match | None:
    """The most specific listed pattern that covers ``name``, as typed or below its vendor's prefix."""
    for card in sorted(cards, key=lambda c: (len(c.id.replace("*", "")), c.id), reverse=True):
        stars = _stars(card.id, name)
        if stars is not None:
            says = f"no exact entry, but the proxy lists {card.id}, which covers {name}"
            return Match(name, _filled(card, name, stars), Reason(says, "catalog"))
    if "/" in name:
        return None
    for card in cards:
        prefix, _, rest = card.id.partition("/")
        if rest == "*" and vendor_named(prefix) == family_vendor(name):
            wire = f"{prefix}/{name}"
            says = f"no exact entry, but the proxy lists {card.id}, which covers it as {wire}"
            return Match(wire, _filled(card, wire, (name,)), Reason(says, "catalog"))
    return None


def _stars(pattern: str, name: str) -> tuple[str, ...] | None:
    """What each ``*`` of ``pattern`` stands for in ``name``; None when it does not fit."""
    found = re.fullmatch("(.+)".join(re.escape(piece) for piece in pattern.split("*")), name, re.DOTALL)
    return found.groups() if found else None


def _filled(card: ModelCard, wire_model: str, stars: tuple[str, ...]) -> ModelCard:
    """``card`` as if it listed ``wire_model`` alone."""
    deployments = tuple(replace(d, upstream=_substituted(d, stars)) for d in card.deployments)
    return replace(card, id=wire_model, deployments=deployments)


def _substituted(deployment: Deployment, stars: tuple[str, ...]) -> str | None:
    pieces = (deployment.upstream or "").split("*")
    if len(pieces) - 1 > len(stars):
        return None
    return "".join(piece + star for piece, star in zip(pieces, (*stars, ""), strict=False)) or None
