"""What was spent over all sessions: bars by day, and a table that can be sorted and copied."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.chat.spend import SPEND_KEYS, Spend, SpendKey
from tui.clean import clean
from tui.errors import SightlineError
from tui.ui import spend_rows
from tui.ui.beside import beside
from tui.ui.screens.dialog import Dialog
from tui.ui.session_ports import StorePort
from tui.ui.widgets.keys import Key, Keys

BORDER = 4
"""Columns the border and the padding take."""
LOW = 20
"""In a terminal lower than this the bars are left out."""


class Costs(Dialog[None]):
    """Reads the store in a thread whenever another range or another view is asked for."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "cancel", "Close", show=False),
        Binding("left,shift+tab", "by(-1)", "View before", show=False, priority=True),
        Binding("right,tab", "by(1)", "Next view", show=False, priority=True),
        Binding("r", "range", "Range", show=False),
        Binding("s", "sort", "Sort", show=False),
        Binding("y", "copy", "Copy", show=False),
    ]
    AUTO_FOCUS = "OptionList"

    def __init__(
        self, store: StorePort, now: Callable[[], float], copy: Callable[[str], None], by: str = ""
    ) -> None:
        super().__init__()
        self._store, self._now, self._copy = store, now, copy
        self._by: SpendKey = next((key for key in SPEND_KEYS if key == by), "day")
        self._days: int | None = 30
        self._sort: spend_rows.Sort = "key" if self._by == "day" else "cost"
        self._total = Spend("")
        self._by_day: Sequence[Spend] = ()
        self._rows: Sequence[Spend] = ()
        self._says = ""
        self._views = Static(markup=False)
        self._sum = Static(markup=False)
        self._bars = Static(markup=False, classes="bars")
        self._head = Static(markup=False)
        self._list = OptionList()

    def compose(self) -> ComposeResult:
        """Views and ranges, the sum, the bars, the table, the keys."""
        with Vertical(id="costs-form", classes="dialog tall"):
            yield self._views
            yield self._sum
            yield self._bars
            yield self._head
            yield self._list
            yield Keys(
                Key("←→", "by day, model …", "by(1)"),
                Key("r", "range", "range"),
                Key("s", "sort", "sort"),
                Key("y", "copy", "copy"),
                Key("Esc", "close", "cancel"),
            )

    def on_mount(self) -> None:
        """Read what there is."""
        super().on_mount()
        self._read()

    def on_resize(self, _: events.Resize) -> None:
        """Everything follows the width."""
        self._show()

    def action_by(self, step: int) -> None:
        """Another view."""
        self._by = SPEND_KEYS[(SPEND_KEYS.index(self._by) + step) % len(SPEND_KEYS)]
        self._sort = "key" if self._by == "day" else "cost"
        self._read()

    def action_range(self) -> None:
        """The next longer range."""
        ranges = spend_rows.RANGES
        self._days = ranges[(ranges.index(self._days) + 1) % len(ranges)]
        self._read()

    def action_sort(self) -> None:
        """By the next column."""
        sorts = spend_rows.SORTS
        self._sort = sorts[(sorts.index(self._sort) + 1) % len(sorts)]
        self._show()

    def action_copy(self) -> None:
        """The table as it is sorted, tab-separated."""
        self._copy(spend_rows.table(self._ordered, self._by))

    @property
    def _ordered(self) -> list[Spend]:
        return spend_rows.ordered(self._rows, self._sort, self._by)

    def _read(self) -> None:
        beside(self, partial(self._load, self._by, self._days), "read", exclusive=True)

    async def _load(self, by: SpendKey, days: int | None) -> None:
        try:
            self._total, self._by_day = await asyncio.to_thread(self._store.spending, "day", days)
            self._rows = (
                self._by_day if by == "day" else (await asyncio.to_thread(self._store.spending, by, days))[1]
            )
            self._says = ""
        except SightlineError as error:
            self._total, self._by_day, self._rows = Spend(""), (), ()
            self._says = f"{clean(str(error))} {clean(error.hint)}".strip()
        self._show()

    def _show(self) -> None:
        width = max(40, min(self.size.width, self.app.size.width) - BORDER)
        self._views.update(self._chosen())
        self._sum.update(Content(self._says or spend_rows.headline(self._total)))
        chart = spend_rows.chart(self._by_day, self._days, date.fromtimestamp(self._now()), width)
        self._bars.display = self.app.size.height >= LOW and bool(self._total.calls)
        self._bars.update(
            Content.assemble(
                ("\n".join(chart.rows), "$text-accent"), "\n", (chart.below, "$foreground-muted")
            )
        )
        inner = width - 2
        self._head.update(
            Content.styled(spend_rows.header(self._by, self._sort, inner), "bold $foreground-muted")
        )
        rows = self._ordered
        most = max((row.cost.usd or Decimal(0) for row in rows), default=Decimal(0))
        self._list.set_options([Option(Content(spend_rows.line(row, most, inner))) for row in rows])
        if rows:
            self._list.highlighted = 0

    def _chosen(self) -> Content:
        """What can be looked at, what is looked at marked."""
        views = [(by, by == self._by) for by in SPEND_KEYS]
        ranges = [(spend_rows.range_text(days), days == self._days) for days in spend_rows.RANGES]

        def words(choices: Sequence[tuple[str, bool]]) -> Content:
            shown = [
                (f" {word} ", "bold reverse") if chosen else (f" {word} ", "$foreground-muted")
                for word, chosen in choices
            ]
            return Content.assemble(*shown)

        return Content.assemble(("Costs ", "bold"), words(views), (" · ", "$foreground-muted"), words(ranges))
