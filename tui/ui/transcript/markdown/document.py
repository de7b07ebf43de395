"""A Markdown text that grows: what can no longer change is kept as rows, only the tail is parsed again.

Markdown blocks are closed by what follows them and never reopen, so of the complete lines every
top-level block but the last is final; so is every list item and table row but the last. A line
whose end has not come yet decides nothing. Rendering a whole text feeds it at once, so it gives
the same rows as any other way of cutting it. The exceptions say so and are rendered as a whole at
their end: text with definitions further down, and a single block longer than ``LONGEST_TAIL``.
"""

from __future__ import annotations

from dataclasses import dataclass

from tui.ui.transcript.line import Line, blank
from tui.ui.transcript.markdown import render
from tui.ui.transcript.markdown.code import Code
from tui.ui.transcript.markdown.fence import Fence, fence_lines, head, opened
from tui.ui.transcript.markdown.parse import Node, needs_whole, nodes, parse
from tui.ui.transcript.markdown.table import Row, Table, read_rows
from tui.ui.transcript.palette import Palette

LONGEST_TAIL = 8_000
"""Characters that may be parsed again and again; no block of ordinary text is longer."""


@dataclass(slots=True)
class _OpenFence:
    """The tail is within a fence: its complete lines are fed to ``code``."""

    fence: Fence
    code: Code
    taken: int = 0
    """Rows of ``code`` already among the closed rows."""


@dataclass(slots=True)
class _OpenTable:
    """The tail starts with a later row of a table: it is parsed behind ``head``."""

    head: list[str]
    table: Table


@dataclass(slots=True)
class _OpenList:
    """The tail starts with a later item of a list, which has this number."""

    number: int | None


