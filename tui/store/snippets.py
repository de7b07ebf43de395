"""The piece of a text around the words that were looked for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tui.store.words import folded

_BEFORE = 30
_AFTER = 90
"""Characters shown before and after the beginning of a word."""
_READ = 200_000
"""Characters that are looked through."""
_BLANKS = re.compile(r"\s+")


def snippet(text: str, words: Sequence[str]) -> str | None:
    """A line of ``text`` around the first of ``words`` in it; None when there is none."""
    text = text[:_READ]
    plain, places = _plain(text)
    for word in words:
        found = re.search(rf"(?<![^\W_]){re.escape(word)}", plain) or re.search(re.escape(word), plain)
        if found is not None:
            at = found.start() if places is None else places[found.start()]
            return _around(text, at)
    return None


def _around(text: str, at: int) -> str:
    start = max(at - _BEFORE, 0)
    if start:
        # From the beginning of a word, if one begins soon.
        blank = _BLANKS.search(text, start, at)
        start = blank.end() if blank is not None else start
    end = min(at + _AFTER, len(text))
    line = _BLANKS.sub(" ", text[start:end]).strip()
    return f"{'…' if start else ''}{line}{'…' if end < len(text) else ''}"


def _plain(text: str) -> tuple[str, list[int] | None]:
    """``text`` as words are compared, and where each of its characters comes from; None: its own place."""
    if text.isascii():
        return text.lower(), None
    plain: list[str] = []
    places: list[int] = []
    for at, char in enumerate(text):
        for piece in folded(char):
            plain.append(piece)
            places.append(at)
    return "".join(plain), places
