"""What a page of the exchange viewer is: one way to look at an exchange."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.containers import Vertical

from tui.ui.ports import LookupsPort
from tui.ui.widgets.keys import Key
from tui.ui.wire.seen import Seen


class Page(Vertical):
    """One tab of the viewer; it fills the room below the tabs, and costs nothing while it is not shown."""

    TITLE: ClassVar[str]
    """How its tab is called, one short word."""

    key_for: Callable[[str], str | None] = staticmethod(lambda _: None)
    """The key that would be sent to a base URL now, where this program knows it; the viewer tells."""
    lookups: LookupsPort | None = None
    """The way to ask the proxy of costs, where there is one; the viewer tells."""

    def show(self, seen: Seen) -> None:
        """Show an exchange, from its top; the same one again while it runs, at most four times a second.

        Called on the event loop: what takes longer than a few milliseconds is done in a thread worker.
        """

    def move(self, key: str) -> None:
        """Scroll as a key of that name would: up, down, pageup, pagedown, home, end."""

    def find(self, words: str) -> None:
        """Look for ``words`` and go to the first match; empty ends the search."""

    def find_next(self, step: int) -> None:
        """The next match, or with -1 the one before."""

    @property
    def found(self) -> str:
        """How the search stands, such as ``3 of 17``; empty when the page cannot be searched."""
        return ""

    @property
    def copied(self) -> str:
        """What ``y`` copies: the part the cursor is on, else the whole page, as plain text."""
        return ""

    @property
    def keys(self) -> tuple[Key, ...]:
        """The keys of its own, for the line at the bottom."""
        return ()

    def press(self, key: str) -> bool:  # noqa: ARG002
        """Do what one of ``keys`` does; False when it is none of them."""
        return False
