"""The form above the prompt that asks before a call that may break a limit on spending."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from time import monotonic
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui.chat.budget import Scope
from tui.chat.events import BudgetDecided, BudgetNeeded, Event, TurnFinished
from tui.chat.figures import money
from tui.clean import visible
from tui.ui.approval_layout import LOWEST_FRAMED, Choice
from tui.ui.widgets.asking_form import AskingForm


class BudgetForm(AskingForm):
    """Shows limit, what is spent and what the next call may cost; goes on, raises the limit or stops.

    ``raise_to`` sets the limit of a scope, which answers the question.
    """

    keys_of = "budget"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer('once')", "go on", show=False, id="budget.once"),
        Binding("r", "answer('raise')", "raise the limit", show=False, id="budget.raise"),
        Binding("n", "answer('stop')", "stop here", show=False, id="budget.stop"),
        Binding("pageup", "screen.scroll_transcript(-1)", show=False),
        Binding("pagedown", "screen.scroll_transcript(1)", show=False),
    ]

    def __init__(
        self,
        raise_to: Callable[[Scope, Decimal], None],
        clock: Callable[[], float] = monotonic,
        keymap: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(clock, keymap)
        self._raise_to = raise_to
        self._needed: BudgetNeeded | None = None
        self._says = Static(classes="says", markup=False)

    def rows(self) -> Iterable[Widget]:
        """What is asked, and the answers."""
        return self._says, self._answers

    @property
    def waiting(self) -> int:
        """One call at the most."""
        return int(self._needed is not None)

    def follow(self, event: Event) -> None:
        """Take note of an event of the turn."""
        if isinstance(event, BudgetNeeded):
            self._needed = event
            self._show()
        elif isinstance(event, BudgetDecided | TurnFinished):
            self.clear()

    def clear(self) -> None:
        """Nothing waits any more."""
        if self._needed is None:
            return
        self._needed = None
        self.keys.hide()
        self._answers.chosen = ""
        if self.has_focus:
            self.leave()
        self.set_class(False, "-on")
        self.post_message(self.Changed())

    def _show(self) -> None:
        self.keys.hide()
        self._answers.chosen = ""
        self.open()
        self._label()
        self.call_after_refresh(self.painted)
        self.post_message(self.Changed())

    def _label(self) -> None:
        from tui.chat.overruns import SCOPE_WORDS, call_text, limit_text
        from tui.truth.budget import raised

        needed = self._needed
        if needed is None:
            return
        overrun, keys = needed.overrun, self.answer_keys
        self.border_title = f"More than {limit_text(overrun.limit)} for {SCOPE_WORDS[overrun.scope]}?"
        framed = self.app.size.height >= LOWEST_FRAMED
        self.set_class(not framed, "-bare")
        lines = [
            Content.assemble(
                ("spent ", "$foreground-muted"),
                (money(overrun.spent), "bold"),
                ("   next call ", "$foreground-muted"),
                (call_text(overrun), "bold $text-warning"),
                ("   limit ", "$foreground-muted"),
                (limit_text(overrun.limit), "bold"),
            ),
            Content.styled(visible(overrun.assumes), "$foreground-muted"),
        ]
        self._says.update(Content("\n").join(lines if framed else lines[:1]))
        more = limit_text(raised(overrun))
        self._answers.choices = (
            Choice("once", keys.get("once", ""), "go on"),
            Choice("raise", keys.get("raise", ""), f"raise the limit to {more}"),
            Choice("stop", keys.get("stop", ""), "stop here"),
        )
        self.border_subtitle = self.hint()

    def on_resize(self) -> None:
        """Everything follows the width."""
        self._label()

    def action_answer(self, answer: str) -> None:
        """Let the call go out, by a higher limit or as it is, or end the turn: once, raise, stop."""
        from tui.truth.budget import raised

        needed = self._needed
        if needed is None:
            return
        if answer == "raise":
            self._raise_to(needed.overrun.scope, raised(needed.overrun))
        else:
            needed.decide(answer == "once")
        self.clear()
