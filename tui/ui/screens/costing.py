"""What the chat does about costs: what the key has left, and the figures of an exchange."""

from __future__ import annotations

from tui.ui.screens.wiring import Wiring


class Costing(Wiring):
    """Opens what is left of the key, and the newest exchange on its Cost page."""

    def action_limits(self, _: str = "") -> None:
        """What the key in use has left."""
        from tui.ui.screens.limits import Limits

        self.app.push_screen(Limits(self.home.lookups, self.turn.limits))

    def action_cost_of(self, _: str = "") -> None:
        """Every figure there is for the newest request."""
        log = self.session.log
        if log:
            self.show_exchange(next(reversed(list(log))), "Cost")
        else:
            self.app.say("Nothing was sent yet: there is no cost.", warning=True)
