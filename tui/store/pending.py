"""What a program that died left: answers that had not ended, results whose message was not made yet."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from tui.chat.json_text import dump_bytes, load_bytes
from tui.chat.messages import ToolMessage
from tui.chat.parts import ToolResult
from tui.chat.record import CallFacts, Exchange, Node
from tui.chat.serial import node_from_json, node_to_json
from tui.store import exchanges
from tui.store.running import Running
from tui.store.texts import from_sql, to_sql

Db = sqlite3.Connection


@dataclass(frozen=True, slots=True)
class PendingResult:
    """The result of a call of answer ``after``."""

    after: str
    result: ToolResult
    facts: CallFacts


@dataclass(frozen=True, slots=True)
class Pending:
    """Exchanges that are still ``open``, with their wires, and results, both in their order."""

    exchanges: tuple[Exchange, ...] = ()
    results: tuple[PendingResult, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.exchanges or self.results)


class Mine:
    """The exchanges and tool loops this program has under way, by session and id; they did not die."""

    def __init__(self) -> None:
        self._keys: set[tuple[str, str]] = set()

    def begun(self, session: str, id: str) -> None:
        """It runs here."""
        self._keys.add((session, id))

    def ended(self, session: str, id: str) -> None:
        """It has ended, or nobody here cares for it any more."""
        self._keys.discard((session, id))

    def runs(self, session: str, id: str) -> bool:
        """Whether it runs here."""
        return (session, id) in self._keys


def keep_result(db: Db, session: int, owner: str, pending: PendingResult) -> None:
    """Keep a result until its message is there; not one that comes after it, or whose answer was cut."""
    message = ToolMessage("", (pending.result,), 0.0)
    data = dump_bytes(node_to_json(Node(message, calls=(pending.facts,))))
    db.execute(
        "INSERT INTO result (session, after, owner, node) SELECT ?1, ?2, ?3, ?4"
        " WHERE EXISTS (SELECT 1 FROM node WHERE session = ?1 AND name = ?2)"
        " AND NOT EXISTS (SELECT 1 FROM node WHERE session = ?1 AND parent = ?2 AND role = 'tool')",
        (session, to_sql(pending.after), owner, data),
    )


def claim(db: Db, session: int, name: str, running: Running, mine: Mine) -> Pending:
    """What dead programs left of a session, which is ours from now on: nobody else recovers it as well."""
    alive: dict[str, bool] = {}

    def is_left(owner: str, id: str) -> bool:
        if owner == running.me:
            return not mine.runs(name, id)
        if owner not in alive:
            alive[owner] = running.lives(owner)
        return not alive[owner]

    open_rows = db.execute(
        "SELECT id, name, owner FROM exchange WHERE session = ? AND state = 'open' ORDER BY id", (session,)
    ).fetchall()
    ids = [id for id, exchange, owner in open_rows if is_left(owner, from_sql(exchange))]
    result_rows = db.execute(
        "SELECT id, after, node, owner, EXISTS (SELECT 1 FROM node WHERE session = ?1 AND name = after)"
        " FROM result WHERE session = ?1 ORDER BY id",
        (session,),
    ).fetchall()
    left = [row for row in result_rows if is_left(row[3], from_sql(row[1]))]
    # Their answer never came to be, or was cut: there is nothing they could be the results of.
    db.executemany("DELETE FROM result WHERE id = ?", [(row[0],) for row in left if not row[4]])
    results = [(id, from_sql(after), node) for id, after, node, _, is_there in left if is_there]
    for table, rows in (("exchange", ids), ("result", [id for id, _, _ in results])):
        for id in rows:
            db.execute(f"UPDATE {table} SET owner = ? WHERE id = ?", (running.me, id))  # noqa: S608
    return Pending(
        exchanges.by_rows(db, ids, wires=True), tuple(_result(after, node) for _, after, node in results)
    )


def _result(after: str, data: bytes) -> PendingResult:
    node = node_from_json(load_bytes(data))
    assert isinstance(node.message, ToolMessage)
    return PendingResult(after, node.message.results[0], node.calls[0])
