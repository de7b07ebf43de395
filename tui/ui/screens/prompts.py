"""Earlier prompts: type to search them, Enter takes one back into the prompt."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.fuzzy import Matcher
from textual.widgets import Input, Label, OptionList
from textual.widgets.option_list import Option

from tui.clean import visible
from tui.ui.screens.dialog import Dialog
from tui.ui.widgets.keys import Key, Keys

KEYS = (Key("Enter", "take back", "take"), Key("Esc", "close", "cancel"))

SHOWN = 200
"""Entries at most; whoever looks for an older one types more."""


def found(prompts: list[str], query: str) -> list[str]:
    """The prompts that fit, each once: without a query the newest first, else the best first."""
    newest = list(dict.fromkeys(reversed(prompts)))
    if not query:
        return newest[:SHOWN]
    # A long prompt is looked through by its beginning: matching is fuzzy and not free.
    matcher = Matcher(query)
    scored = [(matcher.match(" ".join(text[:400].split())), text) for text in newest]
    return [text for score, text in sorted(scored, key=lambda pair: -pair[0]) if score > 0][:SHOWN]


class EarlierPrompts(Dialog[str]):
    """Ends with the chosen prompt's text, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f3", "cancel", show=False),
        Binding("down", "move('cursor_down')", show=False, priority=True),
        Binding("up", "move('cursor_up')", show=False, priority=True),
        Binding("pagedown", "move('page_down')", show=False, priority=True),
        Binding("pageup", "move('page_up')", show=False, priority=True),
    ]

    def __init__(self, prompts: list[str], query: str = "") -> None:
        super().__init__()
        self._prompts = prompts
        self._query = query
        self._found: list[str] = []

    def compose(self) -> ComposeResult:
        """The search, the list, the keys."""
        with Vertical(classes="dialog"):
            yield Label("Earlier prompts", classes="title")
            yield Input(self._query, placeholder="type to search", compact=True)
            yield OptionList(id="prompts", markup=False, compact=True)
            yield Keys()

    def on_mount(self) -> None:
        """Show the newest."""
        self.query_one(OptionList).can_focus = False
        self.query_one(Input).focus()
        self._fill()

    @on(Input.Changed)
    def _fill(self) -> None:
        self._found = found(self._prompts, self.query_one(Input).value.strip())
        entries = self.query_one(OptionList)
        room = max(self.size.width - 8, 20)
        entries.set_options([Option(visible(" ⏎ ".join(text.splitlines()), room)) for text in self._found])
        if self._found:
            entries.highlighted = 0
        self.query_one(Keys).tell(*KEYS, before=f"{len(self._found)} found")

    def action_take(self) -> None:
        """End with the highlighted prompt."""
        place = self.query_one(OptionList).highlighted
        if place is not None and self._found:
            self.dismiss(self._found[place])

    def action_move(self, how: str) -> None:
        """Move in the list while the search keeps the focus."""
        getattr(self.query_one(OptionList), f"action_{how}")()

    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    def _chosen(self, event: Input.Submitted | OptionList.OptionSelected) -> None:
        event.stop()
        self.action_take()
