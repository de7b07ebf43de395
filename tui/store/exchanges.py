"""Rows of exchanges and of what went over the line: requests cut into shared pieces, frames in batches."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tui.chat.frame import Headers
from tui.chat.json_text import dump_bytes, load_bytes
from tui.chat.record import Exchange, Wire
from tui.chat.route import Route
from tui.chat.serial import exchange_from_json, exchange_to_json
from tui.chat.serial_route import route_from_json
from tui.store import pieces
from tui.store.bodies import Split, rebuilt, split
from tui.store.framelog import FrameLog, unpacked
from tui.store.texts import load_all, maybe_to_sql, pack, to_sql, unpack

Db = sqlite3.Connection

_COLUMNS = "exchange.id, exchange.wire, exchange.facts, exchange.route"


@dataclass(frozen=True, slots=True)
class KeptBody:
    """The last body of a session and its trails, so that the next one costs only what is new."""

    split: Split
    trails: tuple[tuple[int, ...], ...]
    """Of each hole, the trail that ends with each item."""


class Bodies:
    """Puts bodies together; what several have in common is read once.

    A trail that a wire leads to stays what it is as long as the wire does, so what was read of one may be
    used for another in a later state of the file.
    """

    def __init__(self) -> None:
        self._lists: dict[int, list[bytes]] = {}
        """By trail; only the last of each hole is worth keeping."""

    def read(self, db: Db, wire: int) -> bytes:
        """The body as it was sent."""
        (head,) = db.execute("SELECT head FROM wire WHERE id = ?", (wire,)).fetchone()
        ends = db.execute("SELECT trail FROM wire_list WHERE wire = ? ORDER BY place", (wire,)).fetchall()
        before, self._lists = self._lists, {}
        return rebuilt(pieces.read(db, head), [self._items(db, trail, before) for (trail,) in ends])

    def _items(self, db: Db, trail: int, known: dict[int, list[bytes]]) -> list[bytes]:
        """The items of a list, from its end back to a list that is known."""
        end, new = trail, []
        while trail and trail not in known:
            trail, piece = db.execute("SELECT parent, piece FROM trail WHERE id = ?", (trail,)).fetchone()
            new.append(pieces.read(db, piece))
        self._lists[end] = [*known.get(trail, ()), *reversed(new)]
        return self._lists[end]


def keep_body(db: Db, body: bytes, before: KeptBody | None) -> tuple[int, KeptBody]:
    """A new wire with the request's body; its id, and what the next body is compared with."""
    cut = split(body, before.split if before is not None else None)
    wire = _insert(db, "INSERT INTO wire (head) VALUES (?)", (pieces.keep(db, cut.head()),))
    all_trails: list[tuple[int, ...]] = []
    for place, (hole, shared) in enumerate(zip(cut.holes, cut.shared, strict=True)):
        trails = list(before.trails[place][:shared]) if before is not None and shared else []
        for item in cut.items(hole, shared):
            trails.append(_trail(db, trails[-1] if trails else 0, pieces.keep(db, item)))
        db.execute("INSERT INTO wire_list VALUES (?, ?, ?)", (wire, place, trails[-1]))
        all_trails.append(tuple(trails))
    return wire, KeptBody(cut, tuple(all_trails))


def keep_headers(db: Db, wire: int, headers: Headers, request_headers: Headers) -> None:
    """The headers of both ways; those of requests are mostly alike."""
    mine = pieces.keep(db, dump_bytes([list(header) for header in request_headers]))
    heard = _packed(dump_bytes([list(header) for header in headers]))
    db.execute("UPDATE wire SET request_headers = ?, headers = ? WHERE id = ?", (mine, heard, wire))


def keep_frames(db: Db, wire: int, stretch: bytes) -> None:
    """The next stretch of a wire's frame log."""
    db.execute("INSERT INTO frames (wire, data) VALUES (?, ?)", (wire, stretch))


def read_wire(db: Db, wire: int) -> Wire:
    """Everything that went over the line."""
    return _read_wire(db, wire, Bodies())


def _read_wire(db: Db, wire: int, bodies: Bodies) -> Wire:
    mine, heard = db.execute("SELECT request_headers, headers FROM wire WHERE id = ?", (wire,)).fetchone()
    rows = db.execute("SELECT data FROM frames WHERE wire = ? ORDER BY id", (wire,))
    return Wire(
        body=bodies.read(db, wire),
        request_headers=_headers(pieces.read(db, mine)) if mine is not None else (),
        headers=_headers(_unpacked(heard)) if heard is not None else (),
        frames=unpacked(data for (data,) in rows),
    )


