"""A page to read: any number of blocks, a cursor on one of them, parts that fold.

A section is a head that is always seen and what it folds away, cut into stretches; a folded stretch
has no rows, so folding changes heights and seldom the list of blocks. A request of 20 MB costs what
is in sight of it, and whatever goes through all of it lets others work in between.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from tui.chat.parts import Json
from tui.clean import clean
from tui.ui.beside import beside
from tui.ui.transcript.blocks.plain import plain_lines
from tui.ui.transcript.line import Line, Piece
from tui.ui.transcript.markdown.fence import code_lines
from tui.ui.transcript.model import DrawnBlock
from tui.ui.transcript.palette import Palette
from tui.ui.transcript.reader import STRETCH, Reader
from tui.ui.wire.calm import collector_rests

WORK_S = 0.008
"""Blocks are made for this long before others get their turn."""

MANY = 3_000
"""Blocks from which laying all of them out at once would be felt."""
LONG = 10 * STRETCH
"""Characters from which a text is not cut into stretches while it is folded."""

Head = Callable[["Section", int, Palette], list[Line]]
"""Draws the head of a section for a width."""


@dataclass(slots=True)
class Section:
    """A head, and below it a text as it came that can be folded away."""

    head: Head
    said: str
    """What the head says, for whoever looks for it."""
    text: Callable[[], str] | None = None
    """What can be folded away; made when it is looked at."""
    size: int = 0
    """About how long it is."""
    folded: bool = True
    gap: int = 0
    indent: int = 2
    by_words: bool = False
    """Whether its rows end between words, as in what is read, or where they are full, as in raw bytes."""
    value: Json = None
    """What it is made of."""
    copied: str | None = None
    """What is copied of it, where its page says so."""
    first: int = 0
    """Its first block on the sheet."""
    count: int = 1
    """How many blocks it has."""

    @property
    def is_long(self) -> bool:
        """Whether its stretches would be a burden while they are folded."""
        return self.size > LONG


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
        mine, kept = self._filling, self._place() if keep_place else None
        self.sections, self._owners, self.cursor = sections, [], None
        self.show(())
        with collector_rests(rests=len(sections) > MANY):
            if not await self._take_in(self._blocks(sections), mine):
                return
        self.update_rows(0)
        self._to(kept)

    async def _take_in(self, blocks: Iterator[DrawnBlock], mine: int) -> bool:
        """Take blocks in, letting others work in between; False where something else is shown by now."""
        shown = 0
        while batch := _batch(blocks):
            self.page.extend(batch)
            if len(self.page) - shown > shown:
                # At once what is seen first; then seldom, for each time the whole screen is painted.
                shown = len(self.page)
                self.update_rows(0)
            await asyncio.sleep(0)
            if mine != self._filling:
                return False
        return True

    def said(self, block: int) -> str:
        """What a block says, not cleaned; the head of a long text that is folded says that as well."""
        section = self.sections[self._owners[block]]
        if block == section.first:
            away = section.text if section.is_long and section.folded else None
            return section.said if away is None else f"{section.said}\n{away()}"
        if section.text is None:
            return ""
        if not section.is_long:
            return section.text()
        drawn = self.page.entries[block].block
        assert isinstance(drawn, DrawnBlock)
        return drawn.text

    def _blocks(self, sections: Sequence[Section]) -> Iterator[DrawnBlock]:
        for number, section in enumerate(sections):
            section.first = len(self._owners)
            for block in blocks_of(number, section):
                self._owners.append(number)
                yield block
            section.count = len(self._owners) - section.first

    def _place(self) -> tuple[Section, int] | None:
        """The section under the cursor, and how far below the top of the screen it is."""
        section = self.section
        if section is None:
            return None
        return section, self.page.heights.offset(section.first) - self.top

    def _to(self, place: tuple[Section, int] | None) -> None:
        if place is None or place[0].first >= len(self.page) or not self.page.heights[place[0].first]:
            self.put_cursor(self._seen_from(0, 1))
            return
        section, below = place
        self.cursor = section.first
        self.go(max(0, self.page.heights.offset(section.first) - below))
        self.refresh()

    def look(self, *, force: bool = False) -> None:
        """Take over the present width and theme; a long sheet is laid out anew by and by."""
        looked = (self.scrollable_content_region.width, self.app.theme)
        if len(self.page) > MANY and looked[0] > 0 and (force or looked != self._looked):
            place, sections = self._place(), self.sections
            self.show(())
            super().look(force=force)
            again = partial(self._fill_again, sections, place)
            self.call_after_refresh(again)
        else:
            super().look(force=force)

    def _fill_again(self, sections: Sequence[Section], place: tuple[Section, int] | None) -> None:
        async def fill() -> None:
            await self.fill(sections)
            self._to(place)

        beside(self, fill, "fill", exclusive=True)

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
        if section.folded == folded:
            return
        section.folded = folded
        if section.is_long:
            self.refill()
        else:
            self.redraw(section)
            self.put_cursor(section.first)

    def refill(self, sections: Sequence[Section] | None = None) -> None:
        """Sections came, went, or changed in great numbers: reading goes on where it was."""
        shown = self.sections if sections is None else sections
        beside(self, partial(self.fill, shown, keep_place=True), "fill", exclusive=True)

    def redraw(self, *sections: Section) -> None:
        """Sections changed: lay out their blocks anew."""
        for section in sections:
            for block in range(section.first, min(section.first + section.count, len(self.page))):
                self.page.refold(block)
        self.update_rows(0)
        self.refresh()


def _batch(blocks: Iterator[DrawnBlock]) -> list[DrawnBlock]:
    """As many blocks as can be made, and later be taken in, in the time there is."""
    began, batch = time.monotonic(), []
    for block in blocks:
        batch.append(block)
        if time.monotonic() - began >= WORK_S / 2:
            break
    return batch


def blocks_of(number: int, section: Section) -> Iterator[DrawnBlock]:
    """The head of a section and the stretches of its text; a long one has none while it is folded."""

    def draw(width: int, palette: Palette) -> list[Line]:
        return section.head(section, width, palette)

    yield DrawnBlock(f"{number}", draw, _one, section.said, gap=section.gap)
    if section.text is None or (section.is_long and section.folded):
        return
    if not section.is_long:
        yield DrawnBlock(
            f"{number}-0", partial(_lines, section, section.text), partial(_rows, section, section.text)
        )
        return
    whole = section.text()
    for place, (start, end) in enumerate(_cuts(whole)):
        text = whole[start:end]
        made = partial(str, text)
        yield DrawnBlock(
            f"{number}-{place}", partial(_lines, section, made), partial(_rows, section, made), text
        )


def _one(_: int) -> int:
    return 1


def _lines(section: Section, text: Callable[[], str], width: int, palette: Palette) -> list[Line]:
    if section.folded:
        return []
    said, room = clean(text()), width - section.indent
    rows = plain_lines(said, room, palette.text) if section.by_words else code_lines(said, "", room, palette)
    blank = Piece(" " * section.indent, palette.dim, False)
    return [row.prefixed(blank) for row in rows] if section.indent else rows


def _rows(section: Section, text: Callable[[], str], width: int) -> int:
    if section.folded:
        return 0
    said = text()
    return said.count("\n") + 1 + len(said) // max(1, width - section.indent - 2)


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
