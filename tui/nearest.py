"""A hint for a word that is not known: the one that was probably meant."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches


def nearest(word: str, known: Collection[str], label: str) -> str:
    """A hint that names the closest of ``known``, else all of them."""
    close = get_close_matches(word.lower(), sorted(known), 1, 0.6)
    return f"did you mean {close[0]}?" if close else f"{label}: {', '.join(sorted(known))}"
