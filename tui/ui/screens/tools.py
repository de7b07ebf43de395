"""The tools screen: which tools the model is offered, which of them ask, and what was allowed for good."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.clean import cells, clean, visible
from tui.tools.toolbox import Toolbox
from tui.ui.ports import SessionPort, route_of
from tui.ui.screens.dialog import Dialog
from tui.ui.tool_rows import ToolRow, change_says, rows_of, takes_says
from tui.ui.widgets.keys import Key, Keys

NAME_WIDTH = 18
KEYS = (
    Key("Space", "offer", "offer_one"),
    Key("a", "all", "offer('all')"),
    Key("n", "none", "offer('none')"),
    Key("d", "default", "offer('default')"),
    Key("f", "ask again", "forget"),
    Key("Enter", "use", "use"),
    Key("Esc", "close", "cancel"),
)


class Tools(Dialog[tuple[str, ...]]):
    """Ends with the names of the tools to offer, or None when the offer stays as it is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "offer_one", "Offer or not", show=False, priority=True, id="tools.toggle"),
        Binding("enter", "use", "Use", show=False, priority=True, id="tools.use"),
        Binding("a", "offer('all')", "All", show=False, id="tools.all"),
        Binding("n", "offer('none')", "None", show=False, id="tools.none"),
        Binding("d", "offer('default')", "Default", show=False, id="tools.default"),
        Binding("f", "forget", "Ask again", show=False, id="tools.forget"),
        Binding("f5", "cancel", "Close", show=False),
    ]

    def __init__(self, tools: Toolbox, session: SessionPort, default: Toolbox) -> None:
        super().__init__()
        self._tools = tools
        self._session = session
        self._default = frozenset(spec.name for spec in default.specs)
        self._before = frozenset(spec.name for spec in session.toolbox.specs)
        self._offered = set(self._before)

    def compose(self) -> ComposeResult:
        """The list, the tool under the highlight, what a change means, the keys."""
        with Vertical(classes="dialog settings"):
            yield Static(id="tools-title", markup=False)
            yield OptionList(id="tools", markup=False, compact=True)
            yield Static(id="tool-said", markup=False)
            yield Static(id="tools-change", markup=False)
            yield Keys(*KEYS)

    def on_mount(self) -> None:
        """Show them all, the first one highlighted."""
        self._fill()
        self.query_one(OptionList).focus()

    def on_resize(self) -> None:
        """Descriptions follow the width."""
        self._fill()

    @property
    def _rows(self) -> list[ToolRow]:
        return rows_of(self._tools, self._offered, self._session.approvals)

    def _fill(self) -> None:
        listed = self.query_one(OptionList)
        width = max(self.size.width - 6, 40)
        before = listed.highlighted
        rows = self._rows
        listed.set_options([Option(_line(row, width), id=row.name) for row in rows])
        listed.highlighted = (before or 0) if rows else None
        offered = f"Tools   {len(self._offered)} of {len(rows)} offered"
        takes = visible(takes_says(route_of(self._session)), max(10, width - cells(offered) - 3))
        pad = max(3, width - cells(offered) - cells(takes))
        style = "$text-warning" if "no tools" in takes else "$foreground-muted"
        title = Content.assemble((offered, "bold $text-primary"), " " * pad, (takes, style))
        self.query_one("#tools-title", Static).update(title)
        self._tell()

    @on(OptionList.OptionHighlighted)
    def _tell(self) -> None:
        """Say all about the highlighted tool, and what using the choice would do."""
        row = self._highlighted()
        said = Content("There are no tools.")
        if row is not None:
            said = Content.assemble((visible(row.name), "bold"), "  ", clean(row.description))
            for word, covers, style in (
                ("allowed this session: ", row.allowed, "$text-success"),
                ("refused this session: ", row.refused, "$text-warning"),
            ):
                if covers:
                    said = Content.assemble(said, "\n", (word, style), visible("; ".join(covers)))
        self.query_one("#tool-said", Static).update(said)
        changed = self._offered != self._before
        says = change_says(self._session.conversation, route_of(self._session)) if changed else ""
        line = Content.styled(
            clean(says) or "Nothing is changed.", "$text-warning" if says else "$foreground-muted"
        )
        self.query_one("#tools-change", Static).update(line)

    def _highlighted(self) -> ToolRow | None:
        place = self.query_one(OptionList).highlighted
        rows = self._rows
        return rows[place] if place is not None and place < len(rows) else None

    def action_offer_one(self) -> None:
        """Offer the highlighted tool, or no longer."""
        row = self._highlighted()
        if row is not None:
            self._offered ^= {row.name}
            self._fill()

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_offer_one()

    def action_offer(self, which: str) -> None:
        """Offer all tools, none, or those that are offered by default."""
        names = {spec.name for spec in self._tools.specs}
        self._offered = {"all": names, "none": set(), "default": names & self._default}[which]
        self._fill()

    def action_forget(self) -> None:
        """Ask again about what was allowed or refused of the highlighted tool."""
        row = self._highlighted()
        if row is not None:
            self._session.approvals.forget(row.name)
            self._fill()

    def action_use(self) -> None:
        """Offer what is checked from the next turn on."""
        if self._offered == self._before:
            self.dismiss(None)
        else:
            self.dismiss(tuple(spec.name for spec in self._tools.specs if spec.name in self._offered))


def _line(row: ToolRow, width: int) -> Content:
    """One tool: whether it is offered, whether it asks, and the beginning of what it does."""
    mark = ("[x] ", "bold $text-success") if row.offered else ("[ ] ", "$foreground-muted")
    how, style = ("asks", "$text-warning") if row.asks else ("unasked", "$foreground-muted")
    if row.allowed:
        how = f"{how}*"
    name = visible(row.name, NAME_WIDTH - 1)
    name += " " * (NAME_WIDTH - cells(name))
    rest = max(8, width - 4 - NAME_WIDTH - 9)
    return Content.assemble(
        mark, (name, "bold"), (f"{how:<9}", style), (visible(row.description, rest), "$foreground-muted")
    )
