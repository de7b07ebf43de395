"""Everything the pages show of an exchange, brought together from its session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from tui.chat.catalog import Catalog
from tui.chat.messages import AssistantMessage, ToolMessage
from tui.chat.record import CallFacts, Exchange, Node, Wire
from tui.ui.wire.rows import step_in_turn
from tui.ui.wire.seen import Seen


class Source(Protocol):
    """What is needed of a session."""

    @property
    def catalog(self) -> Catalog:
        """The models as they were read."""
        ...

    @property
    def log(self) -> Mapping[str, Exchange]:
        """Every exchange by its id, in the order they were begun."""
        ...

    @property
    def path(self) -> Sequence[Node]:
        """The messages of the conversation."""
        ...

    async def wire(self, exchange: str) -> Wire | None:
        """What went over the line for an exchange."""
        ...

    async def nodes(self, leaf: str) -> Sequence[Node]:
        """The path to a message of any branch."""
        ...


async def gather(session: Source, id: str, known: Seen | None = None) -> Seen | None:
    """What is to be seen of an exchange; None where the session knows it not.

    ``known`` is what was gathered of it before: of a running one only what goes on is read again.
    """
    exchange = session.log.get(id)
    if exchange is None:
        return None
    wire = await session.wire(id)
    if known is not None and known.exchange.id == id and exchange.state == "open":
        return replace(known, exchange=exchange, wire=wire)
    before = await _before(session, exchange)
    path = await _path(session, exchange.answer)
    answer = path[-1].message if path else None
    return Seen(
        exchange,
        wire,
        before,
        None if before is None else await session.wire(before.id),
        answer if isinstance(answer, AssistantMessage) else None,
        _calls(session.path, exchange.answer),
        _after(session.log, exchange),
        session.catalog,
        step_in_turn(session.log, exchange),
    )


async def _path(session: Source, leaf: str | None) -> Sequence[Node]:
    if leaf is None:
        return ()
    path = session.path
    for place in range(len(path) - 1, -1, -1):
        if path[place].message.id == leaf:
            return path[: place + 1]
    return await session.nodes(leaf)


async def _before(session: Source, exchange: Exchange) -> Exchange | None:
    """The newest request made for a turn from a part of the same history, or from all of it."""
    ancestors = {node.message.id for node in await _path(session, exchange.after)}
    earlier = False
    for other in reversed(list(session.log.values())):
        if earlier and other.purpose == "turn" and (other.after in ancestors or other.after is None):
            return other
        earlier = earlier or other.id == exchange.id
    return None


def _calls(path: Sequence[Node], answer: str | None) -> tuple[CallFacts, ...]:
    for node in reversed(path):
        if answer is not None and node.parent == answer and isinstance(node.message, ToolMessage):
            return node.calls
    return ()


def _after(log: Mapping[str, Exchange], exchange: Exchange) -> Exchange | None:
    later = False
    for other in log.values():
        if later and other.turn == exchange.turn and other.purpose == "turn" == exchange.purpose:
            return other
        later = later or other.id == exchange.id
    return None
