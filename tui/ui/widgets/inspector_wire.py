"""The Wire tab: every exchange of the session, as they come, the newest followed."""

from __future__ import annotations

from textual import events, getters, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.style import Style
from textual.widgets import Input, Static

from tui.ui.host import Host
from tui.ui.inspected import Inspected
from tui.ui.wire.exchange_list import ExchangeList
from tui.ui.wire.row_log import RowLog
from tui.ui.wire.rows import Row, columns, matching

NONE_YET = "Nothing was sent yet. Every request will stand here, what failed and what was retried, too."


class Filter(Input):
    """The words the list is filtered by; it is there while somebody filters."""

    def on_key(self, event: events.Key) -> None:
        """Esc ends the filter; the arrows go on moving in the list."""
        tab = self.query_ancestor(WireTab)
        if event.key == "escape":
            tab.end_filter()
        elif event.key in ("up", "down", "pageup", "pagedown"):
            tab.move(event.key)
        else:
            return
        event.stop()
        event.prevent_default()


class WireTab(Vertical):
    """How many exchanges there are and how they went, above their list."""

    app = getters.app(Host)

    def __init__(self, *, keys: bool) -> None:
        super().__init__()
        self._sum = Static(classes="sum", markup=False)
        self._filter = Filter(placeholder="words, or failed, odd, replay …", compact=True)
        self._filter.cursor_blink = False
        self._filter.display = False
        self.list = ExchangeList()
        self.list.shows_here = keys
        self._keys = keys
        """Whether keys come here: then a row is under the cursor."""
        self._log = RowLog()

    def compose(self) -> ComposeResult:
        """The sum above the list."""
        yield self._sum
        yield self._filter
        yield self.list

    def show(self, seen: Inspected) -> None:
        """Take over what was begun or has ended; nothing is done while nothing happens."""
        if self._log.follow(seen.log):
            self._fill()

    def on_mount(self) -> None:
        """What runs takes longer by the second."""
        self.set_interval(1.0, self._tick)

    def _tick(self) -> None:
        if self.display and any(row.exchange.state == "open" for row in self.list.rows[-8:]):
            self.list.now = self.app.deps.now()
            self.list.refresh()

    def on_resize(self) -> None:
        """The columns are named where there are any."""
        self._tell()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._fill()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.choose()

    def _fill(self) -> None:
        self.list.fill(matching(self._log.rows, self._filter.value), self.app.deps.now())
        self._tell()

    def _tell(self) -> None:
        self._sum.update(
            sum_line(
                self._log.rows, len(self.list.rows), self.size.width - 3, can_filter=not self._filter.display
            )
        )

    def move(self, key: str) -> None:
        """Move the cursor as a key of that name would."""
        self.list.move(key)

    def choose(self) -> None:
        """Open the exchange under the cursor."""
        if self.list.row is not None:
            self.list.post_message(ExchangeList.Chosen(self.list.row.id))

    def action_filter(self) -> None:
        """Let words be written that the list is filtered by."""
        self._filter.display = True
        self._filter.focus()
        self._tell()

    def end_filter(self) -> None:
        """Show all exchanges again."""
        self._filter.value = ""
        self._filter.display = False
        if not self._keys:
            self.screen.set_focus(next(iter(self.screen.query("Prompt")), None))
        self._tell()


def sum_line(rows: list[Row], found: int, width: int, *, can_filter: bool) -> Content:
    """How many there are, and how many of each kind that stands out; above a broad list its columns."""
    if not rows:
        return Content.styled(NONE_YET, "$foreground-muted")
    total = f"{len(rows):,} exchange{'s' if len(rows) != 1 else ''}"
    parts = [Content.styled(total, "bold")]
    exchanges = [row.exchange for row in rows]
    for word, count, style in (
        ("failed", sum(one.state == "failed" for one in exchanges), "bold $text-error"),
        ("odd", sum(bool(one.observed) for one in exchanges), "$text-warning"),
        ("replay", sum(one.purpose == "replay" for one in exchanges), ""),
        ("shadow", sum(one.purpose == "shadow" for one in exchanges), ""),
    ):
        if count:
            parts.append(Content.styled(f"{count:,} {word}", style))
    if found != len(rows):
        parts.insert(1, Content.styled(f"{found:,} shown", "$text-accent"))
    head = parts[0]
    kept = len("  / filter") if can_filter else 0
    for part in parts[1:]:
        if head.cell_length + 3 + part.cell_length + kept <= width:
            head = Content.assemble(head, " · ", part)
    if can_filter:
        link = Content.styled("/ filter", "$foreground-muted").stylize(Style.from_meta({"@click": "filter"}))
        gap = width - head.cell_length - link.cell_length
        head = Content.assemble(head, " " * gap, link) if gap >= 2 else head
    names = columns(width)
    return Content("\n").join([head, Content.styled(f" {names}", "$foreground-muted")]) if names else head