class Document:
    """The rows of a growing Markdown text at one width and palette."""

    def __init__(self, width: int, palette: Palette, *, longest: int | None = LONGEST_TAIL) -> None:
        self.place = render.Place(max(1, width), palette, palette.text)
        self._longest = longest
        """Characters of an open block after which its first part is closed; None: never, for it is whole."""
        self.closed: list[Line] = []
        """Rows that are final; only ever appended to."""
        self._tail = ""
        self._context: _OpenFence | _OpenTable | _OpenList | None = None
        self._gap: bool | None = False
        """Whether an empty row stands before the tail's first block; None: unless that becomes a list."""
        self.approximate = False
        """Whether a tail too long to be parsed each time was closed early: render all of it at its end."""

    def feed(self, text: str) -> list[Line]:
        """Append ``text`` (clean); returns the rows after the closed ones."""
        self._tail += text
        while True:
            if isinstance(self._context, _OpenFence):
                rows = self._feed_fence(self._context)
                if rows is not None:
                    return rows
            source = self._head() + self._tail.split("\n")
            blocks = parse("\n".join(source))
            if not self._commit(blocks, source) and not self._close_early():
                return self._rows(blocks, source)

    def _head(self) -> list[str]:
        return self._context.head if isinstance(self._context, _OpenTable) else []

    def _commit(self, blocks: list[Node], source: list[str]) -> bool:
        """Move what is final to the closed rows; whether there was anything."""
        complete = len(source) - 1
        final = [block for block in blocks if block.end <= complete][:-1]
        if final:
            following = blocks[len(final)]
            self.closed += self._rows(final, source)
            # The next line may still make a table of what looks like a list.
            self._cut(source, following.start, gap=None if render.binds_list(final[-1], following) else True)
            self._context = None
            return True
        if not blocks:
            return False
        match blocks[0].open.type:
            case "fence":
                return self._enter_fence(blocks[0], source, complete)
            case "bullet_list_open" | "ordered_list_open":
                return self._close_items(blocks[0], source, complete)
            case "table_open":
                return self._close_table_rows(blocks[0], source, complete)
        return False

    def _close_early(self) -> bool:
        """Close the first part of a tail that has no end in sight, so that no frame gets too slow."""
        if self._longest is None or len(self._tail) < self._longest:
            return False
        at = _cut_at(self._tail)
        source = self._head() + self._tail[:at].split("\n")
        self.closed += self._rows(parse("\n".join(source)), source)
        self._tail = self._tail[at:].lstrip(" \n")
        self._gap, self._context, self.approximate = False, None, True
        return True

    def _cut(self, source: list[str], line: int, *, gap: bool | None) -> None:
        self._tail = "\n".join(source[line:])
        self._gap = gap

    def _gap_before(self, block: Node) -> bool:
        return not render.is_list(block) if self._gap is None else self._gap

    def _rows(self, blocks: list[Node], source: list[str]) -> list[Line]:
        """The rows of the first blocks of the tail, with the gap before them."""
        rows: list[Line] = []
        for number, block in enumerate(blocks):
            if self._gap_before(block) if number == 0 else render.has_gap(blocks[number - 1], block):
                rows.append(blank())
            context = self._context if number == 0 else None
            if isinstance(context, _OpenList):
                rows += self._rest_of_list(block, context)
            elif isinstance(context, _OpenTable):
                table = context.table.copy()
                for _, row in read_rows(block, self.place.palette)[1]:
                    table.add(row)
                rows += table.lines()
            elif block.open.type == "fence":
                rows += fence_lines(source[block.start : block.end], self.place.width, self.place.palette)
            else:
                rows += render.block_lines(block, self.place)
        return rows

    def _enter_fence(self, block: Node, source: list[str], complete: int) -> bool:
        if block.start >= complete:
            return False
        fence = opened(source[block.start])
        if self._gap_before(block):
            self.closed.append(blank())
        self.closed += head(fence, self.place.width, self.place.palette)
        self._cut(source, block.start + 1, gap=True)
        self._context = _OpenFence(fence, Code(fence.language, self.place.width, self.place.palette))
        return True

    def _feed_fence(self, context: _OpenFence) -> list[Line] | None:
        """The open rows of the fence; None when it has been closed."""
        *complete, partial = self._tail.split("\n")
        code, fence = context.code, context.fence
        for number, text in enumerate(complete):
            if fence.closes(text):
                self.closed += [*code.closed[context.taken :], *code.opened()]
                self._cut([*complete, partial], number + 1, gap=True)
                self._context = None
                return None
            code.add([fence.content(text)])
        self.closed += code.closed[context.taken :]
        context.taken = len(code.closed)
        if self._longest is not None and len(partial) > self._longest:
            code.add([fence.content(partial)])
            partial, self.approximate = "", True
        self._tail = partial
        shown = not partial or fence.closes(partial)
        return code.opened(None if shown else fence.content(partial))

    def _close_items(self, block: Node, source: list[str], complete: int) -> bool:
        items = list(nodes(block.inner))
        final = [item for item in items if item.end <= complete][:-1]
        if not final:
            return False
        context = self._context
        number = context.number if isinstance(context, _OpenList) else render.first_number(block)
        rows, loose = self._item_rows(items[: len(final) + 1], number, last=False)
        self.closed += rows
        self._cut(source, items[len(final)].start, gap=loose)
        self._context = _OpenList(None if number is None else number + len(final))
        return True

    def _item_rows(self, items: list[Node], number: int | None, *, last: bool) -> tuple[list[Line], bool]:
        """Rows of ``items`` (without the last one unless ``last``), and whether a gap precedes the last."""
        rows: list[Line] = [blank()] if self._gap else []
        loose = False
        for index, item in enumerate(items):
            loose = index > 0 and render.is_loose(items[index - 1], item)
            if index == len(items) - 1 and not last:
                break
            if loose:
                rows.append(blank())
            rows += render.item_lines(item, None if number is None else number + index, self.place)
        return rows, loose

    def _rest_of_list(self, block: Node, context: _OpenList) -> list[Line]:
        gap, self._gap = self._gap, False  # already drawn by the caller
        rows, _ = self._item_rows(list(nodes(block.inner)), context.number, last=True)
        self._gap = gap
        return rows

    def _close_table_rows(self, block: Node, source: list[str], complete: int) -> bool:
        header, rows = read_rows(block, self.place.palette)
        final: list[tuple[int, Row]] = [row for row in rows if row[0] < complete][:-1]
        if not final:
            return False
        context = self._context
        if not isinstance(context, _OpenTable):
            table = Table(header, self.place.width, self.place.palette)
            context = _OpenTable(source[block.start : block.start + 2], table)
        for _, row in final:
            context.table.add(row)
        context.table.lines()
        self._cut(source, rows[len(final)][0], gap=self._gap)
        self._context = context
        return True


def _cut_at(tail: str) -> int:
    """Where a long tail is parted: at a line's end, else at a blank, else anywhere, near its end."""
    for mark in ("\n", " "):
        at = tail.rfind(mark, LONGEST_TAIL // 2, LONGEST_TAIL * 3 // 4)
        if at > 0:
            return at + 1
    return LONGEST_TAIL * 3 // 4


def markdown_lines(text: str, width: int, palette: Palette) -> list[Line]:
    """The rows of a whole text (clean)."""
    document = Document(width, palette, longest=None)
    if needs_whole(text):
        return render.stack(parse(text), document.place)
    rows = document.feed(text)
    return [*document.closed, *rows]
