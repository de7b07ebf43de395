"""Every event of the engine finds its block."""

from __future__ import annotations

import asyncio
import typing
from decimal import Decimal
from itertools import pairwise

import pytest

from tests.ui.transcript.support import Bench, drawn, rows
from tui.chat import events as ev
from tui.chat.conversation import CANCELLED
from tui.chat.finding import Finding
from tui.chat.messages import AssistantMessage, Stop
from tui.chat.parts import AssistantPart, Foreign, Opaque, Origin, Reasoning, Text, ToolCall, ToolResult
from tui.chat.route import Route, Served
from tui.chat.usage import UNKNOWN_COST, Cost, Usage
from tui.errors import CallFailed
from tui.ui.transcript.model import CardBlock, TextBlock, ToolBlock
from tui.ui.transcript.told import clock_label, cost_text, decided, step_line

ORIGIN = Origin("messages", "anthropic", "claude-opus-4-5")
ROUTE = Route(
    "smart",
    "litellm-anthropic",
    "http://h",
    "smart",
    "anthropic/claude-opus-4-5",
    "anthropic",
    "claude-opus-4-5",
)
ASK = ev.Ask("compute 6*7", "6*7", "calculator", "every calculation")
CALL = ToolCall("call-1", "calculator", '{"expression": "6*7"}')


COST = Cost(Decimal("0.0123"), "proxy-header")
USAGE = Usage(output=611)


def message(
    parts: tuple[AssistantPart, ...] = (),
    *,
    cost: Cost = COST,
    usage: Usage | None = USAGE,
    stop: Stop = "end",
) -> AssistantMessage:
    return AssistantMessage("m", parts, ORIGIN, stop, None, usage, cost, 0.0)


def finished(at: float = 5.0, *, sent: int = 3, received: int = 2, **values: typing.Any) -> ev.StepFinished:
    return ev.StepFinished(at, message(**values), 4.2, 0.8, sent, received)


TURN: list[ev.Event] = [
    ev.StepStarted(0.0, ROUTE, 1, 1),
    ev.Answering(0.4, Served(model_id="dep", group="cheap")),
    ev.Observed(0.4, (Finding("fallback", "The proxy fell back"), Finding("config-thinking", "It thought"))),
    ev.PartStarted(0.5, 0, "thinking"),
    ev.PartDelta(0.6, 0, "thinking", "hm, arithmetic"),
    ev.PartFinished(3.6, 0, Reasoning("hm, arithmetic", "signed")),
    ev.PartStarted(3.7, 1, "tool_call", "calculator"),
    ev.PartDelta(3.8, 1, "tool_arguments", CALL.arguments),
    ev.PartFinished(3.9, 1, CALL),
    finished(4.2, parts=(Reasoning("hm, arithmetic", "signed"), CALL), usage=Usage(output=100, reasoning=88)),
    ev.ApprovalNeeded(4.3, CALL, ASK, lambda _: None),
    ev.Approved(4.4, CALL, ev.Answer("once", "user")),
    ev.ToolStarted(4.5, CALL),
    ev.ToolFinished(4.6, CALL, ToolResult("call-1", (Text("42"),)), 0.012),
    ev.StepStarted(4.7, ROUTE, 1, 2),
    ev.Retrying(4.8, 1, 2.0, "the deployment cools down"),
    ev.Warned(4.9, Finding("x", "a foreign block was left out", "messages.1", "switch back")),
    ev.PartStarted(5.0, 0, "foreign", "server_tool_use"),
    ev.PartFinished(5.0, 0, Foreign("server_tool_use", Opaque(ORIGIN, {}))),
    ev.PartStarted(5.1, 1, "text"),
    ev.PartDelta(5.2, 1, "text", "It is **42**."),
    ev.PartFinished(5.3, 1, Text("It is **42**.")),
    finished(5.4),
    ev.TurnFinished(5.5, "end", "It is **42**.", Usage(), UNKNOWN_COST, 2),
]


