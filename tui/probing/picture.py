"""The picture shown to a model that is asked what it sees."""

from __future__ import annotations

import base64
import struct
import zlib

from tui.chat.parts import Image

WIDTH, HEIGHT = 96, 48


def red_picture() -> Image:
    """A plain red PNG; small, so that it costs next to nothing."""
    row = b"\0" + b"\xd0\x10\x10" * WIDTH
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    chunks = (
        _chunk(b"IHDR", header),
        _chunk(b"IDAT", zlib.compress(row * HEIGHT, 9)),
        _chunk(b"IEND", b""),
    )
    data = b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
    return Image("image/png", base64.b64encode(data).decode(), "red.png")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
