"""The state of a turn, event by event, without a screen."""

from dataclasses import replace
from decimal import Decimal

from tests.ui.scripted_session import PRICE, ScriptedSession, home_for
from tui.chat.events import (
    Answer,
    Answering,
    ApprovalNeeded,
    Approved,
    Ask,
    Event,
    Observed,
    PartDelta,
    Retrying,
    StepFinished,
    StepStarted,
    ToolStarted,
    TurnFailed,
    TurnFinished,
    Warned,
)
from tui.chat.finding import Finding
from tui.chat.messages import AssistantMessage
from tui.chat.parts import Origin, ToolCall
from tui.chat.route import Route, Served
from tui.chat.usage import Cost, Usage
from tui.errors import CallFailed
from tui.ui.turn_state import TurnState, advance

ROUTE = Route(
    "smart",
    "litellm-anthropic",
    "http://p",
    "smart",
    "anthropic/claude-opus-4-5",
    "anthropic",
    "claude-opus-4-5",
    price=PRICE,
)
ORIGIN = Origin("messages", "anthropic", "claude-opus-4-5", None, "header")


def after(*events: Event, state: TurnState | None = None) -> TurnState:
    state = state or TurnState()
    for event in events:
        state = advance(state, event)
    return state


def finished(usage: Usage | None, cost: Cost, *, origin: Origin = ORIGIN, at: float = 5.0) -> StepFinished:
    message = AssistantMessage("a", (), origin, "end", None, usage, cost, 0.0)
    return StepFinished(at, message, 4.0, 1.0, 2, 1)


async def test_a_whole_turn_ends_done_with_its_sums() -> None:
    session = ScriptedSession()
    await home_for(session).load_catalog()
    state = TurnState()
    stages = []
    async for event in session.send("why is the sky blue"):
        state = advance(state, event)
        stages.append(state.stage)
    assert stages[0] == "sending"
    assert stages[-1] == "done"
    assert {"thinking", "answering"} <= set(stages)
    assert state.usage == Usage(1204, 18330, None, None, 611, 500)
    assert state.badge == ""
    assert not state.running


def test_steps_count_within_the_turn_and_costs_add_up() -> None:
    usage = Usage(1000, None, None, None, 100)
    cost = Cost(Decimal("0.0075"), "proxy-header")
    state = after(
        StepStarted(1.0, ROUTE, 3, 7),
        finished(usage, cost),
        ToolStarted(5.1, ToolCall("t", "calculator", "{}")),
        StepStarted(6.0, ROUTE, 3, 8),
        finished(usage, cost, at=9.0),
        TurnFinished(9.1, "end", "", usage, cost, 2),
    )
    assert (state.turn, state.step) == (3, 2)
    assert state.usage == Usage(2000, None, None, None, 200)
    assert state.cost == Cost(Decimal("0.0150"), "proxy-header")
    assert state.computed == Decimal("0.015")
    assert (state.seals_sent, state.seals_received) == (2, 2)


def test_a_step_without_usage_makes_the_computed_sum_unknown() -> None:
    state = after(
        StepStarted(1.0, ROUTE, 1, 1),
        finished(None, Cost(None, "unknown")),
        StepStarted(6.0, ROUTE, 1, 2),
        finished(Usage(10, None, None, None, 10), Cost(Decimal(1), "proxy-stream")),
    )
    assert state.computed is None
    assert state.cost is not None
    assert state.cost.at_least


FELL = Finding("fallback", "The proxy fell back")
OTHER = Finding("other-model", "Another model answered")
QUIET = Finding("proxy-retried", "The proxy tried again")


def test_the_badge_comes_with_what_is_observed() -> None:
    started = after(StepStarted(1.0, ROUTE, 1, 1))
    sonnet = Answering(2.0, Served(model="anthropic/claude-sonnet-4-5-20250929"))
    other = after(sonnet, Observed(2.0, (OTHER,)), state=started)
    assert other.badge == "⚠ answered by claude-sonnet-4-5"
    gpt = Answering(2.0, Served(model="openai/gpt-5.1", attempted_fallbacks=1))
    assert after(gpt, Observed(2.0, (OTHER, FELL)), state=started).badge == "⚠ fallback → gpt-5.1"
    group = after(Answering(2.0, Served(group="cheap")), Observed(2.0, (FELL,)), state=started)
    assert group.badge == "⚠ fallback → cheap"


