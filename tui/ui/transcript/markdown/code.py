"""Highlighted code that can grow: finished stretches are kept, only the open one is lexed again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from rich.cells import cell_len, chop_cells

from tui.clean import clean, expand_tabs
from tui.ui.transcript.line import Line, Piece, merged, padded
from tui.ui.transcript.palette import Palette

if TYPE_CHECKING:
    from tui.ui.transcript.markdown.lexed import Lexed

STRETCH = 48
"""Lines after which a stretch may end, when no string or comment is open there."""
LONGEST = 384
"""Lines after which a stretch ends in any case, so that the cost of a frame is bounded."""
WIDE = 6_000
"""Characters after which a stretch of long lines may end; four times as many end it."""
UNREAD = 2_000
"""Characters of a line that is not highlighted: data on one line would be lexed again with every frame."""
_AT_ONCE = 500
"""Characters that are measured at once, or a long line would be measured as a whole for each of its rows."""


class Code:
    """The rows of a growing piece of code at one width and palette; equal however it was cut."""

    def __init__(self, language: str, width: int, palette: Palette) -> None:
        self.width = max(4, width)
        self.palette = palette
        self._read = _reader_of(language.lower()) if language else None
        self._closed: list[Line] = []
        self._open: list[str] = []
        self._size = 0
        """Characters of the open lines."""
        self._due = WIDE
        """As many of them as are looked through for an end the next time."""

    def add(self, new: list[str]) -> None:
        """Append complete lines."""
        for text in new:
            if len(text) > UNREAD:
                self._closed += [*self._paint(self._open)[0], *self._plain(text)]
                self._open, self._size, self._due = [], 0, WIDE
                continue
            self._open.append(text)
            self._size += len(text)
            if len(self._open) % STRETCH == 0 or self._size > self._due:
                self._close_stretch()

    @property
    def closed(self) -> list[Line]:
        """The rows that will not change any more; only ever appended to."""
        return self._closed

    def opened(self, partial: str | None = None) -> list[Line]:
        """The rows after the closed ones, with a line whose end has not come yet."""
        if partial is not None and len(partial) > UNREAD:
            return [*self._paint(self._open)[0], *self._plain(partial)]
        return self._paint(self._open if partial is None else [*self._open, partial])[0]

    def _close_stretch(self) -> None:
        rows, inside = self._paint(self._open)
        if not inside or len(self._open) >= LONGEST or self._size > 4 * WIDE:
            self._closed += rows
            self._open, self._size, self._due = [], 0, WIDE
        elif self._size > self._due:
            self._due += WIDE

    def _paint(self, source: list[str]) -> tuple[list[Line], bool]:
        """The rows of ``source``, and whether it ends within a string or comment."""
        if not source:
            return [], False
        styled, inside = self._lex("\n".join(source) + "\n")
        rows: list[Line] = []
        for pieces in styled[: len(source)]:
            rows += self._fold(pieces)
        return rows, inside

    def _plain(self, text: str) -> list[Line]:
        return self._fold([Piece(expand_tabs(text), self.palette.code)])

    def _lex(self, text: str) -> tuple[list[list[Piece]], bool]:
        base = self.palette.code
        read = self._read(text) if self._read is not None else None
        if read is None:
            return [[Piece(expand_tabs(line), base)] for line in text.split("\n")], False
        styled: list[list[Piece]] = [[]]
        column = 0
        for role, value in read.pieces:
            style = base + getattr(self.palette, role) if role else base
            for number, part in enumerate(value.split("\n")):
                if number:
                    styled.append([])
                    column = 0
                if part:
                    shown = _tabs_at(part, column)
                    column += len(shown)
                    # A blank in its neighbour's style needs no sequence of its own.
                    before = styled[-1][-1].style if styled[-1] and shown.isspace() else style
                    styled[-1].append(Piece(shown, before))
        return styled, read.inside

    def _fold(self, pieces: list[Piece]) -> list[Line]:
        """Code is cut at the margin, never at words: what is copied must be what was written."""
        rows: list[list[Piece]] = [[]]
        used = 0
        inner = self.width - 2
        for text, style, copied in _parted(pieces):
            rest = text
            while rest:
                size = cell_len(rest)
                if size <= inner - used:
                    rows[-1].append(Piece(rest, style, copied))
                    used += size
                    break
                head = chop_cells(rest, inner - used)[0] if used < inner else ""
                if not head and not used:
                    head = rest[0]
                if head:
                    rows[-1].append(Piece(head, style, copied))
                    rest = rest[len(head) :]
                rows.append([])
                used = 0
        return [self._framed(row, continued=number > 0) for number, row in enumerate(rows)]

    def _framed(self, pieces: list[Piece], *, continued: bool) -> Line:
        side = Piece(" ", self.palette.code, False)
        row = Line((side, *merged(pieces)), "" if continued else "\n")
        return padded(row, self.width, self.palette.code)


def _reader_of(language: str) -> Callable[[str], Lexed | None] | None:
    # Lexers are slow to load, and most of what is said has no code of a known language in it.
    from tui.ui.transcript.markdown.lexed import reader_of

    return reader_of(language)


def _parted(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The same text in pieces of bounded length."""
    for text, style, copied in pieces:
        for start in range(0, len(text), _AT_ONCE):
            yield Piece(text[start : start + _AT_ONCE], style, copied)


def _tabs_at(text: str, column: int) -> str:
    """``text`` with its tabs expanded as they stand at ``column``."""
    if "\t" not in text:
        return text
    return expand_tabs(" " * column + text)[column:]


def label(language: str, width: int, palette: Palette) -> Line:
    """The row above a fence: its language, or nothing."""
    shown = clean(language)[: max(0, width - 2)]
    style = palette.code_label
    return padded(Line((Piece(" ", style, False), Piece(shown, style, False))), width, style)