def test_the_turn_above_has_every_kind_of_event_but_failure() -> None:
    kinds = set(typing.get_args(ev.Event))
    in_forms = {ev.BudgetNeeded, ev.BudgetDecided}
    assert kinds - {type(event) for event in TURN} == {ev.TurnFailed} | in_forms


async def test_a_turn_with_everything() -> None:
    app = Bench()
    async with app.run_test(size=(80, 40)) as pilot:
        view = app.transcript
        view.add_prompt("6*7?")
        for event in TURN:
            await view.apply(event)
        await drawn(pilot, view)
        shown = rows(view)
        assert "▾ thinking  88 tok · 3.1 s · ✓ sealed" in shown
        assert "│ hm, arithmetic" in shown
        assert any(row.startswith("▸ calculator  6*7") and row.endswith("ok · 12 ms · 2 B") for row in shown)
        assert "⚠ trying again in 2.0 s (attempt 1): the deployment cools down" in shown
        assert "⚠ a foreign block was left out (messages.1)" in shown
        assert "· server_tool_use block, kept as it came" in shown
        assert "It is 42." in shown
        assert "$0.0123 · 611 tok · 4.2 s · /v1/messages · 3 seals sent, 2 new" in shown
        odd = "⚠\N{NO-BREAK SPACE}fallback → cheap · thinking by config"
        assert any(odd in f"{row} {after}" for row, after in pairwise(shown))
        assert not view.growing


async def test_a_pin_that_was_refused_is_a_remark_for_its_step_has_no_last_line() -> None:
    app = Bench()
    async with app.run_test(size=(80, 20)) as pilot:
        await app.transcript.apply(ev.StepStarted(0.0, ROUTE, 1, 1))
        await app.transcript.apply(ev.Observed(0.1, (Finding("key-model-refused", "no longer pinned"),)))
        await drawn(pilot, app.transcript)
        assert "⚠ no longer pinned" in rows(app.transcript)


async def test_a_stopped_turn_closes_what_was_open() -> None:
    app = Bench()
    async with app.run_test(size=(80, 40)) as pilot:
        view = app.transcript
        for event in (
            ev.StepStarted(0.0, ROUTE, 1, 1),
            ev.PartStarted(0.5, 0, "thinking"),
            ev.PartDelta(0.6, 0, "thinking", "hm"),
            ev.PartFinished(0.7, 0, Reasoning("hm", "unsigned")),
            ev.PartStarted(0.7, 1, "text"),
            ev.PartDelta(0.8, 1, "text", "half an ans"),
            ev.PartStarted(0.8, 2, "tool_call", "calculator"),
            finished(1.0, stop="cancelled", cost=Cost(Decimal("0.004"), "computed", at_least=True)),
            ev.TurnFinished(1.1, "cancelled", "", Usage(), UNKNOWN_COST, 1),
        ):
            await view.apply(event)
        await drawn(pilot, view)
        blocks = [entry.block for entry in view.page.entries]
        assert isinstance(blocks[1], TextBlock)
        assert blocks[1].text == "half an ans"
        assert "stopped here" in rows(view)
        assert isinstance(blocks[2], ToolBlock)
        assert blocks[2].state == "error"
        assert any("≥ $0.0040" in row for row in rows(view))
        assert "· stopped by you" in rows(view)


async def test_a_refused_call_never_looks_as_if_it_ran() -> None:
    app = Bench()
    async with app.run_test(size=(80, 40)) as pilot:
        view = app.transcript
        for event in (*TURN[:9], ev.ApprovalNeeded(4.3, CALL, ASK, lambda _: None)):
            await view.apply(event)
        await drawn(pilot, view)
        assert any("waits for you" in row for row in rows(view))
        await view.apply(ev.Approved(4.4, CALL, ev.Answer("never", "user", "do it by hand")))
        view.toggle_tools()
        await pilot.pause()
        assert any(
            row.startswith("▾ calculator") and row.endswith("refused · do it by hand") for row in rows(view)
        )
        assert "│ refused by you: do it by hand" in rows(view)
        said = ToolResult("call-1", (Text("not approved: do it by hand"),), is_error=True)
        await view.apply(ev.ToolFinished(4.5, CALL, said, 0.0))
        await pilot.pause()
        assert any(row.startswith("▾ calculator") and "refused" in row for row in rows(view))
        assert "│ not approved: do it by hand" in rows(view)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (ev.Answer("once", "user"), "allowed by you, once"),
        (ev.Answer("session", "user"), "allowed by you for this session"),
        (ev.Answer("always", "rule"), "allowed by a rule of the configuration"),
        (ev.Answer("once", "flag"), "allowed by --approve all"),
        (ev.Answer("never", "user", lasting=True), "refused by you for this session"),
        (ev.Answer("never", "rule", "the rule shell forbids it"), "refused: the rule shell forbids it"),
        (ev.Answer("never", "flag"), "refused: not approved"),
    ],
)
def test_how_a_call_was_decided_is_said_in_words(answer: ev.Answer, says: str) -> None:
    assert decided(answer) == says


