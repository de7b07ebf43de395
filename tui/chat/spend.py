"""What calls cost, added up over sessions."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from tui.chat.figures import usd
from tui.chat.usage import UNKNOWN_COST, Cost, Usage

SpendKey = Literal["model", "day", "endpoint", "session"]
SPEND_KEYS: tuple[SpendKey, ...] = ("model", "day", "endpoint", "session")


@dataclass(frozen=True, slots=True)
class Spend:
    """The calls of one model, day, endpoint or session, or of all."""

    key: str
    """The canonical model, the day as ``2026-03-01``, the path of the endpoint, the session's id.

    Empty for sessions that were deleted for good, whose calls are counted together.
    """
    title: str = ""
    """The session's."""
    calls: int = 0
    unknown: int = 0
    """Calls of which nobody told a cost."""
    cost: Cost = UNKNOWN_COST
    """A lower bound where any is unknown; named by its weakest source."""
    usage: Usage = field(default_factory=Usage)
    saved: Decimal | None = None
    """US dollars that caching saved, as far as is known; below zero where it cost more than it saved."""
    saved_unknown: int = 0
    """Calls of which that is not known."""
    last: float = 0.0
    """Unix time of the newest call."""

    @property
    def cached_share(self) -> float | None:
        """How much of what went in was read from a cache, from 0 to 1."""
        total = self.usage.input_total
        return None if not total else (self.usage.cache_read or 0) / total

    @property
    def reasoning_share(self) -> float | None:
        """How much of what came out was reasoning, from 0 to 1; None where nobody told."""
        if not self.usage.output or self.usage.reasoning is None:
            return None
        return min(self.usage.reasoning / self.usage.output, 1.0)


def saved_text(spend: Spend) -> str:
    """What caching saved, with a minus where it cost more; ``+?`` where it is not known of some calls."""
    if spend.saved is None or (spend.saved == 0 and spend.saved_unknown):
        return "?"
    told = f"-{usd(-spend.saved)}" if spend.saved < 0 else usd(spend.saved)
    return f"{told}+?" if spend.saved_unknown else told


def share_text(share: float | None) -> str:
    """A share in whole percent; ``?`` when not told."""
    return "?" if share is None else f"{share:.0%}"
