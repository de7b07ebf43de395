"""The diff of two exchanges over the whole screen: sentences that unfold to both sides."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import ClassVar, Protocol

from textual import events, getters
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from tui.ui.beside import beside
from tui.ui.host import Host
from tui.ui.transcript.reader import SCROLLING
from tui.ui.widgets.keys import Key, Keys
from tui.ui.wire.diff_rows import OPEN_AT_ONCE, ChangeRow, Compared, compared, copied, said, sheet_of
from tui.ui.wire.gather import Source, gather
from tui.ui.wire.picker import ExchangePicker
from tui.ui.wire.rows import ENDPOINTS, model_name, step_in_turn
from tui.ui.wire.searching import Searching
from tui.ui.wire.sought import SoughtSheet

KEYS = (
    Key("↑↓", "change", "move('down')"),
    Key("Enter", "both sides", "fold"),
    Key("a", "all", "fold_all"),
    Key("o", "other", "other"),
    Key("w", "swap", "swap"),
    Key("/", "find", "find"),
    Key("y", "copy", "copy_shown"),
    Key("Esc", "close", "cancel"),
)
COUNTING_S = 0.2
"""How often a search that still counts is asked how far it is."""
_MOST_OPENED = 500
"""Changes that are unfolded together."""


class Chat(Protocol):
    """Whose exchanges are compared."""

    @property
    def session(self) -> Source:
        """Its session."""
        ...

    @property
    def marked(self) -> dict[str, None]:
        """The ids of marked exchanges."""
        ...


class DiffScreen(Searching):
    """Compares two exchanges in a thread and shows what differs."""

    app = getters.app(Host)

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "cancel", "Close", show=False),
        Binding("enter,space", "fold", "Both sides", show=False),
        Binding("a", "fold_all", "All", show=False),
        Binding("o", "other", "Other exchange", show=False),
        Binding("w", "swap", "Swap", show=False),
        Binding("y", "copy_shown", "Copy", show=False),
        *(Binding(key, f"move('{key}')", show=False) for key in SCROLLING),
    ]
    AUTO_FOCUS = ""

    def __init__(self, chat: Chat, before: str, now: str) -> None:
        super().__init__("find in this diff")
        self._chat = chat
        self._ids = (before, now)
        self._which = Static(markup=False, id="diff-which")
        self._sheet = SoughtSheet()
        self._rows: dict[int, ChangeRow] = {}
        """By the place of its section."""
        self._found: Compared | None = None

    def compose(self) -> ComposeResult:
        """Which two, the diff, its keys."""
        yield self._which
        yield self._sheet
        yield self._find
        yield Keys(*KEYS)

    def on_mount(self) -> None:
        """Compare."""
        super().on_mount()
        self._compare()

    @property
    def is_ready(self) -> bool:
        """Whether the diff is there."""
        return self._found is not None

    def _compare(self) -> None:
        self._found = None
        self._tell("comparing …")
        beside(self, self._work, "diff", exclusive=True)

    async def _work(self) -> None:
        session = self._chat.session
        before, now = [await gather(session, id) for id in self._ids]
        if before is None or now is None:
            self._tell("one of them is not known any more")
            return
        found = await asyncio.to_thread(compared, before, now)
        sections, rows = await asyncio.to_thread(sheet_of, found)
        self._rows = rows
        longer = [row for row in rows.values() if row.has_sides]
        if len(longer) <= OPEN_AT_ONCE:
            await self._unfold(longer, redraw=False)
        await self._sheet.fill(sections)
        self._found = found
        self._tell()

    async def _unfold(self, rows: list[ChangeRow], *, redraw: bool = True) -> None:
        """Show both sides of changes; they are worked out in a thread."""
        for row in rows:
            row.section.folded = not row.has_sides
            if row.has_sides and row.blocks is None:
                await asyncio.to_thread(row.work_out)
        if redraw:
            self._sheet.redraw(*(row.section for row in rows))

    def _tell(self, word: str = "") -> None:
        names = [self._named(id) for id in self._ids]
        told = Content.assemble(
            ("Diff  ", "bold $text-primary"), (names[0], "bold"), "  →  ", (names[1], "bold")
        )
        if word:
            told = Content.assemble(told, (f"   {word}", "$foreground-muted"))
        self._which.update(told)

    def _named(self, id: str) -> str:
        log = self._chat.session.log
        exchange = log.get(id)
        if exchange is None:
            return "?"
        purpose = "" if exchange.purpose == "turn" else f" {exchange.purpose}"
        step = step_in_turn(log, exchange)
        model = model_name(exchange.route.wire_model, max(10, min(30, self.size.width // 2 - 23)))
        return f"{exchange.turn}.{step}{purpose} {model} {ENDPOINTS[exchange.route.endpoint]}"

    # Keys

    def _row(self) -> ChangeRow | None:
        section = self._sheet.section
        return next((row for row in self._rows.values() if row.section is section), None)

    def action_move(self, key: str) -> None:
        """Move the cursor, or scroll."""
        self._sheet.move(key)

    def action_fold(self) -> None:
        """Show both sides of the change under the cursor, or hide them."""
        row = self._row()
        if row is None or not row.has_sides:
            return
        if row.section.folded:
            row.section.folded = False
            self._sheet.redraw(row.section)
            beside(self, partial(self._unfold, [row]), "unfold")
        else:
            self._sheet.fold(row.section, True)

    def action_fold_all(self) -> None:
        """Show both sides of all changes, or hide them all."""
        rows = [row for row in self._rows.values() if row.has_sides]
        if all(not row.section.folded for row in rows[:_MOST_OPENED]):
            for row in rows:
                row.section.folded = True
            self._sheet.redraw(*(row.section for row in rows))
            return
        if len(rows) > _MOST_OPENED:
            self.app.say(f"The first {_MOST_OPENED:,} of {len(rows):,} changes are unfolded.")
        beside(self, partial(self._unfold, rows[:_MOST_OPENED]), "unfold", exclusive=True)

    def action_swap(self) -> None:
        """Look from the other side."""
        self._ids = (self._ids[1], self._ids[0])
        self._compare()

    def action_other(self) -> None:
        """Compare with another exchange."""

        def done(id: str | None) -> None:
            if id is not None and id not in self._ids:
                self._ids = (id, self._ids[1])
                self._compare()

        self.app.push_screen(ExchangePicker(self._chat, self._ids[0]), done)

    def action_copy_shown(self) -> None:
        """Copy the change under the cursor with both sides; anywhere else the whole diff in sentences."""
        row = self._row()
        if row is not None:
            self.app.copy_text(copied(row))
        elif self._found is not None:
            self.app.copy_text(said(self._found))

    def on_click(self, event: events.Click) -> None:
        """A click on a change shows both sides."""
        if event.widget is self._sheet and self._sheet.section is not None and event.chain == 2:
            self.action_fold()

    # Finding

    def look_for(self, words: str) -> None:
        """Look for words in both sides of every change."""
        self._sheet.find(words)

    def tell_found(self) -> None:
        """Say how the search stands once something is counted."""
        self.set_timer(COUNTING_S, self._show_match)

    def action_match(self, step: int) -> None:
        """The next match, or the one before."""
        self._sheet.find_next(step)
        self._show_match()

    def _show_match(self) -> None:
        """Say how the search stands, and unfold what holds the match."""
        self._find.say(self._sheet.found)
        row = self._row()
        if self._find.words and row is not None and row.section.folded and row.has_sides:
            self.action_fold()
        if self._sheet.found.endswith("…"):
            self.set_timer(COUNTING_S, self._show_match)
