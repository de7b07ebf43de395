"""The Cost page: every figure there is for an exchange, which one counts, what does not fit, what is left."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from rich.cells import cell_len
from rich.style import Style

from tui.clean import visible
from tui.errors import SightlineError
from tui.ui.beside import beside
from tui.ui.ports import LookupsPort
from tui.ui.transcript.line import Line, Piece
from tui.ui.transcript.palette import Palette
from tui.ui.transcript.wrap import wrap
from tui.ui.widgets.keys import Key
from tui.ui.wire.cost_rows import MARKS, Found, Kind, Row, ids_of, rows
from tui.ui.wire.reading import ReadingPage
from tui.ui.wire.seen import Seen
from tui.ui.wire.sheet import Section

NAME_CELLS = 24
"""Where what is said begins at most."""


def sections_of(told: Sequence[Row]) -> list[Section]:
    """A section a row."""
    return [_section(row, first=number == 0) for number, row in enumerate(told)]


def _section(row: Row, *, first: bool) -> Section:
    def draw(_: Section, width: int, palette: Palette) -> list[Line]:
        return draw_row(row, width, palette)

    said = plain(row)
    return Section(draw, said, gap=1 if row.kind == "title" and not first else 0, copied=said)


def plain(row: Row) -> str:
    """A row as one line of text."""
    if row.kind == "title":
        return f"{row.name}: {row.value}" if row.value else row.name
    return f"{MARKS.get(row.kind, ' ')} {row.name:<16} {row.value}".rstrip()


def draw_row(row: Row, width: int, palette: Palette) -> list[Line]:
    """A title, or a mark and a name with what is said of it beside them, wrapped in its column."""
    value = visible(row.value)
    if row.kind == "title":
        head = [Piece(row.name, palette.subheading), Piece(f"  {value}" if value else "", palette.text)]
        return wrap(head, width)
    style, said = _styles(row.kind, palette)
    name = f"{MARKS.get(row.kind, ' ')} {visible(row.name)}"
    column = min(NAME_CELLS, max(14, width // 3))
    pad = column - cell_len(name)
    lines = wrap([Piece(value, said)], max(width - column, 10)) or [Line(())]
    margin = Piece(" " * column, said, False)
    if pad < 1:
        return [Line((Piece(name, style),)), *(line.prefixed(margin) for line in lines)]
    first = lines[0].prefixed(Piece(name, style), Piece(" " * pad, said, False))
    return [first, *(line.prefixed(margin) for line in lines[1:])]


def _styles(kind: Kind, palette: Palette) -> tuple[Style, Style]:
    """How the name and what is said are painted."""
    if kind == "counts":
        return palette.ok, palette.heading
    if kind == "agrees":
        return palette.ok, palette.text
    if kind in ("differs", "finding"):
        return palette.warning, palette.text
    return palette.dim, palette.dim if kind == "none" else palette.text


class CostPage(ReadingPage):
    """Shows the figures; one key asks the proxy for those it has beside its answers."""

    TITLE = "Cost"

    def __init__(self) -> None:
        super().__init__()
        self._seen: Seen | None = None
        self._told: list[Row] = []
        self._asking = ""
        """The exchange something is being looked up for."""

    def show(self, seen: Seen) -> None:
        """Show an exchange; what is there already is only shown anew where it changed."""
        other = self._seen is None or self._seen.exchange.id != seen.exchange.id
        self._seen = seen
        told = rows(seen, self._found(seen))
        if other or told != self._told:
            self._told = told
            self.fill(sections_of(told), keep_place=not other)

    def _found(self, seen: Seen) -> Found:
        lookups, id = self.lookups, seen.exchange.id
        if lookups is None:
            return Found()
        return Found(lookups.prices, lookups.rows.get(id), lookups.key, self._asking == id)

    @property
    def keys(self) -> tuple[Key, ...]:
        """One: ask the proxy."""
        return (Key("u", "ask the proxy", "press('u')"),) if self.lookups is not None else ()

    def press(self, key: str) -> bool:
        """Ask the proxy for its price list, its spend logs and the key's limits."""
        if key != "u" or self.lookups is None:
            return False
        if self._seen is not None and not self._asking:
            self._asking = self._seen.exchange.id
            self.show(self._seen)
            beside(self, partial(self._look_up, self.lookups, self._seen), "lookups")
        return True

    async def _look_up(self, lookups: LookupsPort, seen: Seen) -> None:
        """The key first, which takes least; each answer is shown when it is there."""
        exchange = seen.exchange
        version = exchange.served.proxy_version if exchange.served is not None else None
        try:
            await lookups.read_key()
            self._again()
            await lookups.read_row(exchange.id, ids_of(exchange, seen.wire))
            self._again()
            await lookups.read_prices(version or seen.catalog.version)
        except SightlineError as error:
            self.notify(visible(f"{error} {error.hint}".strip()), severity="warning", markup=False)
        finally:
            self._asking = ""
            self._again()

    def _again(self) -> None:
        if self._seen is not None:
            self.show(self._seen)

    @property
    def copied(self) -> str:
        """The line the cursor is on; everything where it is on a title."""
        section = self.sheet.section
        if section is None or section.gap or section.first == 0:
            return "\n".join(map(plain, self._told))
        return section.said
