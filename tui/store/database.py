"""The file: opened safely or refused with a reason, brought up to date with a copy kept beside it."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from tui.store.failure import StoreError, explain
from tui.store.migrations import MIGRATIONS as MIGRATIONS
from tui.store.migrations import Migration
from tui.store.writer_thread import BUSY_MS

APPLICATION_ID = 0x5347_4C54
"""Marks the file as ours, in its header."""
VERSION = 2
_PAUSE_S = 0.02


@dataclass(frozen=True, slots=True)
class Opened:
    """The connection that writes, and what a person should know about how it was opened."""

    db: sqlite3.Connection
    remark: str = ""


def open_file(
    path: Path,
    *,
    version: int = VERSION,
    migrations: Mapping[int, Migration] = MIGRATIONS,
    vfs: str = "",
) -> Opened:
    """The database at ``path``, made where there is none; StoreError when it cannot be used."""
    try:
        _make_private(path)
        db = connect(path, vfs=vfs)
    except (sqlite3.Error, OSError) as error:
        raise explain(error, path) from error
    try:
        remark = _patiently(lambda: _prepare(db, path, version, migrations))
    except (sqlite3.Error, OSError) as error:
        db.close()
        raise explain(error, path) from error
    except BaseException:
        db.close()
        raise
    return Opened(db, remark)


def open_memory() -> sqlite3.Connection:
    """A database that leaves nothing behind."""
    db = _set_up(sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False))
    _create(db, VERSION)
    return db


def connect(path: Path, *, vfs: str = "", readonly: bool = False) -> sqlite3.Connection:
    """A connection to the file as it is."""
    words = [*([f"vfs={vfs}"] if vfs else []), *(["mode=ro"] if readonly else [])]
    uri = f"{path.absolute().as_uri()}{'?' if words else ''}{'&'.join(words)}"
    db = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=BUSY_MS / 1000)
    return _set_up(db)


def _set_up(db: sqlite3.Connection) -> sqlite3.Connection:
    # What is deleted must leave the disk; a commit must survive a power cut.
    for pragma in ("foreign_keys = ON", "secure_delete = ON", "synchronous = FULL", "temp_store = MEMORY"):
        db.execute(f"PRAGMA {pragma}")
    return db


def _make_private(path: Path) -> None:
    """The file and its directory, readable by nobody else."""
    if not path.parent.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # SQLite gives its journals the mode of the database.
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if os.fstat(handle).st_mode & 0o077:
            path.chmod(0o600)
    finally:
        os.close(handle)


def _patiently(prepare: Callable[[], str]) -> str:
    """``prepare``, again while the file is busy: programs that change its journal at once do not queue."""
    end = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            return prepare()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(_PAUSE_S)


def _prepare(db: sqlite3.Connection, path: Path, version: int, migrations: Mapping[int, Migration]) -> str:
    # First: what another program makes meanwhile must not look like tables of nobody we know.
    tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    found, application = _number(db, "user_version"), _number(db, "application_id")
    if application != APPLICATION_ID and (tables or application):
        raise StoreError(
            "sessions",
            f"{path}: this is a database of another program",
            hint="choose another place with --data-dir",
        )
    if found > version:
        raise StoreError(
            "sessions",
            f"{path}: a newer sightline wrote it (schema {found}; this one knows up to {version})",
            hint="update sightline, or choose another place with --data-dir",
        )
    if not tables:
        db.execute("PRAGMA auto_vacuum = INCREMENTAL")
    mode = db.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if not tables or not found:
        _create(db, version)
    elif found < version:
        _migrate(db, path, found, version, migrations)
    # A page that cannot be read is better found now than in the middle of a chat.
    db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if mode == "wal":
        return ""
    return (
        f"{path}: no write-ahead log on this file system; SQLite's older journal ({mode}) is used. "
        "Two programs at once wait for each other more often."
    )


def _create(db: sqlite3.Connection, version: int) -> None:
    """The tables, by whichever program comes first."""
    schema = files("tui.store").joinpath("schema.sql").read_text("utf-8")
    db.execute("BEGIN IMMEDIATE")
    try:
        if not _number(db, "user_version"):
            for statement in _statements(schema):
                db.execute(statement)
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.execute(f"PRAGMA user_version = {version}")
        db.execute("COMMIT")
    except BaseException:
        _roll_back(db)
        raise


def _statements(schema: str) -> list[str]:
    lines = (line for line in schema.splitlines() if not line.lstrip().startswith("--"))
    return [statement for statement in "\n".join(lines).split(";") if statement.strip()]


def _migrate(
    db: sqlite3.Connection, path: Path, found: int, version: int, migrations: Mapping[int, Migration]
) -> None:
    """Bring the file up to date in one transaction, after a copy of it was put beside it."""
    _copy_beside(db, path, found)
    # References are checked at the end: a table may have to be made anew.
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("BEGIN IMMEDIATE")
    try:
        # Another program may have been faster.
        for step in range(_number(db, "user_version"), version):
            migrations[step](db)
        if db.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise StoreError(
                "sessions",
                f"{path}: bringing it from schema {found} to {version} failed; it was left as it is",
                hint=f"a copy is beside it: {_backup(path, found).name}",
            )
        db.execute(f"PRAGMA user_version = {version}")
        db.execute("COMMIT")
    except BaseException:
        _roll_back(db)
        raise
    db.execute("PRAGMA foreign_keys = ON")


def _copy_beside(db: sqlite3.Connection, path: Path, found: int) -> None:
    backup = _backup(path, found)
    if backup.exists():
        return  # made by a program that got no further; what is in the file is not older
    unfinished = backup.with_name(f"{backup.name}.{os.getpid()}")
    os.close(os.open(unfinished, os.O_CREAT | os.O_RDWR, 0o600))
    try:
        with closing(sqlite3.connect(unfinished)) as copy:
            db.backup(copy)
        os.replace(unfinished, backup)
    finally:
        unfinished.unlink(missing_ok=True)


def _backup(path: Path, found: int) -> Path:
    return path.with_name(f"{path.name}.v{found}.bak")


def _number(db: sqlite3.Connection, pragma: str) -> int:
    return int(db.execute(f"PRAGMA {pragma}").fetchone()[0])


def _roll_back(db: sqlite3.Connection) -> None:
    if db.in_transaction:
        db.execute("ROLLBACK")
