"""What a kept session tells the engine that goes on with it."""

from __future__ import annotations

from dataclasses import replace

from tui.chat.record import Exchange, SessionRecord
from tui.chat.settings import Overrides
from tui.chat.usage import UNKNOWN_COST
from tui.engine.offers import Offers
from tui.secrets import MASK, is_telling
from tui.tools.toolbox import Toolbox


def kept_overrides(overrides: Overrides) -> Overrides:
    """What the user set as it may be written down: a header that holds a secret by its name alone."""
    headers = overrides.get("headers", {})
    if not any(map(is_telling, headers)):
        return overrides
    return {**overrides, "headers": {name: MASK if is_telling(name) else headers[name] for name in headers}}


def usable_overrides(overrides: Overrides) -> Overrides:
    """What was written down, without the headers whose value was not."""
    lost = lost_headers(overrides)
    if not lost:
        return overrides
    left = {name: value for name, value in overrides["headers"].items() if name not in lost}
    return {
        **{name: overrides[name] for name in overrides if name != "headers"},
        **({"headers": left} if left else {}),
    }


def lost_headers(overrides: Overrides) -> list[str]:
    """The names of headers the user set and whose value was not written down."""
    return [name for name, value in overrides.get("headers", {}).items() if value == MASK]


def exchanges_of(record: SessionRecord) -> tuple[dict[str, Exchange], list[Exchange]]:
    """The exchanges by the id of their answer, and those that ended without; none with its wire."""
    ended = [bare(e) for e in record.exchanges if e.state != "open" and e.purpose == "turn"]
    return {e.answer: e for e in ended if e.answer is not None}, [e for e in ended if e.answer is None]


def bare(exchange: Exchange) -> Exchange:
    """An exchange without what went over the line."""
    return exchange if exchange.wire is None else replace(exchange, wire=None)


def has_spent(record: SessionRecord) -> bool:
    """Whether any step was paid for, as far as is known."""
    totals = record.state.totals
    if totals.steps or totals.cost != UNKNOWN_COST:
        return True
    # Stopped or lost before anything came: if it went out it may have cost something, nobody told what.
    ended = record.exchanges
    return any(e.state == "lost" or (e.state == "stopped" and e.seconds is not None) for e in ended)


def take_offers(offers: Offers, record: SessionRecord, available: Toolbox | None) -> None:
    """Offer what the session offered, as far as there is such a thing now.

    Without ``available`` the tools are those of ``offers``, as they are where nothing of what was offered
    is known here: so it is with another program's session. A configured system prompt counts as it is now,
    unless the user set one; both may make a fork of the conversation.
    """
    state = record.state
    offers.own = state.own_system
    offers.learn(state.tools, available)
    is_ours = any(node.tools for node in record.nodes)
    if available is not None and is_ours:
        names = [spec.name for spec in state.tools if available.get(spec.name) is not None]
        if names or not state.tools:
            offers.take(available.only(names))
    offers.system = state.system
    if state.own_system is not None or not is_ours:
        return
    on_path = {node.message.id for node in record.path()}
    first = next((e for e in record.exchanges if e.answer in on_path), None)
    if first is not None:
        offers.system = offers.begin(first.route).system
