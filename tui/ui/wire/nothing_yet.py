"""What the exchange viewer will show, for whoever opens it before anything was sent."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Label, Static

from tui.ui.screens.dialog import Dialog
from tui.ui.widgets.keys import Key, Keys

SHOWS = (
    ("Request", "to the byte; what is new in it first"),
    ("Headers", "both ways, secrets masked"),
    ("Frames", "each one as it came, with its time"),
    ("Answer", "step by step, as it grew"),
    ("Timing", "connecting, waiting, thinking, text, tools"),
    ("Route", "who really answered, and how that is known"),
    ("Cost", "every figure there is, and which one counts"),
    ("Cache", "where the prefix broke, and why"),
)
"""The pages of the viewer, and what each is for."""
DOES = "And then: copy as curl, compare two, send again, ask another model."


class NothingYet(Dialog[None]):
    """Closed by Esc, F12 or q; sends nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f12,q", "cancel", "Close", show=False)]

    def compose(self) -> ComposeResult:
        """That there is nothing yet, what there will be, the key."""
        rows = [
            Content.assemble((f"{page:<9}", "bold $text-primary"), (says, "$foreground-muted"))
            for page, says in SHOWS
        ]
        with Vertical(classes="dialog"):
            yield Label("Nothing was sent yet; F12 will show each request and its answer", classes="title")
            yield Static(Content("\n").join([*rows, Content(""), Content(DOES)]))
            yield Keys(Key("Esc", "close", "cancel"))
