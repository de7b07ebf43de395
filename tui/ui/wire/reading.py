"""A page that is one sheet: scrolling, the cursor, searching."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from textual.app import ComposeResult

from tui.ui.beside import beside
from tui.ui.wire.page import Page
from tui.ui.wire.sheet import Section
from tui.ui.wire.sought import SoughtSheet


class ReadingPage(Page):
    """Shows sections; what they are is its subclass's."""

    def __init__(self) -> None:
        super().__init__()
        self.sheet = SoughtSheet()

    def compose(self) -> ComposeResult:
        """The sheet alone."""
        yield self.sheet

    def fill(self, sections: Sequence[Section], *, keep_place: bool = False) -> None:
        """Show other sections, from the top or where reading was."""
        beside(self, partial(self.sheet.fill, sections, keep_place=keep_place), "fill", exclusive=True)

    def move(self, key: str) -> None:
        """Scroll, or move the cursor."""
        self.sheet.move(key)

    def find(self, words: str) -> None:
        """Look for words in everything, folded or not."""
        self.sheet.find(words)

    def find_next(self, step: int) -> None:
        """To the next match, or the one before."""
        self.sheet.find_next(step)

    @property
    def found(self) -> str:
        """How the search stands."""
        return self.sheet.found
