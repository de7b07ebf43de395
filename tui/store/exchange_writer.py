"""How one exchange is kept while it runs: its frames in batches, its end with the message made of it."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

from tui.chat.frame import Frame, Headers
from tui.chat.record import Exchange, Node, SessionState
from tui.store import exchanges, spend
from tui.store.framelog import FrameLog
from tui.store.texts import to_sql

Db = sqlite3.Connection


class Session(Protocol):
    """What an exchange needs of the session it belongs to."""

    @property
    def epoch(self) -> int:
        """Counts on whenever rows that were read or made before may be others'."""
        ...

    def row(self, db: Db) -> int:
        """The session's row."""
        ...

    def soon(self, run: Callable[[Db], Any]) -> None:
        """Durable within the time of a batch."""
        ...

    def write_node(self, db: Db, node: Node, state: SessionState) -> None:
        """Within a transaction: a message, and how the session stands with it."""
        ...

    def write_state(self, db: Db, state: SessionState) -> None:
        """Within a transaction: how the session stands."""
        ...

    async def finish(self, exchange: str, run: Callable[[Db], Any], node: Node | None) -> None:
        """The end of an exchange, with the message made of it."""
        ...


class StoredExchange:
    """Keeps one exchange while it runs; see ``tui.engine.ports.ExchangeWriter``."""

    def __init__(self, session: Session, id: str) -> None:
        self._session = session
        self._id = id
        self._at: tuple[int, int, int | None] | None = None
        """The epoch, and the rows of the exchange and its wire in it."""
        self._frames: deque[Frame] = deque()
        self._log = FrameLog()
        self._coming = False
        """Whether frames will be fetched by a job that has not begun yet."""

    def answering(self, exchange: Exchange, headers: Headers, request_headers: Headers) -> None:
        """The headers came; ``exchange`` now says status and who serves."""

        def write(db: Db) -> None:
            row, wire = self._place(db)
            if row is not None:
                exchanges.update(db, row, exchange)
            if wire is not None:
                exchanges.keep_headers(db, wire, headers, request_headers)

        self._session.soon(write)

    def frame(self, frame: Frame) -> None:
        """One frame, its ``at`` in seconds since the request went out; durable within 250 ms."""
        self._frames.append(frame)
        if not self._coming:
            self._coming = True
            self._session.soon(_Batch(self).write)

    async def finish(self, exchange: Exchange, node: Node | None, state: SessionState) -> None:
        """The end: the exchange as it ended, with the message made of it, in one transaction."""
        batch = _Batch(self)

        def write(db: Db) -> None:
            batch.write(db)
            row, _ = self._place(db)
            if row is not None:
                exchanges.update(db, row, exchange)
            elif node is not None:
                # Another program cut what it follows: the answer and what it cost are kept all the same.
                exchanges.insert(db, self._session.row(db), exchange, None, "")
            if node is not None:
                self._session.write_node(db, node, state)
            else:
                self._session.write_state(db, state)
            if row is not None or node is not None:
                spend.keep(db, self._session.row(db), exchange)

        await self._session.finish(self._id, write, node)

    def placed(self, row: int, wire: int) -> None:
        """Within a transaction: where the exchange and its wire were put."""
        self._at = (self._session.epoch, row, wire)

    def packed(self) -> bytes:
        """The frames that came since the last time, as the next stretch of the log; empty when none did."""
        self._coming = False
        # Others come meanwhile, from another thread; they are for the next time.
        next_one = self._frames.popleft
        frames = [next_one() for _ in range(len(self._frames))]
        return self._log.packed(frames) if frames else b""

    def keep(self, db: Db, stretch: bytes) -> None:
        """Within a transaction: a stretch of the log."""
        _, wire = self._place(db)
        if stretch and wire is not None:
            exchanges.keep_frames(db, wire, stretch)

    def _place(self, db: Db) -> tuple[int | None, int | None]:
        """The rows of the exchange and its wire; looked up where another program left or cut them."""
        if self._at is None or self._at[0] != self._session.epoch:
            found = db.execute(
                "SELECT id, wire FROM exchange WHERE session = ? AND name = ? ORDER BY id DESC LIMIT 1",
                (self._session.row(db), to_sql(self._id)),
            ).fetchone()
            if found is None:
                return None, None
            self._at = (self._session.epoch, *found)
        return self._at[1], self._at[2]


class _Batch:
    """One stretch of a frame log: packed when it is first written, the same if it must be written again."""

    def __init__(self, exchange: StoredExchange) -> None:
        self._exchange = exchange
        self._stretch: bytes | None = None

    def write(self, db: Db) -> None:
        """Within a transaction."""
        if self._stretch is None:
            self._stretch = self._exchange.packed()
        self._exchange.keep(db, self._stretch)
