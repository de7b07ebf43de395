"""Rows of messages: each a small row that refers to the piece its message is kept in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

from tui.chat.json_text import dump_bytes, dump_text, load_bytes, load_text
from tui.chat.messages import AssistantMessage, Message, ToolMessage, UserMessage
from tui.chat.parts import ToolCall
from tui.chat.record import Node
from tui.chat.serial import message_from_json, node_from_json, node_to_json
from tui.chat.tree import Tree, Twig
from tui.chat.usage import UNKNOWN_COST, Cost
from tui.store import pieces
from tui.store.texts import SqlText, from_sql, load_all, maybe_to_sql, to_sql, unpack
from tui.store.words import indexed, searchable

Db = sqlite3.Connection

PREVIEW = 120
"""Characters of a message a list shows."""
_AT_ONCE = 500
"""Rows that are asked for together."""
_UNINDEX = "INSERT INTO words (words, rowid, text, thinking, tools) VALUES ('delete', ?, ?, ?, ?)"


def insert(db: Db, session: int, node: Node) -> list[int]:
    """Keep a message at its place; one of the same id is replaced, and the pieces it had are returned."""
    data = node_to_json(node)
    message, parent, system = data.pop("message"), data.pop("parent", None), data.pop("system", None)
    piece = pieces.keep(db, dump_bytes(message))
    index(db, piece, node.message)
    said = node.message
    answer = said if isinstance(said, AssistantMessage) else None
    row = {
        "session": session,
        "name": to_sql(said.id),
        "parent": maybe_to_sql(parent),
        "piece": piece,
        "system": None if system is None else pieces.keep(db, dump_bytes(system)),
        "more": dump_bytes(data) if data else None,
        "role": _role(said),
        "at": said.at,
        "preview": to_sql(preview(said)),
        "model": to_sql(answer.origin.model) if answer is not None else "",
        "stop": answer.stop if answer is not None else None,
        "cost": _cost_text(answer.cost) if answer is not None else None,
    }
    old = db.execute(
        "SELECT id, piece, system FROM node WHERE session = ? AND name = ?", (session, row["name"])
    ).fetchone()
    if old is None:
        _count(db, row, answer)
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        db.execute(f"INSERT INTO node ({names}) VALUES ({marks})", tuple(row.values()))  # noqa: S608
    else:
        changes = ", ".join(f"{name} = ?" for name in row)
        db.execute(f"UPDATE node SET {changes} WHERE id = ?", (*row.values(), old[0]))  # noqa: S608
    if isinstance(said, ToolMessage):
        db.execute("DELETE FROM result WHERE session = ? AND after IS ?", (session, row["parent"]))
    return [] if old is None else [id for id in old[1:] if id is not None]


def index(db: Db, piece: int, message: Message) -> None:
    """Make a message findable, once for all sessions that hold it."""
    if db.execute("SELECT 1 FROM node WHERE piece = ? LIMIT 1", (piece,)).fetchone() is None:
        index_words(db, piece, message)


def index_words(db: Db, piece: int, message: Message) -> None:
    """Put the words of a message into the index."""
    db.execute(
        "INSERT INTO words (rowid, text, thinking, tools) VALUES (?, ?, ?, ?)",
        (piece, *indexed(searchable(message))),
    )


def unindex(db: Db, found: Iterable[int]) -> None:
    """Take those of the pieces that are no message any more out of the index."""
    for piece in set(found):
        if db.execute("SELECT 1 FROM node WHERE piece = ? LIMIT 1", (piece,)).fetchone() is None:
            message = message_from_json(load_bytes(pieces.read(db, piece)))
            db.execute(_UNINDEX, (piece, *indexed(searchable(message))))


def of_session(db: Db, session: int) -> tuple[Node, ...]:
    """All messages of a session, parents before their children."""
    rows = db.execute(f"{_SELECT} WHERE session = ? ORDER BY node.id", (session,)).fetchall()
    return _decoded(db, rows)


def path(db: Db, session: int, leaf: str) -> tuple[Node, ...]:
    """The messages from the root to ``leaf``; empty when it is not there."""
    rows = db.execute("SELECT name, parent, id FROM node WHERE session = ?", (session,))
    by_name = {name: (parent, id) for name, parent, id in rows}
    at: Any = to_sql(leaf)
    ids: list[int] = []
    while at is not None and at in by_name:
        # Popped, so that a circle in a damaged file ends.
        at, id = by_name.pop(at)
        ids.append(id)
    ids.reverse()
    found: list[tuple[Any, ...]] = []
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        marks = ", ".join("?" * len(some))
        rows = db.execute(f"{_SELECT} WHERE node.id IN ({marks}) ORDER BY node.id", some)
        found += rows.fetchall()
    return _decoded(db, found)


def is_there(db: Db, session: int, id: str) -> bool:
    """Whether a session holds a message."""
    found = db.execute("SELECT 1 FROM node WHERE session = ? AND name = ?", (session, to_sql(id)))
    return found.fetchone() is not None


def tree(db: Db, session: int) -> Tree:
    """The shape of a session."""
    rows = db.execute(
        "SELECT name, parent, role, at, preview, model, stop, cost FROM node WHERE session = ? ORDER BY id",
        (session,),
    )
    seen: set[SqlText] = set()
    twigs: list[Twig] = []
    for name, parent, role, at, said, model, stop, cost in rows:
        seen.add(name)
        above = from_sql(parent) if parent in seen else None
        known = UNKNOWN_COST if cost is None else _cost(cost)
        twigs.append(
            Twig(from_sql(name), above, role, at or 0.0, from_sql(said), from_sql(model), stop, known)
        )
    return Tree(tuple(twigs))


def twig(node: Node) -> Twig:
    """A message as the tree shows it."""
    message = node.message
    answer = message if isinstance(message, AssistantMessage) else None
    return Twig(
        message.id,
        node.parent,
        _role(message),
        message.at,
        preview(message),
        answer.origin.model if answer is not None else "",
        answer.stop if answer is not None else None,
        answer.cost if answer is not None else UNKNOWN_COST,
    )


def leaves(db: Db, session: int) -> int:
    """How many messages nothing follows."""
    return int(
        db.execute(
            "SELECT count(*) FROM node AS leaf WHERE session = ?1 AND NOT EXISTS"
            " (SELECT 1 FROM node WHERE session = ?1 AND parent = leaf.name)",
            (session,),
        ).fetchone()[0]
    )


def preview(message: Message) -> str:
    """The beginning of a message's text, or of its calls where it has none."""
    if isinstance(message, ToolMessage):
        return next((text[:PREVIEW] for result in message.results if (text := result.text)), "")
    if text := message.text.strip():
        return text[:PREVIEW]
    if isinstance(message, AssistantMessage):
        calls = (part for part in message.parts if isinstance(part, ToolCall))
        return "; ".join(f"{call.name} {call.arguments[:PREVIEW]}" for call in calls)[:PREVIEW]
    return ", ".join(getattr(part, "name", "") for part in message.parts)[:PREVIEW]


