"""The command that tries a model out."""

from __future__ import annotations

from tui.ui.ports import route_of
from tui.ui.screens.keeping import Keeping


class Probing(Keeping):
    """Opens the form that asks first, and the session of a probe afterwards."""

    def action_probe(self, model: str = "") -> None:
        """Try out the model named, else the one of the next turn."""
        from tui.ui.screens.probe import ProbeScreen

        route = route_of(self.session)
        model = model.strip() or (route.requested if route is not None else "")
        if self.home.probes is None:
            self.app.say("This server cannot be probed.", warning=True)
        elif not model:
            self.app.say(f"No model is chosen: {self.pick_key} chooses one.", warning=True)
        else:
            self.app.push_screen(ProbeScreen(self.home.probes, model, self.app.copy_text), self._probed)

    def _probed(self, session: str | None) -> None:
        if session is not None:
            self.open_session(session)
