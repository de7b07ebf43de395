"""The bar that looks for words in the transcript: what is looked for, and how often it is there."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static

TYPING_S = 0.12
"""What is typed is looked for once nothing more is typed for this long."""
HINT = "↓ ↑ next, before · Esc closes"


class FindBar(Horizontal):
    """Stands between transcript and prompt while something is looked for."""

    DEFAULT_CSS = """
    FindBar {
        height: 1; display: none; background: $panel; padding: 0 1;
        &.-on { display: block; }
        & .what { width: auto; color: $text-primary; text-style: bold; }
        & Input { width: 1fr; background: $surface; }
        & .count { width: auto; padding: 0 1; }
        & .hint { width: auto; color: $foreground-muted; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", show=False),
        Binding("down", "step(1)", show=False),
        Binding("up", "step(-1)", show=False),
        Binding("shift+enter", "step(-1)", show=False),
    ]

    class Sought(Message):
        """Other words are looked for."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    class Stepped(Message):
        """Another match is wanted, so many places on."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    class Closed(Message):
        """Nothing is looked for any more."""

    def __init__(self, placeholder: str = "find in this conversation") -> None:
        super().__init__()
        self._words = Input(placeholder=placeholder, compact=True)
        self._words.cursor_blink = False
        self._count = Static(classes="count", markup=False)
        self._typing: Timer | None = None

    def compose(self) -> ComposeResult:
        """The words, how many matches there are, the keys."""
        yield Static("find ", classes="what", markup=False)
        yield self._words
        yield self._count
        yield Static(HINT, classes="hint", markup=False)

    @property
    def is_open(self) -> bool:
        """Whether the bar is shown."""
        return self.has_class("-on")

    @property
    def words(self) -> str:
        """What is looked for."""
        return self._words.value

    def open(self, words: str = "") -> None:
        """Show the bar with the words that were looked for last, or others."""
        self.set_class(True, "-on")
        if words:
            with self.prevent(Input.Changed):
                self._words.value = words
        self._words.focus()
        self._words.select_all()
        self._seek()

    def close(self) -> None:
        """Hide the bar; the words stay in it."""
        self.set_class(False, "-on")
        self.post_message(self.Closed())

    def tell(self, place: int, count: int) -> None:
        """Say which match is shown, and how many there are."""
        if not self.words:
            said = ""
        elif not count:
            said = "nothing found"
        else:
            said = f"{place or '–'} of {count:,}"
        self.say(said)

    def say(self, said: str) -> None:
        """Say how the search stands, in a word or two."""
        self._count.update(said)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._forget_typing()
        self._typing = self.set_timer(TYPING_S, self._seek)

    def _seek(self) -> None:
        self._forget_typing()
        self.post_message(self.Sought(self.words))

    def _forget_typing(self) -> None:
        if self._typing is not None:
            self._typing.stop()
            self._typing = None

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_step(1)

    def action_step(self, step: int) -> None:
        """To the next match, or the one before; what was just typed is looked for first."""
        if self._typing is not None:
            self._seek()
        else:
            self.post_message(self.Stepped(step))

    def action_close(self) -> None:
        """Look for nothing any more."""
        self.close()
