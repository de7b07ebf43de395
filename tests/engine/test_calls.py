"""The calls of one answer: side by side, decided in any order, stopped at any moment."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Mapping
from itertools import count
from typing import Any

import pytest

from tests.engine.scripted import ScriptedGateway, answer, call_block, collect, session, text_block
from tui.chat.conversation import CANCELLED
from tui.chat.events import (
    Answer,
    ApprovalNeeded,
    Approved,
    Ask,
    Event,
    ToolFinished,
    ToolStarted,
    TurnFinished,
)
from tui.chat.messages import ToolMessage
from tui.chat.parts import Json, ToolCall, ToolResult
from tui.chat.record import CallFacts
from tui.chat.settings import ToolSpec
from tui.engine import calls as calls_module
from tui.engine.brake import Brake
from tui.engine.calls import Calls
from tui.engine.ports import Clocks
from tui.tools.approval import ApprovalMode, ApprovalRules, Approvals
from tui.tools.toolbox import Toolbox, ToolError

OBJECT: dict[str, Any] = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}


class Free:
    """Never asks; says its text back."""

    spec = ToolSpec("free", "Say it back.", OBJECT)

    async def run(self, arguments: Mapping[str, Json]) -> str:
        return str(arguments["text"])


class Asking:
    """Asks; its grant is its text, and it ends when it is let go."""

    spec = ToolSpec("asking", "Say it back after a yes.", OBJECT)

    def __init__(self, hold: bool = False) -> None:
        self.ran: list[str] = []
        self.left: list[str] = []
        self.entered = asyncio.Event()
        self.go = asyncio.Event()
        if not hold:
            self.go.set()

    async def ask(self, arguments: Mapping[str, Json]) -> Ask:
        text = str(arguments["text"])
        if text == "impossible":
            raise ToolError("that cannot work")
        if text == "broken":
            raise RuntimeError("a slip in the tool")
        return Ask(f"say {text}", text, text, "exactly this", f"+{text}")

    async def run(self, arguments: Mapping[str, Json]) -> str:
        text = str(arguments["text"])
        self.ran.append(text)
        self.entered.set()
        try:
            await self.go.wait()
        finally:
            self.left.append(text)
        return text


class Stubborn:
    """Takes its time to die, or never does."""

    spec = ToolSpec("stubborn", "Wait.", {"type": "object", "properties": {}})

    def __init__(self, tries: int) -> None:
        self.tries = tries
        self.entered = asyncio.Event()
        self.free = asyncio.Event()

    async def run(self, arguments: Mapping[str, Json]) -> str:
        self.entered.set()
        for _ in range(self.tries):
            try:
                await self.free.wait()
            except asyncio.CancelledError:
                continue
        await self.free.wait()
        return "at last"


def wanted(*texts: str, name: str = "asking", id: str | None = None) -> tuple[ToolCall, ...]:
    numbers = count(1)
    return tuple(ToolCall(id or f"c{next(numbers)}", name, f'{{"text": "{text}"}}') for text in texts)


class Desk:
    """Calls with everything around them; what was yielded is in ``seen``."""

    def __init__(
        self,
        calls: tuple[ToolCall, ...],
        *tools: Any,
        mode: ApprovalMode = "ask",
        rules: ApprovalRules | None = None,
        approvals: Approvals | None = None,
    ) -> None:
        self.brake = Brake()
        self.approvals = approvals or Approvals(rules, mode)
        clocks = Clocks(asyncio.get_running_loop().time, lambda: 0.0, lambda: "id")
        toolbox = Toolbox(tools or (Asking(),))
        self.calls = Calls(calls, toolbox, self.approvals, clocks, self.brake, self._keep)
        self.seen: list[Event] = []
        self.kept: list[tuple[ToolResult, CallFacts]] = []

    async def _keep(self, result: ToolResult, facts: CallFacts) -> None:
        self.kept.append((result, facts))

    async def each(self) -> AsyncIterator[Event]:
        async for event in self.calls.run():
            self.seen.append(event)
            yield event

    async def through(self, decide: Callable[[ApprovalNeeded], None] = lambda _: None) -> "Desk":
        async for event in self.each():
            if isinstance(event, ApprovalNeeded):
                decide(event)
        return self

    def of(self, kind: type) -> list[Any]:
        return [event for event in self.seen if isinstance(event, kind)]

    @property
    def said(self) -> list[tuple[str, bool]]:
        return [(result.text, result.is_error) for result in self.calls.results]


def yes(event: ApprovalNeeded) -> None:
    event.decide(Answer("once", "user"))


async def test_what_needs_no_yes_runs_while_the_rest_waits() -> None:
    calls = (*wanted("a"), *wanted("b", name="free"))
    desk = Desk(calls, Asking(), Free())
    waiting: list[ApprovalNeeded] = []
    async for event in desk.each():
        if isinstance(event, ApprovalNeeded):
            waiting.append(event)
        if isinstance(event, ToolFinished) and event.call.name == "free":
            assert [needed.call.name for needed in waiting] == ["asking"]
            yes(waiting[0])
    assert desk.said == [("a", False), ("b", False)]
    assert [event.answer for event in desk.of(Approved)] == [Answer("once", "user")]


async def test_all_questions_come_side_by_side_and_are_decided_in_any_order() -> None:
    tool = Asking(hold=True)
    desk = Desk(wanted("a", "b", "c"), tool)
    waiting: list[ApprovalNeeded] = []
    order = []
    async for event in desk.each():
        if isinstance(event, ApprovalNeeded):
            waiting.append(event)
            if len(waiting) == 3:
                yes(waiting[2])
        if isinstance(event, ToolStarted):
            order.append(event.call.id)
            if len(order) == 1:
                yes(waiting[0])
            elif len(order) == 2:
                waiting[1].decide(Answer("never", "user", "too many"))
                tool.go.set()
    assert order == ["c3", "c1"]
    assert desk.said == [("a", False), ("not approved: too many", True), ("c", False)]


async def test_a_second_decision_is_ignored_and_so_is_one_after_the_end() -> None:
    tool = Asking()
    desk = Desk(wanted("a"), tool)

    def twice(event: ApprovalNeeded) -> None:
        event.decide(Answer("never", "user"))
        event.decide(Answer("session", "user"))

    await desk.through(twice)
    needed = desk.of(ApprovalNeeded)[0]
    needed.decide(Answer("session", "user"))
    assert desk.said == [("not approved", True)]
    assert tool.ran == []
    assert desk.approvals.judge(needed.call, needed.ask) is None


async def test_a_yes_for_the_session_settles_equal_questions_each_with_its_own_answer() -> None:
    tool = Asking()
    desk = Desk(wanted("same", "other", "same"), tool)
    waiting: list[ApprovalNeeded] = []
    async for event in desk.each():
        if isinstance(event, ApprovalNeeded):
            waiting.append(event)
            if len(waiting) == 3:
                waiting[0].decide(Answer("session", "user"))
        if isinstance(event, ToolFinished) and len(tool.ran) == 2:
            waiting[1].decide(Answer("never", "user"))
    assert sorted(tool.ran) == ["same", "same"]
    told = {event.call.id: event.answer.decision for event in desk.of(Approved)}
    assert told == {"c1": "session", "c3": "session", "c2": "never"}
    assert {facts.diff for _, facts in desk.kept} == {"+same", "+other"}
    again = await Desk(wanted("same"), tool, approvals=desk.approvals).through()
    assert again.of(ApprovalNeeded) == []
    assert [event.answer for event in again.of(Approved)] == [Answer("session", "user")]


async def test_a_lasting_no_settles_equal_questions_with_its_reason() -> None:
    tool = Asking()
    desk = Desk(wanted("same", "same"), tool)
    waiting: list[ApprovalNeeded] = []
    async for event in desk.each():
        if isinstance(event, ApprovalNeeded):
            waiting.append(event)
            if len(waiting) == 2:
                waiting[1].decide(Answer("never", "user", "leave it", lasting=True))
    assert desk.said == [("not approved: leave it", True)] * 2
    assert [event.answer.lasting for event in desk.of(Approved)] == [True, True]
    assert tool.ran == []


@pytest.mark.parametrize(
    ("mode", "said", "answer"),
    [
        ("all", [("a", False)], Answer("once", "flag")),
        ("none", [("not approved", True)], Answer("never", "flag")),
    ],
)
async def test_a_flag_decides_and_is_told(mode: ApprovalMode, said: list[Any], answer: Answer) -> None:
    desk = await Desk(wanted("a"), mode=mode).through()
    assert desk.said == said
    assert [event.answer for event in desk.of(Approved)] == [answer]
    assert desk.of(ApprovalNeeded) == []


async def test_rules_decide_and_are_told_for_tools_that_never_ask_too() -> None:
    rules = ApprovalRules([("asking(a)", "")], [("free", ""), ("asking(b*)", "")])
    calls = (*wanted("a", "b"), *wanted("x", name="free"))
    desk = await Desk(calls, Asking(), Free(), rules=rules, mode="all").through()
    assert [said for said, _ in desk.said] == [
        "a",
        "not approved: the rule asking(b*) forbids it",
        "not approved: the rule free forbids it",
    ]
    told = {(event.call.name, event.answer.decision, event.answer.by) for event in desk.of(Approved)}
    assert told == {("asking", "always", "rule"), ("asking", "never", "rule"), ("free", "never", "rule")}


async def test_a_call_that_cannot_work_is_never_asked_about() -> None:
    calls = (*wanted("impossible", "broken"), ToolCall("n", "nobody", "{}"), ToolCall("j", "asking", "{"))
    desk = await Desk(calls, mode="ask").through()
    assert desk.of(ApprovalNeeded) == []
    assert desk.of(Approved) == []
    assert all(is_error for _, is_error in desk.said)
    assert [said.partition(";")[0] for said, _ in desk.said][:3] == [
        "that cannot work",
        "asking failed: RuntimeError: a slip in the tool",
        "there is no tool 'nobody'",
    ]


async def test_two_calls_of_one_id_keep_their_places() -> None:
    desk = Desk(wanted("first", "second", id="twin"))
    waiting: list[ApprovalNeeded] = []
    async for event in desk.each():
        if isinstance(event, ApprovalNeeded):
            waiting.append(event)
            if len(waiting) == 2:
                waiting[1].decide(Answer("never", "user", "no"))
                yes(waiting[0])
    assert desk.said == [("first", False), ("not approved: no", True)]


async def test_a_stop_keeps_what_is_finished_and_answers_the_rest() -> None:
    tool = Asking(hold=True)
    calls = (*wanted("run", "wait"), *wanted("done", name="free"))
    desk = Desk(calls, tool, Free())
    finished: list[str] = []
    async for event in desk.each():
        if isinstance(event, ApprovalNeeded) and event.ask.subject == "run":
            yes(event)
        finished += [event.call.name] if isinstance(event, ToolFinished) else []
        if finished == ["free"] and len(desk.of(ApprovalNeeded)) == 2:
            await tool.entered.wait()
            desk.brake.press()
            finished.append("stop")
    assert desk.said == [(CANCELLED, True), (CANCELLED, True), ("done", False)]
    assert (tool.ran, tool.left) == (["run"], ["run"])
    assert len(desk.of(ToolFinished)) == 3
    desk.of(ApprovalNeeded)[1].decide(Answer("once", "user"))
    await asyncio.sleep(0)
    assert tool.ran == ["run"]


async def test_nobody_decides_and_a_stop_still_ends_it() -> None:
    desk = Desk(wanted("a", "b"))
    async for event in desk.each():
        if isinstance(event, ApprovalNeeded):
            asyncio.get_running_loop().call_soon(desk.brake.press)
    assert desk.said == [(CANCELLED, True)] * 2


async def test_a_yes_that_comes_after_the_stop_starts_nothing() -> None:
    tool = Asking()
    desk = Desk(wanted("a"), tool)
    async for event in desk.each():
        if isinstance(event, ApprovalNeeded):
            desk.brake.press()
            yes(event)
    assert tool.ran == []
    assert desk.said == [(CANCELLED, True)]


async def test_what_finished_in_the_moment_of_the_stop_is_kept() -> None:
    desk = Desk(wanted("a", "b", name="free"), Free())
    async for event in desk.each():
        if isinstance(event, ToolStarted):
            while len([r for r in desk.calls._results if r]) < 2:  # noqa: ASYNC110 - nothing else tells
                await asyncio.sleep(0)
            desk.brake.press()
    assert desk.said == [("a", False), ("b", False)]
    assert len(desk.of(ToolFinished)) == 2


async def test_a_tool_that_dies_slowly_is_waited_for() -> None:
    tool = Stubborn(tries=1)
    desk = Desk((ToolCall("c", "stubborn", "{}"),), tool)
    async for event in desk.each():
        if isinstance(event, ToolStarted):
            await tool.entered.wait()
            asyncio.get_running_loop().call_later(0.05, tool.free.set)
            desk.brake.press()
    assert desk.said == [("at last", False)]


async def test_a_tool_that_never_dies_does_not_hold_the_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls_module, "END_WAIT_S", 0.05)
    tool = Stubborn(tries=3)
    desk = Desk((ToolCall("c", "stubborn", "{}"),), tool)
    async for event in desk.each():
        if isinstance(event, ToolStarted):
            await tool.entered.wait()
            desk.brake.press()
    assert desk.said == [(CANCELLED, True)]
    tool.free.set()


async def test_whoever_stops_reading_leaves_no_task_behind() -> None:
    before = asyncio.all_tasks()
    tool = Asking(hold=True)
    desk = Desk(wanted("a", "b"), tool)
    events = desk.calls.run()
    async for event in events:
        if isinstance(event, ApprovalNeeded):
            yes(event)
            await tool.entered.wait()
            break
    await events.aclose()
    assert asyncio.all_tasks() == before
    assert tool.left
    gc.collect()


async def test_a_cancelled_task_takes_its_tools_with_it() -> None:
    tool = Asking(hold=True)
    desk = Desk(wanted("a"), tool, mode="all")
    work = asyncio.create_task(desk.through())
    await tool.entered.wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert tool.left == ["a"]


async def test_a_whole_turn_tells_the_model_what_was_refused_and_why() -> None:
    gateway = ScriptedGateway(
        [
            answer(
                call_block(0, "t1", "asking", '{"text": "a"}'),
                call_block(1, "t2", "asking", '{"text": "b"}'),
                stop="tool_use",
            ),
            answer(text_block(0, "fine")),
            answer(call_block(0, "t3", "asking", '{"text": "a"}'), stop="tool_use"),
            answer(text_block(0, "again")),
        ]
    )
    chat = session(gateway, toolbox=Toolbox([Asking()]))
    seen = []
    async for event in chat.send("go"):
        seen.append(event)
        if isinstance(event, ApprovalNeeded):
            decision = "session" if event.ask.subject == "a" else "never"
            event.decide(Answer(decision, "user", "" if decision == "session" else "b is mine"))  # type: ignore[arg-type]
    last = seen[-1]
    assert isinstance(last, TurnFinished)
    assert last.stop == "end"
    blocks = gateway.requests[1]["messages"][-1]["content"]
    assert [(b["tool_use_id"], b.get("is_error", False)) for b in blocks] == [("t1", False), ("t2", True)]
    assert "not approved: b is mine" in str(blocks[1]["content"])
    again = await collect(chat.send("once more"))
    assert [event for event in again if isinstance(event, ApprovalNeeded)] == []
    results = chat.conversation.messages[-2]
    assert isinstance(results, ToolMessage)
    assert results.results[0].text == "a"


async def test_a_stop_while_a_question_is_open_leaves_a_sendable_history() -> None:
    gateway = ScriptedGateway(
        [
            answer(call_block(0, "t1", "asking", '{"text": "a"}'), stop="tool_use"),
            answer(text_block(0, "ok")),
        ]
    )
    chat = session(gateway, toolbox=Toolbox([Asking()]))
    seen = []
    async for event in chat.send("go"):
        seen.append(event)
        if isinstance(event, ApprovalNeeded):
            chat.stop()
    assert isinstance(seen[-1], TurnFinished)
    assert seen[-1].stop == "cancelled"
    assert not chat.busy
    await collect(chat.send("next"))
    assert [m["role"] for m in gateway.requests[1]["messages"]] == ["user", "assistant", "user"]
