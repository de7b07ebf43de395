"""Rows of sessions: what a list shows of them and how each stands."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from tui.chat.json_text import dump_bytes, dump_text, load_bytes, load_text
from tui.chat.messages import Message, UserMessage
from tui.chat.parts import Json
from tui.chat.record import SessionInfo, SessionState
from tui.chat.serial import info_from_json, state_from_json, state_to_json
from tui.chat.usage import Totals
from tui.errors import UsageError
from tui.nearest import nearest
from tui.store import pieces
from tui.store.texts import from_sql, maybe_from_sql, maybe_to_sql, to_sql
from tui.store.words import words

Db = sqlite3.Connection

TITLE = 80
"""Characters of a title made of a prompt."""
_SHORTEST = 4
"""Characters a beginning of an id must have to name a session."""
_LARGE = 256
"""Bytes from which a field of the state is a piece, so that it is not written with every message."""
_NOTHING = Totals()
_COLUMNS = (
    "name, title, titled_by, created, changed, pinned, archived, deleted_at, source, forked_from, model,"
    " models, messages, forks, totals"
)


def row_of(db: Db, name: str) -> int | None:
    """The row of a session; None when there is none."""
    row = db.execute("SELECT id FROM session WHERE name = ?", (to_sql(name),)).fetchone()
    return None if row is None else int(row[0])


def must(db: Db, name: str) -> int:
    """The row of a session; UsageError when there is none."""
    row = row_of(db, name)
    if row is None:
        raise UsageError("session", f"there is no session {name}", hint="`sightline sessions` lists them")
    return row


def make(db: Db, info: SessionInfo) -> int:
    """A new row with everything of ``info`` that is not counted."""
    cursor = db.execute(
        "INSERT INTO session (name, title, titled_by, title_words, created, changed, pinned, archived,"
        " source, forked_from, model) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            to_sql(info.id),
            to_sql(info.title),
            info.titled_by,
            title_words(info.title),
            info.created,
            info.changed,
            info.pinned,
            info.archived,
            to_sql(info.source),
            maybe_to_sql(info.forked_from),
            to_sql(info.model),
        ),
    )
    return cursor.lastrowid or 0


def touch(db: Db, row: int, now: float) -> None:
    """Something was said; a session somebody deleted elsewhere is back."""
    db.execute("UPDATE session SET changed = max(changed, ?), deleted_at = NULL WHERE id = ?", (now, row))


def set_title(db: Db, row: int, title: str, by: str) -> None:
    """Name a session; a name the user gave is only changed by the user."""
    db.execute(
        "UPDATE session SET title = ?, titled_by = ?, title_words = ?"
        " WHERE id = ? AND (titled_by = 'auto' OR ? = 'user')",
        (to_sql(title), by, title_words(title), row, by),
    )


def title_after(db: Db, row: int, message: Message) -> None:
    """Name a session after its first prompt."""
    if not isinstance(message, UserMessage):
        return
    if db.execute("SELECT title = '' FROM session WHERE id = ?", (row,)).fetchone()[0]:
        first = next((line for text in message.text.splitlines() if (line := text.strip())), "")
        if first:
            set_title(db, row, first[:TITLE].rstrip(), "auto")


def title_words(title: str) -> str:
    """A title as the search compares it."""
    return "".join(f" {word}" for word in words(title))


def write_state(db: Db, row: int, state: SessionState) -> list[int]:
    """How a session stands; returns the pieces it no longer refers to."""
    data = state_to_json(state)
    large = {key: dumped for key, value in data.items() if len(dumped := dump_bytes(value)) >= _LARGE}
    small = {key: value for key, value in data.items() if key not in large}
    old = dict(db.execute("SELECT key, piece FROM state_piece WHERE session = ?", (row,)).fetchall())
    new = {key: pieces.keep(db, dumped) for key, dumped in large.items()}
    for key in old.keys() - new.keys():
        db.execute("DELETE FROM state_piece WHERE session = ? AND key = ?", (row, key))
    for key, piece in new.items():
        if old.get(key) != piece:
            db.execute("INSERT OR REPLACE INTO state_piece VALUES (?, ?, ?)", (row, key, piece))
    usd = state.totals.cost.usd
    db.execute(
        "UPDATE session SET model = ?, totals = ?, usd = ?, state = ? WHERE id = ?",
        (
            to_sql(state.model),
            dump_text(data.get("totals")),
            None if usd is None else float(usd),
            dump_bytes(small),
            row,
        ),
    )
    return [piece for key, piece in old.items() if new.get(key) != piece]


def read_state(db: Db, row: int) -> SessionState:
    """How a session stands."""
    state = db.execute("SELECT state FROM session WHERE id = ?", (row,)).fetchone()[0]
    data: dict[str, Json] = load_bytes(state if isinstance(state, bytes) else state.encode())
    for key, piece in db.execute("SELECT key, piece FROM state_piece WHERE session = ?", (row,)).fetchall():
        data[key] = load_bytes(pieces.read(db, piece))
    return _standing(db, row, state_from_json(data))


def _standing(db: Db, row: int, state: SessionState) -> SessionState:
    """``state``, at the newest message where another program cut the branch it stood on."""
    if state.leaf is None:
        return state
    there = "SELECT 1 FROM node WHERE session = ? AND name = ?"
    if db.execute(there, (row, to_sql(state.leaf))).fetchone() is not None:
        return state
    newest = db.execute("SELECT name FROM node WHERE session = ? ORDER BY id DESC LIMIT 1", (row,)).fetchone()
    return replace(state, leaf=None if newest is None else from_sql(newest[0]))


def order(db: Db, where: str, values: Iterable[object]) -> list[int]:
    """The rows for which ``where`` is true, in the order of ``infos``."""
    rows = db.execute(
        f"SELECT id FROM session WHERE {where} ORDER BY pinned DESC, changed DESC, id DESC",  # noqa: S608
        tuple(values),
    )
    return [id for (id,) in rows]


def infos(
    db: Db, where: str = "1", values: Iterable[object] = (), *, limit: int = -1
) -> list[tuple[int, SessionInfo]]:
    """Sessions for which ``where`` is true, by row, pinned ones first, then the newest."""
    rows = db.execute(
        f"SELECT id, {_COLUMNS} FROM session WHERE {where}"  # noqa: S608  # conditions of this package only
        " ORDER BY pinned DESC, changed DESC, id DESC LIMIT ?",
        (*values, limit),
    )
    return [(row[0], _info(row[1:])) for row in rows.fetchall()]


def info(db: Db, row: int) -> SessionInfo:
    """What a list shows of one session."""
    return infos(db, "id = ?", (row,))[0][1]


def find(db: Db, name: str) -> SessionInfo:
    """The session of this id, beginning of an id, exact title, or the last one changed; else UsageError."""
    if name == "last":
        found = db.execute(
            "SELECT id FROM session WHERE deleted_at IS NULL ORDER BY changed DESC, id DESC LIMIT 1"
        ).fetchone()
        if found is None:
            raise UsageError("session", "there is no session yet", hint="`-s new` begins one")
        return info(db, found[0])
    exact = row_of(db, name)
    if exact is not None:
        return info(db, exact)
    begun = infos(db, "substr(name, 1, ?) = ?", (len(name), to_sql(name))) if len(name) >= _SHORTEST else []
    named = infos(db, "title = ? AND deleted_at IS NULL", (to_sql(name),))
    for some, how in ((named, "title"), (begun, "id")):
        if len(some) == 1:
            return some[0][1]
        if some:
            raise UsageError(
                "session",
                f"several sessions have this {how}: {_candidates(some)}",
                hint="name one by its id",
            )
    raise UsageError("session", f"there is no session {name}", hint=_hint(db, name))


def _hint(db: Db, name: str) -> str:
    newest = [found for _, found in infos(db, "deleted_at IS NULL", limit=200)]
    if not newest:
        return "`-s new` begins one"
    by_word = {word.lower(): found for found in reversed(newest) for word in (found.id, found.title) if word}
    near = nearest(name, by_word, "")
    if near.startswith("did you mean "):
        found = by_word[near.removeprefix("did you mean ").removesuffix("?")]
        return f"did you mean {found.id} ({found.title})?"
    return "`sightline sessions` lists them; a session is named by its id, the beginning of it, or `last`"


def _candidates(some: list[tuple[int, SessionInfo]]) -> str:
    shown = ", ".join(f"{found.id} ({found.title})" for _, found in some[:5])
    return f"{shown} ..." if len(some) > 5 else shown


def _info(row: tuple[Any, ...]) -> SessionInfo:
    (name, title, titled_by, created, changed, pinned, archived, deleted_at, source, forked_from, model) = (
        row[:11]
    )
    models, messages, forks, totals = row[11:]
    # The totals have no reader of their own.
    spent = _NOTHING if totals == "null" else info_from_json({"id": "", "totals": load_text(totals)}).totals
    return SessionInfo(
        id=from_sql(name),
        title=from_sql(title),
        titled_by=titled_by,
        created=created,
        changed=changed,
        pinned=bool(pinned),
        archived=bool(archived),
        deleted_at=deleted_at,
        source=from_sql(source),
        forked_from=maybe_from_sql(forked_from),
        model=from_sql(model),
        models=tuple(load_text(from_sql(models))),
        messages=messages,
        forks=forks,
        totals=spent,
    )
