"""The form before a history is sent elsewhere: which model and endpoint, what is lost, what it may cost."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Label, OptionList, Static
from textual.widgets.option_list import Option

from tui.chat.route import ENDPOINTS
from tui.clean import visible
from tui.engine.reruns import Plan
from tui.engine.routing import Choice
from tui.ui.figures import about
from tui.ui.ports import RerunsPort
from tui.ui.widgets.keys import Key, Keys
from tui.ui.wire.paid_form import PaidForm
from tui.ui.wire.seen import Seen

KEYS = (
    Key("↑↓", "endpoint", "move(1)"),
    Key("type", "another model", "move(0)"),
    Key("Enter", "send", "send"),
    Key("Esc", "cancel", "cancel"),
)


class ShadowForm(PaidForm):
    """Ends with what shall be sent, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", "Next endpoint", show=False, priority=True),
        Binding("up", "move(-1)", "Endpoint before", show=False, priority=True),
    ]

    def __init__(self, seen: Seen, reruns: RerunsPort, model: str = "", endpoint: str = "") -> None:
        super().__init__()
        self._seen = seen
        self._reruns = reruns
        route = seen.exchange.route
        self._model = model or route.requested
        others = [dialect for dialect in ENDPOINTS if dialect != route.dialect]
        self._endpoint = endpoint or ("auto" if model else others[0])

    def compose(self) -> ComposeResult:
        """The model, the endpoints, what will be lost, the keys."""
        with Vertical(classes="dialog form"):
            yield Label("The same conversation, asked elsewhere", classes="title")
            with Horizontal(classes="field"):
                yield Label("model")
                yield Input(visible(self._model), id="shadow-model", compact=True)
            yield OptionList(*self._options(), id="formats", markup=False, compact=True)
            yield Static(id="again-told", markup=False)
            yield Keys(*KEYS)

    def _options(self) -> list[Option]:
        here = self._seen.exchange.route.dialect
        rows: list[tuple[str, str]] = [(name, path) for name, path in ENDPOINTS.items()]
        rows.append(("auto", "where the model belongs by the rules"))
        return [
            Option(
                Content.assemble(
                    (f"{name:<11}", "bold"),
                    (path, ""),
                    (" · this exchange" if name == here else "", "$foreground-muted"),
                ),
                id=name,
            )
            for name, path in rows
        ]

    def on_mount(self) -> None:
        """Look at the first choice."""
        super().on_mount()
        listed = self.query_one(OptionList)
        listed.can_focus = False
        listed.highlighted = [option.id for option in listed.options].index(self._endpoint)
        self.query_one(Input).focus()

    def action_move(self, step: int) -> None:
        """Another endpoint."""
        listed = self.query_one(OptionList)
        if step > 0:
            listed.action_cursor_down()
        elif step < 0:
            listed.action_cursor_up()

    @on(OptionList.OptionHighlighted)
    def _chosen(self) -> None:
        self.look()

    async def planned(self) -> tuple[Plan, list[str]]:
        """The history for the model and endpoint chosen, what goes along and what it may cost."""
        option = self.query_one(OptionList).highlighted_option
        choice = Choice(self.query_one(Input).value.strip(), (option and option.id) or "auto")
        plan = await self._reruns.shadow(self._seen.exchange.id, choice)
        was, now = self._seen.exchange.seals_sent, plan.request.seals_sent
        return plan, [
            f"{plan.route.requested} over {plan.route.endpoint} · {about(plan.estimate.cost)}",
            f"sealed parts: {now} go along, {was} went with this exchange",
            *(f"! {finding.says}" for finding in plan.findings),
            "Sent once; tools it calls are shown, not run. The conversation stays as it is.",
        ]
