"""What the chat does to compare exchanges: which two are meant, and the screen for them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from tui.ui.beside import beside
from tui.ui.screens.wiring import Wiring


class Diffing(Wiring):
    """Opens the diff of two exchanges."""

    def action_diff(self, words: str = "") -> None:
        """Compare the exchanges ``A B``, counted as turn.step; one, or the newest, with the one before it."""
        from tui.ui.wire.diff_screen import DiffScreen
        from tui.ui.wire.rows import numbered

        log = self.session.log
        if not log:
            self.app.say("Nothing was sent yet: there is nothing to compare.", warning=True)
            return
        found: list[str] = []
        for word in words.split()[:2]:
            id = numbered(log, word)
            if id is None:
                self.app.say(f"There is no exchange {word}; they are counted as turn.step.", warning=True)
                return
            found.append(id)
        if len(found) == 2:
            self.app.push_screen(DiffScreen(self, found[0], found[1]))
        else:
            self.wire_diff(found[0] if found else next(reversed(list(log))), ())

    def wire_diff(self, exchange: str, marked: Sequence[str]) -> None:
        """Compare with the one other that is marked, else with the one before, else with one that is chosen.

        Two marked ones are compared with each other.
        """
        from tui.ui.wire.diff_screen import DiffScreen

        others = [id for id in marked if id != exchange]
        if len(marked) == 2 == len(others):
            self.app.push_screen(DiffScreen(self, others[0], others[1]))
        elif len(others) == 1:
            self.app.push_screen(DiffScreen(self, others[0], exchange))
        else:
            beside(self, partial(self._with_before, exchange), "diff", exclusive=True)

    async def _with_before(self, exchange: str) -> None:
        from tui.ui.wire.diff_screen import DiffScreen
        from tui.ui.wire.gather import gather
        from tui.ui.wire.picker import ExchangePicker

        seen = await gather(self.session, exchange)
        one = self.session.log[exchange]
        if one.repeats is not None and one.repeats in self.session.log:
            self.app.push_screen(DiffScreen(self, one.repeats, exchange))
            return
        if seen is not None and seen.before is not None:
            self.app.push_screen(DiffScreen(self, seen.before.id, exchange))
            return
        if len(self.session.log) < 2:
            self.app.say("There is no other exchange to compare it with yet.")
            return

        def done(id: str | None) -> None:
            if id is not None and id != exchange:
                self.app.push_screen(DiffScreen(self, id, exchange))

        self.app.push_screen(ExchangePicker(self, exchange), done)
