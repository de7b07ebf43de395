"""Bytes of a file to text and back: what is no text is named, what is becomes the same bytes again."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import Literal

from tui.tools.toolbox import ToolError

LineEnds = Literal["LF", "CRLF", "mixed"]

_SNIFFED = 65_536
_BOMS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8 with a byte order mark"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_MAGIC = (
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"(\xb5/\xfd", "a zstd archive"),
    (b"BZh", "a bzip2 archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x7fELF", "a program (ELF)"),
    (b"MZ", "a program (Windows)"),
    (b"\xcf\xfa\xed\xfe", "a program (macOS)"),
    (b"\xca\xfe\xba\xbe", "a program (Java or macOS)"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"RIFF", "a sound, film or WebP image"),
    (b"OggS", "a sound or film"),
    (b"ID3", "a sound (MP3)"),
)
_MAGIC_OF_LETTERS = frozenset({b"BZh", b"MZ", b"RIFF", b"OggS", b"ID3", b"GIF8"})
"""Those a text may begin with as well: they count only where more speaks for it."""
_UNTEXTUAL = bytes(set(range(0x20)) - set(b"\a\b\t\n\f\r\x1b"))
"""Control characters but those that texts do have: bell, backspace, tab, line ends, form feed, escape."""


@dataclass(frozen=True, slots=True)
class Content:
    """A file as text; the line ends are as they are in the file."""

    text: str
    codec: str
    bom: bytes = b""
    remark: str = ""
    """What is unusual about the encoding, for a model or a person."""

    @property
    def line_ends(self) -> LineEnds:
        """How its lines end; LF when it has none."""
        returns = self.text.count("\r\n")
        if not returns:
            return "LF"
        return "CRLF" if returns == self.text.count("\n") else "mixed"

    def encoded(self, text: str) -> bytes:
        """Another text in this file's encoding; ToolError when the encoding lacks a character of it."""
        try:
            return self.bom + text.encode(self.codec)
        except UnicodeEncodeError as error:
            lacking = error.object[error.start]
            raise ToolError(f"the encoding of the file, {self.codec}, cannot hold {lacking!a}") from error


def binary_kind(data: bytes) -> str:
    """What the bytes are if they are no text, such as ``a PNG image``; empty for text."""
    if any(data.startswith(bom) for bom, _, _ in _BOMS):
        return ""
    start = data[:_SNIFFED]
    controls = len(start) - len(start.translate(None, _UNTEXTUAL))
    unlike_text = b"\0" in start or controls * 20 > len(start)
    for magic, name in _MAGIC:
        if start.startswith(magic) and (unlike_text or magic not in _MAGIC_OF_LETTERS):
            return name
    return "binary data" if unlike_text else ""


def content_of(data: bytes) -> Content:
    """Text of any bytes: UTF-8, what a byte order mark says, else a Western encoding, said in ``remark``."""
    for bom, codec, name in _BOMS:
        if data.startswith(bom):
            try:
                return Content(data[len(bom) :].decode(codec), codec, bom, name)
            except UnicodeDecodeError:
                break
    try:
        return Content(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return Content(data.decode("cp1252"), "cp1252", remark="not UTF-8; read as Windows-1252")
    except UnicodeDecodeError:
        return Content(data.decode("latin-1"), "latin-1", remark="not UTF-8; read as Latin-1")
