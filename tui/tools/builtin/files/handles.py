"""An open directory, and what is done with one name in it, without ever following a link.

Where the system takes a directory handle with a name (POSIX) a directory swapped for a link between a
check and its use changes nothing: the handle stays what was checked. Elsewhere (Windows) the same
steps go by path, and that race is open.
"""

from __future__ import annotations

import os
import stat
from itertools import islice
from types import TracebackType

BY_HANDLE = {
    os.open,
    os.stat,
    os.readlink,
    os.mkdir,
    os.rename,
    os.unlink,
    os.rmdir,
    os.link,
} <= os.supports_dir_fd and os.scandir in os.supports_fd
"""Whether this system takes names relative to an open directory."""

_NO_FOLLOW: int = getattr(os, "O_NOFOLLOW", 0)
_ALWAYS: int = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOINHERIT", 0)
_READ = os.O_RDONLY | _NO_FOLLOW | _ALWAYS | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW | _ALWAYS
_CLOSED = -1
"""The handle of a closed directory: whatever is still asked of it fails, and goes nowhere else."""
_DIRECTORY = os.O_RDONLY | _NO_FOLLOW | _ALWAYS | getattr(os, "O_DIRECTORY", 0)


class Directory:
    """One open directory; close it, or use it in ``with``. Every method may raise OSError."""

    def __init__(self, path: str, handle: int | None) -> None:
        self.path = path
        self._handle = handle

    @classmethod
    def top(cls, path: str) -> Directory:
        """The directory at an absolute path that holds no link."""
        return cls(path, os.open(path, _DIRECTORY) if BY_HANDLE else None)

    def child(self, name: str) -> Directory:
        """The directory ``name``; OSError when it is a link or no directory."""
        if self._handle is not None:
            return Directory(self._at(name), os.open(name, _DIRECTORY, dir_fd=self._handle))
        entry = os.stat(self._at(name), follow_symlinks=False)
        if is_link(entry) or not stat.S_ISDIR(entry.st_mode):
            raise NotADirectoryError(20, "not a directory")
        return Directory(self._at(name), None)

    def stat(self) -> os.stat_result:
        """What the directory itself is."""
        return os.stat(self.path if self._handle is None else self._handle)

    def look(self, name: str) -> os.stat_result | None:
        """What ``name`` is, a link being a link; None when there is nothing."""
        try:
            return os.stat(self._name(name), dir_fd=self._handle, follow_symlinks=False)
        except FileNotFoundError:
            return None

    def link_target(self, name: str) -> str:
        """Where the link ``name`` points, as it is written in it."""
        return os.readlink(self._name(name), dir_fd=self._handle)

    def open_to_read(self, name: str) -> int:
        """A descriptor of the file ``name``; never waits, not even for the other end of a pipe."""
        return os.open(self._name(name), _READ, dir_fd=self._handle)

    def create(self, name: str, mode: int) -> int:
        """A descriptor of a new file ``name`` to write; the mode is narrowed by the umask."""
        return os.open(self._name(name), _CREATE, mode, dir_fd=self._handle)

    def make(self, name: str) -> None:
        """Create the directory ``name``."""
        os.mkdir(self._name(name), dir_fd=self._handle)

    def unmake(self, name: str) -> None:
        """Remove the empty directory ``name``."""
        os.rmdir(self._name(name), dir_fd=self._handle)

    def remove(self, name: str) -> None:
        """Remove the file ``name``."""
        os.unlink(self._name(name), dir_fd=self._handle)

    def put(self, source: str, name: str) -> None:
        """Rename ``source`` to ``name``, in the place of whatever has that name."""
        os.replace(self._name(source), self._name(name), src_dir_fd=self._handle, dst_dir_fd=self._handle)

    def put_new(self, source: str, name: str) -> None:
        """Rename ``source`` to ``name``; FileExistsError when there is such a name."""
        try:
            os.link(
                self._name(source),
                self._name(name),
                src_dir_fd=self._handle,
                dst_dir_fd=self._handle,
                follow_symlinks=False,
            )
        except FileExistsError:
            raise
        except (OSError, NotImplementedError):
            # A file system without hard links: look first, and leave a tiny race.
            if self.look(name) is not None:
                raise FileExistsError(17, "exists") from None
            self.put(source, name)
        else:
            self.remove(source)

    def settle(self) -> None:
        """Have renames in the directory reach the disk, where that can be asked for."""
        if self._handle is not None:
            os.fsync(self._handle)

    def entries(self, most: int) -> list[os.DirEntry[str]]:
        """At most so many things in the directory, in no order; their ``stat`` works while this is open."""
        with os.scandir(self.path if self._handle is None else self._handle) as found:
            return list(islice(found, most))

    def close(self) -> None:
        """Let go of the directory; more than once does nothing."""
        if self._handle is not None and self._handle != _CLOSED:
            os.close(self._handle)
            self._handle = _CLOSED

    def __enter__(self) -> Directory:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _at(self, name: str) -> str:
        return os.path.join(self.path, name)

    def _name(self, name: str) -> str:
        return self._at(name) if self._handle is None else name


def is_link(entry: os.stat_result) -> bool:
    """Whether it points elsewhere: a symbolic link, or anything of the kind on Windows."""
    reparse = getattr(entry, "st_file_attributes", 0) & getattr(stat, "FILE_ATTRIBUTE_REPARSE_POINT", 0)
    return stat.S_ISLNK(entry.st_mode) or bool(reparse)