async def test_calls_of_one_id_are_told_apart_and_what_never_ran_says_so() -> None:
    twins = tuple(ToolCall("same", "calculator", f'{{"expression": "{n}*{n}"}}') for n in (2, 3, 4))
    app = Bench()
    async with app.run_test(size=(80, 40)) as pilot:
        view = app.transcript
        await view.apply(ev.StepStarted(0.0, ROUTE, 1, 1))
        for index, call in enumerate(twins):
            await view.apply(ev.PartStarted(1.0, index, "tool_call", call.name))
            await view.apply(ev.PartFinished(1.1, index, ToolCall(call.id, call.name, call.arguments)))
        await view.apply(finished(1.2, parts=twins))
        await view.apply(ev.ToolStarted(1.3, twins[1]))
        result = ToolResult("same", (Text("9"),))
        await view.apply(ev.ToolFinished(1.4, twins[1], result, 0.012))
        await view.apply(ev.Approved(1.4, twins[0], ev.Answer("never", "user")))
        await drawn(pilot, view)
        await view.apply(ev.TurnFinished(2.0, "cancelled", "", Usage(), UNKNOWN_COST, 1))
        await pilot.pause()
        assert outcomes(view) == ["refused", "ok · 12 ms · 1 B", "not run"]


def outcomes(view: typing.Any) -> list[str]:
    return [row.split("  ")[-1].strip() for row in rows(view) if row.startswith("▸ calculator")]


async def test_a_stop_tells_what_ran_from_what_never_did() -> None:
    calls = tuple(ToolCall(f"c{n}", "calculator", f'{{"expression": "{n}"}}') for n in (1, 2))
    app = Bench()
    async with app.run_test(size=(80, 40)) as pilot:
        view = app.transcript
        await view.apply(ev.StepStarted(0.0, ROUTE, 1, 1))
        for index, call in enumerate(calls):
            await view.apply(ev.PartStarted(1.0, index, "tool_call", call.name))
            await view.apply(ev.PartFinished(1.1, index, call))
        await view.apply(finished(1.2, parts=calls))
        await view.apply(ev.ToolStarted(1.3, calls[0]))
        await drawn(pilot, view)
        assert outcomes(view)[1] == "not run yet"
        for call in calls:
            result = ToolResult(call.id, (Text(CANCELLED),), is_error=True)
            await view.apply(ev.ToolFinished(1.4, call, result, 0.0))
        await pilot.pause()
        assert outcomes(view) == ["stopped", "not run"]


async def test_a_sentence_the_vendor_said_is_not_said_twice() -> None:
    app = Bench()
    async with app.run_test(size=(80, 40)) as pilot:
        app.transcript.card("e", "refused", "the same words", "the same words")
        await pilot.pause()
        assert sum("the same words" in row for row in rows(app.transcript)) == 1


