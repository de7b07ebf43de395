"""A screen in which words can be looked for, with a bar at its foot."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType

from tui.ui.screens.dialog import Dialog
from tui.ui.widgets.find_bar import FindBar


class Searching(Dialog[None]):
    """Opens the bar and passes on what is typed into it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "find", "Find", show=False),
        Binding("n", "match(1)", "Next match", show=False),
        Binding("N,shift+n", "match(-1)", "Match before", show=False),
    ]

    def __init__(self, placeholder: str) -> None:
        super().__init__()
        self._find = FindBar(placeholder)

    @abstractmethod
    def look_for(self, words: str) -> None:
        """Look for other words; none end the search."""

    @abstractmethod
    def tell_found(self) -> None:
        """Say how a search stands that has just begun."""

    @abstractmethod
    def action_match(self, step: int) -> None:
        """The next match, or the one before."""

    def action_find(self) -> None:
        """Look for words."""
        self._find.open()

    @on(FindBar.Sought)
    def _sought(self, event: FindBar.Sought) -> None:
        self.look_for(event.words)
        self.tell_found()

    @on(FindBar.Stepped)
    def _stepped(self, event: FindBar.Stepped) -> None:
        self.action_match(event.step)

    @on(FindBar.Closed)
    def _find_closed(self) -> None:
        self.set_focus(None)
        self.look_for("")
