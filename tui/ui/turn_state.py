"""The state of the running turn as plain values for header, inspector and waiting line; no Textual."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from tui.chat import events
from tui.chat.finding import Finding
from tui.chat.messages import AssistantMessage, Stop
from tui.chat.parts import Reasoning, ToolCall
from tui.chat.route import Route, Served
from tui.chat.usage import Cost, Usage
from tui.errors import SightlineError
from tui.generations import canonical
from tui.pricing import CHARS_PER_TOKEN, computed
from tui.truth.badges import loudest
from tui.truth.limits import Limit, limits

Stage = Literal[
    "idle", "sending", "thinking", "answering", "calling", "asking", "limit", "tools", "retrying", "done"
]

DOING: dict[str, Stage] = {"thinking": "thinking", "text": "answering", "tool_arguments": "calling"}
"""What the model does while text of a kind comes."""

BUCKET_S = 0.5
"""Width of one bar of the rate's sparkline in seconds, to begin with."""
MAX_BUCKETS = 240


@dataclass(frozen=True, slots=True)
class TurnState:
    """What is known of the present turn, or of the last one when none runs."""

    stage: Stage = "idle"
    turn: int = 0
    step: int = 0
    """Counts from 1 within the turn."""
    route: Route | None = None
    served: Served | None = None
    observed: tuple[Finding, ...] = ()
    """What is odd about who answers the newest step, and how."""
    answered_by: str | None = None
    """Canonical model of the last answer, if its headers or the catalog told it."""
    started_at: float = 0.0
    step_at: float = 0.0
    first_at: float | None = None
    """When the first text of the step came."""
    last_at: float = 0.0
    buckets: tuple[int, ...] = ()
    """Characters per ``bucket_s`` since ``first_at``."""
    bucket_s: float = BUCKET_S
    usage: Usage | None = None
    """Sum over the turn's finished steps."""
    step_usage: Usage | None = None
    step_hidden: int = 0
    """Tokens of the step's thinking that was not shown."""
    cost: Cost | None = None
    """Sum over the turn's finished steps; None before the first."""
    computed: Decimal | None = None
    """Tokens times price over the turn's finished steps; None when any step's is not known."""
    limits: tuple[Limit, ...] = ()
    """What the newest answer's headers told of limits."""
    step_seconds: float | None = None
    ttft_s: float | None = None
    seals_sent: int = 0
    seals_received: int = 0
    findings: tuple[Finding, ...] = ()
    retry_why: str = ""
    asking: tuple[ToolCall, ...] = ()
    """Tool calls that wait for a person."""
    error: SightlineError | None = None
    stop: Stop | None = None

    @property
    def running(self) -> bool:
        """Whether the turn still goes on."""
        return self.stage not in ("idle", "done")

    @property
    def rate(self) -> float | None:
        """Output tokens per second: told ones of the last finished step, else estimated; None before any."""
        if self.step_usage is not None and self.step_usage.output and self.step_seconds is not None:
            span = self.step_seconds - (self.ttft_s or 0.0)
            shown = self.step_usage.output - self.step_hidden
            return shown / span if span > 0.05 and shown > 0 else None
        if self.first_at is None or self.last_at - self.first_at < BUCKET_S:
            return None
        return sum(self.buckets) / CHARS_PER_TOKEN / (self.last_at - self.first_at)

    @property
    def rate_estimated(self) -> bool:
        """Whether ``rate`` counts characters instead of told tokens."""
        return self.step_usage is None or not self.step_usage.output

    @property
    def badge(self) -> str:
        """What the header must shout of the newest answer; empty when all is as asked."""
        return loudest(self.observed, self.served, self.answered_by)


def advance(state: TurnState, event: events.Event) -> TurnState:
    """The state after ``event``; events that change nothing here return it as it is."""
    step = _STEPS.get(type(event))
    return step(state, event) if step else state


def _step_started(state: TurnState, event: events.StepStarted) -> TurnState:
    announced = state.stage == "sending" and state.step == 0
    fresh = not announced and (event.turn != state.turn or not state.running)
    base = TurnState(started_at=event.at) if fresh else state
    return replace(
        base,
        stage="sending",
        turn=event.turn,
        step=base.step + 1,
        route=event.route,
        step_at=event.at,
        first_at=None,
        buckets=(),
        bucket_s=BUCKET_S,
        step_usage=None,
        step_seconds=None,
        ttft_s=None,
    )


def _answering(state: TurnState, event: events.Answering) -> TurnState:
    told = event.served.model
    return replace(
        state,
        served=event.served,
        observed=(),
        limits=limits(event.headers),
        stage="answering",
        answered_by=canonical(told) if told else state.answered_by,
    )


def _observed(state: TurnState, event: events.Observed) -> TurnState:
    return replace(state, observed=(*state.observed, *event.findings))


