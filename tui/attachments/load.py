"""From a file to an attachment: what it is, is told by its bytes, never by its name."""

from __future__ import annotations

import base64
from pathlib import Path

from tui.attachments.paths import located
from tui.attachments.pdf import pages_of
from tui.attachments.reading import read_file
from tui.chat.media import PDF
from tui.chat.parts import Attachment, Document, Image
from tui.errors import UsageError
from tui.wire.image_header import image_size, image_type, plain

MOST_TEXT = 4 * 1024 * 1024
"""Bytes of a text file; a million tokens, as much as any model reads."""
MOST_PIXELS = 180_000_000
"""A picture of more unpacks to gigabytes; no vendor takes one."""
TAKEN = "PNG, JPEG, GIF and WebP images, PDF files and UTF-8 text are taken"

_OTHERS: tuple[tuple[int, bytes, str], ...] = (
    (4, b"ftypheic", "a HEIC picture"),
    (4, b"ftypheix", "a HEIC picture"),
    (4, b"ftypmif1", "a HEIF picture"),
    (4, b"ftypavif", "an AVIF picture"),
    (4, b"ftyp", "a video or audio file"),
    (0, b"BM", "a BMP picture"),
    (0, b"II*\0", "a TIFF picture"),
    (0, b"MM\0*", "a TIFF picture"),
    (0, b"\0\0\1\0", "an icon file"),
    (0, b"8BPS", "a Photoshop file"),
    (8, b"WAVE", "an audio file"),
    (0, b"ID3", "an audio file"),
    (0, b"OggS", "an audio or video file"),
    (0, b"fLaC", "an audio file"),
    (0, b"\x1aE\xdf\xa3", "a video file"),
    (0, b"PK\3\4", "a ZIP archive or an Office file"),
    (0, b"\xd0\xcf\x11\xe0", "an old Office file"),
    (0, b"\x1f\x8b", "a gzip archive"),
    (0, b"7z\xbc\xaf", "a 7z archive"),
    (0, b"Rar!", "a RAR archive"),
    (0, b"\x7fELF", "a program"),
    (0, b"MZ", "a program"),
    (0, b"SQLite format 3", "a database"),
    (0, b"\xff\xfe", "text in UTF-16"),
    (0, b"\xfe\xff", "text in UTF-16"),
)
"""First bytes of what people try to attach, and what to call it."""


def load(path_text: str, base: Path) -> Attachment:
    """The file ``path_text`` names, as typed, quoted, pasted or dropped; relative ones are below ``base``.

    UsageError for what cannot be read, is no ordinary file, is too large, or is of no kind that is
    taken. Reads the disk: call it off the screen's loop.
    """
    path = located(path_text, base)
    return attachment_of(read_file(path), path.name)


def attachment_of(data: bytes, name: str) -> Attachment:
    """The attachment in ``data``, shown as ``name``; UsageError when it is of no kind that is taken."""
    if kind := image_type(plain(data)):
        _check_picture(data, name)
        return Image(kind, _base64(data), name)
    if data.startswith(b"%PDF-"):
        return Document(PDF, _base64(data), name, pages_of(data, name))
    return _text(data, name)


def _check_picture(data: bytes, name: str) -> None:
    try:
        width, height = image_size(plain(data))
    except ValueError as error:
        raise UsageError("attachment", f"{name} is broken: {error}") from None
    if width * height > MOST_PIXELS:
        says = f"{name} has {width}×{height} pixels; no vendor takes that many"
        raise UsageError("attachment", says, hint="attach a smaller copy")


def _text(data: bytes, name: str) -> Document:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        kind = next((word for at, first, word in _OTHERS if data[at:].startswith(first)), "no text")
        raise UsageError("attachment", f"{name} is {kind} ({len(data):,} bytes)", hint=TAKEN)
    if not text.strip():
        raise UsageError("attachment", f"{name} is blank")
    if len(data) > MOST_TEXT:
        says = f"{name} has {len(data) / 1024 / 1024:,.1f} MiB of text, more than any model reads"
        raise UsageError("attachment", says, hint="attach a part of it")
    return Document("text/plain", _base64(text.encode()), name)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
