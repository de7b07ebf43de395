"""What the chat does about tools: asks before one runs, and lets a person choose which are offered."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType

from tui.ui.screens.inspecting import Inspecting
from tui.ui.widgets.approval import Approval


class Deciding(Inspecting):
    """Leads to the form that waits and back."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "next_place", show=False)]

    @on(Approval.Changed)
    def _asked(self) -> None:
        self.set_class(self.approval.waiting > 0, "-asking")
        self.show_asking()

    @on(Approval.Typed)
    def _typed_on(self, event: Approval.Typed) -> None:
        self.prompt.focus()
        if event.text:
            self.prompt.insert(event.text)

    def show_asking(self) -> None:
        """Say in the footer how to answer, as long as something waits."""
        key = next(c.shown for c in self.app.commands if c.id == "approval.answer")
        leads = self.approval.waiting and not self.approval.has_focus_within
        self.footer.asks = f"Tab {key} answer" if leads else ""

    def on_screen_resume(self) -> None:
        """What waits has to be read again before it is answered."""
        self.approval.resume()

    def action_next_place(self) -> None:
        """To the form while it waits, else to the next thing that takes keys."""
        if self.approval.waiting and not self.approval.has_focus_within:
            self.approval.focus()
        else:
            self.focus_next()

    def action_answer(self, _: str = "") -> None:
        """To the form that waits for an answer, or from there back to the prompt."""
        if not self.approval.waiting:
            self.app.say("No tool waits for an answer.")
        elif self.approval.has_focus_within:
            self.prompt.focus()
        else:
            self.approval.focus()
