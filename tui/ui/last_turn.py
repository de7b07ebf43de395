"""What the inspector shows of a session that was opened: its last turn, as it stood when it ended; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.chat.conversation import Conversation
from tui.chat.events import (
    Answering,
    Event,
    Observed,
    StepFinished,
    StepStarted,
    TurnFailed,
    TurnFinished,
    Warned,
)
from tui.chat.messages import AssistantMessage, Stop
from tui.chat.record import Exchange, SessionRecord
from tui.chat.route import Accepts
from tui.chat.settings import ToolSpec
from tui.chat.usage import UNKNOWN_COST, Usage
from tui.ui.turn_state import TurnState, advance
from tui.wire.offer import takes_tools

if TYPE_CHECKING:
    from tui.ui.seal_rows import Sent

Numbers = dict[str, tuple[int, int]]
"""Turn, and step within it, of each answer by its message's id."""


def last_turn(record: SessionRecord) -> TurnState:
    """The last turn of the branch the session stands on; idle before the first."""
    state = TurnState()
    exchanges = _turn(record)
    for event in _events(record, exchanges):
        state = advance(state, event)
    last = exchanges[-1] if exchanges else None
    # Seconds that were not told must not be a rate.
    return state if last is None or last.seconds is not None else replace(state, step_seconds=None)


def numbers_of(record: SessionRecord) -> Numbers:
    """Turn and step of every answer of any branch."""
    numbers: Numbers = {}
    steps: dict[int, int] = {}
    for exchange in record.exchanges:
        if exchange.answer is not None:
            turn = exchange.turn
            steps[turn] = steps.get(turn, 0) + 1
            numbers[exchange.answer] = (turn, steps[turn])
    return numbers


def last_exchange(record: SessionRecord) -> Exchange | None:
    """The last request of the branch the session stands on."""
    turn = _turn(record)
    return turn[-1] if turn else None


def sent_of(
    exchange: Exchange, body: bytes, record: SessionRecord, accepts: Accepts, tools: tuple[ToolSpec, ...]
) -> Sent:
    """The request as the seals are compared with it; ``accepts`` is what its model takes."""
    # Not needed for the first frame of a session.
    from tui.ui.seal_rows import Sent

    route = replace(exchange.route, accepts=accepts)
    state = record.state
    messages = tuple(node.message for node in record.path(exchange.after)) if exchange.after else ()
    conversation = Conversation(state.system, messages, state.foreign_reasoning, state.bound_from)
    return Sent(body, conversation, route.target, takes_tools(route, tools))


def _turn(record: SessionRecord) -> list[Exchange]:
    """The exchanges of the last turn of the branch, refused ones too."""
    path = {node.message.id for node in record.path()}
    turn: list[Exchange] = []
    # From the end, for a long session is not read before it is looked at.
    for one in reversed(record.exchanges):
        if one.purpose == "turn" and (one.answer if one.answer is not None else one.after) in path:
            if turn and one.turn != turn[0].turn:
                break
            turn.append(one)
    return turn[::-1]


def _events(record: SessionRecord, exchanges: Sequence[Exchange]) -> Iterator[Event]:
    """What the last turn's exchanges would have told while they ran, but for its texts."""
    asked = {exchange.answer for exchange in exchanges}
    answers = {node.message.id: node.message for node in record.nodes if node.message.id in asked}
    stop: Stop = "failed"
    for exchange in exchanges:
        at = exchange.at
        yield StepStarted(at, exchange.route, exchange.turn, exchange.step)
        for finding in exchange.findings:
            yield Warned(at, finding)
        if exchange.served is not None:
            yield Answering(at, exchange.served)
        if exchange.observed:
            yield Observed(at, exchange.observed)
        message = answers.get(exchange.answer or "")
        if isinstance(message, AssistantMessage):
            seconds, counts = exchange.seconds or 0.0, (exchange.seals_sent, exchange.seals_received)
            yield StepFinished(at, message, seconds, exchange.ttft_s, *counts)
            stop = message.stop
        if exchange.failure is not None:
            yield TurnFailed(at, exchange.failure.error)
            stop = "failed"
    if exchanges:
        yield TurnFinished(exchanges[-1].at, stop, "", Usage(), UNKNOWN_COST, len(exchanges))
