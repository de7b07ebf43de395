"""Puts a hand to every text in a JSON value: a vendor's block or body, a tool's arguments, a schema."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from tui.chat.json_text import dump_text, load_text
from tui.chat.parts import Json
from tui.exports.hands import Hand
from tui.exports.kinds import kind_of

_SCHEMAS = frozenset({"input_schema", "parameters", "schema"})
_INPUTS = frozenset({"args", "arguments", "input"})
_SAID_IN_SCHEMA = frozenset(
    {"const", "default", "description", "enum", "example", "examples", "title", "$comment"}
)
_MARK = ";base64,"
_HALF = re.compile("[\ud800-\udfff]")


class Settled(str):
    """A text a hand has already been put to."""

    __slots__ = ()


def block(value: Json, hand: Hand) -> Json:
    """``value``, a vendor's JSON, as it goes out."""
    return _guarded(value, hand, lambda: _block(value, hand, {}, "", ""))


def content(value: Json, hand: Hand) -> Json:
    """``value``, what a tool is given or whatever else has fields of anybody's making, as it goes out."""
    return _guarded(value, hand, lambda: _content(value, hand, ""))


def schema(value: Json, hand: Hand) -> Json:
    """A JSON Schema as it goes out: its words go the way of what was said, its names stay."""
    return _guarded(value, hand, lambda: _schema(value, hand, ""))


def rewritten(text: str, change: Callable[[Json], Json], hand: Hand) -> str | None:
    """The JSON ``text`` changed, or the same text; None where it is no JSON or a bare number."""
    try:
        value = load_text(text)
    except ValueError:
        return None
    if not isinstance(value, dict | list | str):
        return None
    before = dumped(value)
    after = dumped(change(value))
    # A field that is there twice is read once: what was written first is gone from ``before`` only.
    return text if after == before and hand.name(text) == text else after


def dumped(value: Json) -> str:
    """``value`` as JSON that any file can hold: halves of characters are spelled out."""
    text = dump_text(value)
    return text if text.isascii() else _HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", text)


def _guarded(value: Json, hand: Hand, walk: Callable[[], Json]) -> Json:
    try:
        return walk()
    except RecursionError:
        flat = dump_text(value)
        return hand.text(flat) if hand.concerns(flat) else value


def _block(value: Json, hand: Hand, holder: dict[str, Json], key: str, parent: str) -> Json:
    if isinstance(value, str):
        return value if type(value) is Settled else one(value, hand, holder, key, parent)
    if isinstance(value, list):
        if key == "bytes":
            return _octets(value, hand)
        return [_block(item, hand, holder, key, parent) for item in value]
    if not isinstance(value, dict):
        return hand.number(value)
    if key in _INPUTS:
        return _content(value, hand, "")
    if key in _SCHEMAS:
        return _schema(value, hand, "")
    return _fields((hand.name(name), _block(item, hand, value, name, key)) for name, item in value.items())


def one(text: str, hand: Hand, holder: dict[str, Json], key: str, parent: str) -> str:
    """One text of a vendor's JSON as it goes out."""
    match kind_of(key, text, holder, parent):
        case "name":
            return hand.name(text)
        case "remark":
            return hand.remark(text)
        case "arguments":
            return hand.arguments(text)
        case "seal":
            return hand.seal(text)
        case "media":
            head, mark, data = text.partition(_MARK)
            if not mark and text.startswith("data:"):
                return hand.text(text)
            return hand.name(head) + mark + hand.media(data) if mark else hand.media(text)
        case "text":
            return hand.text(text)


def _content(value: Json, hand: Hand, name: str) -> Json:
    if isinstance(value, str):
        return value if type(value) is Settled else hand.field(name, value)
    if isinstance(value, list):
        return [_content(item, hand, name) for item in value]
    if isinstance(value, dict):
        return _fields((hand.argument_name(key), _content(item, hand, key)) for key, item in value.items())
    return hand.number(value)


def _schema(value: Json, hand: Hand, key: str) -> Json:
    if isinstance(value, str):
        return hand.text(value) if key in _SAID_IN_SCHEMA else hand.name(value)
    if isinstance(value, list):
        return [_schema(item, hand, key) for item in value]
    if isinstance(value, dict):
        if key in ("const", "default", "enum", "example", "examples"):
            return _content(value, hand, "")
        return _fields((hand.name(name), _schema(item, hand, name)) for name, item in value.items())
    return hand.number(value)


def _fields(items: Iterable[tuple[str, Json]]) -> dict[str, Json]:
    out: dict[str, Json] = {}
    for name, value in items:
        while name in out:
            name += "~"
        out[name] = value
    return out


def _octets(value: list[Json], hand: Hand) -> list[Json]:
    """A text as a list of its bytes, as probabilities of tokens are given."""
    try:
        said = bytes(value).decode("utf-8", "surrogateescape")
    except (TypeError, ValueError):
        return [hand.number(item) for item in value]
    out = hand.text(said)
    return (
        value if out == said else list(out.encode("utf-8", "replace")[: len(value)].ljust(len(value), b"x"))
    )
