"""Images and documents of any format's blocks as attachments; what a file only points to is told by name."""

from __future__ import annotations

import base64
import re

from tui.chat.json_text import dump_text
from tui.chat.parts import Document, Image, Json, Text, UserPart
from tui.imports.fields import obj, objects, text
from tui.imports.limits import quoted

_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]{1,100}")
_DATA_URL = re.compile(r"data:([a-z]+/[a-z0-9.+-]{1,100})(?:;[\w=-]+)*;base64,", re.IGNORECASE)
_LONGEST = 20_000
"""Characters of a block nobody knows that are told as text."""


def messages_part(block: dict[str, Json]) -> tuple[UserPart, bool]:
    """The part in a user's block of the Messages format, and whether it says what the block says."""
    match block:
        case {"type": "text", "text": str(said)}:
            return Text(said), set(block) <= {"type", "text"}
        case {"type": "image", "source": {"type": "base64", "media_type": str(kind), "data": str(data)}}:
            part = _image(kind, data, block)
            return part, isinstance(part, Image) and set(block) <= {"type", "source"}
        case {"type": "document", "source": {"type": "base64", "media_type": str(kind), "data": str(data)}}:
            name = text(block, "title")
            part = _document(kind, data, name, block)
            exact = set(block) <= {"type", "source", "title"} and bool(name)
            return part, exact and isinstance(part, Document)
        case {"type": "document", "source": {"type": "text", "data": str(data)}}:
            name = text(block, "title")
            exact = set(block) <= {"type", "source", "title"} and bool(name.strip() and data.strip())
            return _text_document(data, name), exact
        case {"type": "document", "source": {"type": "content", "content": list()}}:
            inner = "\n\n".join(text(piece, "text") for piece in objects(obj(block, "source"), "content"))
            return _text_document(inner, text(block, "title")), False
    return told(block), False


def chat_part(part: dict[str, Json]) -> tuple[UserPart, bool]:
    """The part in a content part of the chat format, and whether it says the same."""
    match part:
        case {"type": "text", "text": str(said)}:
            return Text(said), set(part) <= {"type", "text"}
        case {"type": "image_url", "image_url": {"url": str(url)}}:
            return _from_url(url, "", part), set(part["image_url"]) == {"url"} and _is_data(url)
        case {"type": "file", "file": {"file_data": str(url)}}:
            name = text(part["file"], "filename")
            return _from_url(url, name, part), _is_data(url) and bool(name)
    return told(part), False


def responses_part(part: dict[str, Json]) -> tuple[UserPart, bool]:
    """The part in a content part of the Responses format, and whether it says the same."""
    match part:
        case {"type": "input_text" | "output_text" | "text", "text": str(said)}:
            return Text(said), True
        case {"type": "input_image", "image_url": str(url)}:
            return _from_url(url, "", part), _is_data(url)
        case {"type": "input_file", "file_data": str(url)}:
            name = text(part, "filename")
            return _from_url(url, name, part), _is_data(url) and bool(name)
    return told(part), False


def attachment(kind: str, url: str, name: str) -> UserPart:
    """A file that another program attached: its bytes where the file has them, else its name."""
    return _from_url(url, name, {"type": kind, "url": url})


def told(block: dict[str, Json]) -> Text:
    """What we have no part for, as text: where it points to, or the whole of it."""
    kind = quoted(block.get("type") or "block")
    where = _reference(block)
    if where:
        return Text(f"[{kind} at {quoted(where, 300)}, which the imported file does not hold]")
    return Text(f"[{kind}] {dump_text(block)[:_LONGEST]}")


def _image(kind: str, data: str, block: dict[str, Json]) -> UserPart:
    kind = kind.lower()
    return Image(kind, data) if _MEDIA_TYPE.fullmatch(kind) else told(block)


def _document(kind: str, data: str, name: str, block: dict[str, Json]) -> UserPart:
    kind = kind.lower()
    return Document(kind, data, name) if _MEDIA_TYPE.fullmatch(kind) else told(block)


def _text_document(said: str, name: str) -> Document:
    encoded = base64.b64encode(said.encode("utf-8", "replace")).decode()
    return Document("text/plain", encoded, name)


def _is_data(url: str) -> bool:
    return _DATA_URL.match(url) is not None


def _from_url(url: str, name: str, block: dict[str, Json]) -> UserPart:
    """An attachment in a ``data:`` URL; any other URL is told, never fetched."""
    found = _DATA_URL.match(url)
    if found is None:
        return told(block)
    kind, data = found[1].lower(), url[found.end() :]
    return Image(kind, data, name) if kind.startswith("image/") else Document(kind, data, name)


def _reference(block: dict[str, Json]) -> str:
    """Where a block says its content is: a URL or the id of an uploaded file."""
    for holder in (block, obj(block, "source"), obj(block, "image_url"), obj(block, "file")):
        for key in ("url", "image_url", "file_url", "file_id", "filename"):
            if found := text(holder, key):
                return "a data URL" if found.startswith("data:") else found
    return ""
