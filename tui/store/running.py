"""Which programs run and which sessions they have open, known at once even after ``kill -9``.

Each program holds an operating system's lock on a file of its own in ``running/`` beside the database,
in which the names of its open sessions stand, one a line. The system lets go of the lock when the
program ends in whatever way.
"""

from __future__ import annotations

import os
import secrets
import sys
import threading
from pathlib import Path
from types import TracebackType

if sys.platform == "win32":
    import msvcrt

    def _take(handle: int, *, shared: bool = False) -> bool:  # noqa: ARG001  # there is only one kind
        """Lock one byte far behind the text, which stays readable."""
        try:
            os.lseek(handle, 1 << 30, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _take(handle: int, *, shared: bool = False) -> bool:
        try:
            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


class Running:
    """This program among those that share a database; ``directory`` None: it is alone, in memory."""

    def __init__(self, directory: Path | None) -> None:
        self.me = secrets.token_hex(6)
        self._directory = directory
        self._open: list[str] = []
        self._guard = threading.Lock()
        self._handle: int | None = None
        if directory is not None:
            self._handle = self._announce(directory)

    def __enter__(self) -> Running:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def opened(self, session: str) -> None:
        """This program now has a session open; it may have it open several times."""
        with self._guard:
            self._open.append(session)
            self._tell()

    def left(self, session: str) -> None:
        """This program has a session open once less."""
        with self._guard:
            if session in self._open:
                self._open.remove(session)
                self._tell()

    def open_sessions(self) -> frozenset[str]:
        """The sessions other running programs have open."""
        names: set[str] = set()
        for path in self._others():
            if self._lives(path):
                try:
                    names.update(path.read_text("utf-8", "surrogatepass").split("\n"))
                except (OSError, ValueError):
                    continue  # it ended just now
        return frozenset(names - {""})

    def lives(self, owner: str) -> bool:
        """Whether the program of this name runs."""
        if owner == self.me:
            return True
        return self._directory is not None and self._lives(self._directory / f"{owner}.lock")

    def close(self) -> None:
        """Let go; the others see it at once."""
        with self._guard:
            if self._handle is None or self._directory is None:
                return
            (self._directory / f"{self.me}.lock").unlink(missing_ok=True)
            os.close(self._handle)
            self._handle = None

    def _announce(self, directory: Path) -> int:
        if not directory.is_dir():
            directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        unlocked = directory / f"{self.me}.new"
        handle = os.open(unlocked, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        _take(handle)
        # Only now may others look: a file without a lock is that of a program that ended.
        os.replace(unlocked, directory / f"{self.me}.lock")
        return handle

    def _tell(self) -> None:
        if self._handle is None:
            return
        text = "".join(f"{name}\n" for name in self._open).encode("utf-8", "surrogatepass")
        try:
            os.lseek(self._handle, 0, os.SEEK_SET)
            os.write(self._handle, text)
            os.ftruncate(self._handle, len(text))
        except OSError:
            pass  # a full disk: others do not see that it is open here, nothing else depends on it

    def _others(self) -> list[Path]:
        if self._directory is None:
            return []
        try:
            return [path for path in self._directory.glob("*.lock") if path.stem != self.me]
        except OSError:
            return []

    def _lives(self, path: Path) -> bool:
        """Whether somebody holds the lock of a file; one that nobody holds is removed."""
        try:
            handle = os.open(path, os.O_RDWR)
        except OSError:
            return False
        try:
            # Shared: two programs that look at the same time must not take each other for its owner.
            if not _take(handle, shared=True):
                return True
            path.unlink(missing_ok=True)
        except OSError:
            return False
        finally:
            os.close(handle)
        return False
