"""Which files continue what is typed after an ``@``; looks at one directory, or through a bounded tree."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from textual.fuzzy import Matcher

from tui.attachments.paths import located
from tui.errors import UsageError

SHOWN = 40
MOST_DROPPED = 20
LONGEST = 4_096
LOOKED_AT = 4_000
"""Names looked at for one list; beyond that a person types the directory."""
_LEFT_OUT = frozenset({"node_modules", "__pycache__", "site-packages", "venv", "target", "dist", "build"})


def dropped_files(text: str) -> tuple[str, ...]:
    """The paths in a paste that is nothing else: one a line, absolute, of files that are there."""
    lines = [line.strip() for line in text.strip().splitlines()]
    if not lines or len(lines) > MOST_DROPPED or not all(map(_looks_absolute, lines)):
        return ()
    try:
        there = all(located(line, Path("/")).is_file() for line in lines)
    except (UsageError, OSError):
        return ()
    return tuple(lines) if there else ()


def _looks_absolute(line: str) -> bool:
    bare = line.lstrip("'\"")
    drive = len(bare) > 2 and bare[0].isalpha() and bare[1:3] in (":\\", ":/")
    return len(line) < LONGEST and (bare.startswith(("/", "~/", "file://")) or drive)


def file_query(text_before: str) -> str | None:
    """What stands behind the ``@`` the cursor is in; None where there is none, as in an e-mail address."""
    at = text_before.rfind("@")
    if at < 0 or (at and not text_before[at - 1].isspace() and text_before[at - 1] not in "([{\"'"):
        return None
    query = text_before[at + 1 :]
    return None if any(char.isspace() for char in query) else query


def file_names(query: str, base: Path) -> list[str]:
    """Paths as they would be typed, directories with a slash at the end; the nearest first.

    Reads directories, so call it in a thread. What cannot be read is left out.
    """
    head, slash, tail = query.rpartition("/")
    directory = Path(f"{head}/").expanduser() if slash else Path()
    here = [f"{head}{slash}{name}" for name in _entries(base / directory) if _shows(name, tail)]
    if slash or not tail:
        starts = [name for name in here if name[len(head) + len(slash) :].lower().startswith(tail.lower())]
        return _shortest(starts)[:SHOWN] if tail else here[:SHOWN]
    matcher = Matcher(tail)
    scored = [(matcher.match(path), path) for path in {*here, *_tree(base)}]
    fitting = sorted(
        (pair for pair in scored if pair[0] > 0), key=lambda pair: (-pair[0], len(pair[1]), pair[1])
    )
    return [path for _, path in fitting[:SHOWN]]


def _shortest(names: list[str]) -> list[str]:
    return sorted(names, key=lambda name: (len(name), name))


def _shows(name: str, typed: str) -> bool:
    """Hidden names only when asked for by their dot."""
    return not name.startswith(".") or typed.startswith(".")


def _entries(directory: Path) -> list[str]:
    try:
        with os.scandir(directory) as found:
            names = [
                f"{e.name}/" if e.is_dir() else e.name for e, _ in zip(found, range(LOOKED_AT), strict=False)
            ]
    except (OSError, ValueError):
        return []
    return sorted(names, key=lambda name: (not name.endswith("/"), name.lower()))


def _tree(base: Path) -> Iterator[str]:
    """Files below ``base`` without hidden and generated directories, the upper ones first."""
    waiting, seen = [""], 0
    while waiting and seen < LOOKED_AT:
        head = waiting.pop(0)
        for name in _entries(base / head):
            if name.startswith(".") or name.rstrip("/") in _LEFT_OUT:
                continue
            seen += 1
            if not name.endswith("/"):
                yield f"{head}{name}"
            elif not (base / head / name.rstrip("/")).is_symlink():
                waiting.append(f"{head}{name}")
