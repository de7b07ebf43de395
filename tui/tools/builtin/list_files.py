"""Lists a directory, or everything below it that fits a pattern."""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping

from tui.chat.parts import Json
from tui.chat.settings import ToolSpec
from tui.tools.builtin.files import shown
from tui.tools.builtin.files.patterns import Pattern
from tui.tools.builtin.files.root import Root, Spot, in_words, refuse_other_than_file
from tui.tools.builtin.files.threads import in_thread
from tui.tools.builtin.files.tree import Found, Walk
from tui.tools.toolbox import ToolError

MOST_LISTED = 1_000
MOST_CHARS = 25_000


class ListFiles:
    """Names, kinds and sizes; links are shown with their target and not followed."""

    spec = ToolSpec(
        "list_files",
        "List what is in a directory of the working directory, hidden files too: one path a line, directories"
        " with / at the end, files with their size. With a pattern: everything below that fits it.",
        {
            "type": "object",
            "properties": {
                "path": {
                    "type": ["string", "null"],
                    "description": "a directory; null for the working directory",
                },
                "pattern": {
                    "type": ["string", "null"],
                    "description": "such as *.py (at any depth), src/**/*.py, *.{ts,tsx}; null for one level",
                },
            },
            "required": ["path", "pattern"],
            "additionalProperties": False,
        },
    )

    def __init__(self, root: Root) -> None:
        self._root = root

    async def subject(self, arguments: Mapping[str, Json]) -> str:
        """The real path below the root, for rules to judge."""
        return await in_thread(lambda _: self._root.subject(path_of(arguments)))

    async def run(self, arguments: Mapping[str, Json]) -> str:
        """A head line and one line for each path; ToolError for what is no directory below the root."""
        pattern = None if arguments["pattern"] is None else Pattern(arguments["pattern"])

        def listed(still_wanted: Callable[[], bool]) -> str:
            with self._root.spot(path_of(arguments)) as spot:
                if not spot.is_directory:
                    refuse_other_than_file(spot)
                    raise ToolError(f"{spot.shown} is a file, not a directory; read_file shows what is in it")
                return _listing(spot, pattern, still_wanted)

        return await in_thread(listed)


def path_of(arguments: Mapping[str, Json]) -> str:
    """The path given, else the root's."""
    return "." if arguments["path"] is None else str(arguments["path"])


def _listing(spot: Spot, pattern: Pattern | None, still_wanted: Callable[[], bool]) -> str:
    walk = Walk(spot.names, spot.guard, still_wanted)
    lines: list[str] = []
    room, count = MOST_CHARS, 0
    with in_words(spot.shown):
        for found in walk.below(spot.directory, deep=pattern is not None):
            if pattern is not None and not pattern.fits(found.names):
                continue
            count += 1
            if len(lines) < MOST_LISTED and room > 0:
                lines.append(_line(spot.names, found))
                room -= len(lines[-1]) + 1
    return "\n".join([_head(spot, pattern, walk, count, len(lines)), *lines])


def _head(spot: Spot, pattern: Pattern | None, walk: Walk, count: int, listed: int) -> str:
    things = shown.amount(count, "entry", "entries")
    about = [spot.shown, things if pattern is None else f"{things} that fit{'s' if count == 1 else ''}"]
    if listed < count:
        about.append(f"the first {listed:,} follow; narrow it with path or pattern")
    return f"[{' · '.join([*about, *passed_by(walk)])}]"


def passed_by(walk: Walk) -> list[str]:
    """What a walk left out, for the head line of an answer."""
    about = []
    if walk.skipped:
        about.append(f"not entered: {', '.join(sorted(walk.skipped))} (name one as path to look in it)")
    if walk.closed:
        about.append(f"{shown.amount(walk.closed, 'directory', 'directories')} could not be entered")
    if walk.ended:
        about.append(f"ended {walk.ended}, so there may be more")
    return about


def _line(top: tuple[str, ...], found: Found) -> str:
    path = shown.path((*top, *found.names))
    if found.is_directory:
        return f"{path}/"
    if found.is_link:
        try:
            return f"{path} -> {shown.quoted(found.directory.link_target(found.names[-1]))}"
        except OSError:
            return f"{path} (a link)"
    if not stat.S_ISREG(found.entry.st_mode):
        return f"{path} (no plain file)"
    return f"{path}  {shown.size(found.entry.st_size)}"
