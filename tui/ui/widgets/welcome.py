"""What an empty conversation shows: where one is, and prompts that show what the program can do."""

from __future__ import annotations

from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.chat.record import SessionInfo
from tui.clean import clean, cut, visible
from tui.ui.session_rows import UNTITLED, row_of


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A prompt worth trying, and what it shows."""

    title: str
    prompt: str


SIMULATED: tuple[Suggestion, ...] = (
    Suggestion(
        "See the model think, sealed, with the cost below",
        "Think about it, then tell me in two sentences why the sky is blue.",
    ),
    Suggestion("See tools at work", "What is 17 * 23, and what time is it in Paris? Use the tools."),
    Suggestion("See a failure explained, then retry it", "Show me what happens with error 529 once."),
)
"""What the simulated gateway understands."""


LAST = "last"
"""Option id of the session that can be gone on with."""


class Welcome(VerticalScroll):
    """Stands where the transcript will be until the first prompt."""

    @dataclass
    class Chosen(Message):
        """A suggested prompt was picked."""

        prompt: str

    @dataclass
    class Reopened(Message):
        """The last session was picked, to go on with."""

        session: str
        """Its id."""

    def __init__(self, proxy: str, simulated: bool, *, pick_key: str = "^O", help_key: str = "F1") -> None:
        super().__init__()
        self.can_focus = False
        self._proxy = proxy
        self._simulated = simulated
        self._keys = pick_key, help_key
        self._trouble = ""
        self._last: SessionInfo | None = None
        self._has_draft = False
        self._now = 0.0
        # Held, not queried: the models may be read before all of this is on the screen.
        self._told = Static(self._greeting(), classes="greeting")
        self._list = OptionList(*self._options(), id="suggestions", markup=False)
        self._list.display = simulated

    def offer(self, last: SessionInfo, has_draft: bool, now: float) -> None:
        """Offer to go on with the newest session, at Unix time ``now``."""
        self._last, self._has_draft, self._now = last, has_draft, now
        self._list_again()
        self._list.highlighted = 0

    def withdraw(self) -> None:
        """Offer no session any more: there is none to go on with."""
        if self._last is not None:
            self._last = None
            self._list_again()

    def _list_again(self) -> None:
        self._list.set_options(self._options())
        self._list.display = self._simulated or self._last is not None
        self._told.update(self._greeting())

    def tell(self, trouble: str) -> None:
        """Say why the proxy cannot be used, empty when it can; the text may come from anywhere."""
        self._trouble = clean(trouble)
        self._told.update(self._greeting())

    def compose(self) -> ComposeResult:
        """A greeting, the suggestions, the way to a real proxy."""
        yield self._told
        yield self._list
        yield Static(self._foot(), classes="foot")

    def _greeting(self) -> Content:
        if self._trouble:
            return Content.assemble(
                (f"✗ {visible(self._proxy, 60)} cannot be used yet", "bold $text-error"),
                "\n\n",
                self._trouble,
            )
        if not self._simulated:
            return Content.assemble(
                ("Connected to ", ""),
                (visible(self._proxy, 60), "bold"),
                (".", ""),
                "\n",
                ("Type a prompt.", "$foreground-muted"),
            )
        return Content.assemble(
            ("See what a model really does.", "bold"),
            "\n" if self._last else "\n\n",
            ("This is the ", ""),
            ("simulated", "bold $text-accent"),
            (" gateway. It costs nothing and calls nobody.", ""),
            "\n",
            ("Try one of these (Tab, then Enter, or a click), or type your own:", "$foreground-muted"),
        )

    def _options(self) -> list[Option]:
        last = [] if self._last is None else [Option(self._going_on(self._last), id=LAST)]
        suggestions = SIMULATED if self._simulated else ()
        return last + [
            Option(Content.assemble((s.title, "bold"), "\n", (s.prompt, "$foreground-muted")), id=str(i))
            for i, s in enumerate(suggestions)
        ]

    def _going_on(self, last: SessionInfo) -> Content:
        row = row_of(last, self._now)
        ago = "just now" if row.age == "now" else f"{row.age} ago"
        turns = f"{row.turns} turns" if row.turns not in ("?", "1") else ""
        told = ("a draft waits" if self._has_draft else "", ago, turns, row.model, row.words)
        return Content.assemble(
            ("Go on with ", "bold $text-accent"),
            (visible(last.title, 58) or UNTITLED, "bold"),
            "\n",
            (cut(" · ".join(word for word in told if word), 70), "$foreground-muted"),
        )

    def _foot(self) -> Content:
        pick, help = self._keys
        keys = (
            ("/connect URL", "use a LiteLLM proxy", "connect"),
            (pick, "choose a model", "pick_model"),
            (help, "all keys", "help"),
        )
        lines = [
            Content.assemble((f"{key:<14}", "bold $text-primary"), (does, "$foreground-muted")).stylize(
                Style.from_meta({"@click": f"screen.{action}"})
            )
            for key, does, action in keys
        ]
        return Content("\n").join(lines)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Tell which prompt or session was picked."""
        event.stop()
        if event.option_id == LAST and self._last is not None:
            self.post_message(self.Reopened(self._last.id))
        else:
            self.post_message(self.Chosen(SIMULATED[int(event.option_id or 0)].prompt))
