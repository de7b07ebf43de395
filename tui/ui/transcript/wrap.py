"""Breaks styled text into rows: at blanks, between wide characters, and inside words too long."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rich.cells import cell_len, chop_cells

from tui.clean import expand_tabs
from tui.ui.transcript.line import Join, Line, Piece, merged

_WIDE = (
    "\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3"
    "\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\U00020000-\U0003fffd"
)
_ATOM = re.compile(f"[ ]+|[{_WIDE}]|[^ {_WIDE}]+")
"""A run of blanks, one character of a script written without blanks, or a word."""


def wrap(pieces: Iterable[Piece], width: int, *, join: Join = "\n") -> list[Line]:
    """``pieces`` (without newlines) as rows of at most ``width`` cells; blanks at a break are dropped."""
    width = max(1, width)
    pieces = [Piece(expand_tabs(text), style, copied) for text, style, copied in pieces]
    if sum(cell_len(piece.text) for piece in pieces) <= width:
        return [Line(merged(pieces), join)]
    wrapper = _Wrapper(width, join)
    for word in _words(pieces):
        wrapper.add(word)
    return wrapper.finish()


def _words(pieces: list[Piece]) -> list[list[Piece]]:
    """Atoms that must not be separated: a word may be made of several styles."""
    words: list[list[Piece]] = []
    glue = False
    for piece in pieces:
        for match in _ATOM.finditer(piece.text):
            atom = match.group()
            part = Piece(atom, piece.style, piece.copied)
            if glue and match.start() == 0 and not atom.startswith(" "):
                words[-1].append(part)
            else:
                words.append([part])
            glue = False
        tail = piece.text[-1:]
        glue = bool(words) and bool(tail) and tail != " " and not _is_wide(tail)
    return words


def _is_wide(char: str) -> bool:
    return not char.isascii() and cell_len(char) == 2


class _Wrapper:
    def __init__(self, width: int, join: Join) -> None:
        self.width = width
        self.lines: list[Line] = []
        self.row: list[Piece] = []
        self.used = 0
        self.join: Join = join
        self.gap: list[Piece] = []
        """Blanks seen but not placed: they are dropped when the row ends here."""

    def add(self, word: list[Piece]) -> None:
        if word[0].text[0] == " ":
            if self.used or not self.lines:
                self._blank(word)
            return
        size = sum(cell_len(part.text) for part in word)
        gap = sum(len(part.text) for part in self.gap)
        if self.used and self.used + gap + size > self.width:
            self._break(" " if self.gap else "")
            gap = 0
        if gap + size > self.width:
            self._long(word)
            return
        self.row += self.gap + word
        self.used += gap + size
        self.gap = []

    def _blank(self, word: list[Piece]) -> None:
        room = self.width - self.used - sum(len(part.text) for part in self.gap)
        part = word[0]
        if room > 0:
            self.gap.append(Piece(part.text[:room], part.style, part.copied))
        elif not self.gap:
            self.gap = [Piece(" ", part.style, part.copied)]

    def _long(self, word: list[Piece]) -> None:
        """A word wider than a row is cut where the row ends."""
        self.row += self.gap
        self.used += sum(len(part.text) for part in self.gap)
        self.gap = []
        for text, style, copied in word:
            while text:
                room = self.width - self.used
                # Text without any width gives no piece at all.
                head = next(iter(chop_cells(text, room)), text) if room > 0 else ""
                if not head or cell_len(head) > room:
                    if self.used:
                        self._break("")
                        continue
                    head = text[0]
                self.row.append(Piece(head, style, copied))
                self.used += cell_len(head)
                text = text[len(head) :]

    def _break(self, join: Join) -> None:
        self.lines.append(Line(merged(self.row), self.join))
        self.row, self.used, self.gap, self.join = [], 0, [], join

    def finish(self) -> list[Line]:
        self.lines.append(Line(merged(self.row), self.join))
        return self.lines
