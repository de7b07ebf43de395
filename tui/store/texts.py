"""How texts and bytes are put into columns: any string comes back equal, long ones packed."""

from __future__ import annotations

import zlib
from typing import TypeAlias

SqlText: TypeAlias = str | bytes

_WORTH_PACKING = 200
"""Bytes; anything shorter hardly shrinks."""
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
