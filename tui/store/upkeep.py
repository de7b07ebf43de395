"""What is done beside the chat: old deleted sessions go for good, with their last traces in the file."""

from __future__ import annotations

import sqlite3

from tui.chat.json_text import load_bytes
from tui.chat.serial import message_from_json
from tui.store import deletion, nodes, pieces, words

Db = sqlite3.Connection

KEPT_S = 7 * 86_400
"""How long a deleted session can be had back."""
DRAFT_KEPT_S = 30 * 86_400
"""How long the draft of a session that was never begun is kept."""
SESSIONS_AT_ONCE = 20
"""Sessions that go in one transaction, so that nobody waits long."""


def tidy(db: Db, now: float) -> bool:
    """After the start: purge what was deleted long ago, index anew what another version indexed.

    Whether there is more to purge.
    """
    old = db.execute(
        "SELECT id FROM session WHERE deleted_at < ? LIMIT ?", (now - KEPT_S, SESSIONS_AT_ONCE)
    ).fetchall()
    for (row,) in old:
        deletion.purge(db, row)
    db.execute(
        "DELETE FROM draft WHERE at < ? AND session NOT IN (SELECT name FROM session)", (now - DRAFT_KEPT_S,)
    )
    _index_anew(db)
    if len(old) == SESSIONS_AT_ONCE:
        return True
    sweep(db)
    return False


def sweep(db: Db) -> None:
    """Write the index without what was taken out of it."""
    if db.execute("DELETE FROM meta WHERE key = 'unswept'").rowcount:
        db.execute("INSERT INTO words (words) VALUES ('optimize')")


def shrink(db: Db) -> None:
    """Outside of a transaction: give free pages back to the system, and empty the write-ahead log."""
    try:
        # As a script, for execute() would stop after the first page.
        db.executescript("PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error:
        pass  # another program is in the way; the next start does it


def _index_anew(db: Db) -> None:
    row = db.execute("SELECT value FROM meta WHERE key = 'words'").fetchone()
    if row is not None and row[0] == words.VERSION:
        return
    if row is not None:
        db.execute("INSERT INTO words (words) VALUES ('delete-all')")
        for (piece,) in db.execute("SELECT DISTINCT piece FROM node").fetchall():
            nodes.index_words(db, piece, message_from_json(load_bytes(pieces.read(db, piece))))
    db.execute("INSERT OR REPLACE INTO meta VALUES ('words', ?)", (words.VERSION,))
