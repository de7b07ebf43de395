"""Claude Code's ``settings.json``: its model slots and picker, filled with what is Claude by the resolver.

Claude Code judges a model by its name and sends an unknown one neither thinking nor what belongs to
it, so each picker row also says which model it behaves as.
"""

from __future__ import annotations

import json
import re

from tui.chat.parts import Json
from tui.generations import is_claude
from tui.interop.offer import Model, Offer, Written, first_of, split

SLOTS = ("opus", "sonnet", "haiku", "fable")
"""Families Claude Code has a variable for; it asks for the first three on its own."""
_NEEDED = SLOTS[:3]
_RESERVED = frozenset({*SLOTS, "default", "best", "inherit", "opusplan"})
_WHY_NOT = "it speaks /v1/messages only, and this is no Claude the proxy hands through with tools"
_WHY_RESERVED = "claude-code gives the name, or [1m] at its end, a meaning of its own"


def write(offer: Offer) -> Written:
    """The whole file as JSON; UsageError when no model or not the one asked for can be used."""
    claudes, others = split(offer.models, _works, f"claude-code: {_WHY_NOT}")
    usable, reserved = split(claudes, _plain, _WHY_RESERVED)
    chosen = first_of(offer, usable, "claude-code", _WHY_RESERVED if _is_reserved(offer) else _WHY_NOT)
    slots = {family: _newest(usable, family, chosen) for family in SLOTS}
    env: dict[str, Json] = {"ANTHROPIC_BASE_URL": offer.anthropic_base, "ANTHROPIC_MODEL": chosen.id}
    for family, model in slots.items():
        standing_in = model or (chosen if family in _NEEDED else None)
        if standing_in:
            env[f"ANTHROPIC_DEFAULT_{family.upper()}_MODEL"] = standing_in.id
    settings: dict[str, Json] = {
        "$schema": "https://json.schemastore.org/claude-code-settings.json",
        "apiKeyHelper": f'printf %s "${offer.key_variable}"',
        "env": env,
        "modelPicker": {"options": [_row(model) for model in usable], "replaceBuiltInOptions": True},
    }
    missing = [family for family in _NEEDED if slots[family] is None]
    filled = (f"no {' and no '.join(missing)} here, so {chosen.id} stands in",) if missing else ()
    where = "put it into ~/.claude/settings.json, or start claude with --settings FILE"
    return Written(
        json.dumps(settings, indent=2) + "\n", (where, *filled, *others, *reserved, *offer.left_out)
    )


def _row(model: Model) -> Json:
    generation = model.route.generation
    # Where the proxy names the vendor only, the generation is our words for not knowing it.
    known: dict[str, Json] = {"behavesAs": generation} if re.fullmatch(r"[\w.-]+", generation) else {}
    return {"model": model.id, "label": model.id, **known}


def _works(model: Model) -> bool:
    route = model.route
    return is_claude(route.generation) and route.dialect == "messages" and route.accepts.tools is not False


def _plain(model: Model) -> bool:
    name = model.id.lower()
    # A slot's own word reaches the model that fills the slot, so it may be that model's name.
    return (name not in _RESERVED or _fills(model, model.id)) and not name.endswith("[1m]")


def _fills(model: Model, family: str) -> bool:
    return family in SLOTS and family in model.route.generation.split("-")


def _is_reserved(offer: Offer) -> bool:
    wanted = next((model for model in offer.models if model.id == offer.wanted), None)
    return wanted is not None and not _plain(wanted)


def _newest(models: tuple[Model, ...], family: str, chosen: Model) -> Model | None:
    """The model for a family: one of that very name, the chosen one, the newest generation, or none."""
    own = [model for model in models if _fills(model, family)]
    namesake = next((model for model in own if model.id == family), None)
    return namesake or (chosen if chosen in own else max(own, key=_version, default=None))


def _version(model: Model) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", model.route.generation))
