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
_SINGLE = re.compile(
    "[ -~\u00a1-\u00ac\u00ae-\u02ff\u0391-\u0482\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u2500-\u257f]*"
)
"""Only characters of one cell each, none of them combining."""

_WORD = re.compile("[^ ]")


def wrap(pieces: Iterable[Piece], width: int, *, join: Join = "\n") -> list[Line]:
    """``pieces`` (without newlines) as rows of at most ``width`` cells; blanks at a break are dropped."""
    width = max(1, width)
    pieces = [Piece(expand_tabs(text), style, copied) for text, style, copied in pieces if text]
    if sum(cell_len(piece.text) for piece in pieces) <= width:
        return [Line(merged(pieces), join)]
    if all(_SINGLE.fullmatch(piece.text) for piece in pieces) and not pieces[0].text.startswith(" "):
        return _wrap_narrow(pieces, width, join)
    return _wrap_any(pieces, width, join)


def _wrap_any(pieces: list[Piece], width: int, join: Join) -> list[Line]:
    """Wrapping for every script, word by word."""
    wrapper = _Wrapper(width, join)
    for word in _words(pieces):
        wrapper.add(word)
    return wrapper.finish()


def _wrap_narrow(pieces: list[Piece], width: int, join: Join) -> list[Line]:
    """The same rows as ``_wrap_any``, several times faster, when each character takes one cell."""
    text = "".join(piece.text for piece in pieces)
    cutter = _Cutter(pieces)
    lines: list[Line] = []
    start, size = 0, len(text)
    while size - start > width:
        end = following = start + width
        after: Join = ""
        if text[end] == " " or (blank := text.rfind(" ", start, end)) > start:
            end = end if text[end] == " " else blank
            word = _WORD.search(text, end)
            following = word.start() if word else size
            end = start + len(text[start:end].rstrip(" "))
            after = " "
        lines.append(Line(cutter.cut(start, end), join))
        start, join = following, after
    if start < size:
        lines.append(Line(cutter.cut(start, start + len(text[start:].rstrip(" "))), join))
    return lines


class _Cutter:
    """Cuts rows off pieces, from the first to the last."""

    def __init__(self, pieces: list[Piece]) -> None:
        self._pieces = pieces
        self._index = 0
        self._offset = 0
        """Characters before the piece at ``_index``."""

    def cut(self, start: int, end: int) -> tuple[Piece, ...]:
        """Characters ``start`` to ``end``; ``start`` never goes back."""
        while self._offset + len(self._pieces[self._index].text) <= start:
            self._offset += len(self._pieces[self._index].text)
            self._index += 1
        out: list[Piece] = []
        index, offset = self._index, self._offset
        while offset < end:
            text, style, copied = self._pieces[index]
            out.append(Piece(text[max(0, start - offset) : end - offset], style, copied))
            offset += len(text)
            index += 1
        return merged(out)


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
            if self.row or not self.lines:
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
                head = ""
                if not cell_len(text):
                    head = text  # marks belong to the character before them
                elif room > 0:
                    head = chop_cells(text, room)[0]
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
