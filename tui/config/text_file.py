"""A small text file a person named, such as the schema behind ``schema=@FILE``."""

from __future__ import annotations

from pathlib import Path

MOST_CHARS = 1_000_000
"""Characters of a file; no schema and no prompt is longer."""


def read_text(path: str) -> str:
    """The text of a file; OSError or ValueError when it cannot be read."""
    file = Path(path).expanduser()
    if file.exists() and not file.is_file():
        raise OSError(0, "is not a file")
    with file.open(encoding="utf-8-sig") as opened:
        text = opened.read(MOST_CHARS + 1)
    if len(text) > MOST_CHARS:
        raise OSError(0, f"is longer than {MOST_CHARS} characters")
    return text
