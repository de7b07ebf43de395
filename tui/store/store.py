"""All sessions of one data directory, in one file that several programs may share."""

from __future__ import annotations

import sqlite3
import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, TypeVar

from tui.chat.finding import Finding
from tui.chat.record import SessionInfo, SessionRecord, Wire
from tui.chat.record_stream import RecordStream
from tui.chat.spend import Spend, SpendKey
from tui.chat.tree import Tree
from tui.chat.usage import Cost
from tui.store import (
    copying,
    database,
    deletion,
    exchanges,
    nodes,
    pending,
    search,
    sessions,
    spend,
    unread,
    upkeep,
)
from tui.store.failure import StoreError, explain
from tui.store.pending import Pending
from tui.store.running import Running
from tui.store.search import Hit
from tui.store.session_writer import Shared, StoredSession
from tui.store.streams import stream
from tui.store.texts import from_sql, to_sql
from tui.store.writer_thread import WriterThread

T = TypeVar("T")
Db = sqlite3.Connection


class Store:
    """Sessions that are kept; every method may be called from any thread, and waits for the disk."""

    def __init__(
        self,
        db: Db,
        path: Path | None,
        now: Callable[[], float],
        *,
        problem: str = "",
        remark: str = "",
        new_id: Callable[[], str] = lambda: uuid.uuid4().hex[:12],
    ) -> None:
        self.path = path
        """Where the file is; None: in memory."""
        self.problem = problem
        """Why it is in memory although a file was wanted; empty otherwise."""
        self.remark = remark
        """What a person should know of the file; empty when there is nothing."""
        self._now = now
        self._new_id = new_id
        self._running = Running(None if path is None else path.parent / "running")
        self._shared = Shared(self._running.me, now)
        self._thread = WriterThread(db, path, self._shared.forget, self._shared.begun)
        self._shared.thread = self._thread
        self._idle: list[Db] = []
        self._guard = threading.Lock()
        self._closed = False

    @staticmethod
    def open(path: Path, now: Callable[[], float]) -> Store:
        """The store at ``path``, made where there is none; StoreError when it cannot be used."""
        opened = database.open_file(path)
        try:
            store = Store(opened.db, path, now, remark=opened.remark)
        except OSError as error:
            opened.db.close()
            raise explain(error, path) from error
        store._tidy()
        return store

    @staticmethod
    def in_memory(now: Callable[[], float], problem: str = "") -> Store:
        """A store that leaves nothing behind; ``problem`` says why, where a file was wanted."""
        return Store(database.open_memory(), None, now, problem=problem)

    @property
    def trouble(self) -> Finding | None:
        """Why nothing is being kept now; None while all is well."""
        return self._thread.trouble

    # -- one session while it goes on

    def writer(self, session: str, info: SessionInfo | None = None) -> StoredSession:
        """Where a session is kept; its row is made with its first message, ``info`` naming it."""
        self._running.opened(session)
        return StoredSession(self._shared, self._read, session, info)

    def release(self, session: str) -> None:
        """This program is done with one ``writer`` of the session; without any it has it open no more."""
        self._running.left(session)

    def pending(self, session: str) -> Pending:
        """What a program that died left of the session; ours to recover from now on."""

        def claim(db: Db) -> Pending:
            row = sessions.row_of(db, session)
            if row is None:
                return Pending()
            return pending.claim(db, row, session, self._running, self._shared.mine)

        return self._thread.call(claim)

    def draft(self, id: str) -> str | None:
        """What was typed in a session and not sent."""
        row = self._read(
            lambda db: db.execute("SELECT text FROM draft WHERE session = ?", (to_sql(id),)).fetchone()
        )
        return None if row is None else from_sql(row[0])

    def set_draft(self, id: str, text: str | None) -> None:
        """Keep what is typed; None takes it away."""

        def write(db: Db) -> None:
            if text is None:
                db.execute("DELETE FROM draft WHERE session = ?", (to_sql(id),))
            else:
                values = (to_sql(id), to_sql(text), self._now())
                db.execute("INSERT OR REPLACE INTO draft VALUES (?, ?, ?)", values)

        self._thread.call(write)

    # -- reading

    def sessions(
        self, query: str = "", *, archived: bool = False, deleted: bool = False, limit: int = 200
    ) -> list[Hit]:
        """Sessions that match, pinned first, then the newest; words and ``model:``, ``cost>``, ``age<``."""
        hits = self._read(
            lambda db: search.search(db, query, self._now(), archived=archived, deleted=deleted, limit=limit)
        )
        open_now = self._running.open_sessions()
        return [
            replace(hit, info=replace(hit.info, is_open=True)) if hit.info.id in open_now else hit
            for hit in hits
        ]

    def find(self, name: str) -> SessionInfo:
        """By id, unique beginning of an id, ``last`` or exact title; UsageError with what is near."""
        return self._opened(self._read(lambda db: sessions.find(db, name)))

    def load(self, session: str) -> SessionRecord:
        """The whole session without what went over the line; UsageError when there is none."""
        return self._record(session, wires=False)[0]

    def open_up(self, session: str) -> SessionRecord:
        """The same with all but its last messages unread: what is damaged in them is told when looked at."""

        def read(db: Db) -> SessionRecord:
            row = sessions.must(db, session)
            found = unread.nodes_of(db, row) or nodes.of_session(db, row)
            ids = {id: id for id in (node.message.id for node in found)}
            record = SessionRecord(
                sessions.info(db, row),
                sessions.read_state(db, row),
                found,
                unread.exchanges_of(db, row, ids),
            )
            # What went through the cache is not asked for again: its room is for what is made of it.
            db.execute("PRAGMA shrink_memory")
            return record

        with unread.uncollected():
            record = self._whole(session, read)
        return replace(record, info=self._opened(record.info))

    def record(self, session: str) -> SessionRecord:
        """Everything of a session at once; UsageError when there is none.

        Each request repeats those before it: what becomes long goes through ``stream``.
        """
        return self._record(session, wires=True)[0]

    def stream(self, session: str) -> RecordStream:
        """Everything of a session, its wires read one by one; UsageError when there is none."""
        return stream(*self._record(session, wires=False), self._read)

    def wire(self, exchange: str) -> Wire | None:
        """What went over the line for an exchange; None where it is not known."""
        return self._read(lambda db: exchanges.wire_of(db, exchange))

    def tree(self, session: str) -> Tree:
        """The shape of a session; UsageError when there is none."""
        return self._read(lambda db: nodes.tree(db, sessions.must(db, session)))

    # -- what calls cost

    def spent_today(self) -> Cost:
        """What all sessions of all programs have spent since midnight."""
        day = spend.day_of(self._now())
        return self._read(lambda db: spend.on_day(db, day))

    def spending(self, key: SpendKey, days: int | None = None) -> tuple[Spend, Sequence[Spend]]:
        """All calls of the last ``days`` days, today among them, and the same by ``key``."""
        since = "" if days is None else spend.day_of(self._now() - (days - 1) * 86_400)
        return self._read(lambda db: (spend.total(db, since), spend.by(db, key, since)))

    # -- whole sessions

    def add(self, record: SessionRecord | RecordStream) -> str:
        """Keep a session from elsewhere, whole or not at all; its id, a new one if its own is taken.

        A ``stream`` of this very store cannot be added: it is read while the store is being written.
        """
        source = RecordStream.of(record) if isinstance(record, SessionRecord) else record
        return self._thread.call(lambda db: copying.add(db, source, self._new_id, self._now()))

    def copy(self, session: str, leaf: str | None = None, title: str | None = None) -> str:
        """The branch to ``leaf``, else to where the session stands, as a session of its own; its id."""
        return self._thread.call(
            lambda db: copying.copy(db, sessions.must(db, session), leaf, title, self._new_id, self._now())
        )

    def rename(self, id: str, title: str) -> None:
        """Name a session as the user wants it."""
        self.set_title(id, title, "user")

    def set_title(self, id: str, title: str, by: Literal["auto", "user"] = "auto") -> None:
        """Name a session; a title made by us never replaces one the user gave."""
        self._thread.call(lambda db: sessions.set_title(db, sessions.must(db, id), title, by))

    def pin(self, id: str, on: bool = True) -> None:
        """Let a session stand before all others, or no longer."""
        self._set(id, "pinned", int(on))

    def archive(self, id: str, on: bool = True) -> None:
        """Take a session out of the ordinary list, or back into it."""
        self._set(id, "archived", int(on))

    def delete(self, id: str) -> None:
        """Put a session away; for seven days it can be had back."""
        self._set(id, "deleted_at", self._now())

    def undelete(self, id: str) -> None:
        """Have a deleted session back."""
        self._set(id, "deleted_at", None)

    def purge(self, id: str) -> None:
        """Take a session away for good, out of the file's bytes too."""

        def remove(db: Db) -> None:
            deletion.purge(db, sessions.must(db, id))
            upkeep.sweep(db)

        self._thread.call(remove, after=upkeep.shrink)

    def close(self) -> None:
        """Wait until everything is written, then let go of the file."""
        with self._guard:
            if self._closed:
                return
            self._closed = True
        self._thread.close()
        self._running.close()
        with self._guard:
            while self._idle:
                self._idle.pop().close()

    def _tidy(self) -> None:
        """Some of the upkeep beside the chat, and more of it as long as there is any."""
        more = False

        def run(db: Db) -> None:
            nonlocal more
            more = upkeep.tidy(db, self._now())

        def after(db: Db) -> None:
            if more:
                self._tidy()
            else:
                upkeep.shrink(db)

        self._thread.later(run, after=after)

    def _record(self, session: str, *, wires: bool) -> tuple[SessionRecord, list[int]]:
        """The session and the rows of its exchanges."""

        def read(db: Db) -> tuple[SessionRecord, list[int]]:
            row = sessions.must(db, session)
            record = SessionRecord(
                sessions.info(db, row),
                sessions.read_state(db, row),
                nodes.of_session(db, row),
                exchanges.of_session(db, row, wires=wires),
            )
            return record, exchanges.rows_of(db, row)

        record, rows = self._whole(session, read)
        return replace(record, info=self._opened(record.info)), rows

    def _whole(self, session: str, read: Callable[[Db], T]) -> T:
        """What ``read`` makes of a session; StoreError where something of it is damaged."""
        try:
            return self._read(read)
        except ValueError as error:
            raise StoreError("session", f"session {session} cannot be read: {error}") from error

    def _opened(self, info: SessionInfo) -> SessionInfo:
        return replace(info, is_open=True) if info.id in self._running.open_sessions() else info

    def _set(self, id: str, column: str, value: object) -> None:
        def write(db: Db) -> None:
            row = sessions.must(db, id)
            db.execute(f"UPDATE session SET {column} = ? WHERE id = ?", (value, row))  # noqa: S608

        self._thread.call(write)

    def _read(self, read: Callable[[Db], T]) -> T:
        """``read`` on a connection of its own and one state of the file; in memory there is only one."""
        if self.path is None:
            return self._thread.call(read)
        with self._guard:
            if self._closed:
                raise StoreError("sessions", "the store is closed")
            db = self._idle.pop() if self._idle else None
        try:
            db = database.connect(self.path) if db is None else db
            db.execute("BEGIN")
            try:
                return read(db)
            finally:
                if db.in_transaction:
                    db.execute("ROLLBACK")
        except sqlite3.Error as error:
            raise explain(error, self.path) from error
        finally:
            self._give_back(db)

    def _give_back(self, db: Db | None) -> None:
        if db is None:
            return
        with self._guard:
            if not self._closed:
                self._idle.append(db)
                return
        db.close()
