"""Finding sessions: by words in titles and in everything said, and by model, cost and age."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
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
_RARE = 3000
"""Messages a word may be in to be looked up by them."""
_COLUMNS: tuple[Where, ...] = ("text", "thinking", "tools")
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
    where = " AND ".join(conditions)
    if not wanted.words:
        return [Hit(info) for _, info in sessions.infos(db, where, wanted.values, limit=limit)]
    rows = sessions.order(db, where, wanted.values)
    matches = _Matches(db, wanted.words, frozenset(rows))
    found = list(islice((row for row in rows if matches.in_session(row)), max(limit, 0)))
    infos = dict(sessions.infos(db, "id IN (SELECT value FROM json_each(?))", [dump_text(found)]))
    return [matches.hit(row, infos[row]) for row in found]


class _Matches:
    """Where the words of a query stand.

    A rare word is looked up by its messages. The messages of a common one are many times more than the
    sessions that are shown, so there each session is asked in turn, and only until enough are found.
    """

    def __init__(self, db: Db, words: Sequence[str], rows: frozenset[int]) -> None:
        self._db = db
        self._words = words
        self._pieces: dict[int, list[int]] = {}
        self._said = {word: self._matching([word]) for word in words}
        self._together = self._said[words[0]] if len(words) == 1 else self._matching(words)
        self._titled = {word: _titled(db, word) for word in words}
        self._rows = rows
        for word in words:
            if len(self._said[word]) <= _RARE:
                self._rows &= self._titled[word] | self._sessions_of(self._said[word])

    def in_session(self, row: int) -> bool:
        """Whether each word is in the title or in a message."""
        if row not in self._rows:
            return False
        return all(row in self._titled[word] or self._newest(row, self._said[word]) for word in self._words)

    def hit(self, row: int, info: SessionInfo) -> Hit:
        """The session with the newest place that has all words, else the newest that has one of them."""
        if all(row in self._titled[word] for word in self._words):
            return Hit(info, "", "title")
        sets = (self._together, *(self._said[word] for word in self._words))
        piece = next((id for found in sets if (id := self._newest(row, found))), None)
        if piece is None:
            return Hit(info, "", "title")
        columns = searchable(message_from_json(load_bytes(pieces.read(self._db, piece))))
        for where, text in zip(_COLUMNS, columns, strict=True):
            shown = snippet(text, self._words)
            if shown is not None:
                return Hit(info, shown, where)
        return Hit(info)

    def _matching(self, words: Sequence[str]) -> frozenset[int]:
        """The pieces all words stand in, each as the beginning of a word."""
        # One letter begins too many words to mean anything.
        match = " ".join(f'"{word}"' if len(word) == 1 else f'"{word}" *' for word in words)
        rows = self._db.execute("SELECT rowid FROM words WHERE words MATCH ?", (match,))
        return frozenset([id for (id,) in rows.fetchall()])

    def _sessions_of(self, found: frozenset[int]) -> frozenset[int]:
        rows = self._db.execute(
            "SELECT DISTINCT session FROM node WHERE piece IN (SELECT value FROM json_each(?))",
            (dump_text(list(found)),),
        )
        return frozenset(id for (id,) in rows)

    def _newest(self, row: int, found: frozenset[int]) -> int | None:
        """The newest of the pieces in a session."""
        if row not in self._pieces:
            rows = self._db.execute("SELECT piece FROM node WHERE session = ? ORDER BY piece DESC", (row,))
            self._pieces[row] = [id for (id,) in rows]
        return next((id for id in self._pieces[row] if id in found), None)


def _titled(db: Db, word: str) -> frozenset[int]:
    """The sessions in whose title a word stands."""
    rows = db.execute("SELECT id FROM session WHERE instr(title_words, ?) > 0", (f" {word}",))
    return frozenset(id for (id,) in rows)
