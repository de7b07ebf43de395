"""The sheet that can be searched: matches are counted, folded or not, marked where painted, and visited."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from functools import partial

from tui.clean import clean
from tui.ui.beside import beside
from tui.ui.transcript.matches import Matches
from tui.ui.transcript.needles import folded
from tui.ui.wire.sheet import WORK_S, Section, Sheet


class SoughtSheet(Sheet, Matches):
    """Looks for words in everything its sections hold."""

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
        self._forget()
        self.refresh()

    async def _count(self, needle: str) -> None:
        counts, began = self._counts, time.monotonic()
        visited = False
        while len(counts) < len(self.page) and counts is self._counts:
            counts.extend((folded(clean(self.said(len(counts)))).count(needle),))
            if time.monotonic() - began >= WORK_S:
                if not visited and counts.total and len(counts) > self._top_block():
                    visited = self._visit_first()
                await asyncio.sleep(0)
                began = time.monotonic()
        if counts is self._counts and not visited:
            self._visit_first()
        self.refresh()

    def _visit_first(self) -> bool:
        """The first match from the top of the screen on, else the last above it."""
        if not self._counts.total:
            return False
        self._visit(self._first())
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
        self._bring_here()
        self.refresh()

    def redraw(self, *sections: Section) -> None:
        """Sections changed: what was found in their rows is found again."""
        self._marks.clear()
        super().redraw(*sections)
