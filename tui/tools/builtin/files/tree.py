"""Walks what lies below a directory in a fixed order, links not followed, within bounds that are said."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tui.tools.builtin.files import shown
from tui.tools.builtin.files.guard import Guard
from tui.tools.builtin.files.handles import Directory, is_link
from tui.tools.toolbox import ToolError

SKIPPED = frozenset(
    {".git", ".hg", ".svn", "node_modules", "__pycache__", ".venv", ".tox"}
    | {".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"}
)
"""Directories not entered on the way, only when named: what is in them was made by programs, and is much."""
MOST_ENTRIES = 100_000
MOST_DEPTH = 50
MOST_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Found:
    """One thing below the directory the walk began at."""

    names: tuple[str, ...]
    """From where the walk began."""
    entry: os.stat_result
    directory: Directory
    """The open directory that holds it, while the walk stands there."""

    @property
    def is_directory(self) -> bool:
        """Whether it is a directory, not a link to one."""
        return stat.S_ISDIR(self.entry.st_mode) and not is_link(self.entry)

    @property
    def is_link(self) -> bool:
        """Whether it points elsewhere."""
        return is_link(self.entry)


@dataclass(slots=True)
class Walk:
    """One walk; after it, what it passed by."""

    top: tuple[str, ...]
    """Where the walk begins, from the root."""
    guard: Guard
    still_wanted: Callable[[], bool]
    until: float = field(default_factory=lambda: time.monotonic() + MOST_SECONDS)
    """When it ends at the latest, on the monotonic clock."""
    entries: int = 0
    skipped: set[str] = field(default_factory=set)
    """Names of directories not entered because of their name."""
    closed: int = 0
    """Directories that could not be entered, or may not be."""
    ended: str = ""
    """Why the walk ended before it was through; empty when it was."""

    def below(self, directory: Directory, *, deep: bool) -> Iterator[Found]:
        """Everything in the open directory, by name, each directory followed by what is in it if ``deep``."""
        yield from self._in(directory, (), deep)

    def _in(self, directory: Directory, names: tuple[str, ...], deep: bool) -> Iterator[Found]:
        room = MOST_ENTRIES - self.entries
        listed = sorted(entry.name for entry in directory.entries(room + 1))
        for name in listed:
            if not self._goes_on():
                return
            self.entries += 1
            entry = directory.look(name)
            if entry is None:
                continue
            found = Found((*names, name), entry, directory)
            yield found
            if deep and found.is_directory and self._enters(found):
                yield from self._inside(found)

    def _inside(self, found: Found) -> Iterator[Found]:
        try:
            with found.directory.child(found.names[-1]) as inner:
                self.guard.judge((*self.top, *found.names), inner.stat())
                yield from self._in(inner, found.names, deep=True)
        except (OSError, ToolError):
            self.closed += 1

    def _enters(self, found: Found) -> bool:
        if found.names[-1] in SKIPPED:
            self.skipped.add(found.names[-1])
            return False
        if len(found.names) >= MOST_DEPTH:
            self.closed += 1
            return False
        return True

    def _goes_on(self) -> bool:
        if self.entries >= MOST_ENTRIES:
            self.ended = f"after {shown.amount(MOST_ENTRIES, 'entry', 'entries')}"
        elif time.monotonic() > self.until:
            self.ended = f"after {MOST_SECONDS:g} seconds"
        elif not self.still_wanted():
            self.ended = "because it was stopped"
        return not self.ended