def keep_wire(db: Db, wire: Wire, before: KeptBody | None) -> tuple[int, KeptBody]:
    """All of a wire at once."""
    row, kept = keep_body(db, wire.body, before)
    if wire.headers or wire.request_headers:
        keep_headers(db, row, wire.headers, wire.request_headers)
    if wire.frames:
        keep_frames(db, row, FrameLog().packed(wire.frames))
    return row, kept


def insert(db: Db, session: int, exchange: Exchange, wire: int | None, owner: str) -> int:
    """A row for a new exchange; its id."""
    route, facts = _facts(db, exchange)
    return _insert(
        db,
        "INSERT INTO exchange (session, name, owner, state, answer, after, route, wire, facts)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            session,
            to_sql(exchange.id),
            owner,
            exchange.state,
            maybe_to_sql(exchange.answer),
            maybe_to_sql(exchange.after),
            route,
            wire,
            facts,
        ),
    )


def update(db: Db, row: int, exchange: Exchange) -> None:
    """What is known of an exchange now."""
    route, facts = _facts(db, exchange)
    db.execute(
        "UPDATE exchange SET state = ?, answer = ?, after = ?, route = ?, facts = ? WHERE id = ?",
        (
            exchange.state,
            maybe_to_sql(exchange.answer),
            maybe_to_sql(exchange.after),
            route,
            facts,
            row,
        ),
    )


def of_session(db: Db, session: int, *, wires: bool = False) -> tuple[Exchange, ...]:
    """A session's exchanges in the order they were begun."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM exchange WHERE session = ? ORDER BY id",  # noqa: S608  # names of columns
        (session,),
    )
    return _read(db, rows.fetchall(), wires=wires)


def by_rows(db: Db, ids: Sequence[int], *, wires: bool = False) -> tuple[Exchange, ...]:
    """The exchanges of these rows."""
    rows = [
        db.execute(f"SELECT {_COLUMNS} FROM exchange WHERE id = ?", (id,)).fetchone()  # noqa: S608
        for id in ids
    ]
    return _read(db, rows, wires=wires)


def wire_of(db: Db, exchange: str) -> Wire | None:
    """What went over the line for the exchange of this id, the same in every copy of its session."""
    row = db.execute(
        "SELECT wire FROM exchange WHERE name = ? AND wire IS NOT NULL ORDER BY id DESC LIMIT 1",
        (to_sql(exchange),),
    ).fetchone()
    return None if row is None else read_wire(db, row[0])


def rows_of(db: Db, session: int) -> list[int]:
    """The rows of a session's exchanges, in the order of ``of_session``."""
    return [row for (row,) in db.execute("SELECT id FROM exchange WHERE session = ? ORDER BY id", (session,))]


def wire_at(db: Db, row: int, exchange: str, bodies: Bodies) -> Wire | None:
    """What went over the line for the exchange in this row; None where it is not known or gone."""
    found = db.execute("SELECT wire FROM exchange WHERE id = ? AND name = ?", (row, to_sql(exchange)))
    wire = found.fetchone()
    return None if wire is None or wire[0] is None else _read_wire(db, wire[0], bodies)


def _read(db: Db, rows: list[tuple[int, int | None, bytes, int]], *, wires: bool) -> tuple[Exchange, ...]:
    routes: dict[int, Route] = {}
    bodies = Bodies()
    out: list[Exchange] = []
    for (_, wire, _, route), facts in zip(rows, load_all([_unpacked(row[2]) for row in rows]), strict=True):
        if route not in routes:
            routes[route] = route_from_json(load_bytes(pieces.read(db, route)))
        exchange = exchange_from_json(facts, routes[route])
        if wires and wire is not None:
            exchange = replace(exchange, wire=_read_wire(db, wire, bodies))
        out.append(exchange)
    return tuple(out)


def _facts(db: Db, exchange: Exchange) -> tuple[int, bytes]:
    """The piece of the route, which many exchanges share, and everything else."""
    data = exchange_to_json(exchange)
    return pieces.keep(db, dump_bytes(data.pop("route"))), _packed(dump_bytes(data))


def _trail(db: Db, parent: int, piece: int) -> int:
    row = db.execute("SELECT id FROM trail WHERE parent = ? AND piece = ?", (parent, piece)).fetchone()
    if row is not None:
        return int(row[0])
    return _insert(db, "INSERT INTO trail (parent, piece) VALUES (?, ?)", (parent, piece))


def _insert(db: Db, statement: str, values: tuple[object, ...]) -> int:
    return db.execute(statement, values).lastrowid or 0


def _packed(data: bytes) -> bytes:
    """Packed or not, told by the first byte."""
    packed, data = pack(data)
    return bytes((packed,)) + data


def _unpacked(data: bytes) -> bytes:
    return unpack(data[0], data[1:])


def _headers(data: bytes) -> Headers:
    return tuple((name, value) for name, value in load_bytes(data))
