"""The feed with attachments: each on a line, its picture decoded in a thread once it is on the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from tui.chat.parts import Attachment
from tui.ui.beside import beside
from tui.ui.transcript.blocks.media import COLUMNS, ROWS, media_block
from tui.ui.transcript.feed import Feed
from tui.ui.transcript.model import Block, MediaBlock

COLOURFUL = ("truecolor", "256")
"""Colour systems with enough colours for a picture."""


class Gallery(Feed):
    """The feed that can also show attachments."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.pictures = True
        """Whether pictures are wanted at all; otherwise attachments are only named."""
        self._waiting: list[MediaBlock] = []
        """Pictures on the screen that are not decoded yet."""
        self._decodes = False
        self._drew = False

    @property
    def draws_pictures(self) -> bool:
        """Whether this terminal, with this theme, can show a picture."""
        app = self.app
        colourful = app.console.color_system in COLOURFUL and not app.no_color
        return self.pictures and colourful and not app.native_ansi_color

    def add(self, *blocks: Block) -> None:
        """Append blocks; pictures among them are drawn where the terminal can."""
        for block in blocks:
            if isinstance(block, MediaBlock):
                block.drawable = self.draws_pictures
        super().add(*blocks)

    def add_media(self, group: str, attachments: Sequence[Attachment]) -> None:
        """Append the attachments of a message."""
        start = len(self.page)
        self.add(*(media_block(f"media-{start + n}", part, group) for n, part in enumerate(attachments)))

    def look(self, *, force: bool = False) -> None:
        """Take over the present width and theme; another theme may draw pictures or not."""
        if self._drew != self.draws_pictures:
            self._drew = self.draws_pictures
            for entry in self.page.entries:
                if isinstance(entry.block, MediaBlock):
                    entry.block.drawable = self._drew
            force = True
        super().look(force=force)

    def clear(self) -> None:
        """Remove everything."""
        self._waiting.clear()
        super().clear()

    def comes_in_sight(self, block: int) -> None:
        """A row of a block is painted: its picture is decoded."""
        shown = self.page.entries[block].block
        if isinstance(shown, MediaBlock) and shown.wants_copy:
            shown.asked = True
            self._waiting.append(shown)
            if not self._decodes:
                self._decodes = True
                beside(self, self._decode, "pictures", exit_on_error=False)

    async def _decode(self) -> None:
        """Decode what waits, the newest first, one at a time."""
        from tui.attachments import small_copy

        try:
            while self._waiting:
                block = self._waiting.pop()
                assert block.image is not None
                block.copy = await asyncio.to_thread(small_copy, block.image, COLUMNS, 2 * ROWS)
                if block.copy is None:
                    # It is named, and that must do.
                    block.drawable = False
                self._decoded(block)
        finally:
            self._decodes = False

    def _decoded(self, block: MediaBlock) -> None:
        index = self.index_of(block.key)
        if index is not None and self.page.entries[index].block is block:
            self._refold([index])
