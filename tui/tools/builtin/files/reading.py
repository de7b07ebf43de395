"""The bytes of a plain file at a spot, within a cap, judged again by what was really opened."""

from __future__ import annotations

import os

from tui.tools.builtin.files import shown
from tui.tools.builtin.files.content import binary_kind
from tui.tools.builtin.files.guard import Guard, holds_private_key
from tui.tools.builtin.files.handles import Directory
from tui.tools.builtin.files.root import Spot, refuse_other_than_file, refuse_special
from tui.tools.toolbox import ToolError

MOST_BYTES = 16_000_000
"""The largest file that is read; a file may grow meanwhile, so no more than this is taken."""
_KEY_BYTES = 8_192


class TooLarge(ToolError):
    """The file has more than ``MOST_BYTES``."""


class NoText(ToolError):
    """The file is something else than text."""


def text_bytes(spot: Spot) -> bytes:
    """The bytes of the text file at the spot; ToolError for anything else, saying what it is."""
    refuse_other_than_file(spot)
    return read_in(spot.directory, spot.name, spot.names, spot.guard)


def read_in(directory: Directory, name: str, names: tuple[str, ...], guard: Guard) -> bytes:
    """The bytes of the text file ``name`` of an open directory, which lies at ``names`` below the root."""
    handle = directory.open_to_read(name)
    try:
        entry = os.fstat(handle)
        refuse_special(entry, shown.path(names))
        guard.judge(names, entry)
        data = _all_of(handle, entry, shown.path(names))
    finally:
        os.close(handle)
    if holds_private_key(data[:_KEY_BYTES]):
        raise ToolError(f"{shown.path(names)} holds a private key; no file tool touches it")
    kind = binary_kind(data)
    if kind:
        raise NoText(f"{shown.path(names)} is {kind}, {shown.size(len(data))}; only text is read and written")
    return data


def _all_of(handle: int, entry: os.stat_result, path: str) -> bytes:
    if entry.st_size > MOST_BYTES:
        raise TooLarge(
            f"{path} has {shown.size(entry.st_size)};"
            f" files of more than {shown.size(MOST_BYTES)} are not read"
        )
    pieces: list[bytes] = []
    room = MOST_BYTES + 1
    while room > 0:
        piece = os.read(handle, min(room, 1 << 20))
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)
        room -= len(piece)
    raise TooLarge(f"{path} grew beyond {shown.size(MOST_BYTES)} while it was read")
