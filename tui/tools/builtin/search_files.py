"""Looks for a text in the files below a directory."""

from __future__ import annotations

import stat
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from tui.chat.parts import Json
from tui.chat.settings import ToolSpec
from tui.tools.builtin.files import shown
from tui.tools.builtin.files.content import content_of
from tui.tools.builtin.files.matching import Matcher
from tui.tools.builtin.files.patterns import Pattern
from tui.tools.builtin.files.reading import NoText, TooLarge, read_in, text_bytes
from tui.tools.builtin.files.root import Root, Spot, in_words
from tui.tools.builtin.files.threads import in_thread
from tui.tools.builtin.files.tree import Found, Walk
from tui.tools.builtin.list_files import passed_by, path_of
from tui.tools.toolbox import ToolError

MOST_HITS = 200
MOST_CHARS = 25_000
_BEFORE_HIT = 60
_LINE_CHARS = 240


class SearchFiles:
    """Lines with a hit as ``path:line: text``, under a line that says what was searched and what was not."""

    spec = ToolSpec(
        "search_files",
        "Find the lines that contain a text in the files of the working directory, as path:line: text."
        " Binary and very large files are passed over, and the answer says so.",
        {
            "type": "object",
            "properties": {
                "text": {"type": "string", "description": "what to look for, within one line"},
                "path": {
                    "type": ["string", "null"],
                    "description": "a directory or file; null for everything",
                },
                "pattern": {
                    "type": ["string", "null"],
                    "description": "which files, such as *.py or src/**/*.{ts,tsx}; null for all",
                },
                "regex": {
                    "type": ["boolean", "null"],
                    "description": "whether text is a regular expression; null for plain text",
                },
                "ignore_case": {"type": ["boolean", "null"], "description": "null for exact case"},
            },
            "required": ["text", "path", "pattern", "regex", "ignore_case"],
            "additionalProperties": False,
        },
    )

    def __init__(self, root: Root) -> None:
        self._root = root

    async def subject(self, arguments: Mapping[str, Json]) -> str:
        """The real path below the root, for rules to judge."""
        return await in_thread(lambda _: self._root.subject(path_of(arguments)))

    async def run(self, arguments: Mapping[str, Json]) -> str:
        """A head line and the hits; ToolError for a wrong expression, pattern or path."""
        pattern = None if arguments["pattern"] is None else Pattern(arguments["pattern"])

        def searched(still_wanted: Callable[[], bool]) -> str:
            matcher = Matcher(
                arguments["text"],
                is_regex=bool(arguments["regex"]),
                ignore_case=bool(arguments["ignore_case"]),
            )
            with self._root.spot(path_of(arguments)) as spot:
                return _Search(spot, matcher, Walk(spot.names, spot.guard, still_wanted)).answer(pattern)

        return await in_thread(searched)


@dataclass(slots=True)
class _Search:
    """One search and what it has found and passed over."""

    spot: Spot
    matcher: Matcher
    walk: Walk
    lines: list[str] = field(default_factory=list)
    room: int = MOST_CHARS
    searched: int = 0
    with_hits: int = 0
    passed: dict[str, int] = field(default_factory=dict)
    """Files that were not searched, by why."""

    def answer(self, pattern: Pattern | None) -> str:
        """The head line and the hits."""
        if self.spot.is_directory:
            with in_words(self.spot.shown):
                for found in self._files(pattern):
                    self._look_in(found)
                    if self._full:
                        break
        else:
            # Alone it is not passed over: what keeps it from being searched is said as an error.
            self._search(text_bytes(self.spot), self.spot.names)
        return "\n".join([self._head(), *self.lines])

    @property
    def _full(self) -> bool:
        return len(self.lines) >= MOST_HITS or self.room <= 0

    def _files(self, pattern: Pattern | None) -> Iterator[Found]:
        for found in self.walk.below(self.spot.directory, deep=True):
            plain = stat.S_ISREG(found.entry.st_mode) and not found.is_link
            if plain and (pattern is None or pattern.fits(found.names)):
                yield found

    def _look_in(self, found: Found) -> None:
        names = (*self.spot.names, *found.names)
        try:
            data = read_in(found.directory, names[-1], names, self.spot.guard)
        except NoText:
            self._pass_over("binary")
        except TooLarge:
            self._pass_over("too large")
        except ToolError:
            self._pass_over("withheld (they may hold secrets, or are this program's own)")
        except OSError:
            self._pass_over("unreadable")
        else:
            self._search(data, names)

    def _pass_over(self, why: str) -> None:
        self.passed[why] = self.passed.get(why, 0) + 1

    def _search(self, data: bytes, names: tuple[str, ...]) -> None:
        path, before = shown.path(names), len(self.lines)
        self.searched += 1
        for number, line, column in self.matcher.hits(content_of(data).text, path, self.walk.until):
            self.lines.append(f"{path}:{number}: {_around(line, column)}")
            self.room -= len(self.lines[-1]) + 1
            if self._full:
                break
        self.with_hits += len(self.lines) > before

    def _head(self) -> str:
        hits, files = shown.amount(len(self.lines), "line"), shown.amount(self.with_hits, "file")
        about = [f"{hits} in {files}" if self.lines else "nothing found"]
        about.append(f"{shown.amount(self.searched, 'file')} searched")
        if self._full:
            about.append("ended at so many hits: narrow it with path, pattern or a longer text")
        if self.matcher.passed_over:
            about.append(f"{shown.amount(self.matcher.passed_over, 'line')} too long for an expression")
        about += [f"{count:,} {why}" for why, count in self.passed.items()]
        if time.monotonic() > self.walk.until and not self.walk.ended:
            self.walk.ended = "as time was up"
        return f"[{' · '.join([*about, *passed_by(self.walk)])}]"


def _around(line: str, column: int) -> str:
    """The line, or of a long one the piece around the hit."""
    if len(line) <= _LINE_CHARS:
        return line
    start = max(min(column - _BEFORE_HIT, len(line) - _LINE_CHARS), 0)
    end = start + _LINE_CHARS
    return f"{'… ' if start else ''}{line[start:end]}{' …' if end < len(line) else ''}"