def _role(message: Message) -> Literal["user", "assistant", "tool"]:
    if isinstance(message, UserMessage):
        return "user"
    return "assistant" if isinstance(message, AssistantMessage) else "tool"


_SELECT = (
    "SELECT node.parent, node.system, node.more, piece.packed, piece.data, node.name"
    " FROM node JOIN piece ON piece.id = node.piece"
)


def _decoded(db: Db, rows: Sequence[tuple[Any, ...]]) -> tuple[Node, ...]:
    messages = load_all([unpack(packed, data) for _, _, _, packed, data, _ in rows])
    more = load_all([row[2] for row in rows if row[2] is not None])
    systems: dict[int | None, str | None] = {None: None}
    seen: set[SqlText] = set()
    loose: dict[SqlText, int] = {}
    out: list[Node] = []
    for (parent, system, rest, _, _, name), message in zip(rows, messages, strict=True):
        if system not in systems:
            systems[system] = load_bytes(pieces.read(db, system))
        # What follows a message that another program cut becomes a root.
        above = from_sql(parent) if parent in seen else None
        seen.add(name)
        if rest is None:
            node = Node(message_from_json(message), above, systems[system])
        else:
            node = node_from_json(
                {**next(more), "message": message, "parent": above, "system": systems[system]}
            )
        if (parent is not None and above is None) or parent in loose:
            # Sealed after what is gone: a model bound to its history would refuse it.
            loose[name] = loose.get(parent, 0) + 1
            node = replace(node, bound_from=loose[name])
        out.append(node)
    return tuple(out)


def _count(db: Db, row: dict[str, Any], answer: AssistantMessage | None) -> None:
    """What the list of sessions says of a session that gets another message."""
    session = row["session"]
    forks = db.execute(
        "SELECT EXISTS (SELECT 1 FROM node WHERE session = ? AND parent IS ?)", (session, row["parent"])
    ).fetchone()[0]
    db.execute("UPDATE session SET messages = messages + 1, forks = forks + ? WHERE id = ?", (forks, session))
    if answer is not None and answer.origin.model:
        found = db.execute("SELECT models FROM session WHERE id = ?", (session,)).fetchone()[0]
        models = load_text(from_sql(found))
        if answer.origin.model not in models:
            known = to_sql(dump_text([*models, answer.origin.model]))
            db.execute("UPDATE session SET models = ? WHERE id = ?", (known, session))


def _cost_text(cost: Cost) -> str | None:
    if cost == UNKNOWN_COST:
        return None
    return dump_text([None if cost.usd is None else str(cost.usd), cost.source, cost.at_least])


@lru_cache(1024)
def _cost(text: str) -> Cost:
    usd, source, at_least = load_text(text)
    return Cost(None if usd is None else Decimal(usd), source, at_least)
