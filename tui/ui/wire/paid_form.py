"""What the forms share that end with something paid: the plan is told first, and stands there to be read."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from dataclasses import dataclass
from time import monotonic

from textual import events, getters, on
from textual.widgets import Input, Static

from tui.clean import clean
from tui.engine.reruns import Plan
from tui.errors import SightlineError
from tui.ui.beside import beside
from tui.ui.deliberation import READ_S
from tui.ui.host import Host
from tui.ui.screens.dialog import Dialog

SETTLED_S = 0.1
"""A plan is made once nothing was typed for so long."""


@dataclass(frozen=True, slots=True)
class Sending:
    """What a form ends with: a plan to send so many times."""

    plan: Plan
    times: int = 1


class PaidForm(Dialog[Sending]):
    """Plans anew with every change, and sends nothing that could not be read yet."""

    app = getters.app(Host)

    plan: Plan | None = None
    """What Enter sends; None while it is not clear."""
    _told_at = 0.0

    @abstractmethod
    async def planned(self) -> tuple[Plan, list[str]]:
        """The plan as the fields stand now, and what is told of it; SightlineError where there is none."""

    @property
    def times(self) -> int:
        """How often it shall be sent."""
        return 1

    @on(Input.Changed)
    def look(self) -> None:
        """Plan it anew, as soon as nothing is typed any more."""
        self.plan = None
        beside(self, self._look, "plan", exclusive=True)

    async def _look(self) -> None:
        await asyncio.sleep(SETTLED_S)
        told = self.query_one("#again-told", Static)
        try:
            self.plan, lines = await self.planned()
        except SightlineError as error:
            told.update(f"✗ {clean(f'{error.what} {error.hint}'.strip())}")
            return
        told.update(clean("\n".join(lines)))
        self._told_at = monotonic()

    def on_key(self, event: events.Key) -> None:
        """An Enter from before the form was seen sends nothing."""
        if self.too_early(event):
            event.stop()
            event.prevent_default()

    @on(Input.Submitted)
    def action_send(self) -> None:
        """Send it, as planned: words typed for something else end with Enter, too."""
        if self.plan is None:
            self.app.say("It is not clear yet what would be sent.", warning=True)
        elif monotonic() - self._told_at < READ_S:
            self.app.say("Look at what would be sent; Enter once more sends it.", warning=True)
        else:
            self.dismiss(Sending(self.plan, self.times))
