"""How times and sizes of single blocks are written."""

from __future__ import annotations

import re

_WIDE = re.compile("[\u2e80-\U0010ffff]")
"""Characters that are about a token each."""


def span(seconds: float) -> str:
    """A measured time: <1 ms, 12 ms, 3.1 s, 42 s, 3:07."""
    if seconds < 0.0005:
        return "<1 ms"
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    return f"{seconds:.1f} s" if seconds < 10 else running(seconds)


def running(seconds: float) -> str:
    """A time that still grows, in a form that does not jump between units."""
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def size(count: int) -> str:
    """A number of bytes: 3 B, 3.1 kB, 1.2 MB."""
    if count < 1000:
        return f"{count} B"
    for unit in ("kB", "MB", "GB"):
        value = count / 1000
        if value < 999.95 or unit == "GB":
            return f"{value:.1f} {unit}"
        count = int(value)
    return f"{count} B"


def estimated_tokens(text: str) -> int:
    """A rough token count: four characters of Latin text, or one and a half of others, to a token."""
    if not text:
        return 0
    wide = 0 if text.isascii() else len(_WIDE.findall(text))
    return max(1, round((len(text) - wide) / 4 + wide / 1.5))
