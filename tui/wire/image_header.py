"""What an image's first bytes tell without decoding it: its type and its size; standard library only.

A picture is read through ``Bytes``, so that of base64 text only the few places needed are decoded.
"""

from __future__ import annotations

import binascii
from collections.abc import Callable, Iterator
from typing import TypeAlias

from tui.chat.media import GIF, JPEG, PNG, WEBP

Bytes: TypeAlias = Callable[[int, int], bytes]
"""(offset, size) -> the bytes there, fewer at the end."""

_MOST_SEGMENTS = 4096
"""Segments of a JPEG that are passed over before its size must have come; an honest file has a few dozen."""
_MOST_BETWEEN = 65_536
"""Bytes of nothing between two segments that are passed over, as every decoder does."""
_NO_SIZE = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers of a JPEG that stand alone."""
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of a JPEG behind which its size stands."""


def plain(data: bytes) -> Bytes:
    """Reads from bytes."""
    return lambda offset, size: data[offset : offset + size]


def encoded(text: str) -> Bytes:
    """Reads from base64 text without line breaks; the reads raise ValueError where it is none."""

    def read(offset: int, size: int) -> bytes:
        first, within = divmod(offset, 3)
        last = -(-(offset + size) // 3)
        try:
            piece = binascii.a2b_base64(text[first * 4 : last * 4])
        except binascii.Error as error:
            raise ValueError(f"not base64: {error}") from None
        return piece[within : within + size]

    return read


def image_type(read: Bytes) -> str | None:
    """The media type of an image in one of the four formats vendors take, by its first bytes; else None."""
    start = read(0, 16)
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if start.startswith(b"\xff\xd8\xff"):
        return JPEG
    if start.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return WEBP
    return None


def image_size(read: Bytes) -> tuple[int, int]:
    """Width and height in pixels; ValueError for what is no such image or ends before it tells."""
    measures = {PNG: _png_size, JPEG: _jpeg_size, GIF: _gif_size, WEBP: _webp_size}
    kind = image_type(read)
    if kind is None:
        raise ValueError("not a PNG, JPEG, GIF or WebP image")
    width, height = measures[kind](read)
    if not width or not height:
        raise ValueError("the image says it has no pixels")
    return width, height


def is_animated(data: bytes) -> bool:
    """Whether a GIF holds more than one picture; False for anything else or anything broken."""
    if image_type(plain(data)) != GIF:
        return False
    try:
        pictures = _gif_pictures(data)
        return next(pictures, False) and next(pictures, False)
    except IndexError:
        return False


def _exactly(read: Bytes, offset: int, size: int) -> bytes:
    found = read(offset, size)
    if len(found) < size:
        raise ValueError("the image ends before it tells its size")
    return found


def _png_size(read: Bytes) -> tuple[int, int]:
    head = _exactly(read, 12, 12)
    if head[:4] != b"IHDR":
        raise ValueError("a PNG that does not begin with its header")
    return int.from_bytes(head[4:8], "big"), int.from_bytes(head[8:12], "big")


def _gif_size(read: Bytes) -> tuple[int, int]:
    head = _exactly(read, 6, 4)
    return int.from_bytes(head[:2], "little"), int.from_bytes(head[2:], "little")


def _webp_size(read: Bytes) -> tuple[int, int]:
    kind, head = _exactly(read, 12, 4), _exactly(read, 20, 5)
    if kind == b"VP8L":
        if head[0] != 0x2F:
            raise ValueError("a WebP without its signature")
        bits = int.from_bytes(head[1:], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    head = _exactly(read, 20, 10)
    if kind == b"VP8X":
        return int.from_bytes(head[4:7], "little") + 1, int.from_bytes(head[7:10], "little") + 1
    if kind == b"VP8 " and head[3:6] == b"\x9d\x01\x2a":
        width, height = int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little")
        return width & 0x3FFF, height & 0x3FFF
    raise ValueError("a WebP of no known kind")


def _jpeg_size(read: Bytes) -> tuple[int, int]:
    offset = 2
    for _ in range(_MOST_SEGMENTS):
        lead, marker = _exactly(read, offset, 2)
        if lead != 0xFF:
            gap = read(offset, _MOST_BETWEEN).find(b"\xff")
            if gap < 0:
                raise ValueError("a JPEG with something between its segments")
            offset += gap
            continue
        if marker == 0xFF:
            offset += 1
            continue
        offset += 2
        if marker in _NO_SIZE:
            continue
        if marker in _FRAMES:
            head = _exactly(read, offset, 7)
            return int.from_bytes(head[5:7], "big"), int.from_bytes(head[3:5], "big")
        if marker in (0xD9, 0xDA):
            raise ValueError("a JPEG that begins before it tells its size")
        offset += max(2, int.from_bytes(_exactly(read, offset, 2), "big"))
    raise ValueError("a JPEG of endless segments")


def _gif_pictures(data: bytes) -> Iterator[bool]:
    """True for each picture of a GIF; IndexError where it breaks off."""
    offset = 13 + _colours(data[10])
    while True:
        kind = data[offset]
        if kind == 0x2C:
            yield True
            offset += 11 + _colours(data[offset + 9])
        elif kind == 0x21:
            offset += 2
        else:
            return
        while size := data[offset]:
            offset += size + 1
        offset += 1


def _colours(flags: int) -> int:
    """Bytes of a colour table, by the flags that announce it."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0
