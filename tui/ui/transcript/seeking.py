"""Looking for words in the transcript: matches are counted, marked where they are painted, and visited."""

from __future__ import annotations

import asyncio
import time
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from rich.style import Style
from textual.message import Message

from tui.ui.transcript.blocks import is_foldable
from tui.ui.transcript.branches import Branches
from tui.ui.transcript.layout import Heights
from tui.ui.transcript.line import Line
from tui.ui.transcript.model import MediaBlock, ThinkingBlock, ToolBlock
from tui.ui.transcript.needles import Span, count, folded, nth, spans
from tui.ui.transcript.page import Anchor
from tui.ui.transcript.selection import block_text

WORK_S = 0.008
"""Blocks are looked through for this long before others get their turn."""
AGAIN_S = 0.25
"""How long after a change what arrived is looked through."""


class Seeking(Branches):
    """The transcript that can be searched; ``Found`` goes up whenever the figures change."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"transcript--found", "transcript--found-here"}

    DEFAULT_CSS = """
    Seeking {
        & > .transcript--found { text-style: underline; color: $text-warning; }
        & > .transcript--found-here { background: $warning; color: $background; text-style: bold underline; }
    }
    """

    @dataclass
    class Found(Message, namespace="transcript"):
        """How many matches there are, and which one is shown, from 1; 0 while none is."""

        transcript: Seeking
        place: int
        count: int

        @property
        def control(self) -> Seeking:
            """The transcript that was searched."""
            return self.transcript

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._needle = ""
        self._counts = Heights()
        """Matches of each block, as far as they are counted."""
        self._here: tuple[int, int] | None = None
        """The match that is shown: its block, and which of the block's it is."""
        self._steady = 0
        """Blocks that change no more: those before the running turn."""
        self._marks: dict[int, tuple[tuple[object, ...], list[Span]]] = {}
        """Where the rows of a block have matches, with what they were found in."""
        self._looking = False
        self._again = False

    @property
    def seeks(self) -> bool:
        """Whether words are looked for."""
        return bool(self._needle)

    async def seek(self, words: str) -> None:
        """Look for words from the top of the screen on; nothing is looked for with none."""
        self._needle = folded(words)
        self._counts, self._here = Heights(), None
        self._marks.clear()
        self.refresh()
        if not self._needle:
            self._tell()
            return
        await self._count()
        self._visit(self._first())

    def step_match(self, step: int) -> None:
        """To the next match or the one before, round and round."""
        total = self._counts.total
        if not total:
            return
        here = self._place
        self._visit((here + step) % total if here is not None else self._first())

    @property
    def _place(self) -> int | None:
        """The number of the match that is shown, from 0."""
        if self._here is None or self._here[0] >= len(self._counts):
            return None
        block, which = self._here
        return self._counts.offset(block) + min(which, max(0, self._counts[block] - 1))

    def _first(self) -> int:
        """The first match from the top of the screen on, else the last one above it."""
        if not len(self.page) or not self._counts.total:
            return 0
        index, _ = self.page.heights.find(self.top)
        before = self._counts.offset(min(index, len(self._counts)))
        return min(before, self._counts.total - 1)

    async def _count(self, first: int = 0) -> None:
        """Count the matches from block ``first`` on, letting others work in between."""
        needle, began = self._needle, time.monotonic()
        self._counts.cut(first)
        while len(self._counts) < len(self.page) and needle == self._needle:
            block = self.page.entries[len(self._counts)].block
            self._counts.extend((count(block, needle),))
            if time.monotonic() - began >= WORK_S:
                await asyncio.sleep(0)
                began = time.monotonic()

    def _visit(self, place: int) -> None:
        """Show a match: unfold its block, and bring its row on the screen."""
        before = self._here
        self._here = None
        if place < self._counts.total:
            index, which = self._counts.find(place)
            self._here = (index, which)
            block = self.page.entries[index].block
            if (
                isinstance(block, ThinkingBlock | ToolBlock | MediaBlock)
                and block.folded
                and is_foldable(block)
            ):
                self.fold(index)
            self.put_cursor(index)
            self._show_span(index, self._span_here())
        if before != self._here:
            self.refresh()
        self._tell()

    def _show_span(self, index: int, span: Span | None) -> None:
        for _ in range(3):
            row = self.page.row_of(Anchor(index, span.start if span else 0))
            if self.top <= row < self.top + self.window - 1:
                break
            self.go(row - self.window // 3)
        self.following = self.top + self.window >= self.rows

    def _tell(self) -> None:
        place = self._place
        self.post_message(self.Found(self, 0 if place is None else place + 1, self._counts.total))

    # What changes meanwhile

    def set_running(self, running: bool) -> None:
        """Say that a turn runs: what stood before it changes no more."""
        if running and not self._turn_runs:
            self._steady = len(self.page)
        super().set_running(running)

    def update_rows(self, changed: int | None = None) -> None:
        """Blocks changed: what is new is looked through soon."""
        super().update_rows(changed)
        if self._needle and not self._again and self.is_attached:
            self._again = True
            self.set_timer(AGAIN_S, self._look_again)

    async def _look_again(self) -> None:
        self._again = False
        if self._looking or not self._needle:
            return
        self._looking = True
        before = self._counts.total
        try:
            await self._count(min(self._steady, len(self._counts)))
        finally:
            self._looking = False
        if self._counts.total != before:
            self.refresh()
            self._tell()

    def _cut(self, length: int) -> None:
        self._steady = min(self._steady, length)
        self._counts.cut(length)
        self._marks.clear()
        super()._cut(length)

    def clear(self) -> None:
        """Remove everything; the words are still looked for."""
        self._counts, self._here, self._steady = Heights(), None, 0
        self._marks.clear()
        super().clear()

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
            style = self.palette_style("found-here" if found[at] == here else "found")
            marked.append((max(found[at].start, start) - start, min(found[at].end, end) - start, style))
        return marked

    def _spans(self, index: int) -> list[Span]:
        lines: list[Line] = self.page.lines(index)
        # Rows of what still arrives are changed in place, always at their end.
        looked = (id(lines), len(lines), lines[-1].copied if lines else "")
        kept = self._marks.get(index)
        if kept is None or kept[0] != looked:
            kept = self._marks[index] = (looked, spans(block_text(self.page, index), self._needle))
        return kept[1]

    def _span_here(self) -> Span | None:
        if self._here is None or self._here[0] >= len(self._counts):
            return None
        index, which = self._here
        return nth(self._spans(index), which, self._counts[index])
