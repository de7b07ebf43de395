"""The sheet that can be searched: matches are counted, folded or not, marked where painted, and visited."""

from __future__ import annotations

import asyncio
import time
from bisect import bisect_right
from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from rich.style import Style

from tui.clean import clean
from tui.ui.beside import beside
from tui.ui.transcript.layout import Heights
from tui.ui.transcript.needles import Span, folded, nth, spans
from tui.ui.transcript.page import Anchor
from tui.ui.transcript.selection import block_text
from tui.ui.wire.sheet import WORK_S, Section, Sheet


class SoughtSheet(Sheet):
    """Looks for words in everything its sections hold."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"transcript--found", "transcript--found-here"}

    DEFAULT_CSS = """
    SoughtSheet {
        & > .transcript--found { text-style: underline; color: $text-warning; }
        & > .transcript--found-here { background: $warning; color: $background; text-style: bold underline; }
    }
    """

    def __init__(self, *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._needle = ""
        self._counts = Heights()
        """Matches of each block, as far as they are counted."""
        self._here: tuple[int, int] | None = None
        """The match that is shown: its block, and which of the block's it is."""
        self._marks: dict[int, tuple[int, list[Span]]] = {}

    @property
    def found(self) -> str:
        """How the search stands."""
        if not self._needle:
            return ""
        total = self._counts.total
        going_on = "…" if len(self._counts) < len(self.page) else ""
        if not total:
            return going_on or "nothing found"
        place = "–" if self._here is None else str(self._counts.offset(self._here[0]) + self._here[1] + 1)
        return f"{place} of {total:,}{going_on}"

    def find(self, words: str) -> None:
        """Look for words from the top of the screen on, beside everything else; none end the search."""
        if folded(words) == self._needle and words:
            return
        self._needle = folded(words)
        self._reset()
        if self._needle:
            beside(self, partial(self._count, self._needle), "find", exclusive=True)

    async def fill(self, sections: Sequence[Section], *, keep_place: bool = False) -> None:
        """Show other sections; what was looked for is looked for in them."""
        self._reset()
        await super().fill(sections, keep_place=keep_place)
        if self._needle:
            beside(self, partial(self._count, self._needle), "find", exclusive=True)

    def _reset(self) -> None:
        self._counts, self._here = Heights(), None
        self._marks.clear()
        self.refresh()

    async def _count(self, needle: str) -> None:
        counts, began = self._counts, time.monotonic()
        visited = False
        while len(counts) < len(self.page) and counts is self._counts:
            counts.extend((folded(clean(self.said(len(counts)))).count(needle),))
            if time.monotonic() - began >= WORK_S:
                if not visited and counts.total and len(counts) > self._first_shown():
                    visited = self._visit_first()
                await asyncio.sleep(0)
                began = time.monotonic()
        if counts is self._counts and not visited:
            self._visit_first()
        self.refresh()

    def _first_shown(self) -> int:
        return self.page.heights.find(self.top)[0] if len(self.page) else 0

    def _visit_first(self) -> bool:
        """The first match from the top of the screen on, else the last above it."""
        if not self._counts.total:
            return False
        before = self._counts.offset(min(self._first_shown(), len(self._counts)))
        self._visit(min(before, self._counts.total - 1))
        return True

    def find_next(self, step: int) -> None:
        """To the next match or the one before, round and round."""
        total = self._counts.total
        if total:
            here = self._here
            place = 0 if here is None else self._counts.offset(here[0]) + here[1] + step
            self._visit(place % total)

    def _visit(self, place: int) -> None:
        """Unfold what holds a match, and bring its row on the screen."""
        index, which = self._counts.find(place)
        section = self.section_at(index)
        if section is not None and section.folded and (index != section.first or section.is_long):
            self.put_cursor(section.first)
            self.fold(section, False)
            if section.is_long:
                # It is cut into stretches now, and everything is counted again from here on.
                return
        self._here = (index, which)
        self.put_cursor(index)
        span = self._span_here()
        for _ in range(3):
            row = self.page.row_of(Anchor(index, span.start if span else 0))
            if self.top <= row < self.top + self.window - 1:
                break
            self.go(row - self.window // 3)
        self.refresh()

    def redraw(self, *sections: Section) -> None:
        """Sections changed: what was found in their rows is found again."""
        self._marks.clear()
        super().redraw(*sections)

    # Painting

    def found_in(self, block: int, row: int) -> Sequence[tuple[int, int, Style]]:
        """The copied characters of a row that match, with the style they are marked in."""
        if not self._needle or block >= len(self._counts) or not self._counts[block]:
            return ()
        found = self._spans(block)
        start = self.page.start_of(block, row)
        end = start + len(self.page.lines(block)[row].copied)
        here = self._span_here() if self._here is not None and self._here[0] == block else None
        marked = []
        for at in range(bisect_right(found, (start, -1)) - 1, len(found)):
            if at < 0 or found[at].end <= start:
                continue
            if found[at].start >= end:
                break
            style = self._style("found-here" if found[at] == here else "found")
            marked.append((max(found[at].start, start) - start, min(found[at].end, end) - start, style))
        return marked

    def _spans(self, index: int) -> list[Span]:
        lines = self.page.lines(index)
        kept = self._marks.get(index)
        if kept is None or kept[0] != id(lines):
            kept = self._marks[index] = (id(lines), spans(block_text(self.page, index), self._needle))
        return kept[1]

    def _span_here(self) -> Span | None:
        if self._here is None or self._here[0] >= len(self._counts):
            return None
        index, which = self._here
        return nth(self._spans(index), which, self._counts[index])
