"""Taking messages and sessions away for good, with every piece that nothing else refers to."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from tui.store import nodes, pieces
from tui.store.texts import from_sql, to_sql

Db = sqlite3.Connection

_AT_ONCE = 500


def cut(db: Db, session: int, name: str) -> None:
    """Take away a message and everything after it, with the exchanges made from or for it."""
    children: dict[str, list[str]] = {}
    for id, parent in db.execute("SELECT name, parent FROM node WHERE session = ?", (session,)):
        if parent is not None:
            children.setdefault(from_sql(parent), []).append(from_sql(id))
    gone: list[str] = []
    waiting = [name]
    while waiting:
        gone.append(at := waiting.pop())
        # Popped, so that a circle in a damaged file ends.
        waiting += children.pop(at, ())
    _remove(db, session, gone)
    db.execute(
        "UPDATE session SET messages = (SELECT count(*) FROM node WHERE session = ?1), forks = max(?2 - 1, 0)"
        " WHERE id = ?1",
        (session, nodes.leaves(db, session)),
    )


def purge(db: Db, session: int) -> None:
    """Take a session away."""
    name = db.execute("SELECT name FROM session WHERE id = ?", (session,)).fetchone()[0]
    names = db.execute("SELECT name FROM node WHERE session = ?", (session,)).fetchall()
    _remove(db, session, [from_sql(id) for (id,) in names])
    wires = _wires(db, "session = ?", (session,))
    kept = _routes(db, "session = ?", (session,))
    db.execute("DELETE FROM exchange WHERE session = ?", (session,))
    kept += [id for (id,) in db.execute("SELECT piece FROM state_piece WHERE session = ?", (session,))]
    db.execute("DELETE FROM session WHERE id = ?", (session,))
    db.execute("DELETE FROM draft WHERE session = ?", (name,))
    _remove_wires(db, wires)
    collect(db, kept)
    _forget(db)


def collect(db: Db, candidates: Iterable[int | None]) -> None:
    """Take away those of the pieces that nothing refers to any more."""
    gone = pieces.unused(db, candidates)
    for id in gone:
        db.execute("DELETE FROM piece WHERE id = ?", (id,))
    if gone:
        _forget(db)


def _forget(db: Db) -> None:
    """Whoever remembers where anything is must look again: the rows' numbers are given anew."""
    db.execute("INSERT INTO meta VALUES ('collected', 1) ON CONFLICT (key) DO UPDATE SET value = value + 1")


def _remove(db: Db, session: int, names: list[str]) -> None:
    """Messages by their ids, with their exchanges."""
    said: list[int] = []
    kept: list[int] = []
    wires: list[int] = []
    for start in range(0, len(names), _AT_ONCE):
        some = [to_sql(name) for name in names[start : start + _AT_ONCE]]
        marks = ", ".join("?" * len(some))
        these = (session, *some)
        for piece, system in db.execute(
            f"SELECT piece, system FROM node WHERE session = ? AND name IN ({marks})",  # noqa: S608
            these,
        ):
            said.append(piece)
            kept.append(system)
        for column in ("answer", "after"):
            where = f"session = ? AND {column} IN ({marks})"
            kept += _routes(db, where, these)
            wires += _wires(db, where, these)
            db.execute(f"DELETE FROM exchange WHERE {where}", these)  # noqa: S608
        db.execute(f"DELETE FROM node WHERE session = ? AND name IN ({marks})", these)  # noqa: S608
        db.execute(f"DELETE FROM result WHERE session = ? AND after IN ({marks})", these)  # noqa: S608
    nodes.unindex(db, said)
    # Their words stay in the file's bytes until the index is swept.
    db.execute("INSERT OR REPLACE INTO meta VALUES ('unswept', 1)")
    _remove_wires(db, wires)
    collect(db, (*said, *kept))
    _forget(db)


def _routes(db: Db, where: str, values: tuple[object, ...]) -> list[int]:
    return [id for (id,) in db.execute(f"SELECT route FROM exchange WHERE {where}", values)]  # noqa: S608


def _wires(db: Db, where: str, values: tuple[object, ...]) -> list[int]:
    rows = db.execute(f"SELECT wire FROM exchange WHERE {where} AND wire IS NOT NULL", values)  # noqa: S608
    return [id for (id,) in rows]


def _remove_wires(db: Db, wires: Iterable[int]) -> None:
    """Those that no exchange refers to, with their frames and the ends of their lists."""
    kept: list[int | None] = []
    for wire in set(wires):
        if db.execute("SELECT 1 FROM exchange WHERE wire = ? LIMIT 1", (wire,)).fetchone() is not None:
            continue
        kept += db.execute("SELECT head, request_headers FROM wire WHERE id = ?", (wire,)).fetchone()
        ends = db.execute("SELECT trail FROM wire_list WHERE wire = ?", (wire,)).fetchall()
        db.execute("DELETE FROM wire WHERE id = ?", (wire,))
        for (trail,) in ends:
            kept += _remove_trail(db, trail)
    collect(db, kept)


def _remove_trail(db: Db, trail: int) -> list[int]:
    """A list from its end up to where it is still needed; the pieces it referred to."""
    out: list[int] = []
    while trail:
        needed = db.execute(
            "SELECT EXISTS (SELECT 1 FROM wire_list WHERE trail = ?1)"
            " OR EXISTS (SELECT 1 FROM trail WHERE parent = ?1)",
            (trail,),
        ).fetchone()[0]
        row = db.execute("SELECT parent, piece FROM trail WHERE id = ?", (trail,)).fetchone()
        if needed or row is None:
            break
        db.execute("DELETE FROM trail WHERE id = ?", (trail,))
        out.append(row[1])
        trail = row[0]
    return out
