"""The one thread that writes: jobs in order, in few transactions; what cannot be written yet is held."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from tui.chat.finding import Finding
from tui.store.failure import StoreError, explain, trouble

T = TypeVar("T")
Db = sqlite3.Connection

BATCH_S = 0.1
"""How long what is not urgent waits for company."""
RETRY_S = 1.0
"""How often what could not be written is tried again."""
BUSY_MS = 5000
"""How long another program's transaction is waited for; while in trouble only ``BUSY_AGAIN_MS``."""
BUSY_AGAIN_MS = 250

_OF_THE_JOB = (
    sqlite3.IntegrityError,
    sqlite3.DataError,
    sqlite3.ProgrammingError,
    sqlite3.InterfaceError,
    sqlite3.NotSupportedError,
)
"""What one job did wrong, as opposed to the file or the disk."""


@dataclass(slots=True)
class Job(Generic[T]):
    """Something to do within a transaction; it may run again after a transaction that failed."""

    run: Callable[[Db], T]
    urgent: bool
    held: bool
    """Kept until it is written; otherwise its failure is told to whoever waits."""
    written: Callable[[], None] | None = None
    """Called when it is durable."""
    future: Future[T | None] = field(default_factory=Future)
    value: T | None = None
    error: BaseException | None = None

    def settle(self) -> None:
        """Tell whoever waits that it is durable, or what is wrong with it."""
        if self.error is None and self.written is not None:
            self.written()
        if self.future.done():
            return  # told already that it could not be written yet
        if self.error is not None and not self.held:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.value)


class WriterThread:
    """Owns the connection that writes; ``forget`` is called when what was read in a transaction is void."""

    def __init__(
        self, db: Db, path: Path | None, forget: Callable[[], None], begun: Callable[[Db], None]
    ) -> None:
        self._db = db
        self._path = path
        self._forget = forget
        self._begun = begun
        self._ready = threading.Condition()
        self._queue: list[Job[Any]] = []
        self._urgent = False
        self._first_at = 0.0
        self._held: list[Job[Any]] = []
        self._retry_at = 0.0
        self._closing = False
        self.trouble: Finding | None = None
        self.commits = 0
        self._thread = threading.Thread(target=self._work, name="store", daemon=True)
        self._thread.start()

    def hold(
        self, run: Callable[[Db], T], *, urgent: bool, written: Callable[[], None] | None = None
    ) -> Future[T | None]:
        """Write sooner or later; resolves when durable, or with ``trouble`` set when it could not be yet."""
        return self._add(Job(run, urgent, held=True, written=written))

    def call(self, run: Callable[[Db], T], *, after: Callable[[Db], None] | None = None) -> T:
        """Write now and wait, also for what comes ``after`` the commit; StoreError when it cannot be."""
        job = Job(run, urgent=True, held=False, written=self._bound(after))
        return self._add(job).result()  # type: ignore[return-value]  # None only where T is

    def later(self, run: Callable[[Db], object], *, after: Callable[[Db], None] | None = None) -> None:
        """Do it with the next batch; if that fails, not at all."""
        self._add(Job(run, urgent=False, held=False, written=self._bound(after)))

    def close(self) -> None:
        """Write what is waiting, then close the connection."""
        with self._ready:
            self._closing = True
            self._ready.notify()
        self._thread.join()

    def _bound(self, after: Callable[[Db], None] | None) -> Callable[[], None] | None:
        return None if after is None else lambda: after(self._db)

    def _add(self, job: Job[T]) -> Future[T | None]:
        with self._ready:
            if self._closing:
                job.future.set_exception(StoreError("sessions", "the store is closed"))
                return job.future
            if not self._queue:
                self._first_at = time.monotonic()
            self._queue.append(job)
            self._urgent = self._urgent or job.urgent
            self._ready.notify()
        return job.future

    def _work(self) -> None:
        while (batch := self._next()) is not None:
            self._write(batch)
        self._db.close()

    def _next(self) -> list[Job[Any]] | None:
        """The jobs of the next transaction; None when there will be no more."""
        with self._ready:
            while True:
                wait = self._wait(time.monotonic())
                if wait == 0 or self._closing:
                    break
                self._ready.wait(wait)
            if self._closing and not self._queue and not self._held:
                return None
            batch = [*self._held, *self._queue]
            self._held, self._queue, self._urgent = [], [], False
            return batch

    def _wait(self, now: float) -> float | None:
        """Seconds until there is something to do; None: until somebody calls."""
        if self._urgent:
            return 0
        if self._held:
            return max(self._retry_at - now, 0)
        return max(self._first_at + BATCH_S - now, 0) if self._queue else None

    def _write(self, batch: list[Job[Any]]) -> None:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            self._begun(self._db)
            for job in batch:
                self._run(job)
            self._db.execute("COMMIT")
        except (sqlite3.Error, OSError, MemoryError) as error:
            self._undo()
            self._failed(batch, error)
            return
        self.commits += 1
        if self.trouble is not None:
            self._patience(BUSY_MS)
        wrong = next((job.error for job in batch if job.held and job.error is not None), None)
        self.trouble = None if wrong is None else trouble(wrong, self._path)
        for job in batch:
            job.settle()

    def _run(self, job: Job[Any]) -> None:
        """One job; if it is the job that is wrong, the others are written without it."""
        job.error = None
        self._db.execute("SAVEPOINT job")
        try:
            job.value = job.run(self._db)
        except _OF_THE_JOB as error:
            job.error = explain(error, self._path)
        except (sqlite3.Error, OSError, MemoryError):
            raise
        except Exception as error:
            job.error = error
        if job.error is not None:
            self._db.execute("ROLLBACK TO job")
            self._forget()
        self._db.execute("RELEASE job")

    def _undo(self) -> None:
        if self._db.in_transaction:
            try:
                self._db.execute("ROLLBACK")
            except sqlite3.Error:
                pass  # what broke the transaction has rolled it back
        self._forget()

    def _failed(self, batch: list[Job[Any]], error: BaseException) -> None:
        if self.trouble is None:
            self._patience(BUSY_AGAIN_MS)
        self.trouble = trouble(error, self._path)
        with self._ready:
            if not self._closing:
                self._held = [job for job in batch if job.held]
            self._retry_at = time.monotonic() + RETRY_S
        for job in batch:
            if job.future.done():
                continue
            if job.held:
                job.future.set_result(None)
            else:
                job.future.set_exception(explain(error, self._path))

    def _patience(self, milliseconds: int) -> None:
        try:
            self._db.execute(f"PRAGMA busy_timeout = {milliseconds}")
        except sqlite3.Error:
            pass  # only how long to wait
