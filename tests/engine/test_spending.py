"""A call that may break a limit waits for a person; a no ends the turn so that it can be gone on with."""

import asyncio
from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from typing import Any

from tests.engine.scripted import ScriptedGateway, answer, call_block, collect, session, text_block
from tests.engine.test_session import Echo, last, refusal
from tui.chat.budget import Budget
from tui.chat.events import BudgetDecided, BudgetNeeded, Event, StepStarted, TurnFinished
from tui.chat.messages import ToolMessage
from tui.chat.usage import UNKNOWN_COST, Cost
from tui.engine.session import Session
from tui.engine.spending import NOTHING, Spending
from tui.tools.toolbox import Toolbox

# A scripted step takes 100 tokens in and 10 out: $0.12. The first call is a guess of a little over $2.
STEP = Decimal("0.12")


def call() -> list[Any]:
    return answer(call_block(0, "c1", "echo", '{"text": "yes"}'), stop="tool_use")


def chat_of(gateway: ScriptedGateway, spending: Spending, **changes: Any) -> Session:
    return session(gateway, toolbox=Toolbox([Echo()]), spending=spending, **changes)


async def decided(turn: AsyncIterator[Event], decide: Callable[[BudgetNeeded], bool]) -> list[Event]:
    events = []
    async for event in turn:
        events.append(event)
        if isinstance(event, BudgetNeeded):
            event.decide(decide(event))
            event.decide(not decide(event))  # only the first counts
    return events


def of(events: list[Event], kind: type) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


async def test_without_limits_nobody_is_asked() -> None:
    chat = chat_of(ScriptedGateway([answer(text_block(0, "Hello"))]), Spending())
    assert not of(await collect(chat.send("hi")), BudgetNeeded | BudgetDecided)  # type: ignore[arg-type]


async def test_a_no_before_anything_was_said_sets_the_prompt_aside() -> None:
    gateway = ScriptedGateway([answer(text_block(0, "Hello"))])
    chat = chat_of(gateway, Spending(Budget(turn=Decimal("0.5"))))
    events = await decided(chat.send("hi"), lambda _: False)
    needed = last(events, BudgetNeeded)
    assert (needed.overrun.scope, needed.overrun.limit) == ("turn", Decimal("0.5"))
    assert needed.overrun.spent == NOTHING
    assert needed.overrun.estimate.usd > 2
    assert "guess" in needed.overrun.assumes
    assert (last(events, BudgetDecided).go_on, last(events, TurnFinished).stop) == (False, "budget")
    assert not gateway.requests
    assert chat.refused is not None
    assert chat.totals.steps == 0
    chat.budget = Budget()
    assert last(await collect(chat.retry()), TurnFinished).text == "Hello"


async def test_a_no_in_the_middle_keeps_the_results_and_the_turn_can_be_gone_on_with() -> None:
    gateway = ScriptedGateway([call(), answer(text_block(0, "Done"))])
    chat = chat_of(gateway, Spending())

    async def limited(turn: AsyncIterator[Event]) -> AsyncIterator[Event]:
        async for event in turn:
            if isinstance(event, StepStarted):
                chat.budget = Budget(session=STEP)
            yield event

    events = await decided(limited(chat.send("go")), lambda _: False)
    assert last(events, TurnFinished).stop == "budget"
    assert last(events, TurnFinished).cost.usd == STEP
    assert last(events, BudgetNeeded).overrun.spent.usd == STEP
    assert isinstance(chat.conversation.messages[-1], ToolMessage)
    chat.budget = Budget(session=Decimal(1))
    assert last(await collect(chat.retry()), TurnFinished).text == "Done"
    assert [m["role"] for m in gateway.requests[-1]["messages"]] == ["user", "assistant", "user"]


async def test_a_yes_holds_until_another_fifth_of_the_limit_is_spent() -> None:
    gateway = ScriptedGateway([*(call() for _ in range(4)), answer(text_block(0, "Done"))])
    chat = chat_of(gateway, Spending(Budget(session=Decimal(1))))
    events = await decided(chat.send("go"), lambda _: True)
    # The guess for the first call is $2.02: allowed up to $2.22; five steps come to $0.60.
    assert len(of(events, BudgetNeeded)) == 1
    assert last(events, TurnFinished).stop == "end"


async def test_a_yes_for_one_turn_is_none_for_the_next() -> None:
    gateway = ScriptedGateway([answer(text_block(0, "One")), answer(text_block(0, "Two"))])
    chat = chat_of(gateway, Spending(Budget(turn=Decimal("0.01"))))
    for said in ("One", "Two"):
        events = await decided(chat.send("go"), lambda _: True)
        assert len(of(events, BudgetNeeded)) == 1
        assert last(events, TurnFinished).text == said


