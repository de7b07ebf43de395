"""The form above the prompt that asks before a tool runs; whoever reads goes on reading meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, Static

from tui.chat.events import Answer, ApprovalNeeded, Event
from tui.ui.approval_layout import answers, layout
from tui.ui.asked import asked_blocks
from tui.ui.asking import Asking
from tui.ui.commands import rebound
from tui.ui.deliberation import MEANT_S, READ_S, Deliberation
from tui.ui.transcript.reader import Reader
from tui.ui.widgets.answers import Answers
from tui.ui.widgets.reason import Reason

BORDER = 4
"""Columns the border and the padding take."""


class Approval(Vertical, can_focus=True):
    """Shows one waiting call at a time and takes the decision; hidden while nothing waits.

    Its keys work only while it has the focus. It takes the focus by itself only from an empty
    prompt, and what a person types on is handed to the prompt.
    """

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

    @dataclass
    class Typed(Message):
        """Text that was meant for the prompt."""

        text: str

    class Changed(Message):
        """Another number of calls waits, or the form got or lost the focus."""

    def __init__(
        self, clock: Callable[[], float] = monotonic, keymap: Mapping[str, str] | None = None
    ) -> None:
        super().__init__()
        self._keymap = keymap or {}
        self.clock = clock
        """Seconds on the clock that key presses are stamped with."""
        self.keys = Deliberation()
        self._asking = Asking()
        self._shown: ApprovalNeeded | None = None
        self._before: Widget | None = None
        self._settling: Timer | None = None
        self.border_title = "May this run?"
        self._says = Static(classes="says", markup=False)
        self._asked = Reader(goes_on="Tab, PgDn", classes="asked")
        self._asked.can_focus = False
        self._covers = Static(classes="covers", markup=False)
        self._answers = Answers()
        self._reason = Reason()

    def compose(self) -> ComposeResult:
        """What is asked, all of it, what a yes covers, and the answers or the reason of a no."""
        yield self._says
        yield self._asked
        yield self._covers
        yield self._answers
        with Horizontal(classes="no"):
            yield Static("no, because ", markup=False)
            yield self._reason

    def on_mount(self) -> None:
        """Nothing waits yet."""
        self._reason.cursor_blink = False

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
            self._leave()
        self.tall = False
        self.set_class(False, "-on")

    def _show(self, needed: ApprovalNeeded) -> None:
        self._shown = needed
        self.keys.hide()
        self._answers.chosen = ""
        if self._reason.has_focus:
            self.focus()
        self._close_reason()
        self.set_class(True, "-on")
        self._asked.show(asked_blocks(needed))
        self._label()
        self.call_after_refresh(self._painted)

    def _painted(self) -> None:
        """The call stands on the screen: from now on it can be read."""
        if self.front is None or not self._on_top:
            return
        self.keys.show(self.clock())
        self.set_timer(READ_S, self._offer_focus)

    def resume(self) -> None:
        """The screen is on top again: what waits has to be read before it is answered."""
        if self.waiting:
            self.keys.hide()
            self.call_after_refresh(self._painted)

    def _label(self) -> None:
        """Write everything but the arguments, and give them the room that is left."""
        front = self.front
        if front is None:
            return
        width = self._width()
        count = f"{self._asking.place + 1} of {self.waiting}" if self.waiting > 1 else ""
        self._answers.choices = answers(self.waiting, self._keys)
        laid = layout(front, count, self._answers.choices, width, self.app.size.height, tall=self.tall)
        self.set_class(not laid.framed, "-bare")
        self._says.update(Content("\n").join(laid.says))
        self._covers.update(Content("\n").join(laid.covers))
        rows = self._asked.height_at(width, laid.room + 1)
        self._asked.styles.height = max(1, min(rows, laid.room))
        self._asked.set_class(rows <= laid.room, "-fits")
        self.border_subtitle = self._hint()

    def _width(self) -> int:
        outer = self.parent.size.width if isinstance(self.parent, Widget) else self.app.size.width
        return max(16, outer - BORDER)

    @property
    def _keys(self) -> dict[str, str]:
        """The key of each answer, as a person bound it."""
        bound = {
            binding.action.removeprefix("answer('").removesuffix("')"): key
            for key, bindings in reversed(self._bindings.key_to_bindings.items())
            for binding in bindings
            if binding.action.startswith("answer(")
        }
        return {
            id: self._keymap.get(f"approval.{id}", key).split(",")[0].strip() for id, key in bound.items()
        }

    def _hint(self) -> str:
        if self.has_class("-refusing"):
            return "Enter says no · Esc back"
        moves = "←→ others · " if self.waiting > 1 else ""
        if self.tall or not self._asked.has_class("-fits"):
            moves += f"v {'lower' if self.tall else 'taller'} · "
        if self.has_focus:
            return f"{moves}Tab to the prompt · Esc stops"
        key = next(c.shown for c in rebound(self._keymap) if c.id == "approval.answer")
        return f"Tab or {key} to answer · Esc stops"

    def on_resize(self) -> None:
        """Everything follows the width."""
        self._label()

    def watch_tall(self) -> None:
        """More room for the arguments, or for the transcript."""
        self._label()

    # Focus

    def _offer_focus(self) -> None:
        """Take the focus where nobody is typing; then the keys need a moment again."""
        if self.front is None or not self._on_top or not self._is_free():
            return
        self._before = self.screen.focused
        self.focus()
        self.keys.show(self.clock())

    @property
    def _on_top(self) -> bool:
        # Not ``is_current``: that also holds for a screen behind a dialog.
        return self.app.screen is self.screen

    def _is_free(self) -> bool:
        focused = self.screen.focused
        return focused is None or getattr(focused, "text", None) == ""

    def _leave(self) -> None:
        """Give the focus back."""
        before, self._before = self._before, None
        if before is not None and before.focusable:
            before.focus()
        else:
            self.post_message(self.Typed(""))

    def watch_has_focus(self, has_focus: bool) -> None:
        """The keys work from now on; or they do not, and what was about to be decided is not."""
        super().watch_has_focus(has_focus)
        self._asked.goes_on = "PgDn" if has_focus else "Tab, PgDn"
        self._asked.refresh()
        if not has_focus:
            self.keys.settle()
            self._answers.chosen = ""
        self.border_subtitle = self._hint()
        self.post_message(self.Changed())

    # Deciding

    async def _on_key(self, event: events.Key) -> None:
        bound = self.screen.active_bindings.get(event.key)
        own = bound is not None and bound.node is self
        if not self.has_focus:
            return
        if own and bound is not None and bound.binding.action.startswith("answer("):
            event.stop()
            event.prevent_default()
            self._press(bound.binding.action, event)
        elif not own and event.is_printable and event.character and bound is None:
            event.stop()
            event.prevent_default()
            self._answers.chosen = ""
            self.post_message(self.Typed(self.keys.typed(event.time) + event.character))
        elif self._asked.move(event.key):
            event.stop()
            event.prevent_default()

    def _press(self, action: str, event: events.Key) -> None:
        """A key that decides; it does so only when nothing is typed after it."""
        answer = action.removeprefix("answer('").removesuffix("')")
        begun = self.keys.press(str(event.character or event.key), event.time)
        waiting = self.keys.waiting
        self._answers.chosen = (answer if begun else self._answers.chosen) if waiting else ""
        if begun and answer == "no":
            # Nothing is decided by it, and the reason may be typed at once.
            self.keys.settle()
            self._open_reason()
        elif begun:
            self._settling = self.set_timer(MEANT_S, self._settle)
        elif not waiting:
            self._too_early()

    def _too_early(self) -> None:
        self.border_subtitle = "that key came too early or was held: press it once more"

    def _settle(self) -> None:
        answer, self._answers.chosen = self._answers.chosen, ""
        if self.keys.settle() and self.has_focus:
            self.action_answer(answer)

    @on(Answers.Clicked)
    def _clicked(self, event: Answers.Clicked) -> None:
        event.stop()
        if self.keys.press(f"click {event.id}", event.at):
            self.keys.settle()
            self.action_answer(event.id)

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
        self.border_subtitle = self._hint()

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
