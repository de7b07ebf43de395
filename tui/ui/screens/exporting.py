"""Commands that hand a session on: to a file for people or other tools."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from tui.chat.record import SessionInfo, SessionRecord, SessionState
from tui.errors import SightlineError
from tui.ui.beside import beside
from tui.ui.screens.conversation import ConversationScreen

if TYPE_CHECKING:
    from tui.chat.record_stream import RecordStream
    from tui.ui.exporting import Wish

EXPORTS = "exports"
"""Where exports go within the data directory."""


class Exporting(ConversationScreen):
    """Writes the present session to a file."""

    def action_export(self, argument: str = "") -> None:
        """Export as the words say; a form asks for the format where they name none."""
        from tui.ui.exporting import wish_of
        from tui.ui.screens.exports import ExportForm

        try:
            wish = wish_of(argument)
        except SightlineError as error:
            self.app.say(f"{error}\n{error.hint}".strip(), warning=True)
            return
        if not self.session.conversation.messages and self.home.opened is None:
            self.app.say("There is nothing to export yet.", warning=True)
        elif wish.format is None:
            self.app.push_screen(ExportForm(wish), self._export_chosen)
        else:
            self._export_chosen(wish)

    def _export_chosen(self, wish: Wish | None) -> None:
        if wish is not None:
            beside(self, partial(self._export, wish), "export")

    async def _export(self, wish: Wish) -> None:
        from tui.ui.exporting import write_export

        assert wish.format is not None
        try:
            source = await self._source()
            written = await asyncio.to_thread(
                write_export,
                source,
                wish.format,
                wish,
                self.deps.secrets(),
                self.deps.data_dir / EXPORTS,
            )
        except SightlineError as error:
            self.app.say(f"Not exported: {error.what}\n{error.hint}".strip(), warning=True)
            return
        hidden = ", all texts hidden" if written.hides_texts else ""
        self.app.say(f"Exported to {written.path}\n{written.secrets}{hidden}")

    async def _source(self) -> RecordStream:
        """The session as it is stored; what is kept nowhere as the screen knows it, without its requests."""
        from tui.chat.record_stream import RecordStream

        shelf = self.home.shelf
        if shelf is not None and not self.home.is_temporary:
            return await asyncio.to_thread(shelf.store.stream, self.session.id)
        nodes = tuple(self.session.path)
        made = sorted((*self.session.exchanges.values(), *self.session.fruitless), key=lambda one: one.at)
        info = SessionInfo(self.session.id, created=nodes[0].message.at if nodes else self.deps.now())
        leaf = nodes[-1].message.id if nodes else None
        state = SessionState(leaf=leaf, system=self.session.conversation.system)
        return RecordStream.of(SessionRecord(info, state, nodes, tuple(made)))
