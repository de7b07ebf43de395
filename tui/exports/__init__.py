"""Sessions as files for people and other tools: a session, already redacted, to text; pure.

``redaction.Redaction`` comes first; nothing here takes a secret out. Whoever reads what is written needs no
wires: Markdown and the page are made without reading any.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, get_args

from tui.chat.record import SessionRecord
from tui.chat.record_stream import RecordStream
from tui.exports.names import file_name

__all__ = ["FORMATS", "Format", "export", "file_name", "format_named", "pieces"]

Format = Literal["md", "html", "json", "har"]

FORMATS: Mapping[Format, str] = {
    "md": "Markdown, to read and to paste",
    "html": "one page with folds and a table of costs, for any browser",
    "json": "everything, to be imported again",
    "har": "the requests and answers, for a browser's network tools",
}
"""What can be written, and what for."""

_ALIASES: Mapping[str, Format] = {"markdown": "md", "htm": "html"}


def format_named(word: str) -> Format | None:
    """The format a word or a file's ending such as ``.md`` names; None when it names none."""
    name = word.strip().lower().removeprefix(".")
    return next((known for known in get_args(Format) if known == name), _ALIASES.get(name))


def export(record: SessionRecord, format: Format) -> str:
    """A whole record as a file's text."""
    return "".join(pieces(RecordStream.of(record), format))


def pieces(stream: RecordStream, format: Format) -> Iterator[str]:
    """A session as a file's text, in pieces; renderers are loaded when they are asked for."""
    match format:
        case "md":
            from tui.exports.markdown import markdown

            yield markdown(stream.record)
        case "html":
            from tui.exports.html import html

            yield html(stream.record)
        case "har":
            from tui.exports import har

            yield from har.pieces(stream)
        case "json":
            from tui.exports import ours

            yield from ours.pieces(stream)
