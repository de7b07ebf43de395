"""The question before a call that may break a limit on spending; asked of whoever watches, once a call."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from tui.chat.budget import SCOPES, Budget, Scope
from tui.chat.events import BudgetDecided, BudgetNeeded, Event, Overrun
from tui.chat.usage import Cost
from tui.engine.brake import Brake
from tui.engine.ports import Clocks
from tui.truth.budget import Estimate, allowance, overrun

NOTHING = Cost(Decimal(0), "computed")
"""Before the first call: not a cost nobody told, but none at all."""


async def nothing_today() -> Cost:
    """Where no other session is known of."""
    return NOTHING


@dataclass(frozen=True, slots=True)
class Spent:
    """What was spent before the next call."""

    turn: Cost
    session: Cost
    run: str
    """Names the turn, or whatever the limit for one turn stands for; a yes holds for the same one."""


class Spending:
    """The limits of one session, and up to where a person said yes to going beyond them.

    ``today`` is what all kept sessions of all programs have spent since midnight; ``is_kept`` says whether
    this one is among them. Where nobody can be asked (``asks`` False) the answer is no.
    """

    def __init__(
        self,
        budget: Budget | None = None,
        today: Callable[[], Awaitable[Cost]] = nothing_today,
        *,
        is_kept: bool = False,
        asks: bool = True,
    ) -> None:
        self._budget = budget or Budget()
        self._today = today
        self._is_kept = is_kept
        self._asks = asks
        self._allowed: dict[tuple[Scope, str], Decimal] = {}
        self._waits: tuple[Overrun, asyncio.Future[bool]] | None = None

    @property
    def budget(self) -> Budget:
        """The limits."""
        return self._budget

    @budget.setter
    def budget(self, budget: Budget) -> None:
        # What was allowed was allowed beyond the limit of then.
        self._budget, self._allowed = budget, {}
        if self._waits is not None:
            found, answered = self._waits
            limit = budget.limit(found.scope)
            needed = (found.spent.usd or Decimal(0)) + (found.estimate.usd or Decimal(0))
            is_enough = limit is None or (limit > found.limit and limit >= needed)
            if is_enough and not answered.done():
                answered.set_result(True)

    async def gate(
        self, spent: Spent, make_estimate: Callable[[], Estimate], brake: Brake, clocks: Clocks
    ) -> AsyncGenerator[Event, None]:
        """Asks where the next call may break a limit; the last BudgetDecided says whether it goes out.

        Without an event it goes out. A stop while it waits raises Stopped.
        """
        if not self._budget:
            return
        estimate = make_estimate()
        while True:
            day = date.fromtimestamp(clocks.wall()).isoformat()
            runs: dict[Scope, str] = {"turn": spent.run, "session": "", "day": day}
            allowed = {s: self._allowed[s, runs[s]] for s in SCOPES if (s, runs[s]) in self._allowed}
            found = overrun(self._budget, await self._spent(spent), estimate, allowed)
            if found is None:
                return
            go_on = False
            if self._asks:
                answered: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
                self._waits = found, answered
                try:
                    yield BudgetNeeded(clocks.monotonic(), found, partial(_settle, answered))
                    go_on = await brake.guard(answered)
                finally:
                    self._waits = None
            if go_on and self._budget.limit(found.scope) == found.limit:
                self._allowed[found.scope, runs[found.scope]] = allowance(found)
            yield BudgetDecided(clocks.monotonic(), found, go_on)
            if not go_on:
                return

    async def _spent(self, spent: Spent) -> dict[Scope, Cost]:
        day = NOTHING
        if self._budget.day is not None:
            day = await self._today()
            if not self._is_kept:
                day = day + spent.session
        return {"turn": spent.turn, "session": spent.session, "day": day}


def _settle(answered: asyncio.Future[bool], yes: bool) -> None:
    """Take the first answer, unless the turn was stopped meanwhile."""
    if not answered.done():
        answered.set_result(yes)
