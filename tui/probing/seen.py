"""What a trial saw: the events of its turns, and what can be read off them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from tui.chat.events import (
    Answering,
    Event,
    Observed,
    PartDelta,
    StepFinished,
    StepStarted,
    ToolFinished,
    TurnFailed,
    Warned,
)
from tui.chat.finding import Finding
from tui.chat.messages import AssistantMessage
from tui.chat.parts import Reasoning, ToolCall
from tui.chat.route import Served
from tui.chat.usage import Cost, total_cost
from tui.errors import SightlineError


@dataclass(frozen=True, slots=True)
class TurnSeen:
    """One prompt and everything that came of it."""

    events: tuple[Event, ...]
    clean: Callable[[str], str] = str
    """Takes known secrets out of what is quoted; whole texts, for half of one would not be found."""

    @property
    def steps(self) -> tuple[StepFinished, ...]:
        """The steps that left an answer."""
        return tuple(e for e in self.events if isinstance(e, StepFinished))

    @property
    def answers(self) -> tuple[AssistantMessage, ...]:
        """The answers, whole or cut."""
        return tuple(step.message for step in self.steps)

    @property
    def text(self) -> str:
        """What the last answer said."""
        return self.clean(self.answers[-1].text) if self.answers else ""

    @property
    def calls(self) -> tuple[ToolCall, ...]:
        """Every tool call, in order."""
        return tuple(
            replace(call, name=self.clean(call.name), arguments=self.clean(call.arguments))
            for answer in self.answers
            for call in answer.calls
        )

    @property
    def thinking(self) -> tuple[Reasoning, ...]:
        """Every thinking part, in order."""
        return tuple(p for answer in self.answers for p in answer.parts if isinstance(p, Reasoning))

    @property
    def results(self) -> tuple[ToolFinished, ...]:
        """What the tools answered."""
        return tuple(e for e in self.events if isinstance(e, ToolFinished))

    @property
    def text_deltas(self) -> int:
        """In how many pieces text or thinking came."""
        return sum(isinstance(e, PartDelta) and e.kind != "tool_arguments" for e in self.events)

    @property
    def error(self) -> SightlineError | None:
        """Why the turn failed, if it did."""
        return next((e.error for e in self.events if isinstance(e, TurnFailed)), None)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was warned of and what was odd about who answered."""
        warned = [e.finding for e in self.events if isinstance(e, Warned)]
        return (*warned, *(f for e in self.events if isinstance(e, Observed) for f in e.findings))

    @property
    def served(self) -> tuple[Served, ...]:
        """Who answered, by the headers."""
        return tuple(e.served for e in self.events if isinstance(e, Answering))

    @property
    def exchanges(self) -> tuple[str, ...]:
        """The ids of the exchanges it took."""
        return tuple(e.exchange for e in self.events if isinstance(e, StepStarted))


@dataclass(frozen=True, slots=True)
class Seen:
    """All turns of one trial, in order; a trial ends with the first that fails."""

    turns: tuple[TurnSeen, ...]

    @property
    def first(self) -> TurnSeen:
        """The first turn; every trial has one."""
        return self.turns[0]

    @property
    def error(self) -> SightlineError | None:
        """Why it failed, if it did."""
        return self.turns[-1].error

    @property
    def exchanges(self) -> tuple[str, ...]:
        """The ids of all exchanges it took."""
        return tuple(id for turn in self.turns for id in turn.exchanges)

    @property
    def cost(self) -> Cost:
        """What it cost, as far as it is known."""
        return total_cost([answer.cost for turn in self.turns for answer in turn.answers])
