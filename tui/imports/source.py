"""The bytes of a file as text and as JSON, within bounds; whatever is broken is refused by its place."""

from __future__ import annotations

import codecs
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass

from tui.chat.parts import Json
from tui.imports.limits import MAX_BYTES, MAX_DEPTH, quoted, refused
from tui.imports.remarks import CHANGED, CUT, Remarks

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_BINARY = (
    (b"SQLite format 3", "an SQLite database", "opencode writes a session as JSON with `opencode export`"),
    (b"\x1f\x8b", "a gzip archive", "unpack it first"),
    (b"PK\x03\x04", "a zip archive", "unpack it first"),
    (b"(\xb5/\xfd", "a zstd archive", "unpack it first"),
)


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was read: its text, the JSON value it is, or the objects of its lines."""

    text: str
    value: Json = None
    lines: tuple[tuple[int, dict[str, Json]], ...] = ()
    """Line number and object."""
    is_json: bool = False
    """Whether the whole text is one JSON value."""

    def objects(self) -> tuple[tuple[int, dict[str, Json]], ...]:
        """The objects of its lines, of its list, or the one it is; UsageError when there are none."""
        if self.lines:
            return self.lines
        values = self.value if isinstance(self.value, list) else [self.value]
        found = tuple((n, value) for n, value in enumerate(values, 1) if isinstance(value, dict))
        if not found:
            raise refused("it holds no JSON objects")
        return found


def source_of(data: bytes, remarks: Remarks) -> Source:
    """``data`` as text and, where it is, as JSON or as lines of it; UsageError for what is broken."""
    text = _text(data, remarks)
    if text.lstrip()[:1] not in ("{", "["):
        return Source(text)
    try:
        return Source(text, value=json_value(text), is_json=True)
    except json.JSONDecodeError as error:
        if not _has_lines(text, error):
            place = f"line {error.lineno}, column {error.colno}"
            raise refused(f"it begins as JSON and breaks at {place}: {error.msg}") from None
    except ValueError as error:
        raise refused(f"its JSON cannot be read: {error}") from None
    return Source(text, lines=tuple(_lines(text, remarks)))


def json_value(text: str) -> Json:
    """The JSON value in ``text``; ValueError for anything else, values nested too deeply included."""
    try:
        value = json.loads(text, parse_constant=str, parse_float=_finite)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    check_depth(value)
    return value


def json_or_none(text: str) -> Json:
    """The JSON value in ``text``; None when there is none."""
    try:
        return json_value(text)
    except ValueError:
        return None


def check_depth(value: Json) -> None:
    """ValueError for a value nested deeper than any format needs."""
    level: list[Json] = [value]
    for _ in range(MAX_DEPTH):
        inner: list[Json] = []
        for holder in level:
            if isinstance(holder, dict):
                inner += [item for item in holder.values() if isinstance(item, dict | list)]
            elif isinstance(holder, list):
                inner += [item for item in holder if isinstance(item, dict | list)]
        if not inner:
            return
        level = inner
    raise ValueError(f"it is nested more than {MAX_DEPTH} deep")


def _finite(text: str) -> Json:
    """A number; one beyond all numbers stays as it is written."""
    value = float(text)
    return text if math.isinf(value) else value


def _text(data: bytes, remarks: Remarks) -> str:
    if len(data) > MAX_BYTES:
        raise refused(f"it has {len(data):,} bytes; files up to {MAX_BYTES:,} are taken")
    if not data.strip():
        raise refused("it is empty")
    for magic, kind, hint in _BINARY:
        if data.startswith(magic):
            raise refused(f"it is {kind}", hint=hint)
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _decoded(data[len(bom) :], encoding, remarks)
    if b"\0" in data[:4096]:
        raise refused("it is no text: there are zero bytes in it")
    return _decoded(data, "utf-8", remarks)


def _decoded(data: bytes, encoding: str, remarks: Remarks) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        says = f"The file is not all {encoding.upper()}; what is not, is replaced."
        remarks.say(CHANGED, says, f"line {line}")
        return data.decode(encoding, "replace")


def _has_lines(text: str, error: json.JSONDecodeError) -> bool:
    """Whether the text is objects line by line, by its first line that is whole."""
    if error.msg == "Extra data":
        return True
    first = next((line for line in text.split("\n") if line.strip()), "")
    return len(first) < len(text.strip()) and isinstance(json_or_none(first), dict)


def _lines(text: str, remarks: Remarks) -> Iterator[tuple[int, dict[str, Json]]]:
    # Only "\n" ends a line: other line ends may stand within JSON strings.
    lines = text.split("\n")
    last = max((n for n, line in enumerate(lines) if line.strip()), default=0)
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        try:
            value = json_value(line)
        except ValueError as error:
            if number == last:
                remarks.say(CUT, "The last line is cut off; it is left out.", f"line {number + 1}")
            else:
                says = "A line that is no JSON is left out."
                remarks.say(CUT, says, f"line {number + 1}: {quoted(error)}")
            continue
        if isinstance(value, dict):
            yield number + 1, value
        else:
            remarks.say(CUT, "A line that is no JSON object is left out.", f"line {number + 1}")
