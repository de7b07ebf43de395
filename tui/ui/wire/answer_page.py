"""The Answer page: the stream frame by frame, with what the answer had become beside the frame."""

from __future__ import annotations

import asyncio
import time
from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from tui import resolver
from tui.chat.frame import Frame
from tui.chat.route import Served
from tui.clean import cells, cut
from tui.engine.routing import codec_for
from tui.exchanges.frames import FrameTable, are_timed
from tui.exchanges.playback import Playback, State
from tui.exchanges.sightings import Sightings
from tui.ui.beside import beside
from tui.ui.widgets.keys import Key
from tui.ui.wire.answer_lines import ends, from_end, of_frame, said
from tui.ui.wire.frame_words import milliseconds
from tui.ui.wire.lines_view import LinesView, Row
from tui.ui.wire.page import Page
from tui.ui.wire.scrubber import Scrubber
from tui.ui.wire.seen import Seen
from tui.ui.wire.slices import HEAVY, in_slices
from tui.wire.codec import Decoder

BITE = 32
"""Frames fed before the time is looked at."""
TICK_S = 1 / 15
MOST_BACK = 2_000
"""Rows one can scroll up: they are laid out from the end each time."""
BESIDE = 100
"""Cells from which the frame stands beside the answer, not below it."""
CHANGES = {"left_curly_bracket": -1, "right_curly_bracket": 1}
TENTHS = {"less_than_sign": -1, "greater_than_sign": 1}
STEPS = {"comma": -1, "full_stop": 1}


