"""The calls of one answer: judged, asked about and run side by side, each with its own result."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import replace
from functools import partial

from tui.chat.conversation import CANCELLED
from tui.chat.events import Answer, ApprovalNeeded, Approved, Ask, Event, ToolFinished, ToolStarted
from tui.chat.parts import Text, ToolCall, ToolResult
from tui.chat.record import CallFacts
from tui.engine.brake import Brake, Stopped
from tui.engine.ports import Clocks
from tui.tools.approval import Approvals
from tui.tools.toolbox import Toolbox

NOT_APPROVED = "not approved"
END_WAIT_S = 10.0
"""How long a stopped tool may take to put away what it started; each kills its own within less."""


class Calls:
    """Runs ``calls`` once; afterwards ``results`` holds one result for each, in their order.

    What needs no yes starts at once; for everything else an ApprovalNeeded is yielded, all of them
    side by side, and each call goes on as soon as it is decided, whatever the others wait for. A result
    is given to ``keep``, and shown once that returns.
    """

    def __init__(
        self,
        calls: tuple[ToolCall, ...],
        toolbox: Toolbox,
        approvals: Approvals,
        clocks: Clocks,
        brake: Brake,
        keep: Callable[[ToolResult, CallFacts], Awaitable[None]],
    ) -> None:
        self._calls = calls
        self._toolbox = toolbox
        self._approvals = approvals
        self._clocks = clocks
        self._brake = brake
        self._keep = keep
        # By position: some vendors give two calls of one answer the same id.
        self._results: list[ToolResult | None] = [None] * len(calls)
        self._facts = [CallFacts(call.id) for call in calls]
        self._begun: dict[int, float] = {}
        """When each call that ran began to."""
        self._told: set[int] = set()
        """The calls whose end was told."""
        self._waiting: dict[int, tuple[Ask, asyncio.Future[Answer]]] = {}
        self._events: asyncio.Queue[Event] = asyncio.Queue()

    @property
    def results(self) -> tuple[ToolResult, ...]:
        """One result a call, in call order; what never ended is answered as cancelled."""
        return tuple(
            result or _error(call, CANCELLED) for call, result in zip(self._calls, self._results, strict=True)
        )

    @property
    def facts(self) -> tuple[CallFacts, ...]:
        """How long each call took and who allowed it, in call order."""
        return tuple(self._facts)

    async def run(self) -> AsyncGenerator[Event, None]:
        """The events of all calls; a stop ends them with a result each, and leaves nothing running."""
        tasks = [asyncio.create_task(self._one(place)) for place in range(len(self._calls))]
        left = len(tasks)
        try:
            while left:
                event = await self._brake.guard(self._events.get())
                left -= isinstance(event, ToolFinished)
                yield event
        except Stopped:
            await _ended(tasks)
            for event in self._unseen():
                yield event
        finally:
            await _ended(tasks)

    def _unseen(self) -> list[Event]:
        """After a stop: what ended before it, and the results of what did not."""
        events: list[Event] = []
        while not self._events.empty():
            event = self._events.get_nowait()
            if not isinstance(event, ApprovalNeeded):
                events.append(event)
        for place, call in enumerate(self._calls):
            if place not in self._told:
                if self._facts[place].seconds is None and place in self._begun:
                    ran = self._now() - self._begun[place]
                    self._facts[place] = replace(self._facts[place], seconds=ran)
                result = self._results[place] = self._results[place] or _error(call, CANCELLED)
                seconds = self._facts[place].seconds or 0.0
                events.append(ToolFinished(self._now(), call, result, seconds))
        return events

    async def _one(self, place: int) -> None:
        """One call from judgement to result."""
        call = self._calls[place]
        started = self._now()
        try:
            ask = await self._judged(place)
            if isinstance(ask, ToolResult):
                result = ask
            else:
                self._tell(ToolStarted(self._now(), call))
                started = self._begun[place] = self._now()
                result = await self._toolbox.run(call)
        except Exception as error:
            # Every call needs a result, or the turn would wait for it for ever.
            result = _error(call, f"{call.name} failed: {type(error).__name__}: {error}")
        seconds = self._now() - started
        self._results[place] = result
        self._facts[place] = replace(self._facts[place], seconds=seconds)
        await self._keep(result, self._facts[place])
        self._told.add(place)
        self._tell(ToolFinished(self._now(), call, result, seconds))

    async def _judged(self, place: int) -> ToolResult | None:
        """None once the call may run, else the result it gets instead."""
        call = self._calls[place]
        answer = self._approvals.judge(call, None)
        ask = None if answer is not None else await self._toolbox.ask(call)
        if isinstance(ask, ToolResult):
            return ask
        if ask is not None:
            answer = self._approvals.judge(call, ask) or await self._asked(place, ask)
        if answer is None:
            return None
        self._facts[place] = replace(self._facts[place], answer=answer)
        self._tell(Approved(self._now(), call, answer))
        if answer.decision != "never":
            return None
        return _error(call, f"{NOT_APPROVED}: {answer.reason}" if answer.reason else NOT_APPROVED)

    async def _asked(self, place: int, ask: Ask) -> Answer:
        """A person's answer, for this call or for an equal one."""
        answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting[place] = (ask, answered)
        self._facts[place] = replace(self._facts[place], diff=ask.diff)
        self._tell(ApprovalNeeded(self._now(), self._calls[place], ask, partial(self._decide, place)))
        try:
            return await answered
        finally:
            self._waiting.pop(place, None)

    def _decide(self, place: int, answer: Answer) -> None:
        """Take the first answer to a question that still waits; it may settle others too."""
        ask, answered = self._waiting.pop(place, (None, None))
        if ask is None or answered is None or answered.done() or self._brake.pressed:
            return
        self._approvals.remember(self._calls[place], ask, answer)
        answered.set_result(answer)
        for other, (its_ask, its_answer) in list(self._waiting.items()):
            settled = self._approvals.judge(self._calls[other], its_ask)
            if settled is not None and not its_answer.done():
                self._waiting.pop(other)
                its_answer.set_result(settled)

    def _tell(self, event: Event) -> None:
        self._events.put_nowait(event)

    def _now(self) -> float:
        return self._clocks.monotonic()


def _error(call: ToolCall, says: str) -> ToolResult:
    return ToolResult(call.id, (Text(says),), is_error=True)


async def _ended(tasks: list[asyncio.Task[None]]) -> None:
    """Cancel what still runs and wait until it has put itself away; a tool that never does is left behind."""
    for task in tasks:
        task.cancel()
    if any(not task.done() for task in tasks):
        await asyncio.wait(tasks, timeout=END_WAIT_S)
