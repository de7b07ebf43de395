"""Tries out what a model can do over one endpoint: one trial after another, each from an empty history."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Protocol, TypeAlias, cast

from tui.chat.catalog import Catalog, Price
from tui.chat.events import BudgetNeeded, Event, StepFinished, TurnFailed
from tui.chat.json_text import load_bytes
from tui.chat.parts import Attachment, Json
from tui.chat.record import Exchange, Wire
from tui.chat.route import Route
from tui.chat.settings import Overrides
from tui.chat.usage import UNKNOWN_COST, Cost
from tui.engine.ports import Clocks
from tui.engine.reruns import Edits, Reruns
from tui.errors import UsageError
from tui.probing.report import Capability, Report, Result
from tui.probing.seen import Seen, TurnSeen
from tui.probing.trials import Trial, trials_for
from tui.resolver_match import find
from tui.tools.toolbox import Toolbox
from tui.wire.body import dump

CLAIMS: Mapping[Capability, str] = {
    "tools": "tools",
    "parallel": "parallel",
    "forced": "forced",
    "vision": "vision",
    "schema": "schema",
    "thinking": "reasoning",
    "caching": "caching",
    "prefill": "prefill",
}
"""How the catalog calls a capability it has a word on."""


class Probed(Protocol):
    """The session a probe is made in: each trial becomes a branch of it, to be looked at later."""

    overrides: Overrides

    @property
    def id(self) -> str:
        """The id it is stored under."""
        ...

    async def go_to(self, message_id: str | None, *, exact: bool = False) -> None:
        """Stand after a message; None is before the first."""
        ...

    def revise(self, *, system: str | None, toolbox: Toolbox) -> None:
        """Another system prompt and other tools."""
        ...

    def send(self, text: str, attachments: Sequence[Attachment] = ()) -> AsyncIterator[Event]:
        """One turn."""
        ...

    @property
    def log(self) -> Mapping[str, Exchange]:
        """Every exchange by its id."""
        ...

    async def wire(self, exchange: str) -> Wire | None:
        """What went over the line for an exchange."""
        ...

    @property
    def reruns(self) -> Reruns:
        """Ways to send one once more, edited."""
        ...

    def stop(self) -> None:
        """End the running turn soon."""
        ...


@dataclass(frozen=True, slots=True)
class TrialStarted:
    """A trial begins."""

    trial: Trial
    number: int
    """Counts from 1."""
    of: int


@dataclass(frozen=True, slots=True)
class TrialDone:
    """What a trial told, and what it cost; one that was skipped cost nothing."""

    trial: Trial
    results: tuple[Result, ...]
    cost: Cost | None


Progress: TypeAlias = TrialStarted | TrialDone


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be tried over a route, before anything is sent."""

    route: Route
    trials: tuple[Trial, ...]
    estimate: Cost
    """Of all trials together."""
    claims: Mapping[Capability, bool | None]

    @property
    def made(self) -> tuple[Trial, ...]:
        """The trials that are not skipped."""
        return tuple(trial for trial in self.trials if not trial.skip)


def plan_for(route: Route, catalog: Catalog) -> Plan:
    """Every trial on this route, with what it may cost and what the proxy claims."""
    trials = trials_for(route)
    return Plan(route, trials, estimate(trials, route.price), claims_of(catalog, route))


