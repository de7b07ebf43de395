"""Whole sessions at once: one that comes from elsewhere, and a branch that becomes a session of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace

from tui.chat.json_text import dump_text
from tui.chat.messages import AssistantMessage, UserMessage
from tui.chat.record import Node, SessionInfo, SessionState
from tui.chat.record_stream import RecordStream
from tui.chat.usage import Totals, Usage, total_cost
from tui.errors import UsageError
from tui.store import deletion, exchanges, nodes, sessions
from tui.store.exchanges import KeptBody
from tui.store.texts import to_sql

Db = sqlite3.Connection


def add(db: Db, source: RecordStream, new_id: Callable[[], str], now: float) -> str:
    """Keep a record as a session, exchange by exchange; its id, a new one where that is taken or missing."""
    record = source.record
    id = record.info.id or new_id()
    while sessions.row_of(db, id) is not None:
        id = new_id()
    info = replace(record.info, id=id, created=record.info.created or now, changed=record.info.changed or now)
    row = sessions.make(db, info)
    for node in record.nodes:
        deletion.collect(db, nodes.insert(db, row, node))
        sessions.title_after(db, row, node.message)
    before: KeptBody | None = None
    for exchange in source.exchanges():
        wire = None
        if exchange.wire is not None:
            wire, before = exchanges.keep_wire(db, exchange.wire, before)
        # Nobody runs it: whoever opens the session takes it for left by a program that died.
        exchanges.insert(db, row, exchange, wire, owner="")
    sessions.write_state(db, row, record.state)
    return id


def copy(
    db: Db, source: int, leaf: str | None, title: str | None, new_id: Callable[[], str], now: float
) -> str:
    """The branch that ends at ``leaf``, else where the session stands, as a session; its id."""
    old, state = sessions.info(db, source), sessions.read_state(db, source)
    leaf = state.leaf if leaf is None else leaf
    branch = () if leaf is None else nodes.path(db, source, leaf)
    if not branch:
        raise UsageError("session", f"there is nothing to copy at message {leaf} of session {old.id}")
    id = new_id()
    info = SessionInfo(
        id,
        title=old.title if title is None else title,
        titled_by=old.titled_by if title is None else "user",
        created=now,
        changed=now,
        source=old.source,
        forked_from=old.id,
    )
    row = sessions.make(db, info)
    names = [to_sql(node.message.id) for node in branch]
    _copy_rows(db, source, row, names)
    models = dict.fromkeys(_models(branch))
    db.execute(
        "UPDATE session SET messages = ?, models = ? WHERE id = ?",
        (len(branch), to_sql(dump_text(list(models))), row),
    )
    sessions.write_state(db, row, _state_at(state, branch))
    return id


def _copy_rows(db: Db, source: int, row: int, names: Sequence[str | bytes]) -> None:
    """The messages of these names and the exchanges made from or for them; pieces and wires are shared."""
    db.execute("CREATE TEMP TABLE IF NOT EXISTS copied (name PRIMARY KEY)")
    db.execute("DELETE FROM copied")
    db.executemany("INSERT INTO copied VALUES (?)", [(name,) for name in names])
    same = "name, parent, piece, system, more, role, at, preview, model, stop, cost"
    db.execute(
        f"INSERT INTO node (session, {same}) SELECT ?, {same} FROM node"  # noqa: S608  # names of columns
        " WHERE session = ? AND name IN copied ORDER BY id",
        (row, source),
    )
    same = "name, owner, state, answer, after, route, wire, facts"
    db.execute(
        f"INSERT INTO exchange (session, {same}) SELECT ?, {same} FROM exchange"  # noqa: S608
        " WHERE session = ? AND state != 'open'"
        " AND (answer IN copied OR (answer IS NULL AND after IN copied)) ORDER BY id",
        (row, source),
    )
    db.execute("DELETE FROM copied")


def _models(branch: Sequence[Node]) -> list[str]:
    messages = (node.message for node in branch)
    return [m.origin.model for m in messages if isinstance(m, AssistantMessage) and m.origin.model]


def _state_at(state: SessionState, branch: Sequence[Node]) -> SessionState:
    """How the copy stands: at the end of its branch, having spent what the branch cost."""
    end = branch[-1]
    here = end.message.id == state.leaf
    answers = [node.message for node in branch if isinstance(node.message, AssistantMessage)]
    usage = Usage()
    for answer in answers:
        usage = usage if answer.usage is None else usage + answer.usage
    totals = Totals(
        turns=sum(isinstance(node.message, UserMessage) for node in branch),
        steps=len(answers),
        usage=usage,
        cost=total_cost([answer.cost for answer in answers]),
    )
    return replace(
        state,
        leaf=end.message.id,
        system=state.system if here else end.system,
        bound_from=state.bound_from if here else end.bound_from,
        chosen_at=min(state.chosen_at, len(branch)),
        refused=None,
        totals=totals,
    )
