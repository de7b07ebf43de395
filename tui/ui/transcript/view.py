"""The transcript: what a conversation says and does, block by block, while it happens."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from tui.chat.events import Event
from tui.chat.parts import Attachment
from tui.ui.transcript.apply import Applier, clock_label
from tui.ui.transcript.blocks import copy_text
from tui.ui.transcript.gallery import Gallery
from tui.ui.transcript.line import FOLD
from tui.ui.transcript.model import Block, CardBlock, FooterBlock, ToolBlock
from tui.ui.transcript.pane import MARGIN


class Transcript(Gallery):
    """The conversation on the screen; blocks are added by call, choices go up as messages."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "previous block", show=False, id="transcript.previous"),
        Binding("down,j", "move(1)", "next block", show=False, id="transcript.next"),
        Binding("enter,space", "fold", "fold", show=False, id="transcript.fold"),
        Binding("y", "copy_block", "copy block", show=False, id="transcript.copy"),
        Binding("Y,shift+y", "copy_message", "copy message", show=False, id="transcript.copy-message"),
        Binding("home,g", "top", "first row", show=False, id="transcript.top"),
        Binding("end,G,shift+g", "end", "follow the end", show=False, id="transcript.end"),
        Binding("pageup", "page(-1)", "page up", show=False, id="transcript.page-up"),
        Binding("pagedown", "page(1)", "page down", show=False, id="transcript.page-down"),
    ]
    """Keys while the transcript has the focus."""

    @dataclass
    class BlockFocused(Message):
        """Another block is in focus; ``key`` is None when none is."""

        transcript: Transcript
        key: str | None

        @property
        def control(self) -> Transcript:
            """The transcript it happened in."""
            return self.transcript

    @dataclass
    class ActionChosen(Message):
        """An action of a failure's card was chosen, by its key."""

        transcript: Transcript
        block: str
        key: str

        @property
        def control(self) -> Transcript:
            """The transcript it happened in."""
            return self.transcript

    @dataclass
    class CopyRequested(Message):
        """Text should go to the clipboard; it is clean."""

        transcript: Transcript
        text: str

        @property
        def control(self) -> Transcript:
            """The transcript it happened in."""
            return self.transcript

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        simulated: bool = False,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(clock=clock, id=id, classes=classes)
        self._applier = Applier(self, simulated=simulated)
        self._pressed: tuple[int, int] | None = None

    # What the chat screen calls

    async def apply(self, event: Event) -> None:
        """Show an event of the engine; awaiting it is the back-pressure on the stream."""
        await self._applier.apply(event)

    def add_prompt(self, text: str, at: float | None = None, attachments: Sequence[Attachment] = ()) -> None:
        """Show the user's prompt, sent at Unix time ``at``, with what is attached, and go to the end."""
        key = f"user-{len(self.page)}"
        self.add_user(key, text, clock_label(at))
        self.add_media(key, attachments)
        self.jump_to_end()

    # Focus by block

    def on_focus(self) -> None:
        """The block in focus is one on the screen."""
        if self.cursor is None or not self._on_screen(self.cursor):
            self.cursor = self._last_on_screen()
        self._mark(self.cursor)
        self.repaint_more()

    def on_blur(self) -> None:
        """Without the focus no block is marked."""
        self._mark(self.cursor)
        self.repaint_more()

    def _put_cursor(self, index: int | None) -> None:
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

    def _on_screen(self, index: int) -> bool:
        if index >= len(self.page):
            return False
        start, end = self.page.heights.offset(index), self.page.heights.offset(index + 1)
        return start < self.top + self.window and end > self.top

    def _last_on_screen(self) -> int | None:
        first, end = self._shown()
        return self._nearest(range(end - 1, first - 1, -1))

    def _nearest(self, indexes: range) -> int | None:
        return next((index for index in indexes if self._takes_focus(index)), None)

    def _shown(self) -> tuple[int, int]:
        if not len(self.page):
            return 0, 0
        last = min(len(self.page) - 1, self.page.heights.find(self.top + self.window - 1)[0])
        return self.page.heights.find(self.top)[0], last + 1

    def _takes_focus(self, index: int) -> bool:
        return not isinstance(self.page.entries[index].block, FooterBlock) and self.page.heights[index] > 0

    def action_move(self, step: int) -> None:
        """Focus the next or previous block; one taller than the screen is scrolled through first."""
        if self.cursor is None or not self._on_screen(self.cursor):
            self._put_cursor(self._last_on_screen())
            return
        start, end = self.page.heights.offset(self.cursor), self.page.heights.offset(self.cursor + 1)
        hidden = end - (self.top + self.window) if step > 0 else self.top - start
        if hidden > 0:
            self.go(self.top + step * min(hidden, max(1, self.window // 2)))
            return
        index = self.cursor + step
        while 0 <= index < len(self.page) and not self._takes_focus(index):
            index += step
        if 0 <= index < len(self.page):
            self._put_cursor(index)
        elif step > 0:
            self.jump_to_end()

    def action_top(self) -> None:
        """Go to the first row."""
        self._put_cursor(self._nearest(range(len(self.page))))
        self.go(0)

    def action_end(self) -> None:
        """Go to the last row and follow it."""
        self._put_cursor(self._nearest(range(len(self.page) - 1, -1, -1)))
        self.jump_to_end()

    def action_page(self, step: int) -> None:
        """Scroll by a screen, less two rows to find the place again."""
        self.go(self.top + step * max(1, self.window - 2))

    # Folding, copying, choosing

    def action_fold(self) -> None:
        """Fold or unfold the block in focus; on a card, choose its first action."""
        if self.cursor is None:
            return
        block = self.page.entries[self.cursor].block
        if isinstance(block, CardBlock) and block.actions:
            self.post_message(self.ActionChosen(self, block.key, block.actions[0][0]))
        else:
            self.fold(self.cursor)

    def action_copy_block(self) -> None:
        """Copy all the block in focus says."""
        if self.cursor is not None:
            self._copy([self.page.entries[self.cursor].block])

    def action_copy_message(self) -> None:
        """Copy every block of the message in focus, without the figures below it."""
        if self.cursor is None:
            return
        own = self.page.entries[self.cursor].block
        blocks: Iterable[Block] = [own]
        if own.group:
            blocks = [e.block for e in self.page.entries if e.block.group == own.group]
        self._copy([block for block in blocks if not isinstance(block, FooterBlock)])

    def _copy(self, blocks: Sequence[Block]) -> None:
        """Ask for a copy of blocks; a tool may have said megabytes, which are made ready in a thread."""
        if any(isinstance(block, ToolBlock) and block.full is not None for block in blocks):
            self.run_worker(self._copy_long(blocks), group="copy", exclusive=True)
        else:
            self.post_message(self.CopyRequested(self, _joined(blocks)))

    async def _copy_long(self, blocks: Sequence[Block]) -> None:
        self.post_message(self.CopyRequested(self, await asyncio.to_thread(_joined, blocks)))

    def on_key(self, event: events.Key) -> None:
        """A card in focus answers the keys it shows."""
        if self.cursor is None or self.cursor >= len(self.page):
            return
        block = self.page.entries[self.cursor].block
        if isinstance(block, CardBlock) and event.character in {key for key, _ in block.actions}:
            event.stop()
            event.prevent_default()
            self.post_message(self.ActionChosen(self, block.key, str(event.character)))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Remember where a click began: a drag selects and folds nothing."""
        self._pressed = (event.x, event.y)

    def on_click(self, event: events.Click) -> None:
        """A click on a fold line folds, on an action chooses it, on the row of new content goes there."""
        if self._pressed != (event.x, event.y):
            return
        if self.more_shown and event.y == self.window - 1:
            self.jump_to_end()
            return
        spot = self.page.locate(self.top + event.y)
        if spot.block >= len(self.page) or not self._takes_focus(spot.block):
            return
        self._put_cursor(spot.block)
        for hit in spot.line.hits if spot.line else ():
            if hit.start <= event.x - MARGIN < hit.end:
                self._hit(spot.block, hit.action)
                return

    def _hit(self, index: int, action: str) -> None:
        if action == FOLD:
            self.fold(index)
        else:
            key = action.removeprefix("action:")
            self.post_message(self.ActionChosen(self, self.page.entries[index].block.key, key))


def _joined(blocks: Iterable[Block]) -> str:
    return "\n\n".join(text for block in blocks if (text := copy_text(block)))
