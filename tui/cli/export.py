"""``sightline export``: a session as a file for people or tools, on standard output or in a file."""

from __future__ import annotations

import stat
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from tui.clean import clean
from tui.errors import Unexpected, UsageError, disk_hint
from tui.exports import FORMATS, Format, files, format_named


def format_of(named: str | None, file: str | None) -> Format:
    """The format asked for by ``--as``, else by the ending of the file; UsageError without either."""
    found = format_named(named) if named else None
    if found is None and file:
        found = format_named(Path(file).suffix)
    if found is None:
        hint = "; ".join(f"--as {name}: {what}" for name, what in FORMATS.items())
        raise UsageError("export", "in which format?", hint=hint)
    return found


def run(pieces: Iterable[str], file: str | None, *, force: bool = False, out: TextIO | None = None) -> int:
    """Write a text to ``file``, or to ``out``, as it comes; UsageError for a file that is there already."""
    if file is not None and file != "-":
        write(Path(file), pieces, force=force)
        return 0
    out = out or sys.stdout
    shows = out.isatty()
    for piece in pieces:
        out.write(clean(piece) if shows else piece)
    out.flush()
    return 0


def write(path: Path, pieces: Iterable[str], *, force: bool) -> None:
    """A file only its owner reads, whole or not at all; with ``force`` it takes the place of another."""
    try:
        if not force:
            files.create((path,), pieces)
        elif _is_special(path):
            with path.open("wb") as pipe:
                pipe.writelines(files.encoded(pieces))
        else:
            files.replace(path, pieces)
    except FileExistsError as error:
        hint = "--force replaces it" if path.is_file() else "name a file"
        raise UsageError("export", f"{path} is there already", hint=hint) from error
    except OSError as error:
        raise Unexpected("export", f"{path}: {error.strerror or error}", hint=disk_hint(error)) from error


def _is_special(path: Path) -> bool:
    """Whether it is a pipe or a device: nothing takes its place."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode)
