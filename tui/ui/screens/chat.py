"""What the commands of the table do: one action a command, on top of the running conversation."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.widgets import TextArea

from tui.clean import clean
from tui.errors import SightlineError
from tui.ui.commands import bindings, places
from tui.ui.ports import Connection
from tui.ui.screens.again import Again
from tui.ui.screens.budgeting import Budgeting
from tui.ui.screens.costing import Costing
from tui.ui.screens.deciding import Deciding
from tui.ui.screens.diffing import Diffing
from tui.ui.screens.exporting import Exporting
from tui.ui.screens.going_on import GoingOn
from tui.ui.screens.importing import Importing
from tui.ui.screens.probing import Probing
from tui.ui.screens.rewinding import Rewinding
from tui.ui.screens.tuning import Tuning
from tui.ui.screens.wiring import Wiring
from tui.ui.transcript.told import OTHER_MODEL
from tui.ui.transcript.view import Transcript

QUIT_WITHIN_S = 2.0
"""A second Ctrl+C within this time quits."""


class ChatScreen(
    Rewinding,
    Deciding,
    Tuning,
    Budgeting,
    GoingOn,
    Importing,
    Again,
    Exporting,
    Probing,
    Costing,
    Diffing,
    Wiring,
):
    """The one screen that is always there; each action takes what followed the slash name."""

    BINDINGS: ClassVar[list[BindingType]] = bindings()

    _asked_to_quit_at = float("-inf")

    def action_pick_model(self, name: str = "") -> None:
        """Switch to ``name``, or let one be picked."""
        from tui.ui.screens.models import ModelPicker

        if name:
            self.use_model(name)
            return
        picker = ModelPicker(self.home, self.app.preferences)

        def done(picked: str | None) -> None:
            self.app.remember(picker.preferences)
            if picker.refreshed:
                self.models_read()
            if picked is not None and picker.tries_out:
                self.action_probe(picked)
            elif picked is not None:
                self.use_model(picked)

        self.app.push_screen(picker, done)

    def use_model(self, name: str) -> None:
        """Send the next turn to ``name``; what that does to the history is said when it is sent."""
        try:
            route, _ = self.session.switch(name)
        except SightlineError as error:
            self.app.say(f"{error} {error.hint}".strip(), warning=True)
            return
        self.app.remember(self.app.preferences.used(route.requested))
        self.app.warm(route)
        self.show_state()
        if not self.queue.held:
            self.send_next()

    def action_fold_thinking(self, _: str = "") -> None:
        """Fold or unfold all thinking."""
        self.transcript.toggle_thinking()

    def action_fold_tools(self, _: str = "") -> None:
        """Fold or unfold all tool calls."""
        self.transcript.toggle_tools()

    def action_palette(self, _: str = "") -> None:
        """Search the commands."""
        self.app.action_command_palette()

    def action_help(self, _: str = "") -> None:
        """All keys and slash commands."""
        from tui.ui.screens.help import Help

        self.app.push_screen(Help(self.app.commands, places(self.deps.keymap)))

    def action_retry(self, _: str = "") -> None:
        """Ask again where the last turn failed or was stopped."""
        if self.running:
            self.app.say("A turn is running; Esc stops it.", warning=True)
        else:
            self.follow(self.session.retry(), again=True)

    @on(Transcript.ActionChosen)
    def _card_key(self, event: Transcript.ActionChosen) -> None:
        self.prompt.focus()
        if event.key == OTHER_MODEL[0]:
            self.action_pick_model()
        else:
            self.action_retry()

    @on(Transcript.CopyRequested)
    def _copy(self, event: Transcript.CopyRequested) -> None:
        self.app.copy_text(event.text)

    def action_connect(self, url: str = "") -> None:
        """Test a proxy, then use it."""
        from tui.ui.screens.connect import Connect

        if self.running:
            self.app.say("A turn is running; Esc stops it.", warning=True)
            return

        def done(found: Connection | None) -> None:
            if found is not None:
                self.leave_for(lambda: found.home)

        self.app.push_screen(Connect(self.deps, url), done)

    def action_copy_answer(self, _: str = "") -> None:
        """The newest answer's text to the clipboard."""
        answer = self.session.conversation.last_answer
        if answer is None or not answer.text:
            self.app.say("There is no answer to copy yet.", warning=True)
        else:
            self.app.copy_text(clean(answer.text))

    def action_theme(self, name: str = "") -> None:
        """The theme named, else the next of dark, light and high contrast."""
        self.app.change_theme(name)

    def action_screenshot(self, _: str = "") -> None:
        """The screen as an SVG file in the data directory, once what asked for it is gone from there."""
        self.call_after_refresh(self._picture)

    def _picture(self) -> None:
        try:
            self.deps.data_dir.mkdir(parents=True, exist_ok=True)
            path = self.app.save_screenshot(path=str(self.deps.data_dir))
        except OSError as error:
            self.app.say(f"No screenshot: {error}", warning=True)
        else:
            self.app.say(f"Saved {path}")

    def action_repaint(self, _: str = "") -> None:
        """Draw everything again."""
        self.app.action_repaint()

    def action_suspend(self, _: str = "") -> None:
        """Into the background, where the system has one."""
        self.save_draft()
        self.app.action_suspend_process()

    def action_interrupt(self, _: str = "") -> None:
        """Copy a selection, else stop the answer, else quit when pressed twice."""
        focused = self.focused
        selected = focused.selected_text if isinstance(focused, TextArea) else ""
        selected = selected or self.get_selected_text() or ""
        now = self.deps.clock()
        if selected:
            self.app.copy_text(clean(selected))
            self.clear_selection()
        elif self.running:
            self.session.stop()
        elif now - self._asked_to_quit_at <= QUIT_WITHIN_S:
            self.app.exit()
        else:
            self._asked_to_quit_at = now
            self.app.say("Press Ctrl+C once more to quit; the draft is kept.")

    def action_quit(self, _: str = "") -> None:
        """Leave; the draft is kept."""
        self.app.exit()
