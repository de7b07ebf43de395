"""Reads a file whole, or refuses it, without ever waiting for something that is no ordinary file."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from tui.errors import UsageError

MOST_BYTES = 50 * 1024 * 1024
"""The largest file any vendor takes inside a request."""

_KINDS = (
    (stat.S_ISDIR, "a directory"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def read_file(path: Path) -> bytes:
    """The bytes of an ordinary file of at most ``MOST_BYTES``; UsageError for anything else."""
    try:
        _check(path, path.stat())
        # What the path leads to may have changed since: an open pipe must not hold us.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as file:
            _check(path, os.fstat(descriptor))
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UsageError("attachment", f"{path} cannot be read: {error.strerror or error}") from None
    if data is None or not data:
        raise UsageError("attachment", f"{path} is empty")
    if len(data) > MOST_BYTES:
        raise _too_large(path, len(data))
    return data


def _check(path: Path, status: os.stat_result) -> None:
    for is_kind, word in _KINDS:
        if is_kind(status.st_mode):
            raise UsageError("attachment", f"{path} is {word}", hint="attach a file")
    if not stat.S_ISREG(status.st_mode):
        raise UsageError("attachment", f"{path} is no ordinary file", hint="attach a file")
    if status.st_size > MOST_BYTES:
        raise _too_large(path, status.st_size)


def _too_large(path: Path, size: int) -> UsageError:
    most = MOST_BYTES // 1024 // 1024
    says = f"{path} has {size / 1024 / 1024:,.0f} MiB; no vendor takes more than {most} MiB in a request"
    return UsageError("attachment", says, hint="attach a part of it")
