"""What the chat does about the inspector: beside the transcript or over it, and which tab is open."""

from __future__ import annotations

from typing import cast

from tui.ui.screens.writing import Writing
from tui.ui.widgets.inspector import TABS, Tab


class Inspecting(Writing):
    """Shows the inspector where there is room for it."""

    @property
    def _beside(self) -> bool:
        """Whether the inspector stands beside the transcript now."""
        return not self.has_class("-narrow") and not self.has_class("-no-inspector")

    def action_inspector(self, tab: str = "") -> None:
        """Show or hide the inspector, or open one of its tabs; without room for it, over the transcript."""
        names = [name for name, _ in TABS]
        if tab and tab.lower() not in names:
            self.app.say(f"The inspector has no tab {tab}; it has {', '.join(names)}.", warning=True)
            return
        if tab:
            self._open(cast("Tab", tab.lower()))
        elif self.has_class("-narrow"):
            self.action_inspector_full()
        else:
            self.toggle_class("-no-inspector")

    def action_inspector_full(self, _: str = "") -> None:
        """The inspector over the whole screen."""
        from tui.ui.screens.inspector import InspectorScreen

        def done(tab: Tab | None) -> None:
            if tab is not None:
                self.inspector.tab = tab

        self.app.push_screen(InspectorScreen(self.inspector.seen, self.inspector.tab), done)

    def action_inspector_tab(self, _: str = "") -> None:
        """The next tab; where the inspector is not shown, show it first."""
        if self._beside:
            self.inspector.step(1)
        else:
            self._open(self.inspector.tab)

    def action_seals(self, _: str = "") -> None:
        """The tab with every sealed part."""
        self._open("seals")

    def _open(self, tab: Tab) -> None:
        self.inspector.tab = tab
        if self.has_class("-narrow"):
            self.action_inspector_full()
        else:
            self.set_class(False, "-no-inspector")