def _delta(state: TurnState, event: events.PartDelta) -> TurnState:
    return heard(state, DOING[event.kind], ((event.at, len(event.text)),))


def heard(state: TurnState, stage: Stage, deltas: Sequence[tuple[float, int]]) -> TurnState:
    """The state after text came: when, and how many characters; many at once cost little more than one."""
    first = deltas[0][0] if state.first_at is None else state.first_at
    buckets, width = list(state.buckets), state.bucket_s
    slot, since, until = 0, 0.0, 0.0
    for at, size in deltas:
        if since <= at < until:
            buckets[slot] += size
            continue
        slot = max(0, int((at - first) / width))
        while slot >= MAX_BUCKETS:
            # The same bars, each over twice the time: a long answer must not make a delta dear.
            buckets = [sum(buckets[i : i + 2]) for i in range(0, len(buckets), 2)]
            width *= 2
            slot = int((at - first) / width)
        buckets += [0] * (slot + 1 - len(buckets))
        buckets[slot] += size
        since = first + slot * width
        until = since + width
    return replace(
        state,
        stage=stage,
        first_at=first,
        last_at=deltas[-1][0],
        ttft_s=first - state.step_at,
        buckets=tuple(buckets),
        bucket_s=width,
    )


def _step_finished(state: TurnState, event: events.StepFinished) -> TurnState:
    message = event.message
    told = message.origin.model if message.origin.known_by in ("header", "catalog") else None
    price = state.route.price if state.route else None
    own = computed(message.usage, price)
    first_step = state.cost is None
    return replace(
        state,
        stage="tools" if message.stop == "tool_use" else "answering",
        answered_by=told or state.answered_by,
        usage=message.usage if state.usage is None else state.usage + (message.usage or Usage()),
        step_usage=message.usage,
        step_hidden=_hidden(message),
        cost=message.cost if state.cost is None else state.cost + message.cost,
        computed=own if first_step else _both(state.computed, own),
        step_seconds=event.seconds,
        ttft_s=event.ttft_s,
        seals_sent=event.seals_sent,
        seals_received=state.seals_received + event.seals_received,
    )


def _hidden(message: AssistantMessage) -> int:
    """Tokens of thinking nobody saw: they came before the first word, not at the rate of the words."""
    seen = any(isinstance(part, Reasoning) and part.text for part in message.parts)
    return 0 if seen or message.usage is None else message.usage.reasoning or 0


def _both(a: Decimal | None, b: Decimal | None) -> Decimal | None:
    return None if a is None or b is None else a + b


def _retrying(state: TurnState, event: events.Retrying) -> TurnState:
    return replace(state, stage="retrying", retry_why=event.why)


def _warned(state: TurnState, event: events.Warned) -> TurnState:
    if not state.running:
        # Checks of a turn may speak before its first step starts.
        state = TurnState(stage="sending", turn=state.turn + 1, started_at=event.at, step_at=event.at)
    if any((f.cls, f.says) == (event.finding.cls, event.finding.says) for f in state.findings):
        return state
    return replace(state, findings=(*state.findings, event.finding))


def _failed(state: TurnState, event: events.TurnFailed) -> TurnState:
    return replace(state, error=event.error)


def _turn_finished(state: TurnState, event: events.TurnFinished) -> TurnState:
    return replace(state, stage="done", stop=event.stop, last_at=event.at)


def _asked(state: TurnState, event: events.ApprovalNeeded) -> TurnState:
    return replace(state, stage="asking", asking=(*state.asking, event.call))


def _limit(state: TurnState, event: events.BudgetNeeded | events.BudgetDecided) -> TurnState:
    if not state.running:
        # It is asked before the first step starts.
        state = TurnState(turn=state.turn + 1, started_at=event.at, step_at=event.at)
    return replace(state, stage="limit" if isinstance(event, events.BudgetNeeded) else "sending")


def _tools(state: TurnState, event: events.Approved | events.ToolStarted | events.ToolFinished) -> TurnState:
    # By identity: some vendors give two calls of one answer the same id.
    left = tuple(call for call in state.asking if call is not event.call)
    return replace(state, stage="asking" if left else "tools", asking=left)


# A table, not a match: the one match over events is the transcript's.
_STEPS: dict[type, Callable[[TurnState, Any], TurnState]] = {
    events.StepStarted: _step_started,
    events.Answering: _answering,
    events.Observed: _observed,
    events.PartDelta: _delta,
    events.StepFinished: _step_finished,
    events.ApprovalNeeded: _asked,
    events.Approved: _tools,
    events.ToolStarted: _tools,
    events.ToolFinished: _tools,
    events.BudgetNeeded: _limit,
    events.BudgetDecided: _limit,
    events.Retrying: _retrying,
    events.Warned: _warned,
    events.TurnFailed: _failed,
    events.TurnFinished: _turn_finished,
}
