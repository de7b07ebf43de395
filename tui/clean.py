"""The one door for untrusted text: by character, so a stream may be cut anywhere.

``clean(a) + clean(b) == clean(a + b)`` for every cut, and cleaning twice changes nothing. Text of
models, tools and the proxy is stored as it came; what is shown, copied or printed passes here.
"""

from __future__ import annotations

import re
from unicodedata import category, combining, east_asian_width, name

ESCAPE = "\u241b"
"""What the escape character is shown as."""
REPLACEMENT = "\ufffd"
"""What has no picture of its own is shown as."""
RETURN = "\u23ce"
"""What a line break is shown as in a one-line label."""
TAB = "\u2409"
"""What a tab is shown as to a person who decides."""
ELLIPSIS = "\u2026"

_LINE_BREAKS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_DROPPED = (
    "\r"  # CRLF becomes LF without looking at the neighbour
    "\u00ad\u034f\u180e\u200b\u200e\u200f\u061c\u2060\ufeff"
)
"""Typographic hints without a shape: soft hyphen, joiners, marks of direction, byte order mark."""
_VISIBLE_MARK = (
    *range(0x202A, 0x202F),  # embeddings and overrides of direction
    *range(0x2061, 0x2070),  # invisible operators, isolates, deprecated format characters
    *range(0xFFF9, 0xFFFC),  # interlinear annotation
    *(0x115F, 0x1160, 0x3164, 0xFFA0, 0x17B4, 0x17B5),  # letters that are blank
    *range(0x1D173, 0x1D17B),  # musical format characters
    *range(0xE0000, 0xE0200),  # tags and supplementary variation selectors: text hidden from people
    *range(0xD800, 0xE000),  # lone surrogates
)
"""Shown, because somebody may have hidden something; joiners and selectors of emoji are not here."""


def _table() -> dict[int, str]:
    table = {code: chr(0x2400 + code) for code in range(0x20)}
    table[0x7F] = "\u2421"
    table.update(dict.fromkeys(range(0x80, 0xA0), REPLACEMENT))
    table.update(dict.fromkeys(_VISIBLE_MARK, REPLACEMENT))
    table.update({ord(char): "" for char in _DROPPED})
    table.update({ord(char): "\n" for char in _LINE_BREAKS})
    del table[ord("\n")], table[ord("\t")]
    return table


_TABLE = _table()
_CONTROLS = bytes(code for code in _TABLE if code < 0x80)
_BLANK_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"
"""Those of the table that Python calls printable, but for the ones below."""
_SELECTORS = re.compile("[\U000e0100-\U000e01ef]")
_HIDDEN = frozenset(_VISIBLE_MARK) | frozenset(map(ord, _DROPPED)) | {0x2800, *range(0xFE00, 0xFE10)}
"""What looks like nothing without being a control character; the blank of Braille and selectors among it."""
_LATIN_WORD = re.compile(r"[^\W\d_]*[A-Za-z][^\W\d_]*")
"""A run of letters, some of them ASCII."""


def clean(text: str) -> str:
    """``text`` with nothing in it that steers a terminal or hides from a reader; tabs and newlines stay."""
    if text.isascii():
        raw = text.encode()
        return text if len(raw.translate(None, _CONTROLS)) == len(raw) else text.translate(_TABLE)
    return text if _is_harmless(text) else text.translate(_TABLE)


def _is_harmless(text: str) -> bool:
    """Whether nothing in ``text`` needs to be changed; no for some text that needs nothing, which costs time.

    Most text is harmless, and to see that is far quicker than to translate it.
    """
    if not text.replace("\n", "").replace("\t", "").isprintable():
        return False
    if any(letter in text for letter in _BLANK_LETTERS):
        return False
    return len(text.encode("utf-16-le")) == 2 * len(text) or _SELECTORS.search(text) is None


def visible(text: str, width: int | None = None) -> str:
    """``text`` as a one-line label: line breaks and tabs shown, cut to ``width`` cells if given."""
    line = clean(text.strip("\r\n")).replace("\n", RETURN).replace("\t", " ")
    return line if width is None else cut(line, width)


def exposed(text: str) -> str:
    """``text`` as one line for a person who decides about it: nothing hidden is left out.

    What has no shape, steers, is a rare blank, or is a letter of another script inside a Latin word
    stands as its code, such as ``⟨U+200B⟩``; line breaks and tabs are shown too.
    """
    if text.isascii() and text.isprintable():
        return text
    shown = _LATIN_WORD.sub(lambda word: "".join(map(_exposed_letter, word[0])), text)
    return "".join(map(_exposed, shown))


def cut(line: str, width: int) -> str:
    """A clean line shortened to at most ``width`` cells, an ellipsis last when something is missing."""
    if width <= 0:
        return ""
    if cells(line) <= width:
        return line
    kept: list[str] = []
    used = 1
    for char in line:
        used += cells(char)
        if used > width:
            break
        kept.append(char)
    return "".join(kept) + ELLIPSIS


def cells(text: str) -> int:
    """Terminal cells ``text`` takes at most; joined emoji count with all their parts."""
    return len(text) if text.isascii() else sum(map(_char_cells, text))


def expand_tabs(line: str, width: int = 4) -> str:
    """``line`` (no newlines) with each tab filled up by spaces to the next multiple of ``width`` cells."""
    if "\t" not in line:
        return line
    first, *rest = line.split("\t")
    out = first
    for piece in rest:
        out += " " * (width - cells(out) % width) + piece
    return out


def _char_cells(char: str) -> int:
    if char == "\ufe0f":
        return 1  # the emoji form of a narrow character is wide
    if combining(char) or category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(char) in ("W", "F") else 1


def _exposed(char: str) -> str:
    if char == "\n":
        return RETURN
    if char == "\x1b":
        return ESCAPE
    if char.isascii() and char.isprintable():
        return char
    if category(char) in ("Cc", "Cf", "Cn", "Co", "Cs", "Zs", "Zl", "Zp") or ord(char) in _HIDDEN:
        return TAB if char == "\t" else _code(char)
    return char


def _exposed_letter(char: str) -> str:
    """A letter in a Latin word: marked where it is none, because it may only look like one."""
    return char if char.isascii() or name(char, "").startswith("LATIN ") else f"{char}{_code(char)}"


def _code(char: str) -> str:
    return f"\u27e8U+{ord(char):04X}\u27e9"
