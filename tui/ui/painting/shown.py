"""What stands on the terminal, so that a frame writes only the cells that differ from it.

A frame of a growing answer changes a few words, yet whole rows were written for it: seven times the
bytes, which is felt over a slow line. Rows with characters that terminals measure differently are
written as a whole, because nobody knows where the cells after them are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import Console, ConsoleOptions, RenderResult
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

from tui.ui.painting.looks import Looks

_MEASURED = re.compile(
    "[ -~\u00a1-\u00ac\u00ae-\u02ff\u0391-\u0482\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u2500-\u25ff"
    "\u2713\u2717\u276f\u2e80-\u3029\u3041-\u3096\u30a1-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff01-\uff60\U00020000-\U0003fffd]*"
)
"""Characters that every terminal gives the cells we think, and that join with no neighbour."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A part of a row as it was written."""

    strip: Strip
    cells: int
    text: str
    looks: str
    measured: bool

    @staticmethod
    def of(strip: Strip, looks: Looks) -> _Stretch:
        text, signs = looks.of(strip)
        return _Stretch(strip, strip.cell_length, text, signs, _MEASURED.fullmatch(text) is not None)


class Shown:
    """The cells of one terminal; ``forget`` it when something else may have written there."""

    def __init__(self) -> None:
        self._rows: dict[int, dict[int, _Stretch]] = {}
        self._looks: Looks | None = None

    def forget(self) -> None:
        """Know nothing of the terminal: what comes next is written as a whole."""
        self._rows.clear()

    def differences(self, update: LayoutUpdate | ChopsUpdate, console: Console) -> str:
        """The sequences that bring the terminal to what ``update`` shows."""
        if self._looks is None or self._looks.is_full:
            self._looks = Looks(console._color_system or ColorSystem.TRUECOLOR)
            self.forget()
        pen = _Pen(self._looks)
        for y, painted in _rows_of(update):
            self._row(pen, y, painted)
        return pen.finish()

    def _row(self, pen: _Pen, y: int, painted: Sequence[tuple[int, Strip]]) -> None:
        known = self._rows.get(y, {})
        # What of the row is not painted now still stands there, unless it is painted over.
        row = {
            x: old
            for x, old in known.items()
            if all(x + old.cells <= start or start + strip.cell_length <= x for start, strip in painted)
        }
        for x, strip in painted:
            old = known.get(x)
            row[x] = old if old is not None and old.strip is strip else _Stretch.of(strip, pen.looks)
        self._rows[y] = row
        moved = False
        for x in sorted(row):
            old, new = known.get(x), row[x]
            if moved or old is None or old.cells != new.cells:
                first, last = 0, len(new.text)
            else:
                first, last = _changed(old, new)
            if first < last:
                pen.write(y, x + cell_len(new.text[:first]), new.text[first:last], new.looks[first:last])
                moved = moved or not (new.measured and (old is None or old.measured))


class _Pen:
    """Collects sequences; the terminal's present look goes on from one run to the next."""

    def __init__(self, looks: Looks) -> None:
        self.looks = looks
        self._pieces: list[str] = []
        self._look = looks.nothing

    def write(self, y: int, x: int, text: str, looks: str) -> None:
        """Put ``text`` at a place, each character in its look."""
        self._pieces.append(f"\x1b[{y + 1};{x + 1}H")
        start = 0
        while start < len(text):
            sign = looks[start]
            end = start + 1
            while end < len(text) and looks[end] == sign:
                end += 1
            run = text[start:end]
            # Words without any colour look as a blank does, but not as what stands before them.
            if sign != self._look and not (run.isspace() and self.looks.blank_in(sign, self._look)):
                self._pieces.append(self.looks.change(self._look, sign))
                self._look = sign
            self._pieces.append(run)
            start = end

    def finish(self) -> str:
        """Everything written, the terminal's look taken back."""
        if self._look != self.looks.nothing:
            self._pieces.append(self.looks.change(self._look, self.looks.nothing))
        return "".join(self._pieces)


def _changed(old: _Stretch, new: _Stretch) -> tuple[int, int]:
    """The first and one past the last character of ``new`` to be written over ``old``."""
    if old is new or (old.text == new.text and old.looks == new.looks):
        return 0, 0
    if not (old.measured and new.measured):
        return 0, len(new.text)
    first = min(_common(old.text, new.text), _common(old.looks, new.looks))
    same = min(
        _common(old.text[first:][::-1], new.text[first:][::-1]),
        _common(old.looks[first:][::-1], new.looks[first:][::-1]),
    )
    return first, len(new.text) - same


def _common(a: str, b: str) -> int:
    """How many characters two strings have in common at their beginning."""
    least, most = 0, min(len(a), len(b))
    while least < most:
        middle = (least + most + 1) // 2
        if a[least:middle] == b[least:middle]:
            least = middle
        else:
            most = middle - 1
    return least


def _rows_of(update: LayoutUpdate | ChopsUpdate) -> Iterator[tuple[int, list[tuple[int, Strip]]]]:
    """What an update paints, row by row: strips with the column they begin in."""
    if isinstance(update, LayoutUpdate):
        for y, strips in enumerate(update.strips, update.region.y):
            yield y, list(_placed(strips, update.region.x))
        return
    for y, first, last in update.spans:
        if 0 <= y < len(update.chops):
            chops = zip(update.chop_ends[y], update.chops[y].items(), strict=False)
            yield y, [(x, strip) for end, (x, strip) in chops if strip and x < last and end > first]


def _placed(strips: Iterable[Strip], x: int) -> Iterator[tuple[int, Strip]]:
    for strip in strips:
        if strip is not None:
            yield x, strip
            x += strip.cell_length


class Differences(CompositorUpdate):
    """An update of Textual's that is written as what differs from the terminal."""

    def __init__(self, shown: Shown, update: LayoutUpdate | ChopsUpdate) -> None:
        self._shown = shown
        self._update = update

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from self._update.__rich_console__(console, options)

    def render_segments(self, console: Console) -> str:
        """The sequences to write; only what is asked for here is taken as written."""
        return self._shown.differences(self._update, console)
