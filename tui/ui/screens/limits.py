"""What the key in use has left: asked of the proxy, and by the headers of the newest answer."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.truth.limits import Limit
from tui.truth.lookups import KeyInfo
from tui.ui.beside import beside
from tui.ui.ports import LookupsPort
from tui.ui.screens.dialog import Dialog
from tui.ui.transcript.reader import SCROLLING
from tui.ui.widgets.keys import Key, Keys
from tui.ui.wire.cost_page import sections_of
from tui.ui.wire.cost_rows import Row, key_rows, limit_name, limit_words
from tui.ui.wire.sheet import Sheet


def rows_of(limits: tuple[Limit, ...], key: KeyInfo | None, *, can_ask: bool) -> list[Row]:
    """What is known of what is left; ``key`` is None as long as the proxy has not answered."""
    rows = [Row("title", "Key", "as the proxy says now" if key is not None else "")]
    if key is not None:
        rows += key_rows(key)
    else:
        rows.append(Row("none", "", "asking the proxy …" if can_ask else "this server cannot be asked"))
    if limits:
        rows.append(Row("title", "Limits", "by the headers of the newest answer"))
        rows += [Row("fact", limit_name(limit), limit_words(limit)) for limit in limits]
    else:
        rows.append(Row("title", "Limits", "the newest answer's headers tell none"))
    return rows


class Limits(Dialog[None]):
    """Asks when it is opened, and again on ``u``; both are free of charge."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "cancel", "Close", show=False),
        Binding("u", "ask", "Ask again", show=False),
        *(Binding(key, f"move('{key}')", show=False) for key in SCROLLING),
    ]
    AUTO_FOCUS = ""

    def __init__(self, lookups: LookupsPort | None, limits: tuple[Limit, ...]) -> None:
        super().__init__()
        self._lookups = lookups
        self._limits = limits
        self._sheet = Sheet()

    def compose(self) -> ComposeResult:
        """A title, the lines, the keys."""
        with Vertical(classes="dialog tall"):
            yield Static(Content.styled("What is left", "bold"), markup=False)
            yield self._sheet
            ask = (Key("u", "ask again", "ask"),) if self._lookups is not None else ()
            yield Keys(*ask, Key("Esc", "close", "cancel"))

    def on_mount(self) -> None:
        """Ask at once: that is what it was opened for."""
        self.action_ask()

    def action_ask(self) -> None:
        """Ask the proxy about the key."""
        self._fill(None)
        if self._lookups is not None:
            beside(self, partial(self._ask, self._lookups), "ask")

    async def _ask(self, lookups: LookupsPort) -> None:
        self._fill(await lookups.read_key())

    def _fill(self, key: KeyInfo | None) -> None:
        rows = rows_of(self._limits, key, can_ask=self._lookups is not None)
        beside(self, partial(self._sheet.fill, sections_of(rows)), "fill")

    def action_move(self, key: str) -> None:
        """Scroll the lines."""
        self._sheet.move(key)
