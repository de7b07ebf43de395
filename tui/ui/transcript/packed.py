"""Texts of blocks that take little room until somebody looks at them, as most of a long session never are."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any, TypeVar

Made = TypeVar("Made")

LEAST, MOST = 200, 100_000
"""Characters: in fewer there is little to win; more would hold up whoever looks at them."""
_LEVEL = 1
"""Of texts this short any other level makes the same and takes longer."""
_BARE = -15
"""Without the head and the check of a zlib stream, which are a tenth of it."""
_HEAD = 8
"""Bytes before the stream: characters and line breaks, four each, so that rows are guessed without it."""


class Packable:
    """A field of a slotted dataclass: a text, or its packed form, which nobody gets to see."""

    def __init__(self, slot: Any) -> None:
        self._get, self._set = slot.__get__, slot.__set__

    def __get__(self, block: object, owner: type | None = None) -> Any:
        if block is None:
            return self
        kept = self._get(block)
        return _unpacked(kept) if type(kept) is bytes else kept

    def __set__(self, block: object, text: str | None) -> None:
        self._set(block, text)

    def pack(self, block: object) -> None:
        """Keep the text packed, where that takes less room."""
        text = self._get(block)
        if type(text) is str and LEAST <= len(text) <= MOST:
            packed = _packed(text)
            if len(packed) < len(text):
                self._set(block, packed)

    def extent(self, block: object) -> tuple[int, int]:
        """Characters and line breaks of the text, those of a very long one guessed; nothing is unpacked."""
        kept = self._get(block)
        if type(kept) is bytes:
            return int.from_bytes(kept[:4], "big"), int.from_bytes(kept[4:_HEAD], "big")
        if not kept:
            return 0, 0
        # A tool may have said megabytes: the beginning tells enough for a guess.
        breaks = kept.count("\n", 0, MOST)
        return len(kept), breaks if len(kept) <= MOST else breaks * len(kept) // MOST


_FIELDS: dict[type, dict[str, Packable]] = {}
"""What can be packed, by class of block and name."""


def packable(*names: str) -> Callable[[type[Made]], type[Made]]:
    """Lets texts of a slotted dataclass be packed; to everybody who reads or sets them they are texts."""

    def made(plain: type[Made]) -> type[Made]:
        fields = _FIELDS[plain] = {name: Packable(plain.__dict__[name]) for name in names}
        for name, field in fields.items():
            setattr(plain, name, field)
        return plain

    return made


def pack(block: object) -> None:
    """Pack the long texts of a block that nobody looks at now; it stays equal to what it was."""
    for field in _FIELDS.get(type(block), {}).values():
        field.pack(block)


def extent(block: object, name: str) -> tuple[int, int]:
    """Characters and line breaks of a text that can be packed."""
    return _FIELDS[type(block)][name].extent(block)


def _packed(text: str) -> bytes:
    head = len(text).to_bytes(4, "big") + text.count("\n").to_bytes(4, "big")
    return head + zlib.compress(text.encode("utf-8", "surrogatepass"), _LEVEL, _BARE)


def _unpacked(data: bytes) -> str:
    return zlib.decompress(memoryview(data)[_HEAD:], _BARE).decode("utf-8", "surrogatepass")