@pytest.mark.parametrize(("layer", "status"), [("vendor", 400), ("proxy", 502)])
async def test_a_failure_is_a_card(layer: typing.Any, status: int) -> None:
    app = Bench()
    async with app.run_test(size=(80, 40)) as pilot:
        view = app.transcript
        error = CallFailed(
            "request refused",
            "it said no",
            hint="mend it",
            layer=layer,
            status=status,
            vendor_message="Invalid `signature`",
        )
        await view.apply(ev.StepStarted(0.0, ROUTE, 1, 1))
        await view.apply(ev.TurnFailed(1.0, error))
        await view.apply(ev.TurnFinished(1.0, "failed", "", Usage(), UNKNOWN_COST, 1))
        await pilot.pause()
        (block,) = (entry.block for entry in view.page.entries)
        assert isinstance(block, CardBlock)
        assert [key for key, _ in block.actions] == ["r"]
        assert any(f"{layer} · {status}" in row for row in rows(view))
        assert any("Invalid `signature`" in row for row in rows(view))


async def test_hostile_words_of_every_kind_stay_words() -> None:
    hostile = "\x1b]0;x\x07\u202e\u009b2J\ud800[@click=app.quit]"
    app = Bench()
    async with app.run_test(size=(80, 60)) as pilot:
        view = app.transcript
        call = ToolCall("c", hostile, hostile)
        for event in (
            ev.StepStarted(0.0, ROUTE, 1, 1),
            ev.PartStarted(0.1, 0, "thinking"),
            ev.PartDelta(0.1, 0, "thinking", hostile),
            ev.PartStarted(0.1, 1, "text"),
            ev.PartDelta(0.1, 1, "text", hostile),
            ev.PartFinished(0.1, 1, Text(hostile)),
            ev.PartStarted(0.1, 2, "tool_call", hostile),
            ev.PartFinished(0.1, 2, call),
            ev.PartStarted(0.1, 3, "foreign", hostile),
            ev.ToolFinished(0.2, call, ToolResult("c", (Text(hostile),)), 0.1),
            ev.Retrying(0.3, 1, 1.0, hostile),
            ev.Warned(0.3, Finding("x", hostile, hostile, hostile)),
            ev.TurnFailed(0.3, CallFailed(hostile, hostile, hint=hostile, vendor_message=hostile)),
        ):
            await view.apply(event)
        view.add_user("u", hostile, hostile)
        view.set_waiting(hostile)
        view.toggle_tools()
        await drawn(pilot, view)
        for y in range(view.window):
            assert view.render_line(y).text.isprintable()
            for segment in view.render_line(y):
                assert segment.style is None or "@click" not in segment.style.meta


async def test_a_long_answer_gives_way_to_others() -> None:
    app = Bench()
    async with app.run_test(size=(80, 40)) as pilot:
        view = app.transcript
        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                ticks += 1
                await asyncio.sleep(0)

        other = asyncio.create_task(tick())
        await view.apply(ev.StepStarted(0.0, ROUTE, 1, 1))
        await view.apply(ev.PartStarted(0.0, 0, "text"))
        most = 0
        for _ in range(3000):
            await view.apply(ev.PartDelta(0.0, 0, "text", "forty characters of text in every delta. "))
            most = max(most, view.backlog)
        other.cancel()
        assert ticks > 10
        assert most < 25_000
        await drawn(pilot, view)


@pytest.mark.parametrize(
    ("cost", "shown"),
    [
        (Cost(Decimal("0.0123"), "proxy-header"), "$0.0123"),
        (UNKNOWN_COST, "cost unknown"),
        (Cost(Decimal("0.004"), "computed", at_least=True), "≥ $0.0040"),
        (Cost(Decimal("0.01"), "estimated"), "$0.0100 estimated"),
    ],
)
def test_costs_say_how_sure_they_are(cost: Cost, shown: str) -> None:
    assert cost_text(message(cost=cost)) == shown


def test_the_quiet_line() -> None:
    assert step_line(message(), "/v1/messages", 4.2, seals_sent=1).endswith(
        "/v1/messages · 1 seal sent, 0 new"
    )
    assert step_line(message(usage=None), "/v1/x", 4.2, simulated=True) == (
        "$0.0123 simulated · tokens unknown · 4.2 s · /v1/x"
    )
    assert step_line(message(cost=UNKNOWN_COST)) == "cost unknown · 611 tok"


def test_the_time_of_day() -> None:
    assert clock_label(None) == ""
    assert len(clock_label(1_760_000_000.0)) == 5
