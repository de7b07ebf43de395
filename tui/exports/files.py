"""Exports as files: for their owner only, whole or not at all, written as the text comes."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path


def create(targets: Iterable[Path], pieces: Iterable[str]) -> Path:
    """Write a file at the first of ``targets``, all in one directory, where nothing is; its path.

    FileExistsError when something is at all of them; of several programs one gets each.
    """
    wanted = iter(targets)
    target = _free(wanted)
    with _beside(target, pieces) as written:
        while True:
            try:
                _place(written, target)
                return target
            except FileExistsError:
                target = _free(wanted)


def replace(target: Path, pieces: Iterable[str]) -> None:
    """Write a file in the place of whatever is there; a link's own target is replaced, not the link."""
    target = target.resolve()
    with _beside(target, pieces) as written:
        os.replace(written, target)


def encoded(pieces: Iterable[str]) -> Iterator[bytes]:
    """The text in UTF-8; half a character has no bytes of its own and is spelled out."""
    return (piece.encode("utf-8", "backslashreplace") for piece in pieces)


def _free(targets: Iterator[Path]) -> Path:
    taken: Path | None = None
    for target in targets:
        if not os.path.lexists(target):
            return target
        taken = target
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(taken))


@contextlib.contextmanager
def _beside(target: Path, pieces: Iterable[str]) -> Iterator[str]:
    """A file in the directory of ``target`` with the whole text in it; gone at the end unless moved."""
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name[:60]}.", dir=target.parent)
    try:
        with open(descriptor, "wb") as file:
            for data in encoded(pieces):
                file.write(data)
        yield name
    finally:
        with contextlib.suppress(OSError):
            os.unlink(name)


def _place(written: str, target: Path) -> None:
    """Give a file its name unless something has it."""
    try:
        os.link(written, target)
        return
    except FileExistsError:
        raise
    except OSError:
        # Some file systems know no second names.
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
    os.rename(written, target)
