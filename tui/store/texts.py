"""How texts and bytes are put into columns: any string comes back equal, long ones packed."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from tui.chat.json_text import load_bytes
from tui.chat.parts import Json

SqlText: TypeAlias = str | bytes

_WORTH_PACKING = 600
"""Bytes; of anything shorter more time is lost at reading than room is won."""
_AT_ONCE = 500
"""Values that are read together: one call of the JSON reader instead of so many."""
_LARGE = 1 << 20
"""Bytes; anything longer, such as pictures, is packed in a hurry."""


def to_sql(text: str) -> SqlText:
    """``text`` for a text column; bytes where it holds lone surrogates, which SQLite refuses as text."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
    return text


def from_sql(value: SqlText) -> str:
    """What ``to_sql`` was given."""
    return value if isinstance(value, str) else value.decode("utf-8", "surrogatepass")


def maybe_to_sql(text: str | None) -> SqlText | None:
    """``to_sql`` where there is a text."""
    return None if text is None else to_sql(text)


def maybe_from_sql(value: SqlText | None) -> str | None:
    """``from_sql`` where there is a value."""
    return None if value is None else from_sql(value)


def load_all(dumped: Sequence[bytes]) -> Iterator[Json]:
    """The JSON values of many short texts."""
    for start in range(0, len(dumped), _AT_ONCE):
        yield from load_bytes(b"[%b]" % b",".join(dumped[start : start + _AT_ONCE]))


def pack(data: bytes) -> tuple[int, bytes]:
    """Whether ``data`` was packed (1) or not (0), and what to keep of it."""
    if len(data) >= _WORTH_PACKING:
        packed = zlib.compress(data, 1 if len(data) > _LARGE else 6)
        if len(packed) < len(data) * 0.9:
            return 1, packed
    return 0, data


def unpack(packed: int, data: bytes) -> bytes:
    """What ``pack`` was given."""
    return zlib.decompress(data) if packed else data
