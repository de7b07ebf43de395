"""What can be said of an attachment in one line, without decoding it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tui.chat.media import PDF
from tui.chat.parts import Attachment, Image
from tui.wire.media_text import file_name, is_text, pixels

Kind = Literal["image", "pdf", "text", "document"]


@dataclass(frozen=True, slots=True)
class Facts:
    """Name on one line, size in bytes; None where not known or without meaning for the kind."""

    kind: Kind
    format: str
    """In a word: png, jpeg, gif, webp, pdf, text."""
    name: str
    bytes: int
    width: int | None = None
    height: int | None = None
    pages: int | None = None


def describe(attachment: Attachment) -> Facts:
    """The facts of an attachment; quick, whatever its size."""
    name, size = file_name(attachment), _size(attachment.data)
    ending = attachment.media_type.rpartition("/")[2]
    if isinstance(attachment, Image):
        width, height = pixels(attachment) or (None, None)
        return Facts("image", ending, name, size, width, height)
    if is_text(attachment):
        return Facts("text", "text", name, size)
    kind: Kind = "pdf" if attachment.media_type == PDF else "document"
    return Facts(kind, ending, name, size, pages=attachment.pages)


def _size(data: str) -> int:
    """Bytes that base64 text stands for."""
    return len(data) * 3 // 4 - data[-2:].count("=")
