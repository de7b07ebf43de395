"""Puts bytes at a spot in one step: whole or not at all, whatever happens meanwhile."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Callable
from contextlib import ExitStack, suppress

from tui.tools.builtin.files import shown
from tui.tools.builtin.files.handles import Directory
from tui.tools.builtin.files.root import Spot
from tui.tools.toolbox import ToolError

_PERMISSIONS = 0o777
"""What of a mode is kept: a program that took on its owner's rights loses that when it is rewritten."""


def put(spot: Spot, data: bytes, still_wanted: Callable[[], bool]) -> None:
    """Make ``data`` the file at the spot, with the mode of the file in its place.

    Missing directories are made. Nothing remains of it if it fails, or if it is no longer wanted when
    everything is ready: then ToolError. May raise OSError.
    """
    made: list[tuple[Directory, str]] = []
    with ExitStack() as opened:
        try:
            _put_in(_directory_of(spot, made, opened), spot, data, still_wanted)
        except BaseException:
            for outer, name in reversed(made):
                _forget(outer.unmake, name)
            raise


def _directory_of(spot: Spot, made: list[tuple[Directory, str]], opened: ExitStack) -> Directory:
    """The directory the file goes into; what had to be made for it is added to ``made``."""
    directory = spot.directory
    there = len(spot.names) - len(spot.missing) - 1
    for depth, name in enumerate(spot.missing, start=there + 1):
        with suppress(FileExistsError):
            directory.make(name)
            made.append((directory, name))
        directory = opened.enter_context(directory.child(name))
        spot.guard.judge(spot.names[:depth], directory.stat(), writing=True)
    return directory


def _put_in(directory: Directory, spot: Spot, data: bytes, still_wanted: Callable[[], bool]) -> None:
    temporary = f".sightline-{secrets.token_hex(8)}.tmp"
    handle = directory.create(temporary, 0o666 if spot.entry is None else 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            if spot.entry is not None:
                _take_over(file.fileno(), spot.entry)
            os.fsync(file.fileno())
        if not still_wanted():
            raise ToolError(f"{spot.shown} was not written: it was stopped before")
        if spot.entry is None:
            directory.put_new(temporary, spot.name)
        else:
            directory.put(temporary, spot.name)
    except FileExistsError as error:
        raise ToolError(f"{shown.path(spot.names)} came into being meanwhile; read it first") from error
    finally:
        _forget(directory.remove, temporary)
    with suppress(OSError):
        directory.settle()


def _take_over(handle: int, entry: os.stat_result) -> None:
    """Give an open file the owner, as far as allowed, and the mode of the file it will replace."""
    if not hasattr(os, "fchown"):
        return
    if (entry.st_uid, entry.st_gid) != (os.geteuid(), os.getegid()):
        with suppress(OSError):
            os.fchown(handle, entry.st_uid, entry.st_gid)
    os.fchmod(handle, stat.S_IMODE(entry.st_mode) & _PERMISSIONS)


def _forget(remove: Callable[[str], None], name: str) -> None:
    """Remove what is no longer needed; it may be gone already."""
    with suppress(OSError):
        remove(name)
