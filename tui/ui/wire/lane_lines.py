"""The table of lanes as lines of a width: a name, the first exchange, others beside it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from textual.content import Content

from tui import resolver
from tui.chat.catalog import Catalog
from tui.chat.record import Exchange, Wire
from tui.chat.route import Served
from tui.engine.routing import codec_for
from tui.exchanges.lanes import Lane, Row
from tui.exchanges.sent_parts import Sent, sent

NAME = 17
NARROWEST = 19
"""Cells of a lane."""
_GROUPS = {"request": "what was sent", "answer": "what came back", "took": "what it took"}


def lane_of(exchange: Exchange, wire: Wire | None, catalog: Catalog) -> Lane:
    """One exchange as it is compared; slow for large ones."""
    if wire is None:
        return Lane(exchange, Sent())
    held = sent(wire.body, exchange.route.dialect)
    if not wire.frames or (exchange.status or 200) >= 400:
        return Lane(exchange, held)
    origin = resolver.origin_of(exchange.served or Served(), catalog, exchange.route)
    decoder = codec_for(exchange.route).decoder(origin)
    try:
        for frame in wire.frames:
            for _ in decoder.feed(frame):
                pass
    except ValueError:
        # What came before it counts; that it is broken the exchange itself says.
        pass
    reply = decoder.finish()
    return Lane(exchange, held, reply.parts, reply.stop_raw or reply.stop or "")


def room_for(width: int) -> int:
    """How many lanes fit beside each other, two at the least."""
    return max(2, (width - NAME) // (NARROWEST + 1))


def heads(lanes: Sequence[Lane], shown: Sequence[int], width: int) -> Content:
    """The line that names the lanes ``shown``: the original, and what was made of it, counted."""
    names = [f"{lanes[lane].exchange.purpose} {lane}" if lane else "the original" for lane in shown]
    cell = _cell(shown, width)
    return Content.styled("".ljust(NAME) + " ".join(name.ljust(cell) for name in names).rstrip(), "bold")


def _cell(shown: Sequence[int], width: int) -> int:
    return max(8, (width - NAME) // max(1, len(shown)) - 1)


def lines(rows: Sequence[Row], shown: Sequence[int], width: int) -> list[Content]:
    """The rows of the lanes ``shown``; what differs from the first lane stands out."""
    cell = _cell(shown, width)
    out: list[Content] = []
    group = ""
    for row in rows:
        if row.group != group:
            group = row.group
            out += [Content(""), Content.styled(_GROUPS[group], "bold $text-primary")]
        out += _row(row, shown, cell)
    return out[1:]


def _row(row: Row, shown: Sequence[int], cell: int) -> list[Content]:
    cells = [textwrap.wrap(row.cells[lane], cell) or [""] for lane in shown]
    made = []
    for line in range(max(map(len, cells))):
        pieces: list[Content | tuple[str, str]] = [
            ((row.name if not line else "").ljust(NAME), "$foreground-muted")
        ]
        for place, (lane, words) in enumerate(zip(shown, cells, strict=True)):
            said = words[line] if line < len(words) else ""
            style = "bold $text-warning" if place and row.differs(lane) else ""
            pieces.append((said.ljust(cell + 1), style))
        made.append(Content.assemble(*pieces))
    return made
