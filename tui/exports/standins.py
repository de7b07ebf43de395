"""The hand that hides everything said behind stand-ins of the same shape.

A letter becomes ``x`` (or another letter of as many bytes), a digit ``0``, a symbol one of as many bytes;
spaces, line ends and punctuation stay, so lengths stay in characters and in bytes. The first eight letters
of a longer text spell the head of its hash in consonants, so that the same text is seen to be the same
wherever it stands in the same export, and no word comes of it. The hash is salted, so nobody can find a text
by trying; a stand-in put through again stays as it is.

Seals become ``sha256-`` and the head of their plain SHA-256, filled up with ``A``; so does media, salted.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterator
from itertools import islice

from tui.chat.frame import Headers
from tui.chat.parts import Json
from tui.exports.vocabulary import KNOWN_WORDS

_FILLERS = {1: "x", 2: "\u00ff", 3: "\u5b57", 4: "\U0001d465"}
"""What stands for a letter, by its bytes in UTF-8."""
_SYMBOLS = {1: "*", 2: "\u00a4", 3: "\u2610", 4: "\U0001f532"}
_HEX = {
    "x": "bcdfghjklmnpqrst",
    "\u00ff": "".join(map(chr, range(0xE0, 0xF0))),
    "\u5b57": "".join(map(chr, range(0x4E00, 0x4E10))),
}
"""By filler, the letters that spell a hash; halves of characters may part, so four bytes spell none."""
_DIGIT_OF = {letter: f"{value:x}" for letters in _HEX.values() for value, letter in enumerate(letters)}
_SPELLED = 8
"""Letters of a hash, the last two of which vouch for the rest."""
_LETTER = re.compile("[" + "".join(_HEX) + "]")
_WORD = re.compile(r"[A-Za-z0-9_.:/@+=,*-]{0,200}")
"""A name or a word of a format; anything else in its place is somebody's text."""
_SHORT = 40
"""Characters of names that come again and again, as those of fields do."""
_SEAL = re.compile(r"(?:sha256[-+][0-9a-f]{16}[-+])?A*={0,2}")
_THOUGHT = "__thought__"
"""Behind this in a call's id LiteLLM keeps a seal."""
_TOKEN = re.compile(
    r'"((?:[^"\\]|\\.)*)("|\\?\Z)(\s*:)?|\b(?:true|false|null)\b|[^"\s\w]+|\s+|[\d.eE+-]+|\w+', re.DOTALL
)
_ESCAPES = re.compile(r"\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL)
_REMARKED = re.compile(r"[A-Za-z]{4,}|[^\x00-\x7f]+")


class _Shapes(dict[int, str]):
    """What stands for each character, for ``str.translate``; worked out as characters come."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        shape = self[code] = _stand_in_for(sign)
        return shape


def _stand_in_for(sign: str) -> str:
    if "\ud800" <= sign <= "\udfff":
        return chr(0xD835 if sign < "\udc00" else 0xDC65)
    category, size = unicodedata.category(sign), len(sign.encode())
    if category == "Nd" and size == 1:
        return "0"
    if category[0] in "LMN" or category in ("Co", "Cn"):
        return _FILLERS[size]
    return sign if category[0] in "PZC" or size == 1 else _SYMBOLS[size]


_SHAPES = _Shapes()


class StandIns:
    """Hides what was said in one session; nobody is told ``salt``, ``known`` are its tools' arguments."""

    def __init__(self, salt: bytes, known: Collection[str]) -> None:
        self._salt = salt
        self._known = frozenset(known)
        self._made: dict[str, str] = {}
        self._words: set[str] = set()

    def concerns(self, text: str) -> bool:
        return bool(text)

    def name(self, text: str) -> str:
        if text in self._words:
            return text
        if len(text) <= _SHORT and _WORD.fullmatch(text) and _THOUGHT not in text:
            self._words.add(text)
            return text
        head, mark, seal = text.partition(_THOUGHT)
        if mark:
            return self.name(head) + mark + self.seal(seal)
        return text if _WORD.fullmatch(text) else f"hidden-{self._digest(text)[:12]}"

    def text(self, text: str) -> str:
        made = self._made.get(text)
        if made is None:
            made = self._made[text] = self._stand_in(text)
        return made

    def remark(self, text: str) -> str:
        """Known words of errors, numbers and places in a request stay; any other word is hidden."""
        return _REMARKED.sub(lambda word: _known_or_hidden(word[0]), text)

    def arguments(self, text: str) -> str:
        """Strings become stand-ins of their meaning, as long as they were written; numbers stay."""
        if not text.lstrip().startswith(("{", "[", '"')):
            return self.text(text)
        return _TOKEN.sub(self._token, text)

    def field(self, _name: str, text: str, /) -> str:
        return self.text(text)

    def argument_name(self, name: str) -> str:
        return name if name in self._known else self.text(name)

    def seal(self, text: str) -> str:
        return _hashed_away(text, b"")

    def media(self, text: str) -> str:
        return _hashed_away(text, self._salt)

    def headers(self, headers: Headers) -> Headers:
        return headers

    def number(self, number: Json) -> Json:
        return number

    def _stand_in(self, text: str) -> str:
        shape = text.translate(_SHAPES)
        places = [found.start() for found in islice(_LETTER.finditer(shape), _SPELLED)]
        if len(places) < _SPELLED:
            return shape
        if _is_stand_in(text, shape, places):
            return text
        digits = self._digest(text)[: _SPELLED - 2]
        signs = list(shape)
        for place, digit in zip(places, digits + _vouching(digits, shape), strict=True):
            signs[place] = _HEX[shape[place]][int(digit, 16)]
        return "".join(signs)

    def _digest(self, text: str) -> str:
        data = text.encode("utf-16-le", "surrogatepass")
        return hashlib.sha256(self._salt + data).hexdigest()

    def _token(self, token: re.Match[str]) -> str:
        written = token[1]
        if written is not None:
            hidden = self._key(written) if token[3] else self._written(written)
            return f'"{hidden}{token[2]}{token[3] or ""}'
        found = token[0]
        return found if found in ("true", "false", "null") else self._bare(found)

    def _bare(self, text: str) -> str:
        is_number = not text.strip("0123456789.eE+-") and any(sign.isdigit() for sign in text)
        return text if is_number else text.translate(_SHAPES)

    def _key(self, written: str) -> str:
        return written if written in self._known else self._written(written)

    def _written(self, written: str) -> str:
        """The inside of a JSON string, hidden in as many characters as it was written with."""
        if "\\" not in written:
            return self.text(written)
        units = _ESCAPES.findall(written)
        meant = "".join(map(_meaning, units))
        hidden = self.text(meant.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass"))
        signs = hidden.encode("utf-16-le", "surrogatepass")
        halves = iter(
            [signs[at : at + 2].decode("utf-16-le", "surrogatepass") for at in range(0, len(signs), 2)]
        )
        return "".join(_respelled(unit, halves) for unit in units)


def _meaning(unit: str) -> str:
    if unit.startswith("\\u"):
        return chr(int(unit[2:], 16))
    return {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}.get(unit[1], unit[1]) if unit[1:] else unit


def _respelled(unit: str, halves: Iterator[str]) -> str:
    """One unit with the character that stands for its own; four bytes are two halves."""
    sign = next(halves)
    if unit.startswith("\\u"):
        return f"\\u{ord(sign):04x}"
    if unit.startswith("\\"):
        return unit
    if ord(unit) > 0xFFFF:
        return (sign + next(halves)).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return sign


def _is_stand_in(text: str, shape: str, places: list[int]) -> bool:
    """Whether ``text`` is all fillers but for letters of a hash that vouch for each other."""
    spelled = [_DIGIT_OF.get(text[place]) for place in places]
    if None in spelled or shape[places[-1] + 1 :] != text[places[-1] + 1 :]:
        return False
    signs = list(text)
    for place in places:
        signs[place] = shape[place]
    digits = "".join(digit or "" for digit in spelled)
    return "".join(signs) == shape and digits[-2:] == _vouching(digits[:-2], shape)


def _vouching(digits: str, shape: str) -> str:
    return hashlib.sha256(f"{digits} {len(shape)} stand-in".encode()).hexdigest()[:2]


def _known_or_hidden(word: str) -> str:
    return word if word.lower() in KNOWN_WORDS else word.translate(_SHAPES)


def _hashed_away(text: str, salt: bytes) -> str:
    if _SEAL.fullmatch(text):
        return text
    bare = text.rstrip("=")
    sign = "+" if salt else "-"
    digest = hashlib.sha256(salt + text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    head = f"sha256{sign}{digest}{sign}"
    head = head if len(head) <= len(bare) else ""
    return head + "A" * (len(bare) - len(head)) + "=" * min(len(text) - len(bare), 2)
