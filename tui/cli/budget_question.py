"""The question on the terminal before a call that may break a limit: its words and what may be answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal

from tui.chat.budget import amount
from tui.chat.events import BudgetNeeded
from tui.chat.overruns import limit_text, sentence
from tui.clean import exposed
from tui.errors import UsageError
from tui.truth.budget import raised

Type = Callable[[str], Awaitable[str | None]]
"""Shows a prompt and gives the line that was typed after it was there; None once there will be none."""


@dataclass(frozen=True, slots=True)
class BudgetQuestion:
    """One waiting call; ``raise_to`` sets its limit, which answers the question if that is enough."""

    needed: BudgetNeeded
    raise_to: Callable[[Decimal], None]

    @property
    def says(self) -> str:
        """What is asked, and what the estimate rests on."""
        overrun = self.needed.overrun
        return f"? budget: {sentence(overrun)}\n  {exposed(overrun.assumes)}\n"

    async def ask(self, write: Callable[[str], None], typed: Type) -> None:
        """Ask until it is decided."""
        more = raised(self.needed.overrun)
        write(self.says)
        while True:
            line = await typed(f"  y go on once · r raise to {limit_text(more)} (or r USD) · n stop > ")
            word, _, rest = (line or "n").strip().partition(" ")
            if word in ("y", "yes", "n", "no"):
                self.needed.decide(word in ("y", "yes"))
                return
            if word in ("r", "raise") and self._raise(rest, more, write):
                return
            if word not in ("r", "raise"):
                write("answer y, r or n, then press Enter\n")

    def _raise(self, words: str, more: Decimal, write: Callable[[str], None]) -> bool:
        """Whether the limit is now one that the call does not break."""
        overrun = self.needed.overrun
        try:
            limit = amount(words) if words.strip() else more
        except UsageError as error:
            write(f"{error}; {error.hint}\n")
            return False
        if limit < (overrun.spent.usd or Decimal(0)) + (overrun.estimate.usd or Decimal(0)):
            write(f"{limit_text(limit)} is less than what is spent and this call together\n")
            return False
        if limit <= overrun.limit:
            write(f"the limit is {limit_text(overrun.limit)} already\n")
            return False
        self.raise_to(limit)
        return True
