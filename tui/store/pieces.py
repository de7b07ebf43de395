"""Content-addressed pieces: the same bytes are kept once, and as long as anything refers to them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from hashlib import blake2b

from tui.store.texts import pack, unpack

_REFERENCES = (
    ("node", "piece"),
    ("node", "system"),
    ("trail", "piece"),
    ("wire", "head"),
    ("wire", "request_headers"),
    ("exchange", "route"),
    ("state_piece", "piece"),
)
"""Every column that refers to a piece; each has an index."""
_REFERRED = (f"(SELECT 1 FROM {table} WHERE {column} = ?1)" for table, column in _REFERENCES)  # noqa: S608
_UNUSED = "SELECT " + " AND ".join(f"NOT EXISTS {reference}" for reference in _REFERRED)


def keep(db: sqlite3.Connection, data: bytes) -> int:
    """The id of the piece that holds ``data``."""
    hash = blake2b(data, digest_size=20).digest()
    row = db.execute("SELECT id FROM piece WHERE hash = ?", (hash,)).fetchone()
    if row is not None:
        return int(row[0])
    cursor = db.execute("INSERT INTO piece (hash, packed, data) VALUES (?, ?, ?)", (hash, *pack(data)))
    return cursor.lastrowid or 0


def read(db: sqlite3.Connection, id: int) -> bytes:
    """The bytes of a piece."""
    return unpack(*db.execute("SELECT packed, data FROM piece WHERE id = ?", (id,)).fetchone())


def unused(db: sqlite3.Connection, ids: Iterable[int | None]) -> list[int]:
    """Those of ``ids`` that nothing refers to."""
    return [id for id in set(ids) if id is not None and db.execute(_UNUSED, (id,)).fetchone()[0]]
