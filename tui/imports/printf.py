"""What a shell's ``printf`` would write, for commands that hand a body to curl so."""

from __future__ import annotations

import re

_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|(.)|\Z)|%%", re.DOTALL)
_LETTERS = {
    b"n": b"\n",
    b"t": b"\t",
    b"r": b"\r",
    b"a": b"\a",
    b"b": b"\b",
    b"f": b"\f",
    b"v": b"\v",
    b"\\": b"\\",
}


def printf(words: list[str]) -> str | None:
    """The output of ``printf %s TEXT`` or of a format without fields; None for every other command."""
    if not words or words[0] != "printf":
        return None
    given = words[2:] if words[1:2] == ["--"] else words[1:]
    if len(given) == 2 and given[0] == "%s":
        return given[1]
    if len(given) != 1 or "%" in given[0].replace("%%", ""):
        return None
    format = given[0].encode("utf-8", "surrogatepass")
    return _ESCAPE.sub(_meant, format).decode("utf-8", "surrogateescape")


def _meant(found: re.Match[bytes]) -> bytes:
    if found[1]:
        return bytes([int(found[1], 8) & 0xFF])
    if found[2]:
        return _LETTERS.get(found[2], found[0])
    return b"%" if found[0] == b"%%" else found[0]
