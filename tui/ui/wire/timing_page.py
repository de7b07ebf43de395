"""The Timing page: where the time of the exchange went, as a waterfall."""

from __future__ import annotations

import asyncio
from itertools import islice
from threading import Lock

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from tui import resolver
from tui.chat.route import Served
from tui.clean import cells, cut, visible
from tui.engine.routing import codec_for
from tui.exchanges.stretches import Stretches
from tui.exchanges.timing import Span, SpanKind, Waterfall, waterfall
from tui.ui.beside import beside
from tui.ui.transcript.blocks.figures import span
from tui.ui.wire.frame_words import milliseconds
from tui.ui.wire.page import Page
from tui.ui.wire.rows_view import RowsView
from tui.ui.wire.seen import Seen
from tui.ui.wire.slices import HEAVY, in_slices

BITE = 32
_LOOKS: dict[SpanKind, tuple[str, str]] = {
    "line": ("▒", "$text-secondary"),
    "wait": ("░", "$foreground-muted"),
    "thinking": ("▓", "$text-accent"),
    "text": ("█", "$text-primary"),
    "tool_call": ("▚", "$text-warning"),
    "foreign": ("▞", "$text-warning"),
    "tool": ("▤", "$text-success"),
    "next": ("·", "$foreground-muted"),
}
"""What bars are made of, so that their colour is not the only sign, and the colour."""
_MUTED = "$foreground-muted"


def label_cells(width: int) -> int:
    """The cells of the column of names."""
    return 18 if width < 100 else 26


def columns(width: int) -> Content:
    """The names of the columns."""
    room = label_cells(width)
    text = f" {'':<{room}} {'from ms':>11} {'took ms':>11}"
    return Content.styled(cut(text, width), _MUTED)


def bar(one: Span, total: float, width: int) -> tuple[int, int]:
    """Where the bar of a span begins and how many cells it has, at least one."""
    if one.start is None or one.seconds is None or total <= 0 or width < 1:
        return 0, 0
    first = min(width - 1, int(one.start / total * width))
    return first, max(1, min(width - first, round(one.seconds / total * width)))


def line(one: Span, total: float, width: int) -> Content:
    """A span for ``width`` cells; one whose place is not known says why where its bar would be."""
    room = label_cells(width)
    name = visible(one.label, room)
    sign, style = _LOOKS[one.kind]
    known = one.seconds is not None
    took = milliseconds(one.seconds) if known else "?"
    head = f"{' ' * (room - cells(name))} {milliseconds(one.start):>11} {took:>11}  "
    left = width - cells(name) - cells(head)
    if one.start is None or not known:
        return Content.assemble((name, style), head, (visible(one.says, left), _MUTED))
    says_cells = min(28, cells(one.says) + 1) if left >= 56 and one.says else 0
    first, length = bar(one, total, left - says_cells)
    gap = " " * (left - says_cells - first - length + (1 if says_cells else 0))
    says = visible(one.says, says_cells - 1) if says_cells else ""
    return Content.assemble((name, style), head, " " * first, (sign * length, style), gap, (says, _MUTED))


