"""The model picker: type to filter, see where each model would go and what the switch costs the history."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.clean import cells, clean, visible
from tui.errors import SightlineError
from tui.probing.report import Report
from tui.ui.beside import beside
from tui.ui.model_rows import ModelRow, picked, rows_of
from tui.ui.ports import Home, route_of
from tui.ui.preferences import Preferences
from tui.ui.probe_ports import ProbePort
from tui.ui.probe_rows import SEEN, observed
from tui.ui.screens.dialog import Dialog
from tui.ui.widgets.keys import Key, Keys

TITLES = ModelRow("name", "vendor", "upstream", "endpoint", "ctx", "$/M in / out", ("can",))
KEYS = (
    Key("Enter", "use", "use"),
    Key("^F", "favourite", "favourite"),
    Key("^T", "try out", "try_out"),
    Key("F5", "read again", "refresh"),
    Key("Esc", "close", "cancel"),
)
AS_TYPED = "\x00typed"
"""Option id of the entry that takes the filter text as a model's name."""


class ModelPicker(Dialog[str]):
    """Ends with the model's name, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+f", "favourite", "Favourite", priority=True, id="model.favourite"),
        Binding("ctrl+t", "try_out", "Try out", priority=True, id="model.try-out"),
        Binding("f5", "refresh", "Read the models again", id="model.refresh"),
        Binding("ctrl+o", "cancel", "Close", priority=True, show=False),
        Binding("down", "move('cursor_down')", show=False, priority=True),
        Binding("up", "move('cursor_up')", show=False, priority=True),
        Binding("pagedown", "move('page_down')", show=False, priority=True),
        Binding("pageup", "move('page_up')", show=False, priority=True),
    ]

    def __init__(self, home: Home, preferences: Preferences, query: str = "") -> None:
        super().__init__()
        self._home = home
        self.preferences = preferences
        self._query = query
        self._rows: list[ModelRow] = []
        self._problem = ""
        self._reading = False
        self.refreshed = False
        """Whether the models were read again, well."""
        self.tries_out = False
        """Whether the model it ends with shall be tried out, not used."""
        self._reports: dict[str, Report] = {}

    def compose(self) -> ComposeResult:
        """The filter, the list, what the highlighted model means, the keys."""
        with Vertical(classes="dialog"):
            yield Input(
                self._query, placeholder="type to filter: name, vendor, upstream, endpoint, …", compact=True
            )
            yield Static(id="columns", markup=False)
            yield OptionList(id="models", markup=False, compact=True)
            yield Static(id="preview", markup=False)
            yield Keys()

    def on_mount(self) -> None:
        """Show what is known now; ask for the list if there is none."""
        self.query_one(OptionList).can_focus = False
        self.query_one(Input).focus()
        self.show_catalog()
        if self._home.probes is not None:
            beside(self, partial(self._read_reports, self._home.probes), "reports")
        if not self._home.session.catalog.cards:
            self.action_refresh()

    def on_resize(self) -> None:
        """Columns follow the width."""
        self._fill()

    def show_catalog(self) -> None:
        """Read the rows from the session's present catalog."""
        if not self.query("#models"):
            return
        self._rows = rows_of(self._home.session.catalog, self._home.resolve, self._reports)
        self._fill()

    async def _read_reports(self, probes: ProbePort) -> None:
        """What probes saw, from a file."""
        self._reports = observed(await asyncio.to_thread(probes.reports))
        if self._reports:
            self.show_catalog()

    def action_refresh(self) -> None:
        """Read the models again; the list stays usable meanwhile."""
        if not self._reading:
            beside(self, self._load, "catalog")

    async def _load(self) -> None:
        self._reading, self._problem = True, ""
        self._head()
        try:
            await self._home.load_catalog()
            self.refreshed = True
        except SightlineError as error:
            self._problem = str(error)
        finally:
            self._reading = False
        self.show_catalog()

    @on(Input.Changed)
    def _filter(self) -> None:
        self._fill()

    def _fill(self) -> None:
        """Fill the list with what the filter keeps, and with the name as typed."""
        models = self.query_one(OptionList)
        query = self.query_one(Input).value.strip()
        kept = picked(self._rows, query, self.preferences)
        width = max(self.size.width - 8, 40)
        options = [Option(self._line(row, width), id=row.name) for row in kept]
        if query and all(row.name != query for row in kept):
            typed = Content.assemble(
                ("  use ", "$foreground-muted"),
                (visible(query, 60), "bold"),
                (" as typed", "$foreground-muted"),
            )
            options.append(Option(typed, id=AS_TYPED))
        before = models.highlighted_option.id if models.highlighted_option else None
        models.set_options(options)
        ids = [option.id for option in options]
        if options:
            models.highlighted = ids.index(before) if not query and before in ids else 0
        self._head()
        self._preview()

    def _head(self) -> None:
        width = max(self.size.width - 8, 40)
        state = "reading models… " if self._reading else ""
        columns = Content.styled(f"  {_columns(TITLES, width)}", "$foreground-muted")
        self.query_one("#columns", Static).update(columns)
        shown = sum(1 for o in self.query_one(OptionList).options if o.id != AS_TYPED)
        count = Content.styled(f"{state}{shown} of {len(self._rows)}", "bold" if self._reading else "")
        self.query_one(Keys).tell(*KEYS, before=count)

    def _line(self, row: ModelRow, width: int) -> Content:
        return Content.assemble((f"{self._mark(row)} ", "$text-accent"), _columns(row, width))

    def _mark(self, row: ModelRow) -> str:
        route = route_of(self._home.session)
        if row.name in self.preferences.favourites:
            return "★"
        if route is not None and row.name == route.requested:
            return "●"
        return "·" if row.name in self.preferences.recents else " "

    @on(OptionList.OptionHighlighted)
    def _preview(self) -> None:
        line = self.query_one("#preview", Static)
        name = self._marked()
        if self._problem:
            line.update(Content.styled(visible(self._problem, 300), "$text-error"))
        elif name is None:
            line.update("")
        elif "*" in name:
            line.update(
                Content.styled(
                    f"{visible(name)} is a pattern: Enter, then type the rest of the name",
                    "$foreground-muted",
                )
            )
        else:
            line.update(self._consequence(name))

    def _consequence(self, name: str) -> Content:
        """Where the model would go, and what the switch does to the history."""
        session = self._home.session
        try:
            route, findings = session.preview(name)
        except SightlineError as error:
            return Content.styled(f"{clean(str(error))} {clean(error.hint)}".strip(), "$text-error")
        row = next((row for row in self._rows if row.name == name), None)
        can = f" · {' '.join(row.badges)}" if row is not None and row.badges else ""
        can += f"\n{row.probed}" if row is not None and row.probed else ""
        road = Content.assemble(
            ("→ ", "$foreground-muted"),
            visible(route.upstream or "upstream not told", 60),
            (f" · {route.provider} · {route.endpoint}{can}", "$foreground-muted"),
        )
        if not findings:
            whole = "from the next prompt on; the history goes along whole"
            return Content.assemble(road, "\n", (whole, "$foreground-muted"))
        return Content.assemble(
            road, "\n", (f"⚠ {' '.join(clean(f.says) for f in findings)}", "$text-warning")
        )

    def _marked(self) -> str | None:
        option = self.query_one(OptionList).highlighted_option
        if option is None:
            return None
        return self.query_one(Input).value.strip() if option.id == AS_TYPED else option.id

    def action_move(self, action: str) -> None:
        """Move the highlight; the filter keeps the focus."""
        getattr(self.query_one(OptionList), f"action_{action}")()

    def action_favourite(self) -> None:
        """Make the highlighted model a favourite, or no longer one."""
        name = self._marked()
        if name:
            self.preferences = self.preferences.toggled(name)
            self._fill()

    def action_try_out(self) -> None:
        """End with the highlighted model, to be tried out."""
        name = self._marked()
        if name and "*" not in name:
            self.tries_out = True
            self._use(name)

    @on(Input.Submitted)
    def action_use(self) -> None:
        """End with the highlighted model."""
        self._use(self._marked())

    @on(OptionList.OptionSelected)
    def _click(self, event: OptionList.OptionSelected) -> None:
        self._use(self.query_one(Input).value.strip() if event.option_id == AS_TYPED else event.option_id)

    def _use(self, name: str | None) -> None:
        """End with ``name`` if it can be used; a pattern is put into the filter to be finished."""
        if not name:
            return
        if "*" in name:
            field = self.query_one(Input)
            field.value = name.replace("*", "")
            field.cursor_position = len(field.value)
            return
        try:
            self._home.session.preview(name)
        except SightlineError:
            self._preview()
            return
        self.dismiss(name)


