"""The messages and exchanges of a session, unread: their rows now, what they say when it is asked for."""

from __future__ import annotations

import gc
import re
import sqlite3
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar

from tui.chat.json_text import load_bytes
from tui.chat.messages import AssistantMessage, Message, ToolMessage, UserMessage
from tui.chat.record import Exchange, Node
from tui.chat.route import Route
from tui.chat.serial import exchange_from_json, message_from_json, placed_from_json
from tui.chat.serial_route import route_from_json
from tui.chat.unread import Setter, Unread, peeked, setters
from tui.store import pieces
from tui.store.failure import StoreError
from tui.store.texts import from_sql, maybe_from_sql, unpack

Db = sqlite3.Connection
T = TypeVar("T")

READ_AT_ONCE = 60
"""Messages at the end that are read with their rows: they are looked at first."""
SCATTERED = 3
"""So many rows for each of a session's own, from its first to its last, are read rather than sorted."""
_KINDS = {"user": UserMessage, "assistant": AssistantMessage, "tool": ToolMessage}
_ROLES = {UserMessage: "parts", AssistantMessage: "parts", ToolMessage: "results"}


def _told(what: str, read: Callable[[], T]) -> T:
    """What ``read`` gives; a value that is damaged is told as all that fails in the store is."""
    try:
        return read()
    except (ValueError, zlib.error) as error:
        raise StoreError("session", f"{what} cannot be read: {error}") from error


def _message_of(packed: int) -> Callable[[Message, bytes], Any]:
    def read(message: Message, data: bytes) -> Message:
        whole = _told(f"message {message.id}", lambda: message_from_json(load_bytes(unpack(packed, data))))
        # What is made of it refers to the id that is kept anyhow.
        return replace(whole, id=message.id)

    return read


_MESSAGES = {
    (role, packed): Unread[Any](kind, ("id", "at"), _ROLES[kind], _message_of(packed))
    for role, kind in _KINDS.items()
    for packed in (0, 1)
}
_NODES = Unread(
    Node,
    ("message", "parent", "system"),
    "calls",
    lambda node, data: _told(
        f"message {node.message.id}",
        lambda: placed_from_json(node.message, node.parent, node.system, load_bytes(data)),
    ),
)
_EXCHANGES = Unread(
    Exchange,
    ("id", "turn", "step", "route", "after", "answer", "state", "purpose", "wire"),
    "served",
    lambda exchange, data: _told(
        f"exchange {exchange.id}", lambda: exchange_from_json(load_bytes(_facts(data)), exchange.route)
    ),
)
_PLACE = re.compile(rb'\{"id":"[^"\\]*","turn":(\d{1,9}),"step":(\d{1,9}),')
"""How the facts of an exchange begin, by which it is found; one that begins otherwise is read."""
_PUT_MESSAGE, _PUT_PARENT, _PUT_SYSTEM, _PUT_BOUND, _PUT_CALLS, _PUT_TOOLS = setters(
    Node, ("message", "parent", "system", "bound_from", "calls", "tools")
)


