"""The Headers page: what was sent and what came back around the bodies, and the facts of the call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len

from tui.chat.frame import Headers
from tui.chat.record import Exchange, Timing, Wire
from tui.clean import visible
from tui.secrets import MASK
from tui.ui.transcript.blocks.figures import size, span
from tui.ui.transcript.line import Line, Piece
from tui.ui.transcript.palette import Palette
from tui.ui.transcript.wrap import wrap
from tui.ui.wire.reading import ReadingPage
from tui.ui.wire.seen import Seen
from tui.ui.wire.sheet import Section

NAME_CELLS = 32
"""Where values begin at most."""


class Told(NamedTuple):
    """A name with its value, or a title."""

    name: str
    value: str
    kind: str = "header"


def told(seen: Seen) -> list[Told]:
    """Everything the page says of an exchange, in its order."""
    exchange, wire = seen.exchange, seen.wire or Wire()
    rows = [Told("Call", "", "title"), *_call(exchange, wire)]
    rows += [Told("Request headers", _count(wire.request_headers), "title"), *_headers(wire.request_headers)]
    rows += [Told("Answer headers", _count(wire.headers), "title"), *_headers(wire.headers)]
    return rows


def _headers(headers: Headers) -> list[Told]:
    return [Told(visible(name), visible(value)) for name, value in headers]


def _count(headers: Headers) -> str:
    return f"{len(headers)}, secrets masked" if headers else "not known"


def _call(exchange: Exchange, wire: Wire) -> list[Told]:
    base = exchange.route.base_url.rstrip("/")
    path = exchange.route.endpoint
    url = base + (path.removeprefix("/v1") if base.endswith("/v1") else path)
    came = sum(len(frame.data.encode("utf-8", "replace")) for frame in wire.frames)
    rows = [
        Told("POST", visible(url), "fact"),
        Told("status", str(exchange.status or "none told"), "fact"),
        Told("request", f"{size(len(wire.body))} ({len(wire.body):,} bytes)", "fact"),
        Told("answer", f"{size(came)} in {len(wire.frames):,} frames", "fact"),
    ]
    timing = _timing(exchange.timing, exchange)
    return [*rows, Told("time", timing, "fact")] if timing else rows


def _timing(timing: Timing, exchange: Exchange) -> str:
    parts = (
        ("connected", timing.connected),
        ("sent", timing.sent),
        ("headers", timing.headers),
        ("first token", exchange.ttft_s),
        ("end", exchange.seconds),
    )
    return " · ".join(f"{name} {span(at)}" for name, at in parts if at is not None)


def sections_of(rows: Sequence[Told]) -> list[Section]:
    """A section a row."""
    return [_section(row, first=number == 0) for number, row in enumerate(rows)]


def _section(row: Told, *, first: bool) -> Section:
    def draw(_: Section, width: int, palette: Palette) -> list[Line]:
        return draw_row(row, width, palette)

    gap = 1 if row.kind == "title" and not first else 0
    said = row.name if row.kind == "title" else f"{row.name}: {row.value}"
    return Section(draw, said, gap=gap)


def draw_row(row: Told, width: int, palette: Palette) -> list[Line]:
    """A title, or a name with its value beside it, wrapped in its column."""
    if row.kind == "title":
        return [Line((Piece(row.name, palette.subheading), Piece(f"  {row.value}", palette.dim)))]
    column = min(NAME_CELLS, max(12, width // 3))
    style = palette.dim if MASK in row.value else palette.text
    name = Piece(row.name, palette.keyword if row.kind == "header" else palette.dim)
    pad = column - cell_len(row.name)
    if pad < 1:
        rest = wrap([Piece(row.value, style)], width - column)
        return [Line((name,)), *(line.prefixed(Piece(" " * column, style, False)) for line in rest)]
    lines = wrap([Piece(row.value, style)], width - column)
    head = lines[0].prefixed(name, Piece(" ", style), Piece(" " * (pad - 1), style, False))
    return [head, *(line.prefixed(Piece(" " * column, style, False)) for line in lines[1:])]


class HeadersPage(ReadingPage):
    """Request and answer headers as they are kept: secrets are masked."""

    TITLE = "Headers"

    def __init__(self) -> None:
        super().__init__()
        self._told: list[Told] = []
        self._exchange = ""

    def show(self, seen: Seen) -> None:
        """Show the headers; the same ones again only if there are more of them."""
        rows = told(seen)
        if rows != self._told or seen.exchange.id != self._exchange:
            self._told, self._exchange = rows, seen.exchange.id
            self.fill(sections_of(rows))

    @property
    def copied(self) -> str:
        """The line the cursor is on; everything where it is on a title."""
        section = self.sheet.section
        if section is None or section.gap or section.first == 0:
            return "\n".join(
                row.name if row.kind == "title" else f"{row.name}: {row.value}" for row in self._told
            )
        return section.said
