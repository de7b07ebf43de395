"""The Route page: the road of an exchange, each fact with where it comes from, and what was odd about it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

from rich.cells import cell_len
from rich.style import Style

from tui.chat.finding import Finding
from tui.clean import visible
from tui.truth.asked import Asked, asked_in
from tui.truth.route import NOT_TOLD, Fact, route_facts
from tui.ui.beside import beside
from tui.ui.transcript.line import Line, Piece
from tui.ui.transcript.palette import Palette
from tui.ui.transcript.wrap import wrap
from tui.ui.wire.reading import ReadingPage
from tui.ui.wire.seen import Seen
from tui.ui.wire.sheet import Section

NAME_CELLS = 14
"""Cells of the column of names."""
WIDE = 100
"""From this width on the source stands beside the fact, not below it."""


def plain(fact: Fact) -> str:
    """A fact as one line of text."""
    return f"{fact.label:<12} {fact.value or NOT_TOLD}  ({fact.source}: {fact.says})"


def draw_fact(fact: Fact, width: int, palette: Palette) -> list[Line]:
    """Name, value and source for ``width`` cells; what is not told is quiet, what is assumed says so."""
    value = Piece(visible(fact.value or NOT_TOLD), palette.dim if fact.value is None else palette.text)
    told = palette.warning if fact.source == "assumed" else palette.dim
    source = [Piece(visible(fact.source), told, False), Piece(f" · {visible(fact.says)}", palette.dim)]
    room = max(width - NAME_CELLS, 12)
    if width < WIDE:
        rows = [*wrap([value], room), *wrap(source, room)]
    else:
        half = room // 2
        left, right = wrap([value], half - 2), wrap(source, room - half)
        rows = [_beside(left, right, row, half) for row in range(max(len(left), len(right)))]
    name = visible(fact.label, NAME_CELLS - 1)
    pad = " " * (NAME_CELLS - cell_len(name))
    head, margin = Piece(f"{name}{pad}", palette.dim, False), Piece(" " * NAME_CELLS, palette.dim, False)
    return [row.prefixed(margin if number else head) for number, row in enumerate(rows)]


def _beside(left: Sequence[Line], right: Sequence[Line], row: int, half: int) -> Line:
    mine = left[row].pieces if row < len(left) else ()
    used = sum(cell_len(piece.text) for piece in mine)
    gap = Piece(" " * max(half - used, 1), Style())
    return Line((*mine, gap, *(right[row].pieces if row < len(right) else ())))


def draw_odd(finding: Finding, width: int, palette: Palette) -> list[Line]:
    """What was odd, where the evidence stands, and what helps."""
    where = f" ({finding.path})" if finding.path else ""
    rows = wrap([Piece(visible(finding.says + where), palette.warning)], max(width - 2, 12))
    if finding.mend:
        rows += wrap([Piece(f"→ {visible(finding.mend)}", palette.dim)], max(width - 2, 12))
    sign, margin = Piece("⚠ ", palette.warning, False), Piece("  ", palette.dim, False)
    return [row.prefixed(margin if number else sign) for number, row in enumerate(rows)]


def sections_of(observed: Sequence[Finding], facts: Sequence[Fact]) -> list[Section]:
    """What was odd, then the road: a section each."""
    sections = []
    for finding in observed:

        def odd(_: Section, width: int, palette: Palette, finding: Finding = finding) -> list[Line]:
            return draw_odd(finding, width, palette)

        said = f"{finding.cls}: {finding.says}"
        sections.append(Section(odd, said, copied=said))
    for number, fact in enumerate(facts):

        def draw(_: Section, width: int, palette: Palette, fact: Fact = fact) -> list[Line]:
            return draw_fact(fact, width, palette)

        sections.append(
            Section(draw, plain(fact), gap=1 if observed and number == 0 else 0, copied=plain(fact))
        )
    return sections


class RoutePage(ReadingPage):
    """From the name that was asked for to the model that served."""

    TITLE = "Route"

    def __init__(self) -> None:
        super().__init__()
        self._seen: Seen | None = None
        self._observed: tuple[Finding, ...] = ()
        self._facts: tuple[Fact, ...] = ()
        self._asked: tuple[str, Asked] = ("", Asked())
        """What the exchange of that id asked for: a body may be megabytes, so it is read once, aside."""

    def show(self, seen: Seen) -> None:
        """Show an exchange; anew only where something of it changed."""
        other = self._seen is None or self._seen.exchange.id != seen.exchange.id
        self._seen = seen
        exchange = seen.exchange
        if seen.wire is not None and self._asked[0] != exchange.id:
            self._asked = (exchange.id, Asked())
            beside(self, partial(self._read, exchange.id, seen.wire.body), "asked", exclusive=True)
        facts = route_facts(exchange, seen.wire, seen.catalog, self._asked[1])
        if other or (self._observed, self._facts) != (exchange.observed, facts):
            self._observed, self._facts = exchange.observed, facts
            self.fill(sections_of(exchange.observed, facts), keep_place=not other)

    async def _read(self, id: str, body: bytes) -> None:
        asked = await asyncio.to_thread(asked_in, body)
        if self._seen is not None and self._seen.exchange.id == id:
            self._asked = (id, asked)
            self.show(self._seen)

    @property
    def copied(self) -> str:
        """The line the cursor is on; everything where it is on none."""
        section = self.sheet.section
        if section is not None and section.copied:
            return section.copied
        lines = [f"{one.cls}: {one.says}" for one in self._observed]
        return "\n".join([*lines, *map(plain, self._facts)])
