"""The inspector over the whole screen, for narrow terminals."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.ui.inspected import Inspected
from tui.ui.screens.dialog import Dialog
from tui.ui.transcript.reader import SCROLLING
from tui.ui.widgets.inspector import Inspector, Tab
from tui.ui.widgets.inspector_wire import WireTab
from tui.ui.wire.exchange_list import ExchangeList


class InspectorScreen(Dialog[Tab]):
    """Follows the turn while it is open; Esc or F2 closes it and tells which tab was open."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2,shift+f2,f14,q", "cancel", "Close", show=False),
        Binding("right,tab,f8", "step(1)", "Next tab", show=False, priority=True),
        Binding("left,shift+tab", "step(-1)", "Tab before", show=False, priority=True),
        Binding("enter", "open", "Open", show=False),
        Binding("slash", "filter", "Filter", show=False),
        *(Binding(key, f"move('{key}')", show=False) for key in SCROLLING),
    ]
    AUTO_FOCUS = ""

    def __init__(self, seen: Inspected, tab: Tab = "turn") -> None:
        super().__init__()
        self.inspector = Inspector(classes="full", hint="←→ tabs · Esc closes")
        self.inspector.tab = tab
        self.inspector.seen = seen

    def compose(self) -> ComposeResult:
        """The same panel, wide."""
        yield self.inspector

    def follow(self, seen: Inspected) -> None:
        """Show the turn as it goes on."""
        self.inspector.seen = seen

    def action_step(self, by: int) -> None:
        """Open another tab."""
        self.inspector.step(by)

    def action_move(self, key: str) -> None:
        """Scroll the open tab."""
        self.inspector.page.move(key)

    def action_open(self) -> None:
        """Look at the exchange under the cursor, on the Wire tab."""
        if isinstance(self.inspector.page, WireTab):
            self.inspector.page.choose()

    def action_filter(self) -> None:
        """Filter the exchanges, on the Wire tab."""
        if isinstance(self.inspector.page, WireTab):
            self.inspector.page.action_filter()

    @on(ExchangeList.Chosen)
    def _chosen(self, event: ExchangeList.Chosen) -> None:
        """The chat below opens the viewer, over this."""
        self.app.screen_stack[-2].post_message(ExchangeList.Chosen(event.id))

    def action_cancel(self) -> None:
        """Close; the panel shows the tab that was open here."""
        self.dismiss(self.inspector.tab)
