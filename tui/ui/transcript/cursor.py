"""The block in focus: which one it is, how it moves, and that it is seen."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from tui.ui.transcript.gallery import Gallery
from tui.ui.transcript.model import FooterBlock


class Cursor(Gallery):
    """The gallery with one of its blocks in focus."""

    @dataclass
    class BlockFocused(Message, namespace="transcript"):
        """Another block is in focus; ``key`` is None when none is."""

        transcript: Cursor
        key: str | None

        @property
        def control(self) -> Cursor:
            """The transcript it happened in."""
            return self.transcript

    def on_focus(self) -> None:
        """The block in focus is one on the screen."""
        if self.cursor is None or not self.on_screen(self.cursor):
            self.cursor = self._last_on_screen()
        self._mark(self.cursor)
        self.repaint_more()

    def on_blur(self) -> None:
        """Without the focus no block is marked."""
        self._mark(self.cursor)
        self.repaint_more()

    def put_cursor(self, index: int | None) -> None:
        """Put the block at ``index`` in focus, and on the screen."""
        before, self.cursor = self.cursor, index
        self._mark(before)
        self._mark(index)
        if index is not None:
            self._reveal(index)
        self.post_message(
            self.BlockFocused(self, None if index is None else self.page.entries[index].block.key)
        )

    def _mark(self, index: int | None) -> None:
        if index is not None and index < len(self.page):
            self.repaint_rows(self.page.heights.offset(index), self.page.heights[index])

    def _reveal(self, index: int) -> None:
        self.page.lines(index)
        start = self.page.heights.offset(index) + self.page.entries[index].gap
        end = self.page.heights.offset(index + 1)
        if start < self.top:
            self.go(start if end - start <= self.window else max(start, end - self.window))
        elif end > self.top + self.window:
            self.go(min(start, end - self.window) if end - start > self.window else end - self.window)

    def on_screen(self, index: int) -> bool:
        """Whether any row of a block is in sight."""
        if index >= len(self.page):
            return False
        start, end = self.page.heights.offset(index), self.page.heights.offset(index + 1)
        return start < self.top + self.window and end > self.top

    def _last_on_screen(self) -> int | None:
        first, end = self._shown()
        return self._nearest(range(end - 1, first - 1, -1))

    def _nearest(self, indexes: range) -> int | None:
        return next((index for index in indexes if self.takes_focus(index)), None)

    def takes_focus(self, index: int) -> bool:
        """Whether a block can be in focus: quiet lines cannot."""
        return not isinstance(self.page.entries[index].block, FooterBlock) and self.page.heights[index] > 0

    def action_move(self, step: int) -> None:
        """Focus the next or previous block; one taller than the screen is scrolled through first."""
        if self.cursor is None or not self.on_screen(self.cursor):
            self.put_cursor(self._last_on_screen())
            return
        start, end = self.page.heights.offset(self.cursor), self.page.heights.offset(self.cursor + 1)
        hidden = end - (self.top + self.window) if step > 0 else self.top - start
        if hidden > 0:
            self.go(self.top + step * min(hidden, max(1, self.window // 2)))
            return
        index = self.cursor + step
        while 0 <= index < len(self.page) and not self.takes_focus(index):
            index += step
        if 0 <= index < len(self.page):
            self.put_cursor(index)
        elif step > 0:
            self.jump_to_end()

    def action_top(self) -> None:
        """Go to the first row."""
        self.put_cursor(self._nearest(range(len(self.page))))
        self.go(0)

    def action_end(self) -> None:
        """Go to the last row and follow it."""
        self.put_cursor(self._nearest(range(len(self.page) - 1, -1, -1)))
        self.jump_to_end()

    def action_page(self, step: int) -> None:
        """Scroll by a screen, less two rows to find the place again."""
        self.go(self.top + step * max(1, self.window - 2))
