"""A change of a text as a unified diff, in time that stays small for large files."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence

_CONTEXT = 3
_MOST_COMPARED = 2_000
"""Changed lines beyond which no alignment is searched for: that takes time by the square."""
_HUNK = re.compile(r"@@ -(\d+)((?:,\d+)?) \+(\d+)((?:,\d+)?) @@")


def unified(before: str, after: str, path: str) -> str:
    """The diff with three lines of context; empty when nothing changes, ``before`` of a new file is empty."""
    if before == after:
        return ""
    old, new = _lines(before), _lines(after)
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    start, kept = max(head - _CONTEXT, 0), max(tail - _CONTEXT, 0)
    old_piece, new_piece = old[start : len(old) - kept], new[start : len(new) - kept]
    if max(len(old), len(new)) - head - tail > _MOST_COMPARED:
        hunks = _as_one(old_piece, new_piece, start, head - start, tail - kept)
    else:
        hunks = (_moved(line, start) for line in _hunks(old_piece, new_piece))
    source = f"a/{path}" if before else "/dev/null"
    return "".join([f"--- {source}\n", f"+++ b/{path}\n", *map(_ended, hunks)])


def line_count(text: str) -> int:
    """How many lines a text has; one without a newline at its end counts."""
    return text.count("\n") + (not text.endswith("\n") and text != "")


def _lines(text: str) -> list[str]:
    """The lines with their newlines; only a newline ends one, whatever else looks like an end."""
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines are the same from the start."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _hunks(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    lines = difflib.unified_diff(old, new, n=_CONTEXT)
    next(lines)
    next(lines)
    yield from lines


def _moved(line: str, by: int) -> str:
    """A hunk's header for a piece that begins ``by`` lines further down; any other line as it is."""
    found = _HUNK.match(line) if by else None
    if found is None:
        return line
    old, old_count, new, new_count = found.groups()
    return f"@@ -{int(old) + by}{old_count} +{int(new) + by}{new_count} @@\n"


def _as_one(old: Sequence[str], new: Sequence[str], start: int, head: int, tail: int) -> Iterator[str]:
    """One hunk that takes all changed lines away and puts the new ones there."""
    first = [start + 1 if piece else start for piece in (old, new)]
    yield f"@@ -{first[0]},{len(old)} +{first[1]},{len(new)} @@\n"
    yield from (f" {line}" for line in old[:head])
    yield from (f"-{line}" for line in old[head : len(old) - tail])
    yield from (f"+{line}" for line in new[head : len(new) - tail])
    yield from (f" {line}" for line in old[len(old) - tail :])


def _ended(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
