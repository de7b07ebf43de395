"""The way back: Esc stops a turn, and pressed twice takes its prompt back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from tui.chat.events import Event
from tui.ui.commands import key_of
from tui.ui.ports import Deps, Home
from tui.ui.prompted import Prompted
from tui.ui.screens.branching import Branching

TWICE_S = 1.0
"""A second Esc within this time takes the prompt back."""


class Rewinding(Branching):
    """Ends what is under way, step by step, up to taking the newest prompt back."""

    def __init__(self, deps: Deps, home: Home) -> None:
        super().__init__(deps, home)
        self._escaped_at = float("-inf")
        """When Esc was last pressed and could be the first of two."""

    def follow(self, turn: AsyncIterator[Event], *, again: bool = False) -> None:
        """Show a turn's events; an Esc before it began is not the first of two."""
        self._escaped_at = float("-inf")
        super().follow(turn, again=again)

    def action_stop(self, _: str = "") -> None:
        """End the running turn; pressed twice, take its prompt back; else leave what is open."""
        now = self.deps.clock()
        is_second = now - self._escaped_at <= TWICE_S
        self._escaped_at = float("-inf")
        if is_second:
            self.action_rewind()
        elif self.running:
            self._escaped_at = now
            self.session.stop()
        elif self._editing is not None:
            self._leave_edit()
        elif self.find_bar is not None and self.find_bar.is_open:
            self.find_bar.close()
        elif self._can_rewind:
            self._escaped_at = now
            self.app.say("Esc once more takes the last prompt back.")
        else:
            self.clear_selection()
            self.prompt.focus()

    @property
    def _can_rewind(self) -> bool:
        """Whether a person in an empty prompt may want the last one back."""
        is_blank = Prompted(self.prompt.text, self.chips.attached).is_blank
        said = self.session.conversation.messages or self.session.refused
        selected = self.get_selected_text()
        return bool(self.prompt.has_focus and is_blank and said and not selected)

    def action_rewind(self, _: str = "") -> None:
        """Take the newest prompt back into the prompt, stopping its answer; the branch stays in the tree."""
        self._run(self._rewind)

    async def _rewind(self) -> None:
        if self._worker is not None:
            self.session.stop()
            # Asked a second time this wait is cancelled, and must not cancel the turn.
            await asyncio.shield(self._worker.wait())
        before = {message.id for message in self.session.conversation.messages}
        prompt = await self.session.rewind()
        if prompt is None:
            self.app.say("There is no prompt to take back.")
            return
        self._leave_edit()
        self.lay_by()
        if prompt.id in before:
            tree = key_of("session.tree", self.deps.keymap)
            self.app.say(f"Taken back; with its answer it is still a branch: {tree}.")
        await self.show_branch()
        # What stood there is laid by, but its files are in no list of earlier prompts.
        await self._put(prompt, self.chips.attached)
        self.save_soon()
