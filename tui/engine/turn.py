"""The turn loop: step after step until the model has answered, with tools run in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field

from tui.chat.catalog import Catalog
from tui.chat.conversation import Conversation
from tui.chat.events import (
    BudgetDecided,
    Event,
    Retrying,
    TurnFailed,
    TurnFinished,
)
from tui.chat.messages import AssistantMessage, Stop, ToolMessage
from tui.chat.parts import ToolCall
from tui.chat.route import Route
from tui.chat.settings import Settings
from tui.chat.usage import UNKNOWN_COST, Cost, Usage, total_cost
from tui.engine.brake import Brake, Stopped
from tui.engine.calls import Calls
from tui.engine.keeping import Keeper
from tui.engine.ports import Clocks, GatewayPort
from tui.engine.spending import NOTHING, Spending, Spent
from tui.engine.step import Step
from tui.errors import CallFailed, SightlineError
from tui.tools.approval import Approvals
from tui.tools.toolbox import Toolbox
from tui.truth.budget import estimate
from tui.wire.codec import Codec

MAX_RETRY_WAIT_S = 10.0
DEFAULT_RETRY_WAIT_S = 5.0
REFUSED_WAIT_S = 0.5
"""A pause for a proxy that is just starting again."""


@dataclass(slots=True)
class Turn:
    """One user turn over a conversation whose last message is the prompt or a tool result."""

    keeper: Keeper
    route_for: Callable[[Conversation], Route]
    """The route of the next step: the same model all turn, pinned where the group is mixed."""
    unpin: Callable[[], None]
    codecs: Callable[[Route], Codec]
    settings: Settings
    toolbox: Toolbox
    approvals: Approvals
    catalog: Callable[[], Catalog]
    gateway: GatewayPort
    clocks: Clocks
    brake: Brake
    spending: Spending
    number: int
    first_step: int
    max_steps: int
    said: set[str]
    steps: int = 0
    usage: Usage = field(default_factory=Usage)
    costs: list[Cost] = field(default_factory=list)
    error: SightlineError | None = None
    _unsent: Stop | None = None
    """Why the next step was not begun, where it was not."""
    _texts: list[str] = field(default_factory=list)

    async def run(self) -> AsyncGenerator[Event, None]:
        """All events of the turn; the last one is always a TurnFinished."""
        stop: Stop = "failed"
        try:
            while True:
                step = None
                async with aclosing(self._attempts()) as attempts:
                    async for item in attempts:
                        if isinstance(item, Step):
                            step = item
                        else:
                            yield item
                if step is None:
                    assert self._unsent is not None
                    stop = self._unsent
                    break
                if step.stopped:
                    stop = "cancelled"
                    break
                if step.error is not None:
                    raise step.error
                assert step.message is not None
                if not self._goes_on(step.message):
                    stop = step.message.stop
                    break
                async with aclosing(self._run_tools(step.message.calls)) as tool_events:
                    async for event in tool_events:
                        yield event
                if self.brake.pressed:
                    stop = "cancelled"
                    break
                if self.steps >= self.max_steps:
                    stop = "step_limit"
                    break
        except SightlineError as error:
            self.error = error
            yield TurnFailed(self._now(), error)
        yield TurnFinished(self._now(), stop, "\n".join(self._texts), self.usage, self._cost(), self.steps)

    def _now(self) -> float:
        return self.clocks.monotonic()

    def _cost(self) -> Cost:
        return total_cost(self.costs) if self.costs else UNKNOWN_COST

    async def _attempts(self) -> AsyncGenerator[Event | Step, None]:
        """One step, repeated at most once where that is free and likely to help; yields the Step last.

        Yields none where the call was not to be made.
        """
        for attempt in (1, 2):
            route = self.route_for(self.keeper.conversation)
            step = self._step(route)
            async with aclosing(self._gate(step)) as asked:
                async for event in asked:
                    yield event
            if self._unsent is not None:
                return
            async with aclosing(step.run()) as events:
                async for event in events:
                    yield event
            if step.message is not None:
                self._account(step.message)
            elif step.spent is not None:
                self.costs.append(step.spent)
            error = step.error
            if attempt == 2 or not isinstance(error, CallFailed) or step.message is not None:
                break
            if error.status == 403 and route.pinned:
                self.unpin()
                continue
            wait = _retry_wait(error)
            if wait is None:
                break
            yield Retrying(self._now(), attempt + 1, wait, str(error))
            try:
                await self.brake.guard(asyncio.sleep(wait))
            except Stopped:
                step.stopped, step.error = True, None
                break
        yield step

    async def _gate(self, step: Step) -> AsyncGenerator[Event, None]:
        """Asks first where the step may break a limit on spending; ``_unsent`` says whether it may not go."""
        spent = Spent(
            self._cost() if self.costs else NOTHING, self.keeper.ledger.spent, f"turn {self.number}"
        )
        gate = self.spending.gate(
            spent,
            lambda: estimate(
                self.keeper.conversation, step.route, step.settings, step.tools, self.clocks.wall()
            ),
            self.brake,
            self.clocks,
        )
        try:
            async with aclosing(gate) as events:
                async for event in events:
                    yield event
                    if isinstance(event, BudgetDecided) and not event.go_on:
                        self._unsent = "budget"
        except Stopped:
            self._unsent = "cancelled"

    def _step(self, route: Route) -> Step:
        return Step(
            route=route,
            codec=self.codecs(route),
            settings=self.settings,
            tools=self.toolbox.specs if route.accepts.tools is not False else (),
            catalog=self.catalog(),
            gateway=self.gateway,
            clocks=self.clocks,
            brake=self.brake,
            turn=self.number,
            number=self.first_step + self.steps,
            keeper=self.keeper,
            said=self.said,
        )

    def _account(self, message: AssistantMessage) -> None:
        self.steps += 1
        if message.text:
            self._texts.append(message.text)
        if message.usage is not None:
            self.usage = self.usage + message.usage
        self.costs.append(message.cost)

    @staticmethod
    def _goes_on(message: AssistantMessage) -> bool:
        """Whether the model waits for us: for tool results, or to be asked to go on."""
        return message.stop == "pause" or (bool(message.calls) and message.stop in ("tool_use", "end"))

    async def _run_tools(self, calls: tuple[ToolCall, ...]) -> AsyncGenerator[Event, None]:
        """Run the calls side by side and put all results, in call order, into the history."""
        if not calls:
            return
        running = Calls(calls, self.toolbox, self.approvals, self.clocks, self.brake, self.keeper.result)
        try:
            async with aclosing(running.run()) as events:
                async for event in events:
                    yield event
        finally:
            # Also when who read this has left: what the tools did is done.
            message = ToolMessage(self.clocks.new_id(), running.results, self.clocks.wall())
            await asyncio.shield(self.keeper.append(message, running.facts))


def _retry_wait(error: CallFailed) -> float | None:
    """Seconds to wait before the one automatic retry, or None when there shall be none."""
    if error.cls == "cooldown":
        wait = DEFAULT_RETRY_WAIT_S if error.retry_after is None else error.retry_after
        return wait if wait <= MAX_RETRY_WAIT_S else None
    if error.never_sent:
        return REFUSED_WAIT_S
    return None
