"""What the chat does about its exchanges: the viewer, at the right one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on

from tui.ui.ports import Deps, Home
from tui.ui.screens.conversation import ConversationScreen
from tui.ui.transcript.view import Transcript

if TYPE_CHECKING:
    from tui.ui.wire.exchange_list import ExchangeList


class Wiring(ConversationScreen):
    """Opens the viewer of exchanges, and knows which ones are marked."""

    def __init__(self, deps: Deps, home: Home) -> None:
        super().__init__(deps, home)
        self.marked: dict[str, None] = {}
        """The ids of marked exchanges, for as long as the screen is there."""

    def key_for(self, url: str) -> str | None:
        """The key that would be sent to a base URL now; None where it is not known."""
        return self.home.key_for(url)

    def action_wire(self, words: str = "") -> None:
        """The newest exchange, or that of ``TURN.STEP``, in the viewer."""
        from tui.ui.wire.nothing_yet import NothingYet
        from tui.ui.wire.rows import numbered

        log = self.session.log
        if not log:
            self.app.push_screen(NothingYet())
            return
        if not words.strip():
            self.show_exchange(next(reversed(list(log))))
            return
        found = numbered(log, words)
        if found is not None:
            self.show_exchange(found)
        else:
            self.app.say(f"There is no exchange {words}; they are counted as turn.step.", warning=True)

    def show_exchange(self, id: str, page: str = "") -> None:
        """Show an exchange in the viewer, which is opened if it is not."""
        from tui.ui.wire.viewer import Viewer

        if isinstance(self.app.screen, Viewer):
            self.app.screen.show_exchange(id)
        else:
            self.app.push_screen(Viewer(self, id, page))

    @on(Transcript.WireWanted)
    def _wire_wanted(self, event: Transcript.WireWanted) -> None:
        log = self.session.log
        id = event.exchange if event.exchange in log else self._behind(event.message)
        if id:
            self.show_exchange(id)
        else:
            self.app.say("No request is known for this.", warning=True)

    def _behind(self, message: str) -> str:
        """The exchange a message came of; of a prompt or of results, the first one that sent it."""
        exchange = self.session.exchanges.get(message) if message else None
        if exchange is not None:
            return exchange.id
        sent = (id for id, one in self.session.log.items() if message and one.after == message)
        return next(sent, "")

    def on_exchange_list_chosen(self, event: ExchangeList.Chosen) -> None:
        """A row of a list of exchanges was chosen."""
        self.show_exchange(event.id)
