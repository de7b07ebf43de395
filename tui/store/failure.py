"""What the store says when it cannot be opened or written, from what SQLite and the system said."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

from tui.chat.finding import Finding
from tui.errors import Unexpected

STORE_FAILED = "store-failed"
"""The class of every finding and error about the store."""


class StoreError(Unexpected):
    """The store cannot be opened, read or written; says why and what to do."""

    def __init__(self, title: str, what: str = "", *, hint: str = "") -> None:
        super().__init__(title, what, hint=hint, cls=STORE_FAILED)


def explain(error: BaseException, path: Path | None) -> StoreError:
    """``error`` in words a person can act on; ``path`` is the database's file."""
    place = str(path) if path is not None else "the store in memory"
    what, hint = _reason(error)
    return StoreError("sessions", f"{place}: {what}", hint=hint)


def trouble(error: BaseException, path: Path | None) -> Finding:
    """The same as a finding, for a session that goes on without being kept."""
    told = explain(error, path)
    return Finding(STORE_FAILED, f"This session is not being kept for now. {told.what}", mend=told.hint)


def _reason(error: BaseException) -> tuple[str, str]:
    """What happened, and what to do."""
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if code is not None else None
    number = error.errno if isinstance(error, OSError) else None
    said = str(error)
    if primary == sqlite3.SQLITE_FULL or number in (errno.ENOSPC, errno.EDQUOT):
        return "the disk is full", "make room; what was not written yet is written then"
    if primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM) or number in (
        errno.EROFS,
        errno.EACCES,
        errno.EPERM,
    ):
        return (
            "the file or its directory may not be written",
            "give this user the right to write there, or choose another place with --data-dir",
        )
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return "another program holds it locked", "end that program; nothing is lost while this one runs"
    if primary == sqlite3.SQLITE_NOTADB:
        return "the file is not a database", "move it away; a new one is made then"
    if primary == sqlite3.SQLITE_CORRUPT:
        return (
            "the database is damaged",
            "copy it, then rescue it with `sqlite3 FILE .recover`, or move it away; a new one is made then",
        )
    if primary == sqlite3.SQLITE_CANTOPEN:
        return (
            "it cannot be opened",
            "look whether the directory exists and this user may read and write there, "
            "or choose another place with --data-dir",
        )
    if primary is not None and primary == sqlite3.SQLITE_IOERR:
        return f"reading or writing failed ({said})", "look at the disk; --data-dir chooses another place"
    if isinstance(error, OSError):
        return error.strerror or said, "choose another place with --data-dir"
    return said or type(error).__name__, "choose another place with --data-dir"
