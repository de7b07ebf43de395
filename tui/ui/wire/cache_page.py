"""The Cache page: what was read from a cache, where the prefix of the request before was left, and why."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial

from tui.chat.figures import count
from tui.chat.record import Exchange
from tui.exchanges.anatomy import Anatomy, anatomy
from tui.exchanges.cache import CacheReport, cache_finding, cache_report
from tui.ui.beside import beside
from tui.ui.transcript.line import Line, Piece
from tui.ui.transcript.palette import Palette
from tui.ui.transcript.wrap import wrap
from tui.ui.wire.headers import Told, sections_of
from tui.ui.wire.reading import ReadingPage
from tui.ui.wire.seen import Seen
from tui.ui.wire.sheet import Section


def told(seen: Seen) -> list[Told]:
    """Everything the page says of an exchange; reads both requests, so large ones belong in a thread."""
    body = _taken(seen)
    if body is None:
        return [Told("Cache", "", "title"), Told("request", "What was sent is not known.", "fact")]
    before, base = seen.before, None
    if before is not None and seen.before_wire is not None:
        try:
            base = anatomy(seen.before_wire.body, before.route.dialect)
        except ValueError:
            base = None
    report = cache_report(seen.exchange, body, before, base)
    finding = cache_finding(seen.exchange, report, before)
    mend = [] if finding is None else [Told("to keep it", finding.mend, "fact")]
    return [*_head(report, before), *_break(report), *mend, *_reasons(report)]


def _taken(seen: Seen) -> Anatomy | None:
    if seen.wire is None:
        return None
    try:
        return anatomy(seen.wire.body, seen.exchange.route.dialect)
    except ValueError:
        return None


def _head(report: CacheReport, before: Exchange | None) -> list[Told]:
    rows = [Told("Cache", "", "title"), Told("", report.says, "fact")]
    if report.told:
        rows.append(Told("Tokens as told", "", "title"))
    for line in report.told:
        name, _, value = line.partition(": ")
        rows.append(Told("request before" if name == "before" else "this request", value, "fact"))
    if report.cached is not None:
        usage = before.usage if before else None
        told = usage is not None and (usage.cache_write_5m, usage.cache_write_1h) != (None, None)
        least = "" if told else "at least "
        says = f"{least}{count(report.cached)} tokens after the request before"
        rows.append(Told("in the cache", says, "fact"))
    if report.lost:
        rows.append(Told("not read again", f"{count(report.lost)} tokens of those", "fact"))
    return rows


def _break(report: CacheReport) -> list[Told]:
    broke = report.broke
    if broke is None:
        return []
    rows = [Told("First difference", "", "title"), Told("where", broke.path, "fact")]
    rows.append(Told("what", broke.says, "fact"))
    same = (
        "nothing" if not broke.pieces else f"{broke.pieces:,} pieces, {broke.kept:,} of {broke.had:,} bytes"
    )
    rows.append(Told("the same before it", same, "fact"))
    if report.kept_about and broke.pieces:
        says = f"about {count(report.kept_about)} tokens, estimated by their share of the bytes"
        rows.append(Told("could be kept", says, "fact"))
    if not broke.surely:
        rows.append(
            Told("how sure", "whether this is part of the cached prefix is the vendor's affair", "fact")
        )
    return rows


def _reasons(report: CacheReport) -> list[Told]:
    if not report.reasons:
        if report.state != "unread":
            return []
        says = "nothing that was told explains it"
        return [Told("Why", "", "title"), Told("", says, "fact")]
    also = "Also" if report.broke is not None else "Why"
    return [Told(also, "", "title"), *(Told("", reason, "fact") for reason in report.reasons)]


class CachePage(ReadingPage):
    """Shows what is known; both requests are compared in a thread."""

    TITLE = "Cache"

    def __init__(self) -> None:
        super().__init__()
        self._seen: Seen | None = None
        self._told: list[Told] = []

    def show(self, seen: Seen) -> None:
        """Show an exchange; the same one again only where something was told meanwhile."""
        shown, self._seen = self._seen, seen
        if shown is not None and _known(shown) == _known(seen):
            return
        if shown is None or shown.exchange.id != seen.exchange.id:
            self._fill([Told("Cache", "comparing …", "title")])
        beside(self, partial(self._compare, seen), "cache", exclusive=True)

    async def _compare(self, seen: Seen) -> None:
        rows = await asyncio.to_thread(told, seen)
        if seen is self._seen or (self._seen and _known(seen) == _known(self._seen)):
            self._fill(rows)

    def _fill(self, rows: list[Told]) -> None:
        if rows != self._told:
            self._told = rows
            self.fill([_sentence(row) if not row.name else one for row, one in _pairs(rows)])

    @property
    def copied(self) -> str:
        """The line the cursor is on; everything where it is on a title."""
        section = self.sheet.section
        if section is None or section.gap or section.first == 0:
            return "\n".join(_plain(row) for row in self._told)
        return section.said.removeprefix(": ")


def _pairs(rows: list[Told]) -> Iterator[tuple[Told, Section]]:
    return zip(rows, sections_of(rows), strict=True)


def _sentence(row: Told) -> Section:
    """A sentence over the whole width."""

    def draw(_: Section, width: int, palette: Palette) -> list[Line]:
        return wrap([Piece(row.value, palette.text)], width)

    return Section(draw, row.value, copied=row.value)


def _plain(row: Told) -> str:
    if row.kind == "title":
        return f"{row.name} {row.value}".rstrip()
    return f"  {row.name}: {row.value}" if row.name else f"  {row.value}"


def _known(seen: Seen) -> tuple[object, ...]:
    """What the page depends on."""
    before = seen.before.id if seen.before else None
    exchange = seen.exchange
    return (exchange.id, exchange.state, exchange.usage, exchange.served, before, seen.wire is None)
