"""The matches of words that are looked for: counted for each block, found again in its rows, marked there."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from rich.style import Style

from tui.ui.transcript.layout import Heights
from tui.ui.transcript.needles import Span, nth, spans
from tui.ui.transcript.page import Anchor
from tui.ui.transcript.pane import Pane
from tui.ui.transcript.selection import block_text


class Matches(Pane):
    """A pane that marks matches and has one of them in sight; who counts and visits them builds on it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._needle = ""
        self._counts = Heights()
        """Matches of each block, as far as they are counted."""
        self._here: tuple[int, int] | None = None
        """The match that is shown: its block, and which of the block's it is."""
        self._marks: dict[int, tuple[tuple[object, ...], list[Span]]] = {}
        """Where the rows of a block have matches, with what they were found in."""

    def _forget(self) -> None:
        """Nothing is counted yet."""
        self._counts, self._here = Heights(), None
        self._marks.clear()

    def _first(self) -> int:
        """The number, from 0, of the first match from the top of the screen on, else the last above it."""
        if not len(self.page) or not self._counts.total:
            return 0
        before = self._counts.offset(min(self._top_block(), len(self._counts)))
        return min(before, self._counts.total - 1)

    def _top_block(self) -> int:
        return self.page.heights.find(self.top)[0] if len(self.page) else 0

    def _bring_here(self) -> None:
        """Bring the row of the match that is shown on the screen."""
        if self._here is None:
            return
        index, span = self._here[0], self._span_here()
        for _ in range(3):
            # Heights above are guessed until they are looked at.
            row = self.page.row_of(Anchor(index, span.start if span else 0))
            if self.top <= row < self.top + self.window - 1:
                break
            self.go(row - self.window // 3)

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
        lines = self.page.lines(index)
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
