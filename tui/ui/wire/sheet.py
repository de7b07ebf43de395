"""A page to read: any number of blocks, a cursor on one of them, parts that fold.

A section is a head that is always seen and what it folds away, cut into stretches; a folded stretch
has no rows. So folding changes heights and never the list of blocks, and a request of 20 MB costs
what is in sight of it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from tui.clean import clean
from tui.ui.transcript.line import Line, Piece
from tui.ui.transcript.markdown.fence import code_lines
from tui.ui.transcript.model import DrawnBlock
from tui.ui.transcript.palette import Palette
from tui.ui.transcript.reader import HIGHLIGHTED, STRETCH, Reader

WORK_S = 0.008
"""Blocks are made for this long before others get their turn."""

Head = Callable[["Section", int, Palette], list[Line]]
"""Draws the head of a section for a width."""


@dataclass(slots=True)
class Section:
    """A head, and below it a text as it came that can be folded away."""

    head: Head
    said: str
    """What the head says, for whoever looks for it."""
    text: str = ""
    language: str = ""
    folded: bool = True
    gap: int = 0
    indent: int = 2
    hidden: bool = False
    """Whether not even the head is seen."""
    copied: str | None = None
    """What is copied of it, where that is not ``text``."""
    first: int = 0
    """Its first block on the sheet."""
    count: int = field(default=1)
    """How many blocks it has."""


class Sheet(Reader):
    """Sections below one another; keys come by ``move``, it never takes the focus itself."""

    can_focus = False

    def __init__(self, *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self.sections: Sequence[Section] = ()
        self._owners: list[int] = []
        """The section of each block."""
        self._filling = 0

    @property
    def shows_cursor(self) -> bool:
        """Keys come here as long as it is seen."""
        return True

    async def fill(self, sections: Sequence[Section], *, keep_place: bool = False) -> None:
        """Show other sections, from the top or where reading was; many are taken in by and by."""
        self._filling += 1
        mine, began = self._filling, time.monotonic()
        kept = (self.cursor, self.top) if keep_place else None
        self.sections, self._owners = sections, []
        self.cursor = None
        self.show(())
        batch: list[DrawnBlock] = []
        for number, section in enumerate(sections):
            section.first = len(self._owners)
            blocks = blocks_of(number, section)
            section.count = len(blocks)
            self._owners += [number] * len(blocks)
            batch += blocks
            if time.monotonic() - began >= WORK_S / 2 or number == 0 or number == len(sections) - 1:
                self.page.extend(batch)
                batch = []
                self.update_rows(0)
                await asyncio.sleep(0)
                if mine != self._filling:
                    return
                began = time.monotonic()
        if kept is not None and kept[0] is not None and kept[0] < len(self.page):
            self.cursor = kept[0]
            self.go(kept[1])
            self.refresh()
        else:
            self.put_cursor(self._seen_from(0, 1))

    def section_at(self, block: int) -> Section | None:
        """The section a block belongs to."""
        return self.sections[self._owners[block]] if block < len(self._owners) else None

    @property
    def section(self) -> Section | None:
        """The section the cursor is on."""
        return None if self.cursor is None else self.section_at(self.cursor)

    # The cursor

    def put_cursor(self, block: int | None) -> None:
        """Put the cursor on a block, and that on the screen."""
        before, self.cursor = self.cursor, block
        for one in (before, block):
            if one is not None and one < len(self.page):
                self.page.lines(one)
                self.repaint_rows(self.page.heights.offset(one), self.page.heights[one])
        if block is not None and block < len(self.page):
            self._bring(block)

    def _bring(self, block: int) -> None:
        start, end = self.page.heights.offset(block), self.page.heights.offset(block + 1)
        if start < self.top or end - start > self.window - 2:
            self.go(start)
        elif end > self.top + self.window - 1:
            self.go(end - self.window + 1)

    def _seen_from(self, block: int, step: int) -> int | None:
        """The next block from ``block`` on that has rows."""
        while 0 <= block < len(self.page):
            if self.page.heights[block] > 0:
                return block
            block += step
        return None

    def move(self, key: str) -> bool:
        """Scroll, or move the cursor, as a key of that name would."""
        if key in ("up", "down"):
            self._step(1 if key == "down" else -1)
            return True
        moved = super().move(key)
        if moved and len(self.page):
            # The cursor comes along, to where reading goes on.
            last = self.rows <= self.top + self.window
            row = self.rows - 1 if key == "end" or (key == "pagedown" and last) else self.top
            block = self._seen_from(self.page.heights.find(row)[0], -1 if key == "end" else 1)
            before, self.cursor = self.cursor, block
            if before != block:
                self.refresh()
        return moved

    def _step(self, step: int) -> None:
        """To the next block; one taller than the screen is scrolled through first."""
        if self.cursor is None or self.cursor >= len(self.page):
            self.put_cursor(self._seen_from(0, 1))
            return
        start, end = self.page.heights.offset(self.cursor), self.page.heights.offset(self.cursor + 1)
        if end <= self.top or start >= self.top + self.window:
            self.put_cursor(self._seen_from(self.page.heights.find(self.top)[0], 1))
            return
        hidden = end - (self.top + self.window - 1) if step > 0 else self.top - start
        if hidden > 0:
            self.go(self.top + step * min(hidden, 3))
            return
        block = self._seen_from(self.cursor + step, step)
        if block is not None:
            self.put_cursor(block)
        else:
            self.go(self.top + step)

    # Folding

    def fold(self, section: Section, folded: bool) -> None:
        """Fold a section, or unfold it, and keep its head where it is."""
        if section.folded != folded:
            section.folded = folded
            self.redraw(section)
            self.put_cursor(section.first)

    def redraw(self, *sections: Section) -> None:
        """Sections changed: lay out their blocks anew."""
        for section in sections:
            for block in range(section.first, section.first + section.count):
                if block < len(self.page):
                    self.page.refold(block)
        if sections:
            self.update_rows(0)
            self.refresh()


def blocks_of(number: int, section: Section) -> list[DrawnBlock]:
    """The head of a section and the stretches of its text."""

    def draw(width: int, palette: Palette) -> list[Line]:
        return [] if section.hidden else section.head(section, width, palette)

    def rows(_: int) -> int:
        return 0 if section.hidden else 1

    blocks = [DrawnBlock(f"{number}", draw, rows, section.said, gap=section.gap)]
    language = section.language if len(section.text) <= HIGHLIGHTED else ""
    for place, (start, end) in enumerate(_cuts(section.text)):
        text = section.text[start:end]
        blocks.append(
            DrawnBlock(
                f"{number}-{place}",
                partial(_stretch_lines, section, text, language),
                partial(_stretch_rows, section, text),
                text,
            )
        )
    return blocks


def _stretch_lines(section: Section, text: str, language: str, width: int, palette: Palette) -> list[Line]:
    if section.folded or section.hidden:
        return []
    indent = section.indent
    rows = code_lines(clean(text), language, width - indent, palette)
    blank = Piece(" " * indent, palette.dim, False)
    return [row.prefixed(blank) for row in rows] if indent else rows


def _stretch_rows(section: Section, text: str, width: int) -> int:
    if section.folded or section.hidden:
        return 0
    return text.count("\n") + 1 + len(text) // max(1, width - section.indent - 2)


def _cuts(text: str) -> Iterable[tuple[int, int]]:
    """Where a text is cut, behind a newline where there is one."""
    start = 0
    while start < len(text):
        end = min(len(text), start + STRETCH)
        if end < len(text):
            newline = text.rfind("\n", start, end)
            end = newline + 1 if newline >= start else end
        yield start, end
        start = end
