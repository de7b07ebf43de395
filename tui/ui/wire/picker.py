"""All exchanges of the session over the viewer: filter them, mark them, open one."""

from __future__ import annotations

from typing import ClassVar, Protocol

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from tui.ui.host import Host
from tui.ui.screens.dialog import Dialog
from tui.ui.transcript.reader import SCROLLING
from tui.ui.widgets.keys import Key, Keys
from tui.ui.wire.exchange_list import ExchangeList
from tui.ui.wire.gather import Source
from tui.ui.wire.row_log import RowLog
from tui.ui.wire.rows import WORDS, columns, matching

FOLLOW_S = 0.5
"""How often the list takes over what was begun or has ended."""
KEYS = (
    Key("Enter", "open", "open"),
    Key("type", "filter", "filter"),
    Key("^S", "mark", "mark"),
    Key("^A", "mark all shown", "mark_all"),
    Key("Esc", "close", "cancel"),
)


class Chat(Protocol):
    """Whose exchanges are listed."""

    @property
    def session(self) -> Source:
        """Its session."""
        ...

    @property
    def marked(self) -> dict[str, None]:
        """The ids of marked exchanges; the list adds and removes them."""
        ...


class ExchangePicker(Dialog[str]):
    """Ends with the id of the exchange to show, or None."""

    app = getters.app(Host)

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "mark", "Mark", priority=True, show=False),
        Binding("ctrl+a", "mark_all", "Mark all shown", priority=True, show=False),
        *(
            Binding(key, f"move('{key}')", show=False, priority=True)
            for key in SCROLLING
            if key not in ("home", "end")
        ),
    ]

    def __init__(self, chat: Chat, here: str = "") -> None:
        super().__init__()
        self._chat = chat
        self._start: str | None = here
        self._log = RowLog()
        self._words = Input(placeholder=f"words, or {WORDS}", compact=True, id="exchange-filter")
        self._columns = Static(markup=False, id="columns")
        self._list = ExchangeList()
        self._keys = Keys(*KEYS)

    def compose(self) -> ComposeResult:
        """The filter above the list."""
        with Vertical(classes="dialog tall"):
            yield self._words
            yield self._columns
            yield self._list
            yield self._keys

    def on_mount(self) -> None:
        """Follow what is begun and ends."""
        self.set_interval(FOLLOW_S, self._fill)
        self.call_after_refresh(self._fill)

    def on_resize(self) -> None:
        """The columns follow the width."""
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        self._log.follow(self._chat.session.log, self._chat.marked)
        rows = self._log.rows
        found = matching(rows, self._words.value)
        self._list.fill(found, self.app.deps.now(), self._start)
        self._start = None
        names = columns(self._list.scrollable_content_region.width - 1)
        self._columns.update(Content.styled(f" {names}", "$foreground-muted"))
        marks = f"{len(self._chat.marked)} marked · " if self._chat.marked else ""
        self._keys.tell(*KEYS, before=f"{marks}{len(found):,} of {len(rows):,}")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._fill()

    def action_filter(self) -> None:
        """Write words to filter by."""
        self._words.focus()

    def action_move(self, key: str) -> None:
        """Move the cursor."""
        self._list.move(key)

    def action_mark(self) -> None:
        """Mark the exchange under the cursor, or no longer, and go on to the next."""
        row = self._list.row
        if row is not None:
            if row.id in self._chat.marked:
                del self._chat.marked[row.id]
            else:
                self._chat.marked[row.id] = None
            self._list.move("down")
            self._start = self._list.row.id if self._list.row else None
            self._fill()

    def action_mark_all(self) -> None:
        """Mark all that are shown; where all of them are marked, none."""
        ids = [row.id for row in self._list.rows]
        if all(id in self._chat.marked for id in ids):
            for id in ids:
                del self._chat.marked[id]
        else:
            self._chat.marked.update(dict.fromkeys(ids))
        self._fill()

    @on(ExchangeList.Chosen)
    def _clicked(self, event: ExchangeList.Chosen) -> None:
        self.dismiss(event.id)

    @on(Input.Submitted)
    def action_open(self) -> None:
        """Open the exchange under the cursor."""
        row = self._list.row
        if row is not None:
            self.dismiss(row.id)
