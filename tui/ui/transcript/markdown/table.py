"""Tables that can grow by rows: columns shrink fairly, cells wrap, narrow screens get records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len

from tui.ui.transcript.line import Line, Piece
from tui.ui.transcript.markdown.inline import inline
from tui.ui.transcript.markdown.parse import Node, nodes
from tui.ui.transcript.palette import BOLD, Palette
from tui.ui.transcript.wrap import wrap

_SEPARATOR = " │ "
_LEAST = 4
"""Columns narrower than this say nothing: the table is shown as records instead."""

Cell = list[Piece]


class Row(NamedTuple):
    """The cells of a row and how each is aligned."""

    cells: list[Cell]
    aligns: list[str]


def read_rows(table: Node, palette: Palette) -> tuple[Row, list[tuple[int, Row]]]:
    """The header of a parsed table, and its rows with the source line of each."""
    header = Row([], [])
    rows: list[tuple[int, Row]] = []
    for section in nodes(table.inner):
        for tr in nodes(section.inner):
            is_head = section.open.type == "thead_open"
            row = _row(tr, palette, is_head)
            if is_head:
                header = row
            else:
                rows.append((tr.start, row))
    return header, rows


def _row(tr: Node, palette: Palette, is_head: bool) -> Row:
    cells: list[Cell] = []
    aligns: list[str] = []
    base = palette.text + BOLD if is_head else palette.text
    for cell in nodes(tr.inner):
        lines = inline(cell.inner[0].children if cell.inner else None, base, palette)
        cells.append([piece for line in lines for piece in line])
        aligns.append(str(cell.open.attrs.get("style", "")).removeprefix("text-align:"))
    return Row(cells, aligns)


class Table:
    """A table at one width; rows may be added, and only a change of column widths lays it out anew."""

    def __init__(self, header: Row, width: int, palette: Palette) -> None:
        self.header = header
        self.width = width
        self.palette = palette
        self.rows: list[Row] = []
        self._natural = [_cells(cell) for cell in header.cells]
        self._layout: tuple[tuple[int, ...], bool] | None = None
        self._laid: list[Line] = []
        self._laid_rows = 0

    def add(self, row: Row) -> None:
        """Append a row."""
        self.rows.append(row)
        for column, cell in enumerate(row.cells[: len(self._natural)]):
            self._natural[column] = max(self._natural[column], _cells(cell))

    def copy(self) -> Table:
        """A table with the same rows that may grow on its own."""
        twin = Table(self.header, self.width, self.palette)
        twin.rows = list(self.rows)
        twin._natural = list(self._natural)
        twin._layout, twin._laid_rows = self._layout, self._laid_rows
        twin._laid = list(self._laid)
        return twin

    def lines(self) -> list[Line]:
        """The rows as lines of at most ``width`` cells."""
        widths = _shares(self._natural, self.width - len(_SEPARATOR) * (len(self._natural) - 1))
        if widths is None:
            return self._records()
        wraps = any(natural > given for natural, given in zip(self._natural, widths, strict=True))
        if self._layout != (widths, wraps):
            self._layout = (widths, wraps)
            self._laid = [*self._lay(self.header, widths), self._rule(widths, "┼")]
            self._laid_rows = 0
        for row in self.rows[self._laid_rows :]:
            if wraps and self._laid_rows:
                self._laid.append(self._rule(widths, "┼"))
            self._laid += self._lay(row, widths)
            self._laid_rows += 1
        return self._laid

    def _rule(self, widths: Sequence[int], cross: str) -> Line:
        text = f"─{cross}─".join("─" * width for width in widths)
        return Line((Piece(text, self.palette.marker, False),))

    def _lay(self, row: Row, widths: Sequence[int]) -> list[Line]:
        cells = [wrap(cell, width) for cell, width in zip(row.cells, widths, strict=False)]
        height = max((len(cell) for cell in cells), default=1)
        return [
            Line(tuple(self._across(cells, widths, row.aligns, number)), "\n" if number == 0 else " ")
            for number in range(height)
        ]

    def _across(
        self, cells: list[list[Line]], widths: Sequence[int], aligns: list[str], number: int
    ) -> list[Piece]:
        pieces: list[Piece] = []
        for column, width in enumerate(widths):
            if column:
                pieces.append(Piece(_SEPARATOR, self.palette.marker))
            own = cells[column] if column < len(cells) else []
            line = own[number] if number < len(own) else Line(())
            spare = max(0, width - line.cells)
            align = aligns[column] if column < len(aligns) else ""
            before = spare if align == "right" else spare // 2 if align == "center" else 0
            if before:
                pieces.append(Piece(" " * before, self.palette.text, False))
            pieces += line.pieces
            if spare - before and column < len(widths) - 1:
                pieces.append(Piece(" " * (spare - before), self.palette.text, False))
        return pieces

    def _records(self) -> list[Line]:
        """Each row as lines of ``header: value``."""
        lines: list[Line] = []
        if not self.rows:
            return wrap([p for cell in self.header.cells for p in (*cell, _space(self))], self.width)
        for number, row in enumerate(self.rows):
            if number:
                lines.append(Line((Piece("─" * min(8, self.width), self.palette.marker, False),)))
            for name, cell in zip(self.header.cells, row.cells, strict=False):
                colon = Piece(": ", self.palette.text)
                lines += wrap([*name, colon, *cell], self.width)
        return lines


def _space(table: Table) -> Piece:
    return Piece(" ", table.palette.text)


def _cells(cell: Cell) -> int:
    return sum(cell_len(piece.text) for piece in cell)


def _shares(natural: Sequence[int], room: int) -> tuple[int, ...] | None:
    """Column widths that fit ``room``: small columns keep their size, the wide ones share the rest."""
    wanted = [max(1, size) for size in natural]
    if sum(wanted) <= room:
        return tuple(wanted)
    if not wanted or room < sum(min(_LEAST, size) for size in wanted):
        return None
    given = [0] * len(wanted)
    order = sorted(range(len(wanted)), key=lambda column: wanted[column])
    left = room
    for rank, column in enumerate(order):
        given[column] = min(wanted[column], max(left // (len(order) - rank), 1))
        left -= given[column]
    return tuple(given)
