"""Plain tables and labelled lines for standard output; safe on a terminal, exact in a pipe."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TextIO

from tui.clean import cells, visible


def harmless_for(out: TextIO) -> Callable[[str], str]:
    """What untrusted text passes before it is printed to ``out``: one clean line on a terminal."""
    return visible if out.isatty() else str


def print_table(out: TextIO, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print ``rows`` under ``header`` in columns as wide as their widest cell."""
    harmless = harmless_for(out)
    lines = [list(header), *([harmless(cell) for cell in row] for row in rows)]
    widths = [max(cells(line[column]) for line in lines) for column in range(len(header))]
    for line in lines:
        padded = (cell + " " * (width - cells(cell)) for cell, width in zip(line, widths, strict=True))
        print("  ".join(padded).rstrip(), file=out)


def print_labelled(out: TextIO, pairs: Sequence[tuple[str, str]]) -> None:
    """Print label and text in two columns; an empty label continues the one above."""
    harmless = harmless_for(out)
    width = max((len(label) for label, _ in pairs), default=0)
    for label, text in pairs:
        print(f"{label:<{width}}  {harmless(text)}".rstrip(), file=out)
