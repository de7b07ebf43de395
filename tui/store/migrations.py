"""How a file of an older version becomes the next; what stands here is never changed again."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping

from tui.store import exchanges, spend

Db = sqlite3.Connection
Migration = Callable[[Db], None]

_SPEND = (
    """CREATE TABLE spend (
    id INTEGER PRIMARY KEY,
    exchange TEXT NOT NULL UNIQUE,
    session INTEGER REFERENCES session (id) ON DELETE SET NULL,
    day TEXT NOT NULL,
    at REAL NOT NULL,
    model TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    provider TEXT NOT NULL,
    purpose TEXT NOT NULL,
    usd INTEGER,
    source TEXT NOT NULL,
    at_least INTEGER NOT NULL,
    input INTEGER,
    cache_read INTEGER,
    cache_write_5m INTEGER,
    cache_write_1h INTEGER,
    output INTEGER,
    reasoning INTEGER,
    saved INTEGER
)""",
    "CREATE INDEX spend_session ON spend (session, day)",
    """CREATE TABLE spend_sum (
    session INTEGER REFERENCES session (id) ON DELETE SET NULL,
    day TEXT NOT NULL,
    model TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    source TEXT NOT NULL,
    calls INTEGER NOT NULL,
    unknown INTEGER NOT NULL,
    usd INTEGER,
    at_least INTEGER NOT NULL,
    input INTEGER,
    cache_read INTEGER,
    cache_write_5m INTEGER,
    cache_write_1h INTEGER,
    output INTEGER,
    reasoning INTEGER,
    saved INTEGER,
    saved_unknown INTEGER NOT NULL,
    at REAL NOT NULL
)""",
    "CREATE INDEX spend_sum_day ON spend_sum (day)",
    "CREATE INDEX spend_sum_session ON spend_sum (session, day)",
)


def _to_two(db: Db) -> None:
    """What each call cost gets a row of its own: of every exchange some program of ours has run."""
    for statement in _SPEND:
        db.execute(statement)
    for (session,) in db.execute("SELECT id FROM session ORDER BY id").fetchall():
        rows = db.execute(
            "SELECT id FROM exchange WHERE session = ? AND owner != '' AND state != 'open' ORDER BY id",
            (session,),
        ).fetchall()
        for (row,) in rows:
            try:
                (exchange,) = exchanges.by_rows(db, [row])
            except ValueError:
                # Its session says what is wrong with it when it is opened; it must not keep the file shut.
                continue
            if db.execute("SELECT 1 FROM spend WHERE exchange = ?", (exchange.id,)).fetchone() is None:
                spend.keep(db, session, exchange)


MIGRATIONS: Mapping[int, Migration] = {1: _to_two}
"""By the version a file has."""
