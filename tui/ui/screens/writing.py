"""Commands about the prompt: the person's own editor, earlier prompts."""

from __future__ import annotations

import asyncio
import os
from functools import partial

from textual import on
from textual.app import SuspendNotSupported

from tui.errors import SightlineError
from tui.ui.beside import beside
from tui.ui.editor import edit, editor_command
from tui.ui.screens.conversation import ConversationScreen
from tui.ui.widgets.prompt import Prompt


class Writing(ConversationScreen):
    """What helps with writing."""

    @on(Prompt.EditRequested)
    def _edit_requested(self) -> None:
        self.action_edit()

    def action_edit(self, text: str = "") -> None:
        """Write the prompt in $VISUAL or $EDITOR; an answer goes on arriving meanwhile."""
        beside(self, partial(self._edit, text or self.prompt.text), "editor", exclusive=True)

    async def _edit(self, text: str) -> None:
        try:
            command = editor_command(os.environ)
            # Nothing may be painted over the editor; events are taken in all the same.
            with self.app.batch_update(), self.app.suspend():
                edited = await asyncio.to_thread(edit, text, self.deps.data_dir, command)
        except SuspendNotSupported:
            self.app.say("This terminal cannot be handed over to an editor.", warning=True)
        except SightlineError as error:
            self.app.say(f"{error}\n{error.hint}".strip(), warning=True)
        else:
            self.prompt.put(edited)
        self.prompt.focus()

    def action_search_prompts(self, query: str = "") -> None:
        """Look an earlier prompt up and take it back."""
        from tui.ui.screens.prompts import EarlierPrompts

        def done(text: str | None) -> None:
            if text is None:
                return
            if self.prompt.text.strip():
                self.remember_prompt(self.prompt.text)
            self.prompt.put(text)
            self.prompt.focus()

        self.app.push_screen(EarlierPrompts(self.prompt.history_prompts, query), done)
