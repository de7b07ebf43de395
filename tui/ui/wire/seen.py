"""One exchange with everything the pages of the viewer show of it; no Textual."""

from __future__ import annotations

from dataclasses import dataclass, field

from tui.chat.catalog import Catalog
from tui.chat.messages import AssistantMessage
from tui.chat.record import CallFacts, Exchange, Wire


@dataclass(frozen=True, slots=True)
class Seen:
    """An exchange, and what stands around it in its conversation."""

    exchange: Exchange
    wire: Wire | None = None
    """What went over the line, as far as it came; None where it is not known."""
    before: Exchange | None = None
    """The request its prefix is compared with: the one before it on the same branch; None for the first."""
    before_wire: Wire | None = None
    answer: AssistantMessage | None = None
    """The message made of it."""
    calls: tuple[CallFacts, ...] = ()
    """What is known of the tool calls that followed it."""
    after: Exchange | None = None
    """The next request of the same turn."""
    catalog: Catalog = field(default_factory=Catalog)
    step: int = 1
    """Which step of its turn it is, from 1."""
