"""``sightline export``: a session as a file for people or tools, on standard output or in a file."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import tempfile
from pathlib import Path
from typing import TextIO

from tui.clean import clean
from tui.errors import Unexpected, UsageError
from tui.exports import FORMATS, Format, format_named


def format_of(named: str | None, file: str | None) -> Format:
    """The format asked for by ``--as``, else by the ending of the file; UsageError without either."""
    found = format_named(named) if named else None
    if found is None and file:
        found = format_named(Path(file).suffix)
    if found is None:
        hint = "; ".join(f"--as {name}: {what}" for name, what in FORMATS.items())
        raise UsageError("export", "in which format?", hint=hint)
    return found


def run(text: str, file: str | None, *, force: bool = False, out: TextIO | None = None) -> int:
    """Write ``text`` to ``file``, or to ``out``; UsageError for a file that is there already."""
    if file is not None and file != "-":
        write(Path(file), text, force=force)
        return 0
    out = out or sys.stdout
    out.write(clean(text) if out.isatty() else text)
    out.flush()
    return 0


def write(path: Path, text: str, *, force: bool) -> None:
    """A file only its owner reads, whole or not at all; with ``force`` it takes the place of another."""
    # A lone surrogate has no bytes of its own.
    data = text.encode("utf-8", "backslashreplace")
    try:
        if force and not _is_special(path):
            _replace(path, data)
        elif force:
            path.write_bytes(data)
        else:
            _create(path, data)
    except FileExistsError as error:
        hint = "--force replaces it" if path.is_file() else "name a file"
        raise UsageError("export", f"{path} is there already", hint=hint) from error
    except OSError as error:
        raise Unexpected("export", f"{path}: {error.strerror or error}") from error


def _is_special(path: Path) -> bool:
    """Whether it is a pipe or a device: nothing takes its place."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode)


def _create(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
    except BaseException:
        with contextlib.suppress(OSError):
            path.unlink()
        raise


def _replace(path: Path, data: bytes) -> None:
    target = path.resolve()
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", dir=target.parent)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
        os.replace(name, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
