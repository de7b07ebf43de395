"""The form above the prompt that asks before a tool runs; whoever reads goes on reading meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from time import monotonic
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input, Static

from tui.chat.events import Answer, ApprovalNeeded, Event
from tui.ui.approval_layout import answers, layout
from tui.ui.asking import Asking
from tui.ui.deliberation import READ_S
from tui.ui.transcript.reader import Reader
from tui.ui.widgets.asking_form import AskingForm
from tui.ui.widgets.reason import Reason


class Approval(AskingForm):
    """Shows one waiting call at a time and takes the decision."""

    at_once = frozenset({"no"})

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer('once')", "once", show=False, id="approval.once"),
        Binding("s", "answer('session')", "this session", show=False, id="approval.session"),
        Binding("n", "answer('no')", "no", show=False, id="approval.no"),
        Binding("N,shift+n", "answer('never')", "never", show=False, id="approval.never"),
        Binding("a", "answer('all')", "all once", show=False, id="approval.all"),
        Binding("left", "look(-1)", "the one before", show=False, id="approval.previous"),
        Binding("right", "look(1)", "the next one", show=False, id="approval.next"),
        Binding("v", "tall", "taller", show=False, id="approval.tall"),
        Binding("pageup", "screen.scroll_transcript(-1)", show=False),
        Binding("pagedown", "screen.scroll_transcript(1)", show=False),
    ]

    tall: reactive[bool] = reactive(False)
    """Whether the form takes nearly the whole screen."""

    def __init__(
        self, clock: Callable[[], float] = monotonic, keymap: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(clock, keymap)
        self._asking = Asking()
        self._shown: ApprovalNeeded | None = None
        self.border_title = "May this run?"
        self._says = Static(classes="says", markup=False)
        self._asked = Reader(goes_on="Tab, PgDn", classes="asked")
        self._asked.can_focus = False
        self._covers = Static(classes="covers", markup=False)
        self._reason = Reason()

    def rows(self) -> Iterable[Widget]:
        """What is asked, all of it, what a yes covers, and the answers or the reason of a no."""
        self._reason.cursor_blink = False
        refusing = Horizontal(Static("no, because ", markup=False), self._reason, classes="no")
        return self._says, self._asked, self._covers, self._answers, refusing

    # What waits

    @property
    def waiting(self) -> int:
        """How many calls wait."""
        return len(self._asking)

    @property
    def front(self) -> ApprovalNeeded | None:
        """The call that is shown."""
        return self._asking.front

    def follow(self, event: Event) -> None:
        """Take note of an event of the turn."""
        before = self.waiting
        self._asking.follow(event, self.clock())
        if self.waiting != before:
            self._update()

    def clear(self) -> None:
        """The turn is over: nothing waits any more."""
        self._asking.clear()
        self._update()

    # Showing

    def _update(self) -> None:
        """Show the call in front, or nothing."""
        front = self.front
        if front is None:
            self._hide()
        elif front is not self._shown:
            self._show(front)
        else:
            self._label()
        self.post_message(self.Changed())

    def _hide(self) -> None:
        self.keys.hide()
        self._shown = None
        self._close_reason()
        if self.has_focus or self._reason.has_focus:
            self.leave()
        self.tall = False
        self.set_class(False, "-on")

    def _show(self, needed: ApprovalNeeded) -> None:
        from tui.ui.asked import asked_blocks

        self._shown = needed
        self.keys.hide()
        self._answers.chosen = ""
        if self._reason.has_focus:
            self.focus()
        self._close_reason()
        self.open()
        self._asked.show(asked_blocks(needed))
        self._label()
        self.call_after_refresh(self.painted)

    def _label(self) -> None:
        """Write everything but the arguments, and give them the room that is left."""
        front = self.front
        if front is None:
            return
        width = self.inner_width()
        count = f"{self._asking.place + 1} of {self.waiting}" if self.waiting > 1 else ""
        self._answers.choices = answers(self.waiting, self.answer_keys)
        laid = layout(front, count, self._answers.choices, width, self.app.size.height, tall=self.tall)
        self.set_class(not laid.framed, "-bare")
        self._says.update(Content("\n").join(laid.says))
        self._covers.update(Content("\n").join(laid.covers))
        rows = self._asked.height_at(width, laid.room + 1)
        self._asked.styles.height = max(1, min(rows, laid.room))
        self._asked.set_class(rows <= laid.room, "-fits")
        self.border_subtitle = self.hint()

    def hint(self) -> str:
        """What stands in the border."""
        if self.has_class("-refusing"):
            return "Enter says no · Esc back"
        moves = "←→ others · " if self.waiting > 1 else ""
        if self.tall or not self._asked.has_class("-fits"):
            moves += f"v {'lower' if self.tall else 'taller'} · "
        return f"{moves}{super().hint()}"

    def on_resize(self) -> None:
        """Everything follows the width."""
        self._label()

    def watch_tall(self) -> None:
        """More room for the arguments, or for the transcript."""
        self._label()

    def watch_has_focus(self, has_focus: bool) -> None:
        """PgDn scrolls what is asked from now on; or it does not."""
        super().watch_has_focus(has_focus)
        self._asked.goes_on = "PgDn" if has_focus else "Tab, PgDn"
        self._asked.refresh()

    def moved(self, key: str) -> bool:
        """Keys that scroll what is asked."""
        return self._asked.move(key)

    # Deciding

    def action_answer(self, answer: str) -> None:
        """Decide about the call in front: once, session, no, never; or about all that wait."""
        if self.front is None or self._shown is not self.front:
            return
        match answer:
            case "once" | "session":
                self._asking.decide(Answer("once" if answer == "once" else "session", "user"))
            case "never":
                self._asking.decide(Answer("never", "user", lasting=True))
            case "all":
                self._asking.decide_all(Answer("once", "user"), self.clock() - READ_S)
            case "no":
                self._open_reason()
        self._update()

    def action_look(self, step: int) -> None:
        """Show another of the waiting calls."""
        self._asking.look(step)
        self._update()

    def action_tall(self) -> None:
        """More room, or less."""
        self.tall = not self.tall

    # The reason of a no

    def _open_reason(self) -> None:
        self._answers.chosen = ""
        self.set_class(True, "-refusing")
        self._reason.value = ""
        self._reason.focus()
        self.border_subtitle = self.hint()

    def _close_reason(self) -> None:
        self.set_class(False, "-refusing")

    @on(Input.Submitted)
    def _refused(self, event: Input.Submitted) -> None:
        event.stop()
        reason = event.value.strip()
        self._close_reason()
        self.focus()
        self._asking.decide(Answer("never", "user", reason))
        self._update()

    @on(Reason.Left)
    def _thought_better(self, event: Reason.Left) -> None:
        event.stop()
        self._close_reason()
        self.focus()
        self._label()
