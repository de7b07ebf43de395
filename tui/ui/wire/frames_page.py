"""The Frames page: every frame of the answer as a row, and the chosen one as it came."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from tui.exchanges.frames import FrameTable, are_timed, byte_size
from tui.ui.beside import beside
from tui.ui.transcript.blocks.figures import size, span
from tui.ui.transcript.reader import Reader
from tui.ui.widgets.keys import Key
from tui.ui.wire.frame_words import as_sent, columns, line, raw
from tui.ui.wire.page import Page
from tui.ui.wire.rows_view import RowsView
from tui.ui.wire.seen import Seen
from tui.ui.wire.slices import in_slices

BITE = 50
"""Frames looked into before the time is looked at."""


class FramesPage(Page):
    """A table with a filter by kind or by what is looked for; a running exchange grows at its end."""

    TITLE = "Frames"

    DEFAULT_CSS = """
    FramesPage {
        & > .told { height: 1; }
        & > Reader { height: 35%; min-height: 4; border-top: solid $panel; }
        &.whole > Reader { height: 1fr; }
        &.whole > RowsView { height: 3; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._exchange = ""
        self._table = FrameTable("messages")
        self._timed = True
        self._slow = 0.0
        self._bytes = 0
        self._only: Callable[[int], bool] | None = None
        """What the filter lets through; None shows all."""
        self._filter = ""
        """The filter in words."""
        self._shown: list[int] | None = None
        """The frames let through, as far as they were looked at; None = all."""
        self._filtered = 0
        self._kept_at: int | None = None
        """The frame the cursor was on when the filter was set; None once it is applied."""
        self._words = ""
        self._matches: list[int] = []
        self._searched = 0
        self._gaps: tuple[int, ...] = ()
        self._gap = -1
        self._chosen = -1
        self._summary = Static(classes="told", markup=False)
        self._columns = Static(classes="told", markup=False)
        self._rows = RowsView(self._draw)
        self._raw = Reader(goes_on="v")

    def compose(self) -> ComposeResult:
        """The sums, the table, the frame."""
        yield self._summary
        yield self._columns
        yield self._rows
        yield self._raw

    def on_resize(self) -> None:
        """The columns follow the width."""
        self._columns.update(columns(self.size.width - 1), layout=False)

    # What is shown

    def show(self, seen: Seen) -> None:
        """Show the frames of an exchange, or take over those that came since."""
        frames = seen.wire.frames if seen.wire is not None else ()
        new = seen.exchange.id != self._exchange or len(frames) < len(self._table)
        if new:
            self._exchange = seen.exchange.id
            self._table = FrameTable(seen.exchange.route.dialect)
            self._bytes, self._chosen, self._gaps = 0, -1, ()
            self._only = self._shown = None
            self._matches, self._searched = [], 0
        elif len(frames) == len(self._table):
            return
        self._bytes += sum(byte_size(frame.data) for frame in frames[len(self._table) :])
        self._table.follow(frames)
        self._timed = are_timed(frames)
        # What stands out is ten times what a frame takes on average, but never the wait for the next token.
        per_frame = (frames[-1].at - frames[0].at) / len(frames) if frames else 0.0
        self._slow = max(0.05, 10 * per_frame)
        if new:
            self._rows.fill(len(frames), len(frames) - 1 if seen.exchange.state == "open" else 0)
            self._choose()
        elif self._only is None:
            self._rows.grow(len(frames))
        self._catch_up()
        self._tell()

    def _tell(self) -> None:
        count = len(self._table)
        if not count:
            none = Content.styled("No frames came, or none were kept.", "$foreground-muted")
            self._summary.update(none, layout=False)
            return
        last = self._table.raw(count - 1).at
        parts = [f"{count:,} frame{'s' * (count != 1)}", size(self._bytes)]
        parts.append(span(last) if self._timed else "arrival times were not recorded")
        if self._only is not None:
            reading = "…" if self._filtered < count else ""
            parts.append(f"{self._rows.count:,}{reading} shown: {self._filter}")
        self._summary.update(Content(" · ".join(parts)), layout=False)

    def _draw(self, number: int, width: int) -> Content:
        return line(self._table.row(self._frame_at(number)), width, self._slow)

    def _frame_at(self, number: int) -> int:
        return number if self._shown is None else self._shown[number]

    @property
    def _here(self) -> int:
        """The frame under the cursor; -1 where there is none."""
        return self._frame_at(self._rows.here) if self._rows.count else -1

    @on(RowsView.Moved)
    def _moved(self) -> None:
        self._choose()

    def _choose(self) -> None:
        """Show the frame under the cursor as it came."""
        here = self._here
        if here != self._chosen:
            self._chosen = here
            self._raw.show(raw(self._table.raw(here)) if here >= 0 else ())

    def _go(self, frame: int) -> None:
        """Put the cursor on a frame; a filter that hides it ends."""
        if self._shown is not None and not _holds(self._shown, frame):
            self._show_only(None, "")
        self._rows.here = frame if self._shown is None else bisect_left(self._shown, frame)

    # Work in slices: filtering and searching follow what comes

    def _catch_up(self) -> None:
        if self._only is not None or self._words:
            beside(self, self._look_on, "look", exclusive=True)

    async def _look_on(self) -> None:
        first = not self._matches
        await in_slices(self._look)
        if self._only is not None and self._shown is not None:
            if self._kept_at is None:
                self._rows.grow(len(self._shown))
            else:
                self._rows.fill(len(self._shown), bisect_left(self._shown, self._kept_at))
                self._kept_at = None
            self._choose()
        if first and self._matches:
            self.find_next(0)
        self._tell()

    def _look(self) -> bool:
        """Look into a few more frames; whether all were."""
        count = len(self._table)
        if self._only is not None and self._shown is not None and self._filtered < count:
            end = min(count, self._filtered + BITE)
            self._shown += [at for at in range(self._filtered, end) if self._only(at)]
            self._filtered = end
            return False
        if self._words and self._searched < count:
            end = min(count, self._searched + BITE)
            held = (at for at in range(self._searched, end) if self._table.holds(at, self._words))
            self._matches += held
            self._searched = end
            return False
        return True

    def _show_only(self, only: Callable[[int], bool] | None, says: str) -> None:
        here = max(0, self._here)
        self._only, self._filter, self._filtered = only, says, 0
        self._shown = None if only is None else []
        self._kept_at = here
        self._rows.fill(len(self._table) if only is None else 0, here)
        self._catch_up()
        self._choose()
        self._tell()

    # Keys

    def move(self, key: str) -> None:
        """Move the cursor, or with the frame in full scroll that."""
        if self.has_class("whole"):
            self._raw.move(key)
        else:
            self._rows.move(key)

    def find(self, words: str) -> None:
        """Look for frames that hold all of the words."""
        self._words, self._matches, self._searched = words.strip(), [], 0
        self._catch_up()

    def find_next(self, step: int) -> None:
        """To the next frame found, or the one before; 0 to the first from here on."""
        if not self._matches:
            return
        here = self._here
        if step > 0:
            place = next((at for at in self._matches if at > here), self._matches[0])
        elif step < 0:
            place = next((at for at in reversed(self._matches) if at < here), self._matches[-1])
        else:
            place = next((at for at in self._matches if at >= here), self._matches[0])
        self._go(place)

    @property
    def found(self) -> str:
        """Which of the frames found is chosen."""
        if not self._words:
            return ""
        reading = "…" if self._searched < len(self._table) else ""
        if not self._matches:
            return reading or "nothing found"
        here = self._here
        place = f"{bisect_left(self._matches, here) + 1:,}" if _holds(self._matches, here) else "–"
        return f"{place} of {len(self._matches):,}{reading}"

    @property
    def copied(self) -> str:
        """The chosen frame as it came."""
        return as_sent(self._table.raw(self._here)) if self._here >= 0 else ""

    @property
    def keys(self) -> tuple[Key, ...]:
        """Filters, the largest gaps, the frame in full."""
        filtered = self._only is not None
        keys = [Key("f", "all" if filtered else "this kind", "press('f')")]
        if self._words and not filtered:
            keys.append(Key("w", "only found", "press('w')"))
        if self._timed:
            keys.append(Key("g", "largest gap", "press('g')"))
        return (*keys, Key("v", "table" if self.has_class("whole") else "whole frame", "press('v')"))

    def press(self, key: str) -> bool:
        """Filter, go to a gap, or show the frame in full."""
        if key in ("f", "w") and self._only is not None:
            self._show_only(None, "")
        elif key == "f" and self._here >= 0:
            kind = self._table.kind(self._here)
            self._show_only(lambda at: self._table.kind(at) == kind, kind)
        elif key == "w" and self._words:
            words = self._words
            self._show_only(lambda at: self._table.holds(at, words), f"with “{words}”")
        elif key == "g" and self._timed:
            self._next_gap()
        elif key == "v":
            self.toggle_class("whole")
        else:
            return key in ("f", "w", "g")
        return True

    def _next_gap(self) -> None:
        """To the largest gap, with each press to the next largest."""
        gaps = self._table.largest_gaps()
        self._gap = (self._gap + 1) % len(gaps) if gaps == self._gaps and gaps else 0
        self._gaps = gaps
        if gaps:
            self._go(gaps[self._gap])


def _holds(places: Sequence[int], place: int) -> bool:
    """Whether a rising list has a number in it."""
    at = bisect_left(places, place)
    return at < len(places) and places[at] == place
