"""What the forms above the prompt share that wait for a yes or a no while whoever reads goes on reading."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from time import monotonic

from textual import events, on
from textual.containers import Vertical
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

from tui.ui.commands import rebound
from tui.ui.deliberation import MEANT_S, READ_S, Deliberation
from tui.ui.widgets.answers import Answers

BORDER = 4
"""Columns the border and the padding take."""


class AskingForm(Vertical, can_focus=True):
    """Takes a decision by key or click; hidden while nothing waits.

    Its keys, the bindings to ``answer('…')``, work only while it has the focus. It takes the focus by
    itself only from an empty prompt, and what a person types on is handed to the prompt.
    """

    keys_of = "approval"
    """What the ids of its keys begin with."""
    at_once: frozenset[str] = frozenset()
    """Answers after which nothing is decided yet."""

    @dataclass
    class Typed(Message):
        """Text that was meant for the prompt."""

        text: str

    class Changed(Message):
        """Something else waits, or the form got or lost the focus."""

    def __init__(
        self, clock: Callable[[], float] = monotonic, keymap: Mapping[str, str] | None = None
    ) -> None:
        super().__init__()
        self._keymap = keymap or {}
        self.clock = clock
        """Seconds on the clock that key presses are stamped with."""
        self.keys = Deliberation()
        self._before: Widget | None = None
        self._settling: Timer | None = None
        self._answers = Answers()

    @property
    @abstractmethod
    def waiting(self) -> int:
        """How many questions wait."""

    @abstractmethod
    def rows(self) -> Iterable[Widget]:
        """What the form is made of, from top to bottom; asked for once, when something waits."""

    def open(self) -> None:
        """Stand on the screen; most sessions never ask anything, and start the sooner for it."""
        self.set_class(True, "-on")
        if not self.children:
            self.mount(*self.rows())

    @abstractmethod
    def action_answer(self, answer: str) -> None:
        """Decide."""

    def moved(self, key: str) -> bool:  # noqa: ARG002
        """Whether a key that is no answer was of use here."""
        return False

    def hint(self) -> str:
        """What stands in the border."""
        if self.has_focus:
            return "Tab to the prompt · Esc stops"
        key = next(c.shown for c in rebound(self._keymap) if c.id == "approval.answer")
        return f"Tab or {key} to answer · Esc stops"

    @property
    def answer_keys(self) -> dict[str, str]:
        """The key of each answer, as a person bound it."""
        bound = {
            binding.action.removeprefix("answer('").removesuffix("')"): key
            for key, bindings in reversed(self._bindings.key_to_bindings.items())
            for binding in bindings
            if binding.action.startswith("answer(")
        }
        return {
            id: self._keymap.get(f"{self.keys_of}.{id}", key).split(",")[0].strip()
            for id, key in bound.items()
        }

    def inner_width(self) -> int:
        """Cells within the frame."""
        outer = self.parent.size.width if isinstance(self.parent, Widget) else self.app.size.width
        return max(16, outer - BORDER)

    def painted(self) -> None:
        """The question stands on the screen: from now on it can be read."""
        if not self.waiting or not self._on_top:
            return
        self.keys.show(self.clock())
        self.set_timer(READ_S, self._offer_focus)

    def resume(self) -> None:
        """The screen is on top again: what waits has to be read before it is answered."""
        if self.waiting:
            self.keys.hide()
            self.call_after_refresh(self.painted)

    # Focus

    def _offer_focus(self) -> None:
        """Take the focus where nobody is typing; then the keys need a moment again."""
        if not self.waiting or not self._on_top or not self._is_free():
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

    def leave(self) -> None:
        """Give the focus back."""
        before, self._before = self._before, None
        if before is not None and before.focusable:
            before.focus()
        else:
            self.post_message(self.Typed(""))

    def watch_has_focus(self, has_focus: bool) -> None:
        """The keys work from now on; or they do not, and what was about to be decided is not."""
        super().watch_has_focus(has_focus)
        if not has_focus:
            self.keys.settle()
            self._answers.chosen = ""
        self.border_subtitle = self.hint()
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
        elif self.moved(event.key):
            event.stop()
            event.prevent_default()

    def _press(self, action: str, event: events.Key) -> None:
        """A key that decides; it does so only when nothing is typed after it."""
        answer = action.removeprefix("answer('").removesuffix("')")
        begun = self.keys.press(str(event.character or event.key), event.time)
        waiting = self.keys.waiting
        self._answers.chosen = (answer if begun else self._answers.chosen) if waiting else ""
        if begun and answer in self.at_once:
            # What follows may be typed at once.
            self.keys.settle()
            self.action_answer(answer)
        elif begun:
            self._settling = self.set_timer(MEANT_S, self._settle)
        elif not waiting:
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
