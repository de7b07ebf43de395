"""The transcript of one branch: which block belongs to which message, other versions, places and cuts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from tui.chat.parts import Attachment
from tui.ui.transcript.cursor import Cursor
from tui.ui.transcript.model import Block, CardBlock, FooterBlock, Fork, MediaBlock, NoticeBlock, UserBlock
from tui.ui.transcript.page import Laid
from tui.ui.transcript.told import PASSING, RETRY, clock_label


class Place(NamedTuple):
    """A message, and the row of the screen its first block begins on."""

    message: str
    row: int


class Branches(Cursor):
    """The transcript that knows messages."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._messages: dict[str, str] = {}
        """The message of a group of blocks, where the group is not called by it."""
        self._forks: Mapping[str, Fork] = {}

    def add_prompt(self, text: str, at: float | None = None, attachments: Sequence[Attachment] = ()) -> str:
        """Show the user's prompt, sent at Unix time ``at``, with what is attached; returns its group."""
        self._drop_stopped()
        self.retire()
        key = f"user-{len(self.page)}"
        self.add_user(key, text, clock_label(at))
        self.add_media(key, attachments)
        self.jump_to_end()
        return key

    def retire(self) -> None:
        """The conversation goes on: what failed before is no longer retried."""
        for index in range(len(self.page) - 1, -1, -1):
            block = self.page.entries[index].block
            if isinstance(block, CardBlock) and RETRY in block.actions:
                block.actions = tuple(action for action in block.actions if action not in PASSING)
                self._changed(index)
            elif isinstance(block, UserBlock):
                break

    def _drop_stopped(self) -> None:
        """A prompt that was stopped before any answer makes room for the one sent in its place."""
        index = len(self.page)
        while index and self._is_remark(index - 1):
            index -= 1
            if isinstance(self.page.entries[index].block, CardBlock):
                return
        above = self.page.entries[index - 1].block if index else None
        if index == len(self.page) or not isinstance(above, UserBlock | MediaBlock):
            return
        while index and isinstance(self.page.entries[index - 1].block, MediaBlock):
            index -= 1
        self._cut(index - 1)

    # Messages

    def name_prompt(self, message: str) -> None:
        """Say which message the newest prompt shown is."""
        for entry in reversed(self.page.entries):
            if isinstance(entry.block, UserBlock):
                if self._messages.get(entry.block.group, entry.block.group) != message:
                    self._messages[entry.block.group] = message
                return

    def identify(self, group: str, message: str) -> None:
        """Say which message the blocks of ``group`` show."""
        self._messages[group] = message

    def message_of(self, index: int) -> str:
        """The id of the message a block belongs to; empty for remarks between messages."""
        group = self.page.entries[index].block.group
        return self._messages.get(group, group)

    def first_of(self, message: str) -> int | None:
        """The first block of a message; None when it is not shown."""
        for index in range(len(self.page) - 1, -1, -1):
            if self.message_of(index) == message:
                while index and self.message_of(index - 1) == message:
                    index -= 1
                return index
        return None

    def cut_before(self, message: str) -> None:
        """Take a message and all below it away, with what was remarked just above it."""
        index = self.first_of(message)
        if index is None:
            return
        while index and self._is_remark(index - 1):
            index -= 1
        self._cut(index)

    def cut_after(self, message: str) -> None:
        """Take away all below a message."""
        index = self.first_of(message)
        if index is None:
            return
        while index < len(self.page) and self.message_of(index) == message:
            index += 1
        self._cut(index)

    def _is_remark(self, index: int) -> bool:
        block = self.page.entries[index].block
        return isinstance(block, NoticeBlock | CardBlock) and not block.group

    # Other versions of a message

    def mark_forks(self, forks: Mapping[str, Fork]) -> None:
        """Say of which messages shown there are other versions."""
        before, self._forks = self._forks, forks
        if not before and not forks:
            return
        ids = before.keys() | forks.keys()
        for index, entry in enumerate(self.page.entries):
            block = entry.block
            if not isinstance(block, UserBlock | FooterBlock):
                continue
            id = self.message_of(index)
            if id in ids and block.fork != forks.get(id):
                block.fork = forks.get(id)
                self._changed(index)

    def fork_of(self, message: str) -> Fork | None:
        """Which of the versions of a message is shown; None when there is one only."""
        return self._forks.get(message)

    # Places

    def place_of(self, message: str) -> Place | None:
        """Where a message stands on the screen."""
        index = self.first_of(message)
        return None if index is None else Place(message, self.page.heights.offset(index) - self.top)

    @property
    def place(self) -> Place | None:
        """The first message that begins on the screen, or else the one that fills it; None at the end."""
        if self.following or not len(self.page):
            return None
        index, _ = self.page.heights.find(self.top)
        around = range(index, min(index + self.window, len(self.page)))
        begun = (at for at in around if self.page.heights.offset(at) >= self.top and self.message_of(at))
        found = next(begun, None)
        message = self.message_of(index if found is None else found)
        return self.place_of(message) if message else None

    def show(
        self, blocks: Iterable[Block] | Laid, forks: Mapping[str, Fork], place: Place | None = None
    ) -> None:
        """Replace everything by the blocks of a branch (texts clean); ``place`` stays where it was."""
        laid = blocks if isinstance(blocks, Laid) else Laid.out(blocks, self.page.width)
        if forks:
            for block in (entry.block for entry in laid.entries):
                if isinstance(block, UserBlock | FooterBlock):
                    block.fork = forks.get(block.group)
        self.put(laid)
        self._messages.clear()
        self._forks = forks
        self.jump_to_end()
        index = None if place is None else self.first_of(place.message)
        if place is not None and index is not None:
            self._to_row(index, place.row)

    def _to_row(self, index: int, row: int) -> None:
        """Scroll so that a block begins on ``row`` of the screen, as far as there is that much above it."""
        for _ in range(3):
            # What is rendered on the way may be taller than it was thought to be.
            self.page.lines(index)
            self.go(self.page.heights.offset(index) - row)
        self.following = self.top + self.window >= self.rows

    def reveal_message(self, message: str) -> bool:
        """Put a message at the top of the screen, in focus; False when it is not shown."""
        index = self.first_of(message)
        if index is None:
            return False
        self._to_row(index, 0)
        self.put_cursor(index)
        return True

    # From prompt to prompt

    def jump(self, step: int) -> bool:
        """To the prompt before or after the one at the top of the screen; False when there is none."""
        here = self.cursor if self.cursor is not None and self.on_screen(self.cursor) else None
        if not len(self.page):
            return False
        if here is None:
            here = self.page.heights.find(self.top)[0]
            # Reading a long answer, the prompt before it is the one above the screen.
            here += step < 0
        range_ = range(here - 1, -1, -1) if step < 0 else range(here + 1, len(self.page))
        index = next((at for at in range_ if isinstance(self.page.entries[at].block, UserBlock)), None)
        if index is None:
            return False
        self._to_row(index, 0)
        self.put_cursor(index)
        return True
