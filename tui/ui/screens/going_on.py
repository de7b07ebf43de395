"""What was asked for before the chat was there: it is done once the draft is back."""

from __future__ import annotations

from textual import events

from tui.ui.screens.conversation import ConversationScreen
from tui.ui.widgets.prompt import Prompt


class GoingOn(ConversationScreen):
    """Goes on with what was sent, dropped and pressed on the first screen."""

    async def _bring_back(self) -> None:
        await super()._bring_back()
        self._go_on()

    def _go_on(self) -> None:
        """Do what was asked for before this screen was there; what was typed stands in the prompt already."""
        early, self.early = self.early, None
        if early is None:
            return
        text, cursor = self.prompt.text, self.prompt.cursor_location
        for told in early.told:
            match told:
                case Prompt.Submitted():
                    self.submit(told.text)
                case Prompt.Dropped():
                    self.post_message(Prompt.Dropped(told.text, told.paths))
        self.prompt.put(text)
        self.prompt.move_cursor(cursor)
        for key in early.keys:
            again = events.Key(key.key, key.character)
            # By that, keys that were typed are told from those of a paste.
            again.time = key.time
            self.app.post_message(again)