async def test_each_limit_that_breaks_is_asked_about() -> None:
    gateway = ScriptedGateway([answer(text_block(0, "One"))])
    chat = chat_of(gateway, Spending(Budget(turn=Decimal("0.01"), session=Decimal("0.02"))))
    asked: list[str] = []

    def decide(needed: BudgetNeeded) -> bool:
        asked.append(needed.overrun.scope)
        return True

    await decided(chat.send("go"), decide)
    assert sorted(asked) == ["session", "session", "turn", "turn"]  # decide is called twice each


async def test_a_raised_limit_answers_the_question() -> None:
    gateway = ScriptedGateway([answer(text_block(0, "One"))])
    chat = chat_of(gateway, Spending(Budget(session=Decimal("0.02"))))
    events = []
    async for event in chat.send("go"):
        events.append(event)
        if isinstance(event, BudgetNeeded):
            chat.budget = Budget(session=Decimal("0.03"))  # too little: still asked
            chat.budget = Budget(session=Decimal(5))
    assert last(events, BudgetDecided).go_on
    assert last(events, TurnFinished).stop == "end"


async def test_a_stop_while_it_waits_cancels_the_turn() -> None:
    chat = chat_of(ScriptedGateway([]), Spending(Budget(session=Decimal("0.02"))))
    events = []
    async for event in chat.send("go"):
        events.append(event)
        if isinstance(event, BudgetNeeded):
            asyncio.get_running_loop().call_soon(chat.stop)
    assert last(events, TurnFinished).stop == "cancelled"
    assert chat.refused is not None


async def test_where_nobody_can_be_asked_the_answer_is_no() -> None:
    chat = chat_of(ScriptedGateway([]), Spending(Budget(session=Decimal("0.02")), asks=False))
    events = await collect(chat.send("go"))
    assert not of(events, BudgetNeeded)
    assert (last(events, BudgetDecided).go_on, last(events, TurnFinished).stop) == (False, "budget")


async def test_a_retry_is_a_call_of_its_own() -> None:
    cooldown = refusal("cooldown", status=429, retry_after=0.0)
    gateway = ScriptedGateway([cooldown, answer(text_block(0, "One"))])
    chat = chat_of(gateway, Spending(Budget(session=Decimal(10))))
    asked: list[int] = []
    chat.budget = Budget(turn=Decimal("0.01"))
    spending: Any = chat._spending

    def decide(_: BudgetNeeded) -> bool:
        asked.append(len(gateway.requests))
        return True

    async def turn() -> AsyncIterator[Event]:
        async for event in chat.send("go"):
            if isinstance(event, StepStarted) and not gateway.requests:
                spending.budget = Budget(turn=Decimal("0.02"))  # what was allowed holds no more
            yield event

    events = await decided(turn(), decide)
    assert asked == [0, 0, 1, 1]
    assert last(events, TurnFinished).text == "One"


async def test_the_day_counts_all_sessions_and_those_that_are_not_kept() -> None:
    async def today() -> Cost:
        return Cost(Decimal("4.95"), "computed", at_least=True)

    for is_kept, spent in ((True, Decimal("4.95")), (False, Decimal("5.07"))):
        gateway = ScriptedGateway([answer(text_block(0, "One"))])
        chat = chat_of(gateway, Spending(None, today, is_kept=is_kept))
        await collect(chat.send("go"))
        chat.budget = Budget(day=Decimal(5))
        events = await decided(chat.send("more"), lambda _: False)
        found = last(events, BudgetNeeded).overrun
        assert (found.scope, found.spent) == ("day", Cost(spent, "computed", at_least=True))


async def test_without_a_price_it_asks_only_once_the_limit_is_reached() -> None:
    gateway = ScriptedGateway([answer(text_block(0, "One")), answer(text_block(0, "Two"))])

    async def today() -> Cost:
        return Cost(Decimal(1), "computed")

    chat = chat_of(gateway, Spending(Budget(day=Decimal("1.01")), today, is_kept=True), price=None)
    assert not of(await collect(chat.send("go")), BudgetNeeded)
    chat.budget = Budget(day=Decimal(1))
    events = await decided(chat.send("more"), lambda _: True)
    assert last(events, BudgetNeeded).overrun.estimate == UNKNOWN_COST
    assert "no price is known" in last(events, BudgetNeeded).overrun.assumes
