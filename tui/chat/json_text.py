"""JSON as it is kept: any value to text and back, equal, whatever strings and numbers are in it.

Lone surrogates are kept as such (bytes: UTF-8 with ``surrogatepass``), NaN and Infinity as the words
``json`` has for them; integers may have any number of digits and values any depth.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from tui.chat.parts import Json

_ENCODER = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))
_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"(-?(?:0|[1-9][0-9]*))(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORDS: tuple[tuple[str, Json], ...] = (
    ("null", None),
    ("true", True),
    ("false", False),
    ("NaN", float("nan")),
    ("Infinity", float("inf")),
    ("-Infinity", float("-inf")),
)
_DIGITS = 4000
"""Fewer than Python converts between text and int at once."""


def dump_text(value: Json) -> str:
    """``value`` as JSON on one line."""
    try:
        return _ENCODER.encode(value)
    except (RecursionError, ValueError):
        # Nested as deep as the parser of an answer allows, or an integer longer than Python turns to text.
        return "".join(_pieces(value))


def load_text(text: str) -> Json:
    """The value in ``text``; ValueError says where it is no JSON."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        raise
    except (RecursionError, ValueError):
        return _Reader(text).whole()


def dump_bytes(value: Json) -> bytes:
    """``value`` as JSON in UTF-8, lone surrogates as three bytes each."""
    return dump_text(value).encode("utf-8", "surrogatepass")


def load_bytes(data: bytes) -> Json:
    """What ``dump_bytes`` was given; ValueError for anything that is no JSON."""
    return load_text(data.decode("utf-8", "surrogatepass"))


def _pieces(value: Json) -> Iterator[str]:
    """The text of ``value`` without recursion and without a limit on integers."""
    waiting: list[Iterator[tuple[str, Json] | str]] = [iter([("", value)])]
    while waiting:
        item = next(waiting[-1], None)
        if item is None:
            waiting.pop()
        elif isinstance(item, str):
            yield item
        else:
            yield item[0]
            if isinstance(item[1], (dict, list, tuple)):
                waiting.append(_within(item[1]))
            elif isinstance(item[1], int) and not isinstance(item[1], bool):
                yield _int_text(item[1])
            else:
                yield _ENCODER.encode(item[1])


def _within(holder: Json) -> Iterator[tuple[str, Json] | str]:
    """What comes before each item of ``holder``, with the item; at last what closes it."""
    if isinstance(holder, dict):
        opening = "{"
        for key, item in holder.items():
            yield f"{opening}{_ENCODER.encode(key)}:", item
            opening = ","
        yield "}" if opening == "," else "{}"
    else:
        opening = "["
        for item in holder:
            yield opening, item
            opening = ","
        yield "]" if opening == "," else "[]"


def _int_text(number: int) -> str:
    if number < 0:
        return "-" + _int_text(-number)
    # A digit is 3.3 bits; the estimate may be one too high, which only costs a leading zero.
    digits = number.bit_length() * 30103 // 100000 + 1
    return _padded(number, digits).lstrip("0") or "0"


def _padded(number: int, digits: int) -> str:
    if digits <= _DIGITS:
        return str(number).zfill(digits)
    low = digits // 2
    head, tail = divmod(number, 10**low)
    return _padded(head, digits - low) + _padded(tail, low)


def _int_of(digits: str) -> int:
    if len(digits) <= _DIGITS:
        return int(digits)
    if digits[0] == "-":
        return -_int_of(digits[1:])
    low = len(digits) // 2
    return int(_int_of(digits[:-low]) * 10**low + _int_of(digits[-low:]))


class _Reader:
    """Reads JSON of any depth, slower than ``json`` and without its recursion."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def whole(self) -> Json:
        """The one value of the text."""
        holders: list[Json] = []
        keys: list[str | None] = []
        while True:
            value, opened = self._value()
            if opened:
                holders.append(value)
                keys.append(self._key() if isinstance(value, dict) else None)
                continue
            while holders:
                holder, key = holders[-1], keys[-1]
                if key is None:
                    holder.append(value)
                else:
                    holder[key] = value
                if self._take(","):
                    keys[-1] = None if key is None else self._key()
                    break
                self._must("]" if key is None else "}")
                value = holders.pop()
                keys.pop()
            else:
                self._skip()
                if self._at != len(self._text):
                    raise self._wrong("Extra data")
                return value

    def _value(self) -> tuple[Json, bool]:
        """A value, and whether it is a list or an object whose first item follows."""
        if self._take("{"):
            return {}, not self._take("}")
        if self._take("["):
            return [], not self._take("]")
        if self._text.startswith('"', self._at):
            return self._string(), False
        for word, meaning in _WORDS:
            if self._text.startswith(word, self._at):
                self._at += len(word)
                return meaning, False
        found = _NUMBER.match(self._text, self._at)
        if found is None:
            raise self._wrong("Expecting value")
        self._at = found.end()
        return (_int_of(found[1]) if found[2] is found[3] is None else float(found[0])), False

    def _key(self) -> str:
        self._skip()
        if not self._text.startswith('"', self._at):
            raise self._wrong("Expecting property name enclosed in double quotes")
        key = self._string()
        self._must(":")
        return key

    def _string(self) -> str:
        text, self._at = _DECODER.raw_decode(self._text, self._at)
        return str(text)

    def _skip(self) -> None:
        found = _SPACE.match(self._text, self._at)
        self._at = found.end() if found else self._at

    def _take(self, sign: str) -> bool:
        self._skip()
        taken = self._text.startswith(sign, self._at)
        self._at += taken
        return taken

    def _must(self, sign: str) -> None:
        if not self._take(sign):
            raise self._wrong(f"Expecting '{sign}'")

    def _wrong(self, says: str) -> json.JSONDecodeError:
        return json.JSONDecodeError(says, self._text, self._at)
