"""How wide the terminal must be for what, and the classes screens carry by it."""

from __future__ import annotations

WIDE_FROM = 100
"""Columns from which the inspector stands beside the transcript."""
VAST_FROM = 160
"""Columns from which the inspector has room for whole sentences."""
BREAKPOINTS = ((0, "-narrow"), (WIDE_FROM, "-wide"), (VAST_FROM, "-vast"))


def width_class(columns: int) -> str:
    """The class of a screen of so many columns."""
    return next(name for least, name in reversed(BREAKPOINTS) if columns >= least)
