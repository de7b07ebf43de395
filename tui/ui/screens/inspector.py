"""The inspector over the whole screen, for narrow terminals."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.ui.screens.dialog import Dialog
from tui.ui.widgets.inspector import Inspected, Inspector


class InspectorScreen(Dialog[None]):
    """Follows the turn while it is open; Esc or F2 closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f2,shift+f2,f14,q", "cancel", "Close", show=False)]

    def __init__(self, seen: Inspected) -> None:
        super().__init__()
        self.inspector = Inspector(classes="full")
        self.inspector.seen = seen

    def compose(self) -> ComposeResult:
        """The same panel, wide."""
        yield self.inspector

    def on_mount(self) -> None:
        """Let the arrows scroll."""
        self.inspector.focus()

    def follow(self, seen: Inspected) -> None:
        """Show the turn as it goes on."""
        self.inspector.seen = seen