def _columns(row: ModelRow, width: int) -> str:
    """The columns that ``width`` has room for; names come first, words are shortened before they go."""
    roomy = width >= 140
    endpoint = row.endpoint if roomy else row.endpoint.removeprefix("/v1/").partition("/")[0]
    short = [_short(badge) for badge in row.badges]
    badges = " ".join(row.badges if roomy else short)
    fixed = [(row.vendor, 10)] if width >= 60 else []
    fixed += [(endpoint, 20 if roomy else 9)]
    fixed += [(row.context, 5)] if width >= 90 else []
    fixed += [(row.price, 14)] if width >= 66 else []
    fixed += [(badges, 24 if roomy else 11)]
    rest = width - 3 - sum(size + 1 for _, size in fixed)
    names = [(row.name, rest)] if rest < 50 else [(row.name, rest // 2), (row.upstream, rest - rest // 2 - 1)]
    return " ".join(_pad(text, size) for text, size in (_middle(*names[0]), *names[1:], *fixed))


def _short(badge: str) -> str:
    """The first letters of a word, and the mark behind it."""
    mark = badge[-1] if badge[-1] in SEEN else ""
    return badge if len(badge) < 4 else badge[:2].capitalize() + mark


def _middle(name: str, size: int) -> tuple[str, int]:
    """A long name without its middle: names of one family differ at both ends."""
    line = visible(name)
    if cells(line) <= size or not line.isascii():
        return line, size
    tail = (size - 1) // 2
    return f"{line[: size - 1 - tail]}…{line[-tail:]}", size


def _pad(text: str, size: int) -> str:
    line = visible(text, size)
    return line + " " * (size - cells(line))