class Probe:
    """Makes the trials of a plan one after another in a session of its own.

    ``tools`` are those the trials choose from; ``clean`` takes known secrets out of the evidence.
    """

    def __init__(
        self,
        plan: Plan,
        session: Probed,
        tools: Toolbox,
        clocks: Clocks,
        clean: Callable[[str], str] = str,
    ) -> None:
        self.plan = plan
        self._session = session
        self._tools = tools
        self._clocks = clocks
        self._clean = clean
        self._began = clocks.monotonic()
        self._stopped = False
        route = plan.route
        self.report = Report(
            route.requested, route.endpoint, route.provider, route.upstream, clocks.wall(), session.id
        )
        """What is known so far."""

    def stop(self) -> None:
        """End soon, with the results there are."""
        self._stopped = True
        self._session.stop()

    async def run(self) -> AsyncGenerator[Progress, None]:
        """Every trial; a call that fails is a result.

        Where no call can succeed (no connection, a key that is refused, no such model) that error is raised.
        """
        number = 0
        for trial in self.plan.trials:
            if trial.skip:
                skipped = tuple(Result(capability, "skipped", trial.skip) for capability in trial.tells)
                yield self._done(trial, skipped, None)
                continue
            number += 1
            yield TrialStarted(trial, number, len(self.plan.made))
            seen = await self._seen(trial)
            if self._stopped:
                return
            if seen.error is not None and seen.error.cls in _HOPELESS:
                raise seen.error
            self._take_served(seen)
            yield self._done(trial, trial.judge(seen), seen.cost)

    def _done(self, trial: Trial, results: tuple[Result, ...], cost: Cost | None) -> TrialDone:
        claims = self.plan.claims
        results = tuple(
            replace(result, claimed=claims.get(result.capability), says=self._clean(result.says))
            for result in results
        )
        report = replace(self.report, results=(*self.report.results, *results))
        if cost is not None:
            total = cost if report.cost == UNKNOWN_COST else report.cost + cost
            report = replace(report, cost=total, seconds=self._clocks.monotonic() - self._began)
        self.report = report
        return TrialDone(trial, results, cost)

    def _take_served(self, seen: Seen) -> None:
        told = [s.proxy_version for turn in seen.turns for s in turn.served if s.proxy_version]
        self.report = replace(self.report, proxy_version=told[-1] if told else self.report.proxy_version)

    async def _seen(self, trial: Trial) -> Seen:
        session = self._session
        await session.go_to(None, exact=True)
        session.revise(system=trial.system, toolbox=self._tools.only(list(trial.tools)))
        session.overrides = trial.overrides
        turns: list[TurnSeen] = []
        for prompt in trial.prompts:
            turns.append(await self._turn(trial, prompt, trial.attachments if not turns else ()))
            if turns[-1].error is not None or self._stopped:
                return Seen(tuple(turns))
        if trial.edit is not None:
            turns.append(await self._again(turns[0].exchanges[0], trial.edit))
        return Seen(tuple(turns))

    async def _again(self, exchange: str, edit: Callable[[Json], Json]) -> TurnSeen:
        """The same request once more, edited."""
        session = self._session
        wire = await session.wire(exchange)
        assert wire is not None
        body, _ = dump(edit(load_bytes(wire.body)))
        plan = await session.reruns.replay(exchange, Edits(body=body))
        seen = await self._watch(session.reruns.run(plan), None)
        failure = session.log[seen.exchanges[0]].failure if seen.exchanges else None
        if failure is None:
            return seen
        now = self._clocks.monotonic()
        return replace(seen, events=(*seen.events, TurnFailed(now, failure.error)))

    async def _turn(self, trial: Trial, prompt: str, attachments: Sequence[Attachment]) -> TurnSeen:
        return await self._watch(self._session.send(prompt, attachments), trial.steps)

    async def _watch(self, turn: AsyncIterator[Event], steps: int | None) -> TurnSeen:
        events: list[Event] = []
        answers = 0
        async with aclosing(cast("Any", turn)) as source:
            async for event in source:
                if isinstance(event, BudgetNeeded):
                    # What a probe costs was asked before it began.
                    event.decide(True)
                events.append(event)
                if isinstance(event, StepFinished):
                    answers += 1
                    if answers == steps:
                        self._session.stop()
        return TurnSeen(tuple(events), self._clean)


def estimate(trials: Sequence[Trial], price: Price | None) -> Cost:
    """About what the trials cost in US dollars; unknown without a price."""
    if price is None or price.input is None or price.output is None:
        return Cost(None, "unknown")
    went = [trial.tokens for trial in trials if not trial.skip]
    usd = sum((i * price.input + o * price.output for i, o in went), Decimal(0))
    return Cost(usd, "estimated")


def claims_of(catalog: Catalog, route: Route) -> dict[Capability, bool | None]:
    """What the proxy's list says of each capability; None where it says nothing."""
    try:
        card = find(route.requested, catalog).card
    except UsageError:
        card = None
    supports = card.supports if card is not None else {}
    return {capability: supports.get(name) for capability, name in CLAIMS.items()}


_HOPELESS = frozenset(
    {"proxy-unreachable", "proxy-key-refused", "key-model-refused", "key-budget-spent", "unknown-model"}
)
"""Failures after which no other call can go better."""
