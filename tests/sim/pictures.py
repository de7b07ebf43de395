"""The smallest images and documents of every kind a vendor takes, made from bytes."""

import base64
import struct
import zlib


def png(width: int = 64, height: int = 48) -> bytes:
    """A PNG of one colour."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = (b"\0" + b"\x10\x20\x30" * width) * min(height, 64)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def gif(width: int = 3, height: int = 2) -> bytes:
    """A GIF's head and a frame."""
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\0\0\0\0\0\xff\xff\xff;"


def jpeg(width: int = 20, height: int = 10) -> bytes:
    """A JPEG up to its frame's measure, behind a segment and fill bytes."""
    frame = struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\0"
    return (
        b"\xff\xd8\xff\xe0" + struct.pack(">H", 6) + b"JFIF" + b"\xff\xff\xff\xc0"[1:] + frame + b"\xff\xd9"
    )


def webp(width: int = 9, height: int = 7, form: bytes = b"VP8X") -> bytes:
    """A WebP's head in one of its three forms."""
    if form == b"VP8X":
        data = b"\0\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    elif form == b"VP8L":
        data = b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14)
    else:
        data = b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", width, height)
    chunk = form + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk


def pdf(pages: int = 1, *, packed: bool = False) -> bytes:
    """A PDF with so many pages, their objects in a compressed stream if ``packed``."""
    objects = b" ".join(b"%d 0 obj<</Type/Page/Parent 2 0 R>>endobj" % (n + 3) for n in range(pages))
    if packed:
        objects = b"9 0 obj<</Type/ObjStm>>stream\n" + zlib.compress(objects) + b"\nendstream endobj"
    return b"%PDF-1.5\n1 0 obj<</Type/Pages/Count 1>>endobj\n" + objects + b"\n%%EOF\n"


def base64_of(data: bytes) -> str:
    """The data as base64 text."""
    return base64.b64encode(data).decode()


def url(media_type: str, data: bytes) -> str:
    """The data as a ``data:`` URL."""
    return f"data:{media_type};base64,{base64_of(data)}"
