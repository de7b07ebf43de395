"""What the chat does about tools: asks before one runs, and lets a person choose which are offered."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import Binding, BindingType

from tui.clean import clean
from tui.errors import SightlineError
from tui.ui.ports import Deps, Home, route_of
from tui.ui.screens.inspecting import Inspecting
from tui.ui.widgets.asking_form import AskingForm

if TYPE_CHECKING:
    from tui.tools.toolbox import Toolbox


class Deciding(Inspecting):
    """Leads to the form that waits and back."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "next_place", show=False)]

    def __init__(self, deps: Deps, home: Home) -> None:
        super().__init__(deps, home)
        self._configured = home.session.toolbox
        """What is offered when nobody chooses: the session is fresh."""

    @property
    def form(self) -> AskingForm:
        """The form that waits, if one does: tools and a call never wait together."""
        return self.budget_form if self.budget_form.waiting else self.approval

    @on(AskingForm.Changed)
    def _asked(self) -> None:
        self.set_class(self.form.waiting > 0, "-asking")
        self.show_asking()

    @on(AskingForm.Typed)
    def _typed_on(self, event: AskingForm.Typed) -> None:
        self.prompt.focus()
        if event.text:
            self.prompt.insert(event.text)

    def show_asking(self) -> None:
        """Say in the footer how to answer, as long as something waits."""
        key = next(c.shown for c in self.app.commands if c.id == "approval.answer")
        leads = self.form.waiting and not self.form.has_focus_within
        self.footer.asks = f"Tab {key} answer" if leads else ""

    def on_screen_resume(self, event: events.ScreenResume) -> None:  # noqa: ARG002
        """What waits has to be read again before it is answered."""
        self.form.resume()

    def action_next_place(self) -> None:
        """To the form while it waits, else to the next thing that takes keys."""
        if self.form.waiting and not self.form.has_focus_within:
            self.form.focus()
        else:
            self.focus_next()

    def action_answer(self, _: str = "") -> None:
        """To the form that waits for an answer, or from there back to the prompt."""
        if not self.form.waiting:
            self.app.say("Nothing waits for an answer.")
        elif self.form.has_focus_within:
            self.prompt.focus()
        else:
            self.form.focus()

    def action_tools(self, names: str = "") -> None:
        """Choose the tools to offer; or offer those named, ``none`` or the ``default`` ones."""
        from tui.ui.screens.tools import Tools

        if self.running:
            self.app.say("A turn is running; Esc stops it.", warning=True)
            return
        if names:
            self._offer(names.replace(",", " ").split())
            return

        def done(chosen: tuple[str, ...] | None) -> None:
            if chosen is not None:
                self._offer(list(chosen) or ["none"])

        self.app.push_screen(Tools(self._every_tool, self.session, self._configured), done)

    @property
    def _every_tool(self) -> Toolbox:
        return self.home.tools if self.home.tools.specs else self._configured

    def _offer(self, names: list[str]) -> None:
        from tui.ui.tool_rows import change_says

        try:
            toolbox = self._named(names)
            changed = toolbox.specs != self.session.toolbox.specs
            says = change_says(self.session.conversation, route_of(self.session)) if changed else ""
            self.session.revise(system=self.session.system, toolbox=toolbox)
        except SightlineError as error:
            self.app.say(f"{error}; {error.hint}", warning=True)
            return
        self.show_state()
        offered = ", ".join(spec.name for spec in toolbox.specs) or "none"
        self.app.say(f"Tools: {clean(offered)}. {clean(says)}".strip())

    def _named(self, names: list[str]) -> Toolbox:
        from tui.tools.toolbox import Toolbox

        if names in (["none"], ["default"]):
            return Toolbox() if names == ["none"] else self._configured
        return self._every_tool.only(dict.fromkeys(names))
