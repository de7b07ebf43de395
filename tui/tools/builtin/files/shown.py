"""How names, sizes and counts are written in what a file tool says."""

from __future__ import annotations

import json
from collections.abc import Sequence

from tui.clean import visible


def path(names: Sequence[str]) -> str:
    """The path of ``names`` below the root; ``.`` for the root itself."""
    return quoted("/".join(names) or ".")


def quoted(name: str) -> str:
    """``name`` as it is if every character of it can be seen, else as a JSON text that can be passed back."""
    plain = name.isprintable() and visible(name) == name == name.strip() and not name.startswith('"')
    return name if plain else json.dumps(name)


def size(count: int) -> str:
    """Bytes in decimal units, such as ``12.3 kB``."""
    if count < 1_000:
        return amount(count, "byte")
    value = float(count)
    for unit in ("kB", "MB", "GB"):
        value /= 1_000
        if value < 999.95:
            return f"{value:.1f} {unit}"
    return f"{value / 1_000:,.1f} TB"


def amount(count: int, thing: str, things: str = "") -> str:
    """A count with its noun, such as ``1 line`` or ``1,340 lines``."""
    return f"{count:,} {thing if count == 1 else things or thing + 's'}"
