"""The table of a run: for the terminal, and as Markdown between two marks of a page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import Result

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
_HEADS = ("measure", "ours", "floor", "ratio", "reach", "reached")


def cells(result: Result) -> tuple[str, ...]:
    """One line of the table."""
    row = result.row
    floor = "" if result.floor is None else f"{amount(result.floor, row.unit)}, {row.against}"
    ratio = "" if result.ratio is None else f"{result.ratio:.2f}"
    return (row.what, amount(result.ours, row.unit), floor, ratio, _limit(result), _reached(result))


def _limit(result: Result) -> str:
    row = result.row
    if row.limit is None:
        return ""
    return f"<= {row.limit:g}" if row.by == "ratio" else f"<= {amount(row.limit, row.unit)}"


def _reached(result: Result) -> str:
    return {None: "", True: "yes", False: "no"}[result.reached]


def amount(value: float, unit: str) -> str:
    """A figure with its unit, with as many digits as matter."""
    digits = 0 if value >= 100 or value == int(value) else 1 if value >= 10 else 2
    return f"{value:,.{digits}f} {unit}".rstrip()


def as_markdown(results: Sequence[Result]) -> str:
    """The table in Markdown."""
    rows = [_HEADS, tuple("---" for _ in _HEADS), *(cells(r) for r in results)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def as_text(results: Sequence[Result]) -> str:
    """The table in columns."""
    rows = [_HEADS, *(cells(r) for r in results)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(_HEADS))]
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows)


def put(page: Path, markdown: str, marks: tuple[str, str] = (BEGIN, END)) -> None:
    """Put a text between two marks of a page, in place of what stood there."""
    text = page.read_text(encoding="utf-8")
    before, begin, rest = text.partition(marks[0])
    _, end, after = rest.partition(marks[1])
    if not (begin and end):
        raise ValueError(f"{page} has no place for the table: {' … '.join(marks)}")
    page.write_text(f"{before}{begin}\n{markdown}\n{end}{after}", encoding="utf-8")