def test_no_badge_for_what_is_not_loud_and_none_of_the_step_before() -> None:
    started = after(StepStarted(1.0, ROUTE, 1, 1))
    quiet = after(Answering(2.0, Served()), Observed(2.0, (QUIET,)), state=started)
    assert (quiet.badge, quiet.observed) == ("", (QUIET,))
    fell = after(Answering(2.0, Served(group="cheap")), Observed(2.0, (FELL,)), state=started)
    next_one = after(StepStarted(3.0, ROUTE, 1, 2), state=fell)
    assert next_one.badge == "⚠ fallback → cheap"
    assert after(Answering(4.0, Served(group="smart")), state=next_one).badge == ""


def test_the_rate_is_an_estimate_until_tokens_are_told() -> None:
    state = after(
        StepStarted(0.0, ROUTE, 1, 1),
        PartDelta(1.0, 0, "text", "x" * 200),
        PartDelta(3.0, 0, "text", "x" * 200),
    )
    assert state.rate == 50
    assert state.rate_estimated
    assert state.buckets == (200, 0, 0, 0, 200)
    assert state.ttft_s == 1.0
    told = advance(state, finished(Usage(1, None, None, None, 300), Cost(None, "unknown")))
    assert told.rate == 100
    assert not told.rate_estimated


def test_a_warning_before_the_first_step_belongs_to_the_coming_turn() -> None:
    note = Finding("reasoning-not-kept", "reasoning is not kept on this route")
    state = after(
        TurnFinished(1.0, "end", "", Usage(), Cost(None, "unknown"), 1),
        Warned(2.0, note),
        Warned(2.1, note),
        StepStarted(2.2, ROUTE, 1, 1),
    )
    assert state.findings == (note,)
    assert state.step == 1


def test_failure_and_retry_are_kept() -> None:
    error = CallFailed("overloaded", "try later")
    state = after(
        StepStarted(0.0, ROUTE, 1, 1),
        Retrying(0.5, 1, 3.0, "cooldown"),
    )
    assert state.stage == "retrying"
    assert state.retry_why == "cooldown"
    state = after(
        TurnFailed(1.0, error),
        TurnFinished(1.1, "failed", "", Usage(), Cost(None, "unknown"), 1),
        state=state,
    )
    assert state.error is error
    assert state.stop == "failed"
    assert not state.running
    assert after(StepStarted(2.0, ROUTE, 1, 2), state=state).error is None


def test_the_buckets_are_bounded() -> None:
    state = after(StepStarted(0.0, ROUTE, 1, 1), PartDelta(1.0, 0, "text", "a"))
    for at in range(2, 3000):
        state = advance(state, PartDelta(float(at), 0, "text", "b"))
    assert len(state.buckets) <= 240
    assert sum(state.buckets) == 2999


def test_thinking_nobody_saw_does_not_speed_up_the_words() -> None:
    usage = Usage(10, 0, None, None, 100, 70)
    state = after(StepStarted(0.0, ROUTE, 1, 1), finished(usage, Cost(Decimal(1), "computed")))
    assert state.rate == (100 - 70) / (4.0 - 1.0)
    all_hidden = after(
        StepStarted(0.0, ROUTE, 1, 1), finished(replace(usage, reasoning=100), Cost(Decimal(1), "computed"))
    )
    assert all_hidden.rate is None


def test_while_a_call_waits_for_a_person_nothing_else_names_the_stage() -> None:
    first, second = ToolCall("same", "shell", "{}"), ToolCall("same", "shell", "{}")
    asks = Ask("", "", "", "")
    state = TurnState(stage="tools", turn=1, step=1)
    for call in (first, second):
        state = advance(state, ApprovalNeeded(1.0, call, asks, lambda _: None))
    assert (state.stage, len(state.asking)) == ("asking", 2)
    state = advance(state, ToolStarted(1.0, ToolCall("other", "look", "{}")))
    assert (state.stage, len(state.asking)) == ("asking", 2)
    state = advance(state, Approved(1.0, second, Answer("once", "user")))
    assert state.asking == (first,)
    state = advance(state, Approved(1.0, first, Answer("never", "user")))
    assert (state.stage, state.asking) == ("tools", ())
