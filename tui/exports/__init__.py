"""Sessions as files for people and other tools: a record, already redacted, to text; pure.

``redaction.redacted`` comes first; nothing here takes a secret out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, get_args

from tui.chat.record import SessionRecord
from tui.exports.names import file_name

__all__ = ["FORMATS", "Format", "export", "file_name", "format_named"]

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
    """The record as a file's text; renderers are loaded when they are asked for."""
    return _writer(format)(record)


def _writer(format: Format) -> Callable[[SessionRecord], str]:
    match format:
        case "md":
            from tui.exports.markdown import markdown

            return markdown
        case "html":
            from tui.exports.html import html

            return html
        case "har":
            from tui.exports.har import har

            return har
        case "json":
            from tui.exports.ours import dump

            return dump
