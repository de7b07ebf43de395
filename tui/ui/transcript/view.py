"""The transcript: what a conversation says and does, block by block, while it happens."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Literal

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from tui.chat.events import Event
from tui.ui.beside import beside
from tui.ui.transcript.apply import Applier
from tui.ui.transcript.blocks import copy_text
from tui.ui.transcript.line import FLIP, FOLD
from tui.ui.transcript.model import Block, CardBlock, FooterBlock, ToolBlock
from tui.ui.transcript.seeking import Seeking
from tui.ui.transcript.surface import MARGIN
from tui.ui.transcript.told import RETRY, WIRE

Wish = Literal["edit", "again", "flip"]
"""What can be asked of a message: write it anew, answer it anew, show another version of it."""


class Transcript(Seeking):
    """The conversation on the screen; blocks are added by call, choices go up as messages."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "previous block", show=False, id="transcript.previous"),
        Binding("down,j", "move(1)", "next block", show=False, id="transcript.next"),
        Binding("enter,space", "fold", "fold", show=False, id="transcript.fold"),
        Binding("y", "copy_block", "copy block", show=False, id="transcript.copy"),
        Binding("Y,shift+y", "copy_message", "copy message", show=False, id="transcript.copy-message"),
        Binding("home,g", "top", "first row", show=False, id="transcript.top"),
        Binding("end,G,shift+g", "end", "follow the end", show=False, id="transcript.end"),
        Binding(
            "left_curly_bracket", "jump(-1)", "previous prompt", show=False, id="transcript.prompt-before"
        ),
        Binding("right_curly_bracket", "jump(1)", "next prompt", show=False, id="transcript.prompt-after"),
        Binding("e", "wish('edit')", "edit a prompt", show=False, id="transcript.edit"),
        Binding("r", "wish('again')", "answer anew", show=False, id="transcript.again"),
        Binding(
            "left_square_bracket", "wish('flip', -1)", "version before", show=False, id="transcript.flip-back"
        ),
        Binding("right_square_bracket", "wish('flip', 1)", "next version", show=False, id="transcript.flip"),
        Binding("w", "wire", "what was sent", show=False, id="transcript.wire"),
        Binding("n", "step_match(1)", "next match", show=False, id="transcript.match-after"),
        Binding("N,shift+n", "step_match(-1)", "match before", show=False, id="transcript.match-before"),
        Binding("pageup", "page(-1)", "page up", show=False, id="transcript.page-up"),
        Binding("pagedown", "page(1)", "page down", show=False, id="transcript.page-down"),
    ]
    """Keys while the transcript has the focus."""

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
    class WireWanted(Message):
        """The request behind a block should be shown: that of a failure by its id, else that of a message."""

        exchange: str
        message: str

    @dataclass
    class CopyRequested(Message):
        """Text should go to the clipboard; it is clean."""

        transcript: Transcript
        text: str

        @property
        def control(self) -> Transcript:
            """The transcript it happened in."""
            return self.transcript

    @dataclass
    class Wished(Message):
        """Something is wanted of a message; ``step`` is how many versions on."""

        transcript: Transcript
        wish: Wish
        message: str
        step: int = 0

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

    def apply(self, event: Event) -> Coroutine[Any, Any, None]:
        """Show an event of the engine; awaiting it is the back-pressure on the stream."""
        return self._applier.apply(event)

    # Messages

    def action_wish(self, wish: Wish, step: int = 0) -> None:
        """Ask something of the message in focus; of a failure, its retry."""
        if self.cursor is None or self.cursor >= len(self.page):
            return
        block = self.page.entries[self.cursor].block
        if isinstance(block, CardBlock) and wish == "again":
            if RETRY in block.actions:
                self.post_message(self.ActionChosen(self, block.key, block.actions[0][0]))
            return
        self.post_message(self.Wished(self, wish, self.message_of(self.cursor), step))

    def action_wire(self) -> None:
        """Ask for the request behind the block in focus."""
        if self.cursor is not None and self.cursor < len(self.page):
            self._want_wire(self.cursor)

    def _want_wire(self, index: int) -> None:
        block = self.page.entries[index].block
        exchange = block.exchange if isinstance(block, CardBlock) else ""
        self.post_message(self.WireWanted(exchange, self.message_of(index)))

    def action_jump(self, step: int) -> None:
        """To the prompt before or after."""
        self.jump(step)

    def action_step_match(self, step: int) -> None:
        """To the next match of what is looked for, or the one before."""
        self.step_match(step)

    # Folding, copying, choosing

    def action_fold(self) -> None:
        """Fold or unfold the block in focus; on a card, retry where that helps, else show what was sent."""
        if self.cursor is None:
            return
        block = self.page.entries[self.cursor].block
        if isinstance(block, CardBlock) and RETRY in block.actions:
            self.post_message(self.ActionChosen(self, block.key, RETRY[0]))
        elif isinstance(block, CardBlock):
            self._want_wire(self.cursor)
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
            beside(self, partial(self._copy_long, blocks), "copy", exclusive=True)
        else:
            self.post_message(self.CopyRequested(self, _joined(blocks)))

    async def _copy_long(self, blocks: Sequence[Block]) -> None:
        self.post_message(self.CopyRequested(self, await asyncio.to_thread(_joined, blocks)))

    def on_key(self, event: events.Key) -> None:
        """A card in focus answers the keys it shows."""
        if self.cursor is None or self.cursor >= len(self.page):
            return
        block = self.page.entries[self.cursor].block
        keys = {key for key, _ in block.actions} if isinstance(block, CardBlock) else set()
        if event.character in keys - {WIRE[0]}:
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
        if spot.block >= len(self.page):
            return
        if self.takes_focus(spot.block):
            self.put_cursor(spot.block)
        for hit in spot.line.hits if spot.line else ():
            if hit.start <= event.x - MARGIN < hit.end:
                self._hit(spot.block, hit.action)
                return

    def _hit(self, index: int, action: str) -> None:
        if action == FOLD:
            self.fold(index)
        elif action.startswith(FLIP):
            step = int(action.removeprefix(FLIP))
            self.post_message(self.Wished(self, "flip", self.message_of(index), step))
        elif action == f"action:{WIRE[0]}":
            self._want_wire(index)
        else:
            key = action.removeprefix("action:")
            self.post_message(self.ActionChosen(self, self.page.entries[index].block.key, key))


def _joined(blocks: Iterable[Block]) -> str:
    return "\n\n".join(text for block in blocks if (text := copy_text(block)))