class TimingPage(Page):
    """A bar a span, with its times exact to a tenth of a millisecond."""

    TITLE = "Timing"

    DEFAULT_CSS = """
    TimingPage {
        & > .told { height: 1; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._exchange = ""
        self._seen: Seen | None = None
        self._stretches: Stretches | None = None
        self._is_heavy = False
        """Whether one of the frames holds so much that reading it would be felt."""
        self._one_reads = Lock()
        self._fall = Waterfall(())
        self._summary = Static(classes="told", markup=False)
        self._columns = Static(classes="told", markup=False)
        self._rows = RowsView(lambda at, width: line(self._fall.spans[at], self._fall.seconds, width))
        self._says = Static(classes="told", markup=False)

    def compose(self) -> ComposeResult:
        """The sums, the bars, what there is to say of the one under the cursor."""
        yield self._summary
        yield self._columns
        yield self._rows
        yield self._says

    def on_resize(self) -> None:
        """The columns follow the width."""
        self._columns.update(columns(self.size.width - 1), layout=False)
        self._explain()

    def show(self, seen: Seen) -> None:
        """Show the waterfall of an exchange; of one that runs, as far as it came."""
        if seen.exchange.id != self._exchange or self._stretches is None:
            self._exchange = seen.exchange.id
            origin = resolver.origin_of(seen.exchange.served or Served(), seen.catalog, seen.exchange.route)
            self._stretches = Stretches(codec_for(seen.exchange.route).decoder(origin))
            self._rows.here, self._is_heavy = 0, False
        self._seen = seen
        frames = seen.wire.frames if seen.wire is not None else ()
        self._stretches.follow(frames)
        coming = islice(frames, self._stretches.read, None)
        self._is_heavy = self._is_heavy or any(len(frame.data) > HEAVY for frame in coming)
        if not self._is_heavy and self._stretches.advance(BITE):
            self._draw()
        else:
            beside(self, self._read, "read", exclusive=True)

    async def _read(self) -> None:
        """Read the rest of the frames, and draw what they told."""
        stretches = self._stretches
        if stretches is not None:
            self._draw()
            if self._is_heavy:
                await asyncio.to_thread(self._read_all, stretches)
            else:
                await in_slices(lambda: stretches.advance(BITE))
            if stretches is self._stretches:
                self._draw()

    def _read_all(self, stretches: Stretches) -> None:
        """In a thread; one that nobody waits for any more goes on, so the next one waits."""
        with self._one_reads:
            while not stretches.advance(BITE):
                pass

    def _draw(self) -> None:
        seen, stretches = self._seen, self._stretches
        if seen is None or stretches is None:
            return
        names = {call.id: call.name for call in seen.answer.calls} if seen.answer is not None else {}
        self._fall = waterfall(seen.exchange, seen.wire, stretches.found, seen.calls, seen.after, names)
        self._rows.fill(len(self._fall.spans), self._rows.here)
        self._tell(seen)
        self._explain()

    def _tell(self, seen: Seen) -> None:
        exchange = seen.exchange
        parts = []
        if exchange.seconds is not None:
            parts.append(f"{milliseconds(exchange.seconds)} ms in all")
        elif exchange.state == "open" and self._fall.seconds > 0:
            parts.append(f"still running, {milliseconds(self._fall.seconds)} ms so far")
        if exchange.ttft_s is not None:
            parts.append(f"first token {milliseconds(exchange.ttft_s)} ms")
        output = exchange.usage.output if exchange.usage is not None else None
        if output and exchange.seconds is not None and exchange.ttft_s is not None:
            streaming = exchange.seconds - exchange.ttft_s
            if streaming > 0:
                parts.append(f"{output / streaming:,.0f} tok/s after it")
        count = len(seen.wire.frames) if seen.wire is not None else 0
        if self._stretches is not None and self._stretches.read < count:
            parts.append(f"reading {self._stretches.read:,} of {count:,} frames …")
        told = " · ".join(parts) or "Nothing is known yet."
        self._summary.update(Content(told), layout=False)

    @on(RowsView.Moved)
    def _explain(self) -> None:
        one = self._fall.spans[self._rows.here] if self._fall.spans else None
        says = "" if one is None else _said(one)
        self._says.update(Content.styled(cut(says, max(1, self.size.width)), _MUTED), layout=False)

    def move(self, key: str) -> None:
        """Move the cursor."""
        self._rows.move(key)

    @property
    def copied(self) -> str:
        """All spans with their times."""
        return "\n".join(_said(one) for one in self._fall.spans)


def _said(one: Span) -> str:
    """A span in words."""
    words = [visible(one.label)]
    if one.start is not None:
        words.append(f"from {milliseconds(one.start)} ms")
    if one.seconds is None:
        words.append("took ?")
    else:
        long = f" ({span(one.seconds)})" if one.seconds >= 1 else ""
        words.append(f"took {milliseconds(one.seconds)} ms{long}")
    return " · ".join([*words, visible(one.says)] if one.says else words)