@contextmanager
def uncollected() -> Iterator[None]:
    """No search for garbage meanwhile: of tens of thousands of objects made at once none is any, and to look
    through them again and again takes a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def nodes_of(db: Db, session: int) -> tuple[Node, ...] | None:
    """All messages of a session, parents before their children; None where that needs them read.

    It does where another program cut what others follow: they become roots, bound from there on.
    """
    rows = _rows(db, session)
    systems: dict[int | None, str | None] = {None: None}
    ids: dict[Any, str | None] = {None: None}
    makers = {kind: (late, put, *puts) for kind, (late, put, puts) in _makers()}
    unread_node, put_more, _ = _NODES.maker
    new, out = object.__new__, list[Node]()
    late = len(rows) - READ_AT_ONCE
    before: Any = None
    under: bytes | None = None
    like = _made_under(None)
    # A call for each of the ten thousand would take as long as all of this; so would a look-up of what
    # mostly is as it was with the message before.
    for place, (name, parent, system, more, kind, at, data) in enumerate(rows):
        if parent != before and parent not in ids:
            return None
        id = ids[name] = name if type(name) is str else from_sql(name)
        unread, put_bytes, put_id, put_at = makers[kind]
        message = new(unread)
        put_bytes(message, data)
        put_id(message, id)
        put_at(message, at or 0.0)
        if place >= late:
            message = peeked(message)
        if system not in systems:
            systems[system] = load_bytes(pieces.read(db, system))
        if more != under and more is not None and b'"calls"' in more:
            node = new(unread_node)
            put_more(node, more)
        else:
            if more != under:
                under, like = more, _made_under(more)
            node = new(Node)
            _PUT_BOUND(node, like.bound_from)
            _PUT_CALLS(node, ())
            _PUT_TOOLS(node, like.tools)
        _PUT_MESSAGE(node, message)
        _PUT_PARENT(node, ids[parent])
        _PUT_SYSTEM(node, systems[system])
        out.append(node)
        before = name
    return tuple(out)


def _rows(db: Db, session: int) -> list[Any]:
    """The rows of a session's messages in the order they were made."""
    select = (
        "SELECT node.name, node.parent, node.system, node.more,"
        " node.role || piece.packed, node.at, piece.data FROM node JOIN piece ON piece.id = node.piece WHERE "
    )
    first, last, count = db.execute(
        "SELECT min(id), max(id), count(*) FROM node WHERE session = ?", (session,)
    ).fetchone()
    if count and last - first < count * SCATTERED:
        # As they lie in the file: to sort them, texts and all, takes as long as to read them.
        where = "node.id BETWEEN ? AND ? AND +session = ? ORDER BY node.id"
        return db.execute(select + where, (first, last, session)).fetchall()
    return db.execute(f"{select} session = ? ORDER BY node.id", (session,)).fetchall()


def _makers() -> Iterator[tuple[str, tuple[Any, Setter, tuple[Setter, ...]]]]:
    """What makes messages that are not read, by their role and whether their bytes are packed."""
    return ((f"{role}{packed}", unread.maker) for (role, packed), unread in _MESSAGES.items())


def _made_under(more: bytes | None) -> Node:
    """What is known of a place beside its message; most of a session's messages have that in common."""
    return placed_from_json(UserMessage("", (), 0.0), None, None, {} if more is None else load_bytes(more))


def exchanges_of(db: Db, session: int, ids: Mapping[str, str]) -> tuple[Exchange, ...]:
    """A session's exchanges in the order they were begun; those that left an answer are not read.

    ``ids`` are those of its messages, which are kept once.
    """
    rows = db.execute(
        "SELECT name, state, answer, after, route, facts FROM exchange WHERE session = ? ORDER BY id",
        (session,),
    )
    routes: dict[int, Route] = {}
    kind, put_bytes, (put_id, put_turn, put_step, put_route, *puts) = _EXCHANGES.maker
    put_after, put_answer, put_state, put_purpose, put_wire = puts
    new, out, found = object.__new__, list[Exchange](), _PLACE.match
    for name, state, answer, after, route, facts in rows.fetchall():
        if route not in routes:
            routes[route] = route_from_json(load_bytes(pieces.read(db, route)))
        # Few are packed: those of which there is much to tell.
        plain, start = (_facts(facts), 0) if facts[0] else (facts, 1)
        place = found(plain, start)
        if answer is None or place is None or b'"purpose"' in plain:
            out.append(exchange_from_json(load_bytes(_facts(facts)), routes[route]))
            continue
        one = new(kind)
        put_bytes(one, facts)
        turn, step = place.groups()
        put_id(one, name if type(name) is str else from_sql(name))
        put_turn(one, int(turn))
        put_step(one, int(step))
        put_route(one, routes[route])
        put_after(one, ids[after] if after in ids else maybe_from_sql(after))
        put_answer(one, ids[answer] if answer in ids else from_sql(answer))
        put_state(one, state)
        put_purpose(one, "turn")
        put_wire(one, None)
        out.append(one)
    return tuple(out)


def _facts(data: bytes) -> bytes:
    """The JSON in an exchange's row: its first byte tells whether it is packed."""
    return unpack(data[0], data[1:])
