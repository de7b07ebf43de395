"""Finding sessions: by words in titles and in everything said, and by model, cost and age."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from tui.chat.json_text import dump_text, load_bytes
from tui.chat.record import SessionInfo
from tui.chat.serial import message_from_json
from tui.store import pieces, sessions
from tui.store.snippets import snippet
from tui.store.words import asked, searchable

Db = sqlite3.Connection

Where = Literal["title", "text", "thinking", "tools", ""]

_COMPARED = re.compile(r"(cost|age)([<>])(?:\$)?(\d+(?:\.\d+)?|\.\d+)([mhdw]?)", re.IGNORECASE)
_UNITS = {"m": 60, "h": 3600, "d": 86_400, "w": 604_800, "": 86_400}
"""Seconds; an age without a unit is in days."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A session that was found, with a place where the words stand; neither is cleaned."""

    info: SessionInfo
    snippet: str = ""
    where: Where = ""


@dataclass(slots=True)
class Query:
    """What was asked for, as words and as conditions on rows of sessions."""

    words: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    values: list[object] = field(default_factory=list)


def parsed(query: str, now: float) -> Query:
    """Words, ``model:NAME``, ``cost>0.1``, ``age<7d``; whatever is no filter is words."""
    out = Query()
    plain: list[str] = []
    for term in query.split():
        compared = _COMPARED.fullmatch(term)
        if term.lower().startswith("model:") and len(term) > len("model:"):
            out.conditions.append("instr(lower(model || ' ' || models), ?) > 0")
            out.values.append(term[len("model:") :].lower().encode("utf-8", "replace").decode())
        elif compared and compared[1].lower() == "cost" and not compared[4]:
            out.conditions.append(f"usd {compared[2]} ?")
            out.values.append(float(compared[3]))
        elif compared and compared[1].lower() == "age":
            # Younger than: changed later than.
            out.conditions.append(f"changed {'>' if compared[2] == '<' else '<'} ?")
            out.values.append(now - float(compared[3]) * _UNITS[compared[4].lower()])
        else:
            plain.append(term)
    out.words = asked(" ".join(plain))
    return out


def search(db: Db, query: str, now: float, *, archived: bool, deleted: bool, limit: int) -> list[Hit]:
    """Pinned sessions first, then the newest; each word must be in the title or in some message."""
    wanted = parsed(query, now)
    conditions = [*wanted.conditions, "deleted_at IS NOT NULL" if deleted else "deleted_at IS NULL"]
    if not deleted:
        conditions.append("archived" if archived else "NOT archived")
    values = list(wanted.values)
    titled: set[int] = set()
    said: dict[int, int] = {}
    if wanted.words:
        titled = _titled(db, wanted.words)
        found, said = _said(db, wanted.words)
        conditions.append("id IN (SELECT value FROM json_each(?))")
        values.append(dump_text(sorted(titled | found)))
    rows = sessions.infos(db, " AND ".join(conditions), values, limit=limit)
    return [_hit(db, row, info, wanted.words, titled, said) for row, info in rows]


def _titled(db: Db, words: Sequence[str]) -> set[int]:
    """The sessions in whose title all words stand."""
    conditions = " AND ".join("instr(title_words, ?) > 0" for _ in words)
    rows = db.execute(
        f"SELECT id FROM session WHERE {conditions}",  # noqa: S608  # only question marks
        [f" {word}" for word in words],
    )
    return {id for (id,) in rows}


def _said(db: Db, words: Sequence[str]) -> tuple[set[int], dict[int, int]]:
    """The sessions that hold all words, and by session the newest message to show, all words in it if any."""
    shown = _matches(db, words)
    if len(words) == 1:
        return set(shown), shown
    found: set[int] | None = None
    for word in words:
        newest = _matches(db, [word])
        sets = newest.keys() | _titled(db, [word])
        found = sets if found is None else found & sets
        shown = {**newest, **shown}
    return found or set(), shown


def _matches(db: Db, words: Sequence[str]) -> dict[int, int]:
    """By session, the newest piece all words stand in, each as the beginning of a word."""
    # One letter begins too many words to mean anything.
    match = " ".join(f'"{word}"' if len(word) == 1 else f'"{word}" *' for word in words)
    rows = db.execute(
        "SELECT session, max(node.id), node.piece FROM words JOIN node ON node.piece = words.rowid"
        " WHERE words MATCH ? GROUP BY session",
        (match,),
    )
    return {session: piece for session, _, piece in rows}


def _hit(
    db: Db, row: int, info: SessionInfo, words: Sequence[str], titled: set[int], said: dict[int, int]
) -> Hit:
    if row in titled or row not in said:
        return Hit(info, "", "title" if words else "")
    columns = searchable(message_from_json(load_bytes(pieces.read(db, said[row]))))
    for where, text in zip(("text", "thinking", "tools"), columns, strict=True):
        shown = snippet(text, words)
        if shown is not None:
            return Hit(info, shown, where)  # type: ignore[arg-type]  # the names of the columns
    return Hit(info)
