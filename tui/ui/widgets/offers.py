"""Small forms above the prompt: which earlier prompt is edited, and whether to go on as a fork."""

from __future__ import annotations

from time import monotonic
from typing import ClassVar, Literal

from textual.app import RenderResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui.clean import visible
from tui.ui.widgets.keys import Key, key_lines

SEEN_S = 0.4
"""A key decides once the question has stood there for this long."""

Choice = Literal["fork", "keep", "cancel"]


class EditLine(Widget):
    """Says which earlier prompt is being written anew, as long as one is."""

    DEFAULT_CSS = """
    EditLine { height: 1; display: none; padding: 0 1; background: $surface; &.-on { display: block; } }
    """

    says: reactive[str] = reactive("")
    """The beginning of the prompt; empty while none is edited. Not cleaned."""

    def watch_says(self, says: str) -> None:
        """Appear with a prompt."""
        self.set_class(bool(says), "-on")

    def render(self) -> RenderResult:
        """What is edited, and what the keys do."""
        hint = "  Enter sends it as a fork · Esc leaves it as it was"
        head = "editing "
        room = max(8, self.size.width - len(head) - len(hint) - 2)
        return Content.assemble(
            (head, "bold $text-warning"), visible(self.says, room), (hint, "$foreground-muted")
        )


class ForkOffer(Widget, can_focus=True):
    """Asks before newer settings cost the sealed history; answers go up as ``Chosen``."""

    DEFAULT_CSS = """
    ForkOffer {
        height: auto; display: none; padding: 0 1; background: $surface; border: round $warning;
        border-title-color: $text-warning; border-title-style: bold;
        &.-on { display: block; }
        &:focus { border: round $primary; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "choose('fork')", show=False),
        Binding("k", "choose('keep')", show=False),
        Binding("escape", "choose('cancel')", show=False),
    ]

    KEYS = (
        Key("f", "go on as a fork", "choose_fork('fork')"),
        Key("k", "keep the old ones", "choose_fork('keep')"),
        Key("Esc", "not now: the prompt comes back", "choose_fork('cancel')"),
    )

    says: reactive[str] = reactive("", layout=True)
    """What going on would cost, clean; empty while nothing is asked."""

    class Chosen(Message):
        """How to go on."""

        def __init__(self, choice: Choice) -> None:
            super().__init__()
            self.choice = choice

    def __init__(self) -> None:
        super().__init__()
        self.border_title = "tools or system prompt are others than this conversation was made with"
        self._asked_at = 0.0

    def ask(self, says: str) -> None:
        """Ask how to go on."""
        self._asked_at = monotonic()
        self.says = says
        self.set_class(True, "-on")
        self.focus()

    def done(self) -> None:
        """Nothing is asked any more."""
        self.says = ""
        self.set_class(False, "-on")

    @property
    def is_open(self) -> bool:
        """Whether an answer is waited for."""
        return self.has_class("-on")

    def action_choose(self, choice: Choice) -> None:
        """Answer, unless the question cannot have been read yet."""
        if choice == "cancel" or monotonic() - self._asked_at >= SEEN_S:
            self.post_message(self.Chosen(choice))

    def render(self) -> RenderResult:
        """The cost, then the answers."""
        keys = key_lines(self.KEYS, max(20, self.size.width))
        return Content("\n").join([Content(self.says), *keys])
