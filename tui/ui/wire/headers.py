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
from tui.ui.widgets.keys import Key
from tui.ui.wire.reading import ReadingPage
from tui.ui.wire.seen import Seen
from tui.ui.wire.sheet import Section

KEY_HEADERS = ("authorization", "x-api-key")
"""Headers a key of the proxy goes in."""
NEVER_KEPT = "never kept: only the mask was written down, and it is not the key in use now"
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
    frames = f"{len(wire.frames):,} frame{'s' * (len(wire.frames) != 1)}"
    rows = [
        Told("POST", visible(url), "fact"),
        Told("status", str(exchange.status or "none told"), "fact"),
        Told("request", f"{size(len(wire.body))} ({len(wire.body):,} bytes)", "fact"),
        Told("answer", f"{size(came)} in {frames}", "fact"),
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
    """Request and answer headers as they are kept: secrets are masked.

    One key shows the proxy's key as it would be sent now, on this page only; it is never copied.
    """

    TITLE = "Headers"

    def __init__(self) -> None:
        super().__init__()
        self._told: list[Told] = []
        self._seen: Seen | None = None
        self._reveals = False

    def show(self, seen: Seen) -> None:
        """Show the headers; the same ones again only if there are more of them."""
        before, self._seen = self._seen, seen
        if before is None or before.exchange.id != seen.exchange.id:
            self._reveals = False
        elif told(seen) == self._told:
            return
        self._told = told(seen)
        self._fill()

    def _fill(self) -> None:
        self.fill(sections_of([self._revealed(row) for row in self._told]), keep_place=self._reveals)

    def _revealed(self, row: Told) -> Told:
        if not self._reveals or row.name not in KEY_HEADERS or MASK not in row.value:
            return row
        assert self._seen is not None
        key = self.key_for(self._seen.exchange.route.base_url)
        says = NEVER_KEPT if key is None else f"{visible(key)}  (as it would be sent now)"
        return row._replace(value=says)

    @property
    def keys(self) -> tuple[Key, ...]:
        """What masks, and what shows the key."""
        return (Key("u", "mask" if self._reveals else "unmask", "press('u')"),)

    def press(self, key: str) -> bool:
        """``u`` shows the key, or masks it again."""
        if key != "u" or self._seen is None:
            return False
        self._reveals = not self._reveals
        self._fill()
        return True

    @property
    def copied(self) -> str:
        """The line the cursor is on, everything where it is on a title; secrets masked."""
        section = self.sheet.section
        at = next((n for n, one in enumerate(self.sheet.sections) if one is section), 0)
        rows = self._told if at >= len(self._told) or self._told[at].kind == "title" else [self._told[at]]
        return "\n".join(row.name if row.kind == "title" else f"{row.name}: {row.value}" for row in rows)