class AnswerPage(Page):
    """A slider over the frames, the answer after the chosen one, and the frame itself."""

    TITLE = "Answer"

    DEFAULT_CSS = """
    AnswerPage {
        & > .slider { height: 1; }
        & > .ends { height: auto; max-height: 3; }
        & > .both { height: 1fr; layout: vertical; }
        & .frame { height: 30%; min-height: 3; border-top: solid $panel; }
        &.beside > .both { layout: horizontal; }
        &.beside .state { width: 1fr; height: 100%; }
        &.beside .frame {
            width: 40%; height: 100%; border-top: none; border-left: solid $panel; padding: 0 0 0 1;
        }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._exchange = ""
        self._table = FrameTable("messages")
        self._decoder: Callable[[], Decoder] | None = None
        self._player: Playback | None = None
        self._scrub = Scrubber(time.monotonic)
        self._timed = True
        self._state: State | None = None
        self._back = 0
        """Rows scrolled up from the end of the answer."""
        self._travels = False
        self._is_heavy = False
        """Whether one frame alone holds so much that reading it would be felt."""
        self._sightings: Sightings | None = None
        """What is looked for; None while nothing is."""
        self._here = -1
        """Which of its sightings was gone to."""
        self._timer: Timer | None = None
        self._slider = Static(classes="slider", markup=False)
        self._shown = LinesView(classes="state")
        self._ends = Static(classes="ends", markup=False)
        self._raw = LinesView(classes="frame")

    def compose(self) -> ComposeResult:
        """The slider, the answer and the frame, how it ended."""
        yield self._slider
        with Vertical(classes="both"):
            yield self._shown
            yield self._raw
        yield self._ends

    def on_mount(self) -> None:
        """The clock of playing stands until it plays."""
        self._timer = self.set_interval(TICK_S, self._tick, pause=True)

    def on_resize(self) -> None:
        """Beside each other where there is room."""
        self.set_class(self.size.width >= BESIDE, "beside")
        self.call_after_refresh(self._paint)

    # What is shown

    def show(self, seen: Seen) -> None:
        """Show an exchange at its end, or take over the frames that came since."""
        frames = seen.wire.frames if seen.wire is not None else ()
        self._timed = are_timed(frames)
        known = self._scrub.count if seen.exchange.id == self._exchange else 0
        self._is_heavy = (self._is_heavy and known > 0) or any(
            len(frame.data) > HEAVY for frame in islice(frames, known, None)
        )
        if seen.exchange.id != self._exchange or len(frames) < self._scrub.count:
            self._begin(seen, frames)
        elif len(frames) == self._scrub.count:
            return
        else:
            self._scrub.follow(frames)
        self._table.follow(frames)
        if self._player is not None:
            self._player.follow(frames)
        if self._sightings is not None:
            self._sightings.follow(frames)
            beside(self, self._sight, "sight", exclusive=True)
        self._seek()

    def _begin(self, seen: Seen, frames: Sequence[Frame]) -> None:
        exchange = seen.exchange
        origin = resolver.origin_of(exchange.served or Served(), seen.catalog, exchange.route)
        codec = codec_for(exchange.route)
        self._exchange = exchange.id
        self._decoder = lambda: codec.decoder(origin)
        self._player = Playback(self._decoder)
        self._table = FrameTable(exchange.route.dialect)
        self._scrub.reset(frames)
        self._state, self._sightings, self._back = None, None, 0

    def _seek(self) -> None:
        """Be where one wants to be: at once where it is near, else by and by."""
        if self._travels or self._player is None:
            return
        if not self._is_heavy and self._player.toward(self._scrub.wanted, BITE):
            self._arrived()
        else:
            self._travels = True
            beside(self, self._travel, "travel")

    async def _travel(self) -> None:
        try:
            if self._is_heavy:
                await asyncio.to_thread(self._read_all)
            await in_slices(self._nearer)
        finally:
            self._travels = False
        self._arrived()

    def _read_all(self) -> None:
        """In a thread; only whoever travels touches the player."""
        while not self._nearer():
            pass

    def _nearer(self) -> bool:
        return self._player is None or self._player.toward(self._scrub.wanted, BITE)

    def _arrived(self) -> None:
        if self._player is None:
            return
        self._state = self._player.state
        self._paint()

    def _paint(self) -> None:
        """The answer as far as it is on the screen, with what stands around it."""
        self._slide()
        state, size = self._state, self._shown.size
        if state is None or not size.width:
            return
        if not self._scrub.count:
            self._shown.tell([Row("No frames came, or none were kept.", "$foreground-muted")])
            self._raw.tell(())
            self._ends.update("")
            return
        rows = list(islice(from_end(state, max(8, size.width - 1)), self._back + size.height))
        self._back = max(0, min(self._back, len(rows) - size.height))
        self._shown.tell(list(reversed(rows[self._back : self._back + size.height])))
        self._paint_frame(state.frames)
        width = max(8, self.size.width)
        told = [Row(cut(row.text, width), row.style) for row in ends(state)]
        # Laying out costs more than all the rest; only more or fewer rows ask for it.
        self._ends.update(_content(told), layout=len(told) != self._ends.size.height)

    def _paint_frame(self, number: int) -> None:
        size = self._raw.scrollable_content_region.size
        known = number and size.width > 0
        self._raw.tell(of_frame(self._table.raw(number - 1), size.width, size.height) if known else ())

    def _slide(self) -> None:
        """The slider: where one is among all frames, and what the frame is."""
        count, at = self._scrub.count, self._scrub.wanted
        sign = "▶" if self._scrub.plays else "…" if self._travels else "●"
        words = [f"frame {at:,} of {count:,}"]
        if at:
            frame = self._table.row(at - 1)
            if self._timed:
                played = self._scrub.played
                words.append(f"{milliseconds(frame.at if played is None else played)} ms")
            words.append(frame.kind)
        tail = " · ".join(words)
        room = max(10, self.size.width - cells(tail) - 3)
        place = round((room - 1) * at / count) if count else 0
        self._slider.update(
            Content.assemble(
                ("━" * place, "$text-primary"),
                (sign, "bold $text-accent"),
                ("─" * (room - 1 - place), "$foreground-muted"),
                "  ",
                cut(tail, max(1, self.size.width - room - 2)),
            ),
            layout=False,
        )

    # Keys

    def _go(self, to: int) -> None:
        self._scrub.go(to)
        self._stepped()

    def _stepped(self) -> None:
        self._back = 0
        self._slide()
        self._seek()

    def move(self, key: str) -> None:
        """Home and End are the first and the last frame; the other keys scroll the answer."""
        if key in ("home", "end"):
            self._go(0 if key == "home" else self._scrub.count)
            return
        page = max(1, self._shown.size.height - 2)
        step = {"up": 1, "down": -1, "pageup": page, "pagedown": -page}.get(key, 0)
        self._back = max(0, min(self._back + step, MOST_BACK))
        self._paint()

    def press(self, key: str) -> bool:
        """Step, jump or play."""
        if key in STEPS:
            self._go(self._scrub.wanted + STEPS[key])
        elif key in TENTHS:
            self._scrub.tenth(TENTHS[key])
            self._stepped()
        elif key in CHANGES:
            beside(self, partial(self._to_change, CHANGES[key]), "change", exclusive=True)
        elif key == "space" and self._timed and self._scrub.count:
            self._play()
        else:
            return False
        return True

    async def _to_change(self, step: int) -> None:
        await in_slices(lambda: self._scrub.change(step, self._table, BITE))
        self._stepped()

    @property
    def keys(self) -> tuple[Key, ...]:
        """Steps and playing."""
        keys = [
            Key(",", "", "press('comma')"),
            Key(".", "frame", "press('full_stop')"),
            Key("<", "", "press('less_than_sign')"),
            Key(">", "a tenth", "press('greater_than_sign')"),
            Key("{", "", "press('left_curly_bracket')"),
            Key("}", "other kind", "press('right_curly_bracket')"),
        ]
        if self._timed:
            keys.append(Key("Space", "stop" if self._scrub.plays else "play", "press('space')"))
        return tuple(keys)

    # Playing

    def _play(self) -> None:
        if self._scrub.plays:
            self._scrub.pause()
        else:
            self._scrub.play()
        if self._timer is not None:
            self._timer.resume()
        self._stepped()

    def _tick(self) -> None:
        before = self._scrub.wanted
        if not self.display:
            self._scrub.pause()
        self._scrub.tick()
        if not self._scrub.plays and self._timer is not None:
            self._timer.pause()
        if self._scrub.wanted != before:
            self._stepped()
        else:
            self._slide()

    # Finding and copying

    def find(self, words: str) -> None:
        """Look for words in the answer: where they first stood in it, and each time after."""
        self._sightings, self._here = None, -1
        if words.strip() and self._decoder is not None and self._player is not None:
            self._sightings = Sightings(self._decoder(), words.strip())
            self._sightings.follow(self._player.frames)
            beside(self, self._sight, "sight", exclusive=True)

    async def _sight(self) -> None:
        sightings = self._sightings
        if sightings is not None:
            await in_slices(lambda: sightings.advance(BITE))
            if self._here < 0 and sightings is self._sightings:
                self.find_next(1)

    def find_next(self, step: int) -> None:
        """To the frame that completed the next occurrence, or the one before."""
        if self._sightings is None or not self._sightings.found:
            return
        found = self._sightings.found
        if self._here < 0:
            place = bisect_left(found, self._scrub.wanted) if self._scrub.wanted < self._scrub.count else 0
            self._here = place % len(found)
        else:
            self._here = (self._here + step) % len(found)
        self._go(found[self._here])

    @property
    def found(self) -> str:
        """Which occurrence was gone to."""
        if self._sightings is None:
            return ""
        reading = "" if self._sightings.is_over else "…"
        count = len(self._sightings.found)
        if not count:
            return reading or "nothing found"
        return f"{self._here + 1:,} of {count:,}{reading}"

    @property
    def copied(self) -> str:
        """The answer as it stands after the chosen frame."""
        return said(self._state) if self._state is not None else ""


def _content(rows: Sequence[Row]) -> Content:
    return Content("\n").join(Content.styled(row.text, row.style) for row in rows)
