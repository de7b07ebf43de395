"""Looking for words in the transcript: matches are counted, marked where they are painted, and visited."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any

from textual.message import Message

from tui.ui.transcript.blocks import is_foldable
from tui.ui.transcript.branches import Branches
from tui.ui.transcript.matches import Matches
from tui.ui.transcript.model import MediaBlock, ThinkingBlock, ToolBlock
from tui.ui.transcript.needles import count, folded

WORK_S = 0.008
"""Blocks are looked through for this long before others get their turn."""
AGAIN_S = 0.25
"""How long after a change what arrived is looked through."""


class Seeking(Branches, Matches):
    """The transcript that can be searched; ``Found`` goes up whenever the figures change."""

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
        self._steady = 0
        """Blocks that change no more: those before the running turn."""
        self._looking = False
        self._again = False

    @property
    def seeks(self) -> bool:
        """Whether words are looked for."""
        return bool(self._needle)

    async def seek(self, words: str) -> None:
        """Look for words from the top of the screen on; nothing is looked for with none."""
        self._needle = folded(words)
        self._forget()
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
            self._bring_here()
            self.following = self.top + self.window >= self.rows
        if before != self._here:
            self.refresh()
        self._tell()

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
        self._forget()
        self._steady = 0
        super().clear()
