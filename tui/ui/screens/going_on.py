"""What was asked for before the chat was there: it is done once the draft is back."""

from __future__ import annotations

from dataclasses import replace

from textual import events

from tui.ui.screens.attaching import Attaching
from tui.ui.start import Typed
from tui.ui.widgets.prompt import Prompt


class GoingOn(Attaching):
    """Goes on with what was sent, dropped and pressed on the first screen."""

    async def _bring_back(self) -> None:
        await super()._bring_back()
        if self.early is not None:
            await self._go_on(self.early)

    async def _go_on(self, early: Typed) -> None:
        """Do what was asked for before this screen was there; what was typed stands in the prompt already."""
        for number, told in enumerate(early.told, start=1):
            match told:
                case Prompt.Submitted():
                    self._submit_beside(told.text)
                case Prompt.Dropped():
                    # A file goes with the text that was sent after it, so that waits for it.
                    await self._take_files(told.paths, dropped=told.text)
            self.early = replace(early, told=early.told[number:])
        self.early = None
        for key in early.keys:
            again = events.Key(key.key, key.character)
            # By that, keys that were typed are told from those of a paste.
            again.time = key.time
            self.app.post_message(again)

    def _submit_beside(self, text: str) -> None:
        """Send ``text``, and leave what stands in the prompt."""
        written, cursor = self.prompt.text, self.prompt.cursor_location
        self.submit(text)
        self.prompt.put(written)
        self.prompt.move_cursor(cursor)
