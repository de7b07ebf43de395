"""What the inspector speaks of, and what is kept of a turn's events for it; no Textual."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui.chat.budget import Budget
from tui.chat.catalog import Catalog
from tui.chat.conversation import Conversation
from tui.chat.events import Event, StepFinished, StepStarted
from tui.chat.record import Exchange
from tui.chat.route import Route
from tui.chat.usage import Cost
from tui.tools.toolbox import Toolbox
from tui.ui.turn_state import TurnState
from tui.wire.offer import takes_tools

if TYPE_CHECKING:
    from tui.ui.seal_rows import Sent


@dataclass(frozen=True, slots=True)
class Inspected:
    """Everything the inspector's tabs show."""

    state: TurnState = field(default_factory=TurnState)
    route: Route | None = None
    """Where the next turn goes; shown until a turn has started."""
    session_cost: Cost | None = None
    turns: int = 0
    conversation: Conversation = field(default_factory=Conversation)
    sent: Sent | None = None
    """The last request; None before the first."""
    numbers: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Turn and step of each answer, by its message's id."""
    log: Mapping[str, Exchange] = field(default_factory=dict)
    """Every exchange of the session, in the order they were begun; it goes on by itself."""
    catalog: Catalog = field(default_factory=Catalog)
    """What the proxy tells of its models."""
    budget: Budget = field(default_factory=Budget)
    """What may be spent unasked."""


@dataclass(slots=True)
class Kept:
    """The last request, and which turn and step each answer came in."""

    sent: Sent | None = None
    numbers: dict[str, tuple[int, int]] = field(default_factory=dict)

    def follow(self, event: Event, state: TurnState, conversation: Conversation, toolbox: Toolbox) -> None:
        """Take note of an event; ``conversation`` and ``toolbox`` are those it was sent with."""
        from tui.ui.seal_rows import Sent

        if isinstance(event, StepStarted) and event.body:
            tools_ok = takes_tools(event.route, toolbox.specs)
            self.sent = Sent(event.body, conversation, event.route.target, tools_ok)
        elif isinstance(event, StepFinished):
            self.numbers[event.message.id] = (state.turn, state.step)
