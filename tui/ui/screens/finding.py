"""What the chat does to find a place in the conversation: words, prompts, the newest end."""

from __future__ import annotations

from functools import partial

from textual import on

from tui.ui.beside import beside
from tui.ui.screens.inspecting import Inspecting
from tui.ui.transcript.view import Transcript
from tui.ui.widgets.find_bar import FindBar


class Finding(Inspecting):
    """Looks for words, and jumps from prompt to prompt while the prompt keeps the focus."""

    find_bar: FindBar | None = None
    """Made when something is looked for first."""

    def action_find(self, words: str = "") -> None:
        """Look for words in the conversation."""
        if not self.transcript.page.entries:
            self.app.say("There is nothing to look through yet.", warning=True)
            return
        if self.find_bar is None:
            self.find_bar = FindBar()
            self.query_one("#left").mount(self.find_bar, after=self.transcript)
        bar = self.find_bar
        self.call_after_refresh(bar.open, words)

    @on(FindBar.Sought)
    def _sought(self, event: FindBar.Sought) -> None:
        beside(self, partial(self.transcript.seek, event.words), "find", exclusive=True)

    @on(FindBar.Stepped)
    def _stepped(self, event: FindBar.Stepped) -> None:
        self.transcript.step_match(event.step)

    @on(FindBar.Closed)
    def _find_closed(self) -> None:
        beside(self, partial(self.transcript.seek, ""), "find", exclusive=True)
        self.prompt.focus()

    @on(Transcript.Found)
    def _found(self, event: Transcript.Found) -> None:
        if self.find_bar is not None:
            self.find_bar.tell(event.place, event.count)

    def action_prompt_before(self, _: str = "") -> None:
        """The prompt before the one on the screen, without leaving the one being written."""
        if not self.transcript.jump(-1):
            self.app.say("There is no earlier prompt.")

    def action_prompt_after(self, _: str = "") -> None:
        """The prompt after the one on the screen, or the newest end."""
        if not self.transcript.jump(1):
            self.transcript.jump_to_end()
