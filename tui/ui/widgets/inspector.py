"""The panel at the right: tabs about the turn and about what travels with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from textual.app import ComposeResult, RenderResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget

from tui.ui.inspected import Inspected
from tui.ui.widgets.inspector_turn import TurnTab

if TYPE_CHECKING:
    from tui.ui.widgets.inspector_seals import SealsTab
    from tui.ui.widgets.inspector_wire import WireTab

Tab = Literal["turn", "wire", "seals"]
TABS: tuple[tuple[Tab, str], ...] = (("turn", "Turn"), ("wire", "Wire"), ("seals", "Seals"))
"""Each tab and how it is called, from left to right."""


class TabStrip(Widget):
    """One line that names the tabs, the open one in brackets; a click opens another."""

    tab: reactive[Tab] = reactive("turn")
    """The open tab."""

    @dataclass
    class Chosen(Message):
        """A tab was clicked."""

        tab: Tab

    def __init__(self, hint: str = "") -> None:
        super().__init__()
        self._hint = hint
        """How to close what the strip is in, as far as it can be closed; a click does."""

    def render(self) -> RenderResult:
        """The names, and at the right what the keys do."""
        pieces = []
        for tab, name in TABS:
            mine = tab == self.tab
            shown = Content.styled(
                f"[{name}]" if mine else f" {name} ", "bold" if mine else "$foreground-muted"
            )
            pieces.append(shown.stylize(Style.from_meta({"@click": f"choose('{tab}')"})))
        names = Content(" ").join(pieces)
        hint = Content.styled(self._hint, "$foreground-muted").stylize(
            Style.from_meta({"@click": "screen.cancel"})
        )
        gap = " " * max(1, self.size.width - names.cell_length - hint.cell_length)
        return Content.assemble(names, gap, hint)

    def action_choose(self, tab: Tab) -> None:
        """Open a tab."""
        self.post_message(self.Chosen(tab))


class Inspector(Vertical):
    """Shows one tab at a time; the others cost nothing."""

    seen: reactive[Inspected] = reactive(Inspected(), always_update=True, repaint=False)
    """What it shows; its page is repainted, not the panel behind it."""
    tab: reactive[Tab] = reactive("turn")
    """The open tab."""

    def __init__(self, *, classes: str | None = None, hint: str = "") -> None:
        super().__init__(classes=classes)
        self._strip = TabStrip(hint)
        self._by_key = bool(hint)
        self._pages: dict[Tab, TurnTab | WireTab | SealsTab] = {}

    def compose(self) -> ComposeResult:
        """The open page above the strip; the others are there once they are opened."""
        yield self.page
        yield self._strip

    def on_mount(self) -> None:
        """One page is open."""
        self._open()

    @property
    def page(self) -> TurnTab | WireTab | SealsTab:
        """The page of the open tab."""
        if self.tab not in self._pages:
            self._pages[self.tab] = self._new_page()
        return self._pages[self.tab]

    def _new_page(self) -> TurnTab | WireTab | SealsTab:
        # What two of them need is imported when one of those is opened, not before the first frame.
        if self.tab == "turn":
            return TurnTab()
        if self.tab == "wire":
            from tui.ui.widgets.inspector_wire import WireTab

            return WireTab(keys=self._by_key)
        from tui.ui.widgets.inspector_seals import SealsTab

        return SealsTab("PgDn" if self._by_key else "wheel, ⇧F2")

    def step(self, by: int) -> None:
        """Open the next tab, or the one before."""
        names = [tab for tab, _ in TABS]
        self.tab = names[(names.index(self.tab) + by) % len(names)]

    def on_tab_strip_chosen(self, event: TabStrip.Chosen) -> None:
        """Open the tab that was clicked."""
        event.stop()
        self.tab = event.tab

    def watch_tab(self) -> None:
        """Another tab is open."""
        if self.is_mounted:
            self._open()

    def _open(self) -> None:
        self._strip.tab = self.tab
        if not self.page.is_attached:
            self.mount(self.page, before=self._strip)
        for tab, page in self._pages.items():
            page.display = tab == self.tab
        # A page that was hidden has no width before the next layout.
        self.call_after_refresh(self.repaint)

    def watch_seen(self) -> None:
        """Draw the open page anew, if anybody can see it."""
        self.repaint()

    def on_resize(self) -> None:
        """The pages follow the width."""
        self.call_after_refresh(self.repaint)

    def on_show(self) -> None:
        """What came while hidden."""
        self.call_after_refresh(self.repaint)

    def repaint(self) -> None:
        """Bring the open page up to date."""
        if self.is_mounted and self.display and self.size.width:
            self.page.show(self.seen)
