"""All blocks below one another: rows are rendered when they come near the screen, and forgotten again.

Blocks never shown have estimated heights. When an estimate proves wrong, the row somebody reads
stays where it is: every change is made around an anchor.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tui.ui.transcript.blocks import LEAST_WIDTH, NOTHING, estimate, gap_before, measure, render
from tui.ui.transcript.grow import Growth, growth
from tui.ui.transcript.layout import Extent, Extents, Heights
from tui.ui.transcript.line import Line
from tui.ui.transcript.model import Block, MediaBlock, ThinkingBlock
from tui.ui.transcript.packed import pack
from tui.ui.transcript.palette import PLAIN, Palette

KEPT = 300
"""Blocks whose rows are kept after they left the screen."""


@dataclass(slots=True)
class Entry:
    """A block and what is known of its rows."""

    block: Block
    gap: int
    lines: list[Line] | None = None
    starts: list[int] | None = None
    """Copied characters before each row, as far as asked for."""
    open: bool = False
    """Whether text still arrives."""
    growth: Growth | None = None


def entries_of(blocks: Iterable[Block], before: Block | None = None) -> list[Entry]:
    """Blocks in their places below ``before``."""
    out = []
    for block in blocks:
        out.append(Entry(block, gap_before(block, before)))
        before = block
    return out


def guess(entry: Entry, width: int) -> int:
    """Rows a block takes at a width with the gap above it, as far as can be told without rendering it."""
    rows = estimate(entry.block, width)
    return entry.gap + rows if rows else 0


def measured(entry: Entry) -> Extent | None:
    """What ``guess`` follows from at any width, where that can be told."""
    extent = measure(entry.block)
    if extent is None or extent == NOTHING:
        return extent
    rows, chars, less = extent
    return entry.gap + rows, chars, less


def guesses(entries: Sequence[Entry], extents: Extents, width: int, first: int = 0) -> array[int]:
    """``guess`` for all from ``first`` on; only blocks of which nothing is known are looked at."""
    asked = []
    for index in extents.unknown(first):
        extent = measured(entries[index])
        if extent is None:
            asked.append(index)
        else:
            extents.set(index, extent)
    rows = extents.guesses(width, first)
    for index in asked:
        rows[index - first] = guess(entries[index], width)
    return rows


@dataclass(slots=True)
class Laid:
    """All blocks of a branch laid out for a width; made beside the screen, for it takes its time."""

    entries: list[Entry]
    width: int
    heights: Heights
    extents: Extents
    indexes: dict[str, int]
    """Where each block stands, by its key."""

    @staticmethod
    def out(blocks: Iterable[Block], width: int) -> Laid:
        """Nothing is rendered; texts are clean."""
        entries = entries_of(blocks)
        extents = Extents()
        extents.grow(len(entries))
        heights = Heights(guesses(entries, extents, width))
        indexes = {entry.block.key: at for at, entry in enumerate(entries)}
        return Laid(entries, width, heights, extents, indexes)


class Spot(NamedTuple):
    """A row of the page: its block, the row within it (negative in the gap above it), and its line."""

    block: int
    row: int
    line: Line | None


class Anchor(NamedTuple):
    """A place in the text that survives any new layout: block, and copied characters before it."""

    block: int
    offset: int


class Page:
    """The blocks, their heights and the rows rendered so far, for one width and palette."""

    def __init__(self, width: int = 80, palette: Palette = PLAIN) -> None:
        self.width = max(LEAST_WIDTH, width)
        self.palette = palette
        self.entries: list[Entry] = []
        self.heights = Heights()
        self._extents = Extents()
        self.renders = 0
        """How many blocks were rendered from scratch; tests assert on it."""
        self._kept: OrderedDict[int, None] = OrderedDict()

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def total(self) -> int:
        """Rows of everything, partly estimated."""
        return self.heights.total

    def look(self, width: int, palette: Palette) -> None:
        """Lay out anew for another width or theme; nothing is rendered until it is shown."""
        before, self.width = self.width, max(LEAST_WIDTH, width)
        self.palette = palette
        for index in self._kept:
            self._forget(self.entries[index])
        self._kept.clear()
        if self.width != before:
            self.heights = Heights(guesses(self.entries, self._extents, self.width))
            return
        for index in self._extents.unknown():
            # Colours make no row taller; but pictures are not drawn in every theme.
            if isinstance(self.entries[index].block, MediaBlock):
                self.heights.set(index, guess(self.entries[index], self.width))

    def extend(self, blocks: Iterable[Block]) -> None:
        """Append blocks without rendering them."""
        first = len(self.entries)
        self.entries += entries_of(blocks, self.entries[-1].block if self.entries else None)
        self._extents.grow(len(self.entries) - first)
        self.heights.extend(guesses(self.entries, self._extents, self.width, first))

    def take(self, laid: Laid, old: Sequence[Entry] = ()) -> None:
        """Replace everything; what is the same as at the end of ``old`` has its rows at once."""
        self._kept = OrderedDict()
        self.entries, self.heights, self._extents = laid.entries, laid.heights, laid.extents
        if laid.width != self.width:
            self.heights = Heights(guesses(self.entries, self._extents, self.width))
        pairs = zip(range(len(self.entries) - 1, -1, -1), reversed(old), strict=False)
        for index, before in pairs:
            if before.open or before.block != self.entries[index].block:
                break
            if before.lines is not None:
                self.entries[index].lines, self._kept[index] = before.lines, None
                self._resize(index)

    def cut(self, length: int) -> None:
        """Keep only the first ``length`` blocks."""
        del self.entries[length:]
        self.heights.cut(length)
        self._extents.cut(length)
        for index in [index for index in self._kept if index >= length]:
            del self._kept[index]

    def lines(self, index: int) -> list[Line]:
        """The rows of a block, rendered now if they are not known; its height is then exact."""
        entry = self.entries[index]
        if entry.lines is None:
            self.renders += 1
            entry.starts = None
            if entry.open:
                entry.growth = growth(entry.block, self.width, self.palette)
            if entry.growth is not None:
                entry.lines = entry.growth.rows
            else:
                entry.lines = render(entry.block, self.width, self.palette)
            self._resize(index)
        self._kept[index] = None
        self._kept.move_to_end(index)
        return entry.lines

    def _resize(self, index: int) -> None:
        entry = self.entries[index]
        assert entry.lines is not None
        self.heights.set(index, entry.gap + len(entry.lines) if entry.lines else 0)

    def _guess(self, index: int) -> None:
        self.heights.set(index, guess(self.entries[index], self.width))

    def _forget(self, entry: Entry) -> None:
        entry.lines, entry.growth, entry.starts = None, None, None

    def feed(self, index: int, text: str, add: Callable[[str], None]) -> int | None:
        """Let an open block grow by ``text``; returns its first changed row, None if it is not rendered."""
        entry = self.entries[index]
        add(text)
        self._extents.forget(index)
        if entry.growth is not None and entry.lines is not None:
            changed = entry.growth.feed(text)
            if entry.starts is not None:
                del entry.starts[changed:]
            self._resize(index)
            return changed
        if entry.lines is not None:
            return self.changed(index)
        self._guess(index)
        return None

    def changed(self, index: int) -> int | None:
        """A block's value changed: render it again if it was rendered, else guess its height again."""
        entry = self.entries[index]
        self._extents.forget(index)
        if entry.lines is None:
            self._guess(index)
            return None
        if entry.growth is not None and isinstance(entry.block, ThinkingBlock) and not entry.block.folded:
            entry.growth.set_head(entry.block)
            entry.starts = None
            self._resize(index)
            return 0
        self._forget(entry)
        self.lines(index)
        return 0

    def refold(self, index: int, *, shown: bool = True) -> None:
        """A block was folded or unfolded: render it again if it was rendered and is ``shown``."""
        entry = self.entries[index]
        known = shown and entry.lines is not None
        self._forget(entry)
        self._extents.forget(index)
        self._guess(index)
        if known:
            self.lines(index)

    def close(self, index: int, *, rendered_anew: bool) -> None:
        """No more text comes; the rows grown so far are kept unless they have to be ``rendered_anew``."""
        entry = self.entries[index]
        self._extents.forget(index)
        entry.open = False
        known = entry.lines is not None
        grown, entry.growth = entry.growth, None
        if rendered_anew or (grown is not None and grown.approximate):
            self._forget(entry)
            if known:
                self.lines(index)

    def locate(self, row: int) -> Spot:
        """What stands on ``row``; past the end the index is the number of blocks."""
        if row >= self.total or not self.entries:
            return Spot(len(self.entries), row - self.total, None)
        index, within = self.heights.find(row)
        own = within - self.entries[index].gap
        if own < 0:
            return Spot(index, own, None)
        lines = self.lines(index)
        return Spot(index, own, lines[own] if own < len(lines) else None)

    def settle(self, top: int, height: int) -> int:
        """Render what rows ``top`` to ``top + height`` show; returns where ``top`` is afterwards."""
        while self.entries:
            first, _ = self.heights.find(max(0, top))
            shown, row = [], self.heights.offset(first)
            for index in range(first, len(self.entries)):
                if row >= top + height and index > first:
                    break
                shown.append(index)
                row += self.heights[index]
            stale = [index for index in shown if self.entries[index].lines is None]
            if not stale:
                break
            known = (index for index in shown if self.entries[index].lines is not None)
            anchor = next(known, first)
            above = self.heights.offset(anchor) - top
            for index in stale:
                self.lines(index)
            if anchor == first and anchor in stale:
                above = max(above, 1 - max(1, self.heights[anchor]))
            top = max(0, self.heights.offset(anchor) - above)
        self._trim()
        return top

    def _trim(self) -> None:
        while len(self._kept) > KEPT:
            index, _ = self._kept.popitem(last=False)
            if self.entries[index].open:
                self._kept[index] = None
                break
            self._forget(self.entries[index])
            pack(self.entries[index].block)

    def start_of(self, index: int, row: int) -> int:
        """Copied characters of block ``index`` before its row ``row``."""
        entry = self.entries[index]
        lines = self.lines(index)
        if not entry.starts:
            entry.starts = [0]
        starts = entry.starts
        while len(starts) <= min(row, len(lines)):
            number = len(starts)
            ahead = len(lines[number - 1].copied)
            join = len(lines[number].join) if number < len(lines) else 1
            starts.append(starts[-1] + ahead + join)
        return starts[min(row, len(lines))]

    def anchor_at(self, row: int) -> Anchor:
        """The place where ``row`` begins."""
        spot = self.locate(row)
        if spot.block >= len(self.entries):
            return Anchor(spot.block, 0)
        return Anchor(spot.block, self.start_of(spot.block, max(0, spot.row)))

    def row_of(self, anchor: Anchor) -> int:
        """The row that shows a place, in the present layout."""
        if anchor.block >= len(self.entries):
            return self.total
        row = self.row_within(anchor)
        top = self.heights.offset(anchor.block)
        return top if anchor.offset == 0 else top + self.entries[anchor.block].gap + row

    def row_within(self, anchor: Anchor) -> int:
        """The row of its block that shows a place."""
        count = len(self.lines(anchor.block))
        self.start_of(anchor.block, count)
        starts = self.entries[anchor.block].starts or []
        return max(0, bisect_right(starts, anchor.offset, hi=min(count, len(starts))) - 1)
