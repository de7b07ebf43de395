"""How one session is kept while it goes on; nothing here raises, and only what is awaited waits."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from tui.chat.finding import Finding
from tui.chat.messages import UserMessage
from tui.chat.parts import ToolResult
from tui.chat.record import CallFacts, Exchange, Node, SessionInfo, SessionState, Wire
from tui.chat.tree import Tree
from tui.store import deletion, exchanges, nodes, sessions
from tui.store.exchange_writer import StoredExchange
from tui.store.exchanges import KeptBody
from tui.store.failure import StoreError
from tui.store.pending import Mine, PendingResult, keep_result
from tui.store.writer_thread import WriterThread

T = TypeVar("T")
Db = sqlite3.Connection


class Shared:
    """What the sessions of one store have in common: the thread that writes, and what is remembered."""

    def __init__(self, me: str, now: Callable[[], float]) -> None:
        self.me = me
        self.now = now
        self.mine = Mine()
        self.epoch = 0
        """Counts on whenever ids that were read or made before may be void."""
        self._collected: int | None = None
        self.thread: WriterThread

    def forget(self) -> None:
        """A transaction was rolled back: ids made in it are void."""
        self.epoch += 1

    def begun(self, db: Db) -> None:
        """At the start of a transaction: another program may have taken pieces away."""
        row = db.execute("SELECT value FROM meta WHERE key = 'collected'").fetchone()
        collected = 0 if row is None else row[0]
        if collected != self._collected:
            self._collected = collected
            self.epoch += 1


class Reads(Protocol):
    """Runs a function on a connection that reads."""

    def __call__(self, read: Callable[[Db], T]) -> T: ...


class StoredSession:
    """A session's writer; see ``tui.engine.ports.SessionWriter``."""

    def __init__(self, shared: Shared, read: Reads, id: str, info: SessionInfo | None) -> None:
        self.id = id
        self._shared = shared
        self._read = read
        self._info = info or SessionInfo(id)
        self._row: tuple[int, int] | None = None
        self._body: tuple[int, KeptBody] | None = None
        self._unwritten: dict[str, Node] = {}
        """What could not be written yet; it is read as if it had been."""
        self._turn: dict[str, Node] = {}
        """The newest prompt and what was said since, by id."""

    @property
    def epoch(self) -> int:
        """Counts on whenever rows that were read or made before may be others'."""
        return self._shared.epoch

    @property
    def trouble(self) -> Finding | None:
        """Why nothing is being kept now; None while all is well."""
        return self._shared.thread.trouble

    async def node(self, node: Node, state: SessionState) -> None:
        """A message that is complete, and how the session stands with it."""
        id = node.message.id
        self._unwritten[id] = node

        def write(db: Db) -> None:
            self.write_node(db, node, state)

        await self.hold(write, written=lambda: self._settled(id, node))

    async def state(self, state: SessionState) -> None:
        """How the session stands now; nothing is kept of a session in which nothing was said."""

        def write(db: Db) -> None:
            row = sessions.row_of(db, self.id)
            if row is not None:
                deletion.collect(db, sessions.write_state(db, row, state))

        await self.hold(write)

    async def result(self, after: str, result: ToolResult, facts: CallFacts) -> None:
        """One call's result while others of answer ``after`` still run; their message supersedes it."""
        self._shared.mine.begun(self.id, after)
        pending = PendingResult(after, result, facts)
        await self.hold(lambda db: keep_result(db, self.row(db), self._shared.me, pending))

    async def exchange(self, exchange: Exchange, body: bytes) -> StoredExchange:
        """A request that is about to go out with ``body``."""
        self._shared.mine.begun(self.id, exchange.id)
        kept = StoredExchange(self, exchange.id)

        def write(db: Db) -> None:
            session = self.row(db)
            epoch = self._shared.epoch
            before = self._body[1] if self._body is not None and self._body[0] == epoch else None
            wire, self_body = exchanges.keep_body(db, body, before)
            self._body = (epoch, self_body)
            kept.placed(exchanges.insert(db, session, exchange, wire, self._shared.me), wire)

        await self.hold(write)
        return kept

    def reopen(self, exchange: Exchange) -> StoredExchange:
        """An exchange of ``Store.pending``, to be finished."""
        return StoredExchange(self, exchange.id)

    async def wire(self, exchange: str) -> Wire | None:
        """What went over the line for an exchange that has ended; None where it is not known."""
        return await asyncio.to_thread(self._read, lambda db: exchanges.wire_of(db, exchange))

    async def nodes(self, leaf: str | None) -> tuple[Node, ...]:
        """The path from the root to ``leaf``."""
        tail: list[Node] = []
        while leaf is not None and leaf in self._unwritten:
            tail.append(self._unwritten[leaf])
            leaf = tail[-1].parent
        tail.reverse()
        if leaf is None:
            return tuple(tail)
        end = leaf

        def read(db: Db) -> tuple[Node, ...]:
            row = sessions.row_of(db, self.id)
            return () if row is None else nodes.path(db, row, end)

        return (*await asyncio.to_thread(self._read, read), *tail)

    async def tree(self) -> Tree:
        """All branches."""

        def read(db: Db) -> Tree:
            row = sessions.row_of(db, self.id)
            return Tree() if row is None else nodes.tree(db, row)

        tree = await asyncio.to_thread(self._read, read)
        new = [nodes.twig(node) for id, node in list(self._unwritten.items()) if id not in tree]
        return Tree((*tree.twigs, *new)) if new else tree

    async def cut(self, id: str) -> None:
        """Delete a message and everything after it."""
        tree = await self.tree()
        for gone in tree.below(id) if id in tree else ():
            self._unwritten.pop(gone, None)

        def write(db: Db) -> None:
            row = sessions.row_of(db, self.id)
            if row is not None:
                deletion.cut(db, row, id)
                # What follows in the same transaction must not go by what is gone.
                self._shared.forget()

        await self.hold(write)

    def row(self, db: Db) -> int:
        """The session's row, made if need be."""
        if self._row is not None and self._row[0] == self._shared.epoch:
            return self._row[1]
        row = sessions.row_of(db, self.id)
        if row is None:
            now = self._shared.now()
            info = replace(self._info, id=self.id, changed=now, created=self._info.created or now)
            row = sessions.make(db, info)
        self._row = (self._shared.epoch, row)
        return row

    def write_node(self, db: Db, node: Node, state: SessionState) -> None:
        """Within a transaction: a message, and how the session stands with it."""
        row = self.row(db)
        if isinstance(node.message, UserMessage):
            self._turn.clear()
        self._turn[node.message.id] = node
        old: list[int] = []
        for one in self._cut_meanwhile(db, row, node):
            old += nodes.insert(db, row, one)
        old += nodes.insert(db, row, node)
        sessions.title_after(db, row, node.message)
        sessions.touch(db, row, self._shared.now())
        deletion.collect(db, (*old, *sessions.write_state(db, row, state)))
        if node.parent is not None:
            self._shared.mine.ended(self.id, node.parent)

    def _cut_meanwhile(self, db: Db, row: int, node: Node) -> list[Node]:
        """What ``node`` follows in its turn and another program has cut: without it, it could not be sent."""
        gone: list[Node] = []
        above = None if isinstance(node.message, UserMessage) else self._turn.get(node.parent or "")
        while above is not None and not nodes.is_there(db, row, above.message.id):
            gone.insert(0, above)
            above = self._turn.get(above.parent or "")
        return gone

    async def finish(self, exchange: str, run: Callable[[Db], Any], node: Node | None) -> None:
        """The end of an exchange, with the message made of it."""
        if node is None:
            await self.hold(run)
        else:
            id = node.message.id
            self._unwritten[id] = node
            await self.hold(run, written=lambda: self._settled(id, node))
        self.ended(exchange)

    def ended(self, exchange: str) -> None:
        """An exchange runs no more."""
        self._shared.mine.ended(self.id, exchange)

    def write_state(self, db: Db, state: SessionState) -> None:
        """Within a transaction: how the session stands."""
        row = self.row(db)
        sessions.touch(db, row, self._shared.now())
        deletion.collect(db, sessions.write_state(db, row, state))

    async def hold(self, run: Callable[[Db], Any], *, written: Callable[[], None] | None = None) -> None:
        """Durable when it returns, or ``trouble`` says why not; goes on if the caller is cancelled."""
        future: Future[Any] = self._shared.thread.hold(run, urgent=True, written=written)
        try:
            await asyncio.shield(asyncio.wrap_future(future))
        except StoreError:
            pass  # closed: there is nobody left to tell

    def soon(self, run: Callable[[Db], Any]) -> None:
        """Durable within the time of a batch."""
        self._shared.thread.hold(run, urgent=False)

    def _settled(self, id: str, node: Node) -> None:
        if self._unwritten.get(id) is node:
            del self._unwritten[id]
