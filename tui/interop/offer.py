"""What every foreign configuration is made from: the models a tool can be offered, and why others are not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tui.chat.catalog import Catalog
from tui.chat.route import Route
from tui.errors import UsageError

_TALKS = (None, "chat", "responses")
"""Modes a conversation can be held in; None is a model the proxy's price list does not know."""


@dataclass(frozen=True, slots=True)
class Model:
    """One model of the proxy with the road the resolver gives it."""

    route: Route
    mode: str | None = None
    reasons: bool = False
    """Whether it reasons at all, by the generation table or by the proxy's word."""

    @property
    def id(self) -> str:
        """The name to send, exactly as the proxy lists it."""
        return self.route.wire_model


@dataclass(frozen=True, slots=True)
class Offer:
    """Everything a writer may use; the key itself is never in it."""

    models: tuple[Model, ...]
    openai_base: str
    anthropic_base: str
    key_variable: str
    """The environment variable that holds the key."""
    wanted: str | None = None
    """Id of the model asked for; a tool that cannot use it is an error."""
    preferred: str | None = None
    """Id of the model to begin with, if the tool can use it."""
    remarks: tuple[str, ...] = ()
    """What to say with every file, whatever is in it."""
    left_out: tuple[str, ...] = ()
    """What to say with a file that lists models, on those no tool can use."""


@dataclass(frozen=True, slots=True)
class Written:
    """A configuration file's whole text, and remarks for a person."""

    text: str
    remarks: tuple[str, ...]


def models_of(catalog: Catalog, routes: Mapping[str, Route]) -> tuple[tuple[Model, ...], tuple[str, ...]]:
    """The catalog's models one can talk to, in its order, and remarks on the others.

    ``routes`` has a route for each id the resolver knows; one not listed is added at the end.
    """
    cards = {card.id: card for card in catalog.cards}
    ids = [*cards, *(id for id in routes if id not in cards)]
    patterns = [id for id in ids if "*" in id and id not in routes]
    lost = [id for id in ids if "*" not in id and id not in routes]
    unwritable = [id for id in ids if id in routes and not id.isprintable()]
    silent: dict[str, list[str]] = {}
    models: list[Model] = []
    for id in ids:
        if id not in routes or id in unwritable:
            continue
        card, route = cards.get(id), routes[id]
        mode = card.mode if card else None
        if mode not in _TALKS:
            silent.setdefault(str(mode), []).append(id)
            continue
        known = route.accepts.thinking or route.accepts.efforts
        told = card.supports.get("reasoning") if card else None
        models.append(Model(route, mode, reasons=bool(known or told)))
    remarks = [*(_left_out(f"made for {mode}, not for talking", ids) for mode, ids in silent.items())]
    remarks.append(_left_out("a pattern; name a model it covers with --model", patterns))
    remarks.append(_left_out("the resolver does not know it", lost))
    remarks.append(
        _left_out("its name has characters that cannot be shown", [ascii(id) for id in unwritable])
    )
    remarks += [f"{id}: {route.why[0].text}" for id, route in routes.items() if id not in cards]
    guessed = [model.id for model in models if model.route.upstream is None]
    if guessed:
        remarks.append(f"judged by the name, as the proxy tells no upstream model: {names(guessed)}")
    mixed = [model.id for model in models if model.route.mixed]
    if mixed:
        remarks.append(
            f"their deployments run different models, which breaks sealed thinking: {names(mixed)}"
        )
    return tuple(models), tuple(remark for remark in remarks if remark)


def split(
    models: Sequence[Model], usable: Callable[[Model], bool], why: str
) -> tuple[tuple[Model, ...], tuple[str, ...]]:
    """The models a tool can use, and a remark on the others."""
    kept = tuple(model for model in models if usable(model))
    others = [model.id for model in models if not usable(model)]
    remark = _left_out(why, others)
    return kept, (remark,) if remark else ()


def first_of(offer: Offer, usable: Sequence[Model], tool: str, why_not: str) -> Model:
    """The model a tool begins with: asked for, else preferred, else the first that surely takes tools.

    UsageError when the one asked for is not among ``usable``, or none is.
    """
    named = {model.id: model for model in usable}
    if offer.wanted is not None and offer.wanted not in named:
        talks = any(model.id == offer.wanted for model in offer.models)
        why = why_not if talks else "it is not made for talking, or its name cannot be written"
        raise UsageError("setup", f"{tool} cannot use {offer.wanted}: {why}", hint="name another --model")
    if not named:
        raise UsageError(
            "setup", f"no model here is one {tool} can use: {why_not}", hint="see sightline models"
        )
    chosen = named.get(offer.wanted or "") or named.get(offer.preferred or "")
    return chosen or next((model for model in usable if model.route.accepts.tools), usable[0])


def names(ids: Sequence[str], most: int = 12) -> str:
    """Ids in a row, cut where a proxy lists hundreds."""
    more = f" and {len(ids) - most} more" if len(ids) > most else ""
    return ", ".join(ids[:most]) + more


def _left_out(why: str, ids: Sequence[str]) -> str:
    return f"left out ({why}): {names(ids)}" if ids else ""
