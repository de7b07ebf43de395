"""The Turn tab's part about who answered: the road with its sources, and what is odd about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from tui.chat.record import Exchange
from tui.clean import clean, visible
from tui.ui.inspected import Inspected
from tui.ui.turn_state import TurnState

if TYPE_CHECKING:
    from tui.truth.route import Fact

ROOMY = 64
"""Cells from which on every fact has its line, with its source."""
_MUTED, _LOUD = "$foreground-muted", "bold $text-warning"
_KNOWN = ("requested", "id sent", "endpoint")
"""What the tab shows above already."""


def served_lines(seen: Inspected, room: int) -> list[Content]:
    """Who answered the newest step, for ``room`` cells."""
    from tui.truth.route import route_facts

    state = seen.state
    if state.served is None:
        silence = "waiting for headers" if state.running else "nobody answered"
        return [Content.styled(silence, _MUTED)]
    exchange = _newest(seen)
    facts = () if exchange is None else route_facts(exchange, None, seen.catalog)
    if room >= ROOMY and facts:
        return [*_badge(state, room), *(_row(fact, room) for fact in facts if fact.label not in _KNOWN)]
    return _short(state, facts, room)


def odd_lines(state: TurnState) -> list[Content]:
    """What is odd about the newest step, in whole sentences."""
    return [Content.styled(f"⚠ {clean(finding.says)}", "$text-warning") for finding in state.observed]


def _short(state: TurnState, facts: tuple[Fact, ...], room: int) -> list[Content]:
    served = state.served
    assert served is not None
    style = _LOUD if state.badge else ""
    name = visible(served.model, room) if served.model else _elsewhere(facts, room)
    rows = [Content.styled(name, style if served.model else _MUTED), *_badge(state, room)]
    bridge = next((fact for fact in facts if fact.label == "bridge"), None)
    if bridge is not None and bridge.value is not None and bridge.value.endswith("translated"):
        road = bridge.value.partition(" → ")[2].removesuffix(", translated")
        rows.append(Content.assemble(("bridge ", _MUTED), visible(road, max(room - 7, 8))))
    rows.append(Content.assemble(("deployment ", _MUTED), visible(served.model_id or "?", max(room - 11, 8))))
    retries, fallbacks = _told(served.attempted_retries), _told(served.attempted_fallbacks)
    rows.append(Content.assemble(("retries ", _MUTED), retries, (" · fallbacks ", _MUTED), fallbacks))
    return rows


def _elsewhere(facts: tuple[Fact, ...], room: int) -> str:
    """The model where no header names it: as the catalog has the deployment, else not told."""
    from tui.truth.route import NOT_TOLD

    model = next((fact for fact in facts if fact.label == "model" and fact.source == "catalog"), None)
    return visible(f"{model.value} by its id", room) if model is not None else NOT_TOLD


def _badge(state: TurnState, room: int) -> list[Content]:
    return [Content.styled(visible(state.badge, room), _LOUD)] if state.badge else []


def _row(fact: Fact, room: int) -> Content:
    from tui.truth.route import NOT_TOLD

    source = " assumed" if fact.source == "assumed" else f" {visible(fact.says, 30)}"
    width = max(room - 13 - min(len(source), 31), 12)
    value = visible(fact.value, width) if fact.value is not None else NOT_TOLD
    return Content.assemble(
        (f"{visible(fact.label, 12):<13}", _MUTED),
        (value, _MUTED if fact.value is None else ""),
        (source if fact.value is not None else "", _MUTED),
    )


def _told(number: int | None) -> str:
    return "?" if number is None else str(number)


def _newest(seen: Inspected) -> Exchange | None:
    """The newest answered request of the turn that is shown."""
    for id in reversed(list(seen.log)):
        exchange = seen.log[id]
        if exchange.purpose == "turn" and exchange.served is not None:
            return exchange if exchange.turn == seen.state.turn else None
    return None
