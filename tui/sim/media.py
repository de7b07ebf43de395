"""What a simulated model sees of an image or a document, read from its bytes."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import struct
import zlib
from dataclasses import dataclass
from typing import Literal

_PDF_HEAD = 1024
_INFLATED = 4 * 1024 * 1024
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_PAGE = re.compile(rb"/Type\s*/Page(?![a-zA-Z])")
_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_TOKENS_PER_PAGE = 1500
_PIXELS_PER_TOKEN = 750
_MOST_IMAGE_TOKENS = 1600


@dataclass(frozen=True, slots=True)
class Medium:
    """One image or document a model is shown."""

    kind: Literal["image", "document"]
    media_type: str
    """As its bytes say; as it was declared where they say nothing, as of plain text."""
    size: int
    """Bytes, decoded."""
    sha256: str
    width: int | None = None
    height: int | None = None
    pages: int | None = None
    name: str | None = None

    def __str__(self) -> str:
        """One line a test can compare: type, measure, bytes and the first 12 digits of the hash."""
        name = f' "{self.name}"' if self.name else ""
        measure = ""
        if self.width is not None and self.height is not None:
            measure = f" {self.width}x{self.height} pixels,"
        elif self.pages is not None:
            measure = f" {self.pages} page{'' if self.pages == 1 else 's'},"
        return f"{self.kind}{name}: {self.media_type},{measure} {self.size} bytes, sha256 {self.sha256[:12]}"

    @property
    def tokens(self) -> int:
        """About how much of the window it fills."""
        if self.kind == "image":
            return min(_MOST_IMAGE_TOKENS, (self.width or 1) * (self.height or 1) // _PIXELS_PER_TOKEN + 4)
        return (self.pages or 0) * _TOKENS_PER_PAGE or self.size // 4


def decoded(text: object) -> bytes | None:
    """The bytes of base64 text; None for anything that is not exactly that."""
    if not isinstance(text, str):
        return None
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return None


def data_url(url: object) -> tuple[str, bytes | None] | None:
    """Media type and bytes of a ``data:`` URL, bytes None where they are no base64; None for other URLs."""
    if not isinstance(url, str) or not url.startswith("data:"):
        return None
    head, _, data = url[5:].partition(",")
    declared, _, how = head.partition(";")
    return declared, decoded(data) if how.endswith("base64") else None


def seen(kind: Literal["image", "document"], declared: str, data: bytes, name: str | None = None) -> Medium:
    """What there is to see in ``data``."""
    found = type_of(data) or declared
    width, height = dimensions(data) or (None, None)
    pages = pages_of(data) if found == "application/pdf" else None
    digest = hashlib.sha256(data).hexdigest()
    return Medium(kind, found, len(data), digest, width, height, pages, name)


def type_of(data: bytes) -> str | None:
    """The media type the first bytes tell; None where they tell none of those known here."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if b"%PDF-" in data[:_PDF_HEAD]:
        return "application/pdf"
    return None


def dimensions(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels; None for what is no image, or ends before it says."""
    measure = {
        "image/png": _png,
        "image/jpeg": _jpeg,
        "image/gif": _gif,
        "image/webp": _webp,
    }.get(type_of(data) or "")
    try:
        found = measure(data) if measure else None
    except (struct.error, IndexError):
        return None
    return found if found and found[0] > 0 and found[1] > 0 else None


def pages_of(data: bytes) -> int:
    """Pages of a PDF; 0 when none is found, and then it is no valid PDF."""
    pages = len(_PAGE.findall(data))
    if pages:
        return pages
    # Newer writers pack the pages' objects into compressed streams.
    left = _INFLATED
    for packed in _STREAM.findall(data):
        try:
            plain = zlib.decompressobj().decompress(packed, left)
        except zlib.error:
            continue
        pages += len(_PAGE.findall(plain))
        left -= len(plain)
        if left <= 0:
            break
    return pages


def _png(data: bytes) -> tuple[int, int] | None:
    if data[12:16] != b"IHDR":
        return None
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def _gif(data: bytes) -> tuple[int, int]:
    width, height = struct.unpack("<HH", data[6:10])
    return width, height


def _jpeg(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at < len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xFF or 0xD0 <= marker <= 0xD8 or marker == 0x01:
            # Fill bytes and markers without a segment.
            at += 1 if marker == 0xFF else 2
            continue
        (length,) = struct.unpack(">H", data[at + 2 : at + 4])
        if marker in _START_OF_FRAME:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None


def _webp(data: bytes) -> tuple[int, int] | None:
    form = data[12:16]
    if form == b"VP8X" and len(data) >= 30:
        width = int.from_bytes(data[24:27], "little") + 1
        return width, int.from_bytes(data[27:30], "little") + 1
    if form == b"VP8L":
        (bits,) = struct.unpack("<I", data[21:25])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if form == b"VP8 ":
        width, height = struct.unpack("<HH", data[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return None
