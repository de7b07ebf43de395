"""How a request body is cut so that what it shares with the request before it is kept once.

Lists at the top of the JSON object (messages, input, tools, system) are cut into their items, other long
values are taken out whole; what is left is the head. Everything is an exact slice of the very bytes, so
``rebuilt`` gives them back whatever spaces, escapes or repeated keys are in them. What is no JSON object
is one slice.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

_LONG = 200
"""Bytes a value must have to be taken out of the head."""
_CHUNK = 1 << 16
_SPACE = re.compile(r"[ \t\n\r]*")
_BLANKS = b" \t\r\n"
_raw_decode = json.JSONDecoder(strict=False, parse_int=str, parse_float=str, parse_constant=str).raw_decode
"""Finds the end of a value at the speed of C; numbers are not worth converting."""


@dataclass(slots=True)
class Hole:
    """A place in the head: a long value, or the items of a list; ``ends`` are offsets in the body."""

    start: int
    listed: bool
    ends: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Split:
    """A body and where it is cut."""

    body: bytes
    holes: tuple[Hole, ...]
    shared: tuple[int, ...]
    """Of each hole, how many items at its beginning are those of the body before."""
    as_json: bool = True

    def head(self) -> bytes:
        """What stands around the holes; each stretch after its length."""
        at = 0
        out: list[bytes] = []
        for hole in self.holes:
            out += _stretch(self.body[at : hole.start])
            at = hole.ends[-1]
        return b"".join((*out, *_stretch(self.body[at:])))

    def items(self, hole: Hole, first: int) -> Iterator[bytes]:
        """The items of a hole from number ``first`` on; the comma before an item goes without saying."""
        at = hole.ends[first - 1] if first else hole.start
        for place, end in enumerate(hole.ends[first:], first):
            item = self.body[at:end]
            at = end
            plain = place and item[:1] == b"," and item[1:2] not in _BLANKS
            yield item[1:] if plain else item


def split(body: bytes, before: Split | None = None) -> Split:
    """Where ``body`` is cut; what it has in common with the body ``before`` is not read again."""
    holes, shared, resume = _common(body, before)
    try:
        scan = _Scan(body[resume:].decode(), resume, holes)
        scan.run(inside=bool(holes) and holes[-1].listed)
    except (ValueError, RecursionError):
        whole = (Hole(0, False, [len(body)]),) if body else ()
        return Split(body, whole, (0,) * len(whole), as_json=False)
    return Split(body, tuple(holes), (*shared, *(0 for _ in holes[len(shared) :])))


def rebuilt(head: bytes, lists: Sequence[Sequence[bytes]]) -> bytes:
    """The body that was cut into ``head`` and, a hole each, ``lists``."""
    out: list[bytes] = []
    at = 0
    for items in (*lists, ()):
        length = int.from_bytes(head[at : at + 4], "big")
        out.append(head[at + 4 : at + 4 + length])
        at += 4 + length
        for place, item in enumerate(items):
            if place and item[:1] not in (b",", b" ", b"\t", b"\r", b"\n"):
                out.append(b",")
            out.append(item)
    return b"".join(out)


def common_prefix(a: bytes, b: bytes) -> int:
    """How many bytes two bodies begin alike with."""
    low, high = 0, min(len(a), len(b))
    while low < high and a[low : low + _CHUNK] == b[low : low + _CHUNK]:
        low += _CHUNK
    low, high = min(low, high), min(low + _CHUNK, high)
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _common(body: bytes, before: Split | None) -> tuple[list[Hole], list[int], int]:
    """The holes that need no reading, how many items each has, and where reading goes on."""
    holes: list[Hole] = []
    if before is not None and before.as_json:
        same = common_prefix(body, before.body)
        for hole in before.holes:
            # An end counts only with the byte behind it: the number 1 may have become 12.
            count = bisect_left(hole.ends, same)
            if not count:
                break
            holes.append(Hole(hole.start, hole.listed, hole.ends[:count]))
    return holes, [len(hole.ends) for hole in holes], holes[-1].ends[-1] if holes else 0


def _stretch(data: bytes) -> tuple[bytes, bytes]:
    return len(data).to_bytes(4, "big"), data


class _Scan:
    """Reads a JSON object, or what follows an item or a value at its top; ValueError if it is none."""

    def __init__(self, text: str, offset: int, holes: list[Hole]) -> None:
        self._text = text
        self._plain = text.isascii()
        self._char, self._byte = 0, offset
        self._holes = holes

    def run(self, *, inside: bool) -> None:
        """Find all holes; ``inside`` the list of the last one known."""
        if inside:
            at = self._rest(0, self._holes[-1])
        elif self._holes:
            at = 0
        else:
            at = self._space(self._must(self._space(0), "{"))
            if self._text.startswith("}", at):
                return self._end(at + 1)
            at = self._pair(at)
        while True:
            at = self._space(at)
            if not self._text.startswith(",", at):
                return self._end(self._must(at, "}"))
            at = self._pair(self._space(at + 1))

    def _pair(self, at: int) -> int:
        if not self._text.startswith('"', at):
            raise ValueError("a key must be a string")
        at = self._space(self._must(self._space(self._value(at)), ":"))
        if not self._text.startswith("[", at):
            end = self._value(at)
            if end - at >= _LONG:
                self._holes.append(Hole(self._offset(at), False, [self._offset(end)]))
            return end
        first = self._space(at + 1)
        if self._text.startswith("]", first):
            return first + 1
        hole = Hole(self._offset(at + 1), True)
        end = self._value(first)
        hole.ends.append(self._offset(end))
        self._holes.append(hole)
        return self._rest(end, hole)

    def _rest(self, at: int, hole: Hole) -> int:
        """The items after the one that ends at ``at``; where their list ends."""
        while True:
            sign = self._space(at)
            if self._text.startswith("]", sign):
                return sign + 1
            at = self._value(self._space(self._must(sign, ",")))
            hole.ends.append(self._offset(at))

    def _value(self, at: int) -> int:
        return _raw_decode(self._text, at)[1]

    def _offset(self, at: int) -> int:
        """Where a character stands in the body; asked in rising order."""
        self._byte += at - self._char if self._plain else len(self._text[self._char : at].encode())
        self._char = at
        return self._byte

    def _space(self, at: int) -> int:
        found = _SPACE.match(self._text, at)
        return found.end() if found else at

    def _must(self, at: int, sign: str) -> int:
        if not self._text.startswith(sign, at):
            raise ValueError(f"{sign} is missing")
        return at + 1

    def _end(self, at: int) -> None:
        if self._space(at) != len(self._text):
            raise ValueError("something follows the object")
