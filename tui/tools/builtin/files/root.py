"""The root policy: a path text of a model to an open place below the root, or words why not.

The way down goes name by name over open directories and never lets the system follow a link: a link is
read, and its target walked in the same way, so it may point anywhere below the root and nowhere else.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from tui.tools.builtin.files import shown
from tui.tools.builtin.files.guard import Guard
from tui.tools.builtin.files.handles import Directory, is_link
from tui.tools.builtin.files.names import below, folded, names_in, refuse_new, refuse_unspeakable
from tui.tools.toolbox import ToolError

MOST_LINKS = 40
"""Links on one way; more are a loop."""
_MOST_LISTED = 5_000
_LOOSE_NAMES = sys.platform in ("darwin", "win32")
"""Whether the system's usual file systems take case and composition lightly."""

_KINDS = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
_WORDS = {
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.ENAMETOOLONG: "the name is too long",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the file system is read-only",
    errno.EMFILE: "too many files are open",
    errno.ENFILE: "too many files are open",
    errno.ELOOP: "it changed while it was being opened",
    errno.ENOTDIR: "it changed while it was being opened",
    errno.ENOENT: "it went away while it was being opened",
}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place below the root with every link followed; open while the ``with`` of ``Root.spot`` lasts."""

    names: tuple[str, ...]
    """The real way from the root."""
    directory: Directory
    """The directory that holds the place; for a directory and for the root, that directory itself."""
    name: str
    """The place's name in ``directory``; empty for a directory."""
    entry: os.stat_result | None
    """What is there; None when nothing is."""
    missing: tuple[str, ...]
    """Directories between ``directory`` and the place that are not there either."""
    guard: Guard

    @property
    def shown(self) -> str:
        """The real path for a person or a model to read."""
        return shown.path(self.names)

    @property
    def subject(self) -> str:
        """The real path as rules name it: exactly, ``.`` for the root."""
        return "/".join(self.names) or "."

    @property
    def is_directory(self) -> bool:
        """Whether it is a directory that is there."""
        return not self.name


class Root:
    """The directory the file tools work in, and what in it is never touched."""

    def __init__(
        self, root: Path, forbidden: Sequence[Path] = (), denied: Callable[[str], bool] = lambda _: False
    ) -> None:
        """``denied`` tells whether a rule of the user keeps the tool from a real path below the root."""
        self._real = os.path.realpath(root)
        self.spellings = tuple(dict.fromkeys((self._real, os.path.abspath(root))))
        """How an absolute path to the root may begin."""
        self._forbidden = tuple(forbidden)
        self._denied = denied

    @contextmanager
    def spot(self, text: str, *, writing: bool = False, ruled: bool = True) -> Iterator[Spot]:
        """The open place a path text means; ToolError for what may not be touched, and for every OSError."""
        names = names_in(text, self.spellings)
        guard = Guard(self._real, self._forbidden, self._denied if ruled else lambda _: False)
        with in_words(shown.quoted(text)):
            way = _Way(self._real, self.spellings, guard, shown.quoted(text), writing)
            try:
                spot = way.follow(names)
                guard.judge(spot.names, spot.entry, writing=writing)
                yield spot
            finally:
                way.here.close()

    def subject(self, text: str) -> str:
        """The real path below the root that rules are held against; ToolError as ``spot``, but for rules."""
        with self.spot(text, ruled=False) as spot:
            return spot.subject


@contextmanager
def in_words(path: str) -> Iterator[None]:
    """Turns an OSError about ``path`` into a ToolError."""
    try:
        yield
    except OSError as error:
        number = error.errno or 0
        says = _WORDS.get(number) or (os.strerror(number) if number else type(error).__name__)
        raise ToolError(f"{path}: {says}") from error


def refuse_other_than_file(spot: Spot) -> os.stat_result:
    """What a plain file is; ToolError for anything else at the spot, and for nothing."""
    if spot.is_directory:
        raise ToolError(f"{spot.shown} is a directory; list_files shows what is in it")
    if spot.entry is None:
        raise ToolError(f"there is no {spot.shown}{_near(spot)}")
    refuse_special(spot.entry, spot.shown)
    return spot.entry


def refuse_special(entry: os.stat_result, path: str) -> None:
    """ToolError for a pipe, a socket or a device."""
    if not stat.S_ISREG(entry.st_mode):
        kind = next((words for test, words in _KINDS if test(entry.st_mode)), "no plain file")
        raise ToolError(f"{path} is {kind}, not a file; it cannot be read or written")


class _Way:
    """One way down from the root; ``here`` is the directory reached so far, and the caller closes it."""

    def __init__(self, root: str, spellings: Sequence[str], guard: Guard, asked: str, writing: bool) -> None:
        self._root = root
        self._spellings = spellings
        self._guard = guard
        self._asked = asked
        self._writing = writing
        self._done: list[str] = []
        self._links = 0
        self.here = Directory.top(root)

    def follow(self, names: Sequence[str]) -> Spot:
        """Where the names lead."""
        self._guard.judge((), self.here.stat())
        ahead = deque(names)
        while ahead:
            name = ahead.popleft()
            if name == "..":
                if not self._done:
                    raise self._outside()
                self._back_to(self._done[:-1])
                continue
            name = self._real_name(name)
            entry = self.here.look(name)
            if entry is None:
                return self._nothing(name, tuple(ahead))
            if is_link(entry):
                ahead.extendleft(reversed(self._steps_of_link(name)))
            elif stat.S_ISDIR(entry.st_mode):
                self._enter(name)
            elif ahead:
                raise ToolError(f"{shown.path((*self._done, name))} is a file, so there is nothing below it")
            else:
                return self._spot(name, entry)
        return self._spot("", self.here.stat())

    def _spot(self, name: str, entry: os.stat_result | None, missing: tuple[str, ...] = ()) -> Spot:
        names = (*self._done, *missing, name) if name else tuple(self._done)
        return Spot(names, self.here, name, entry, missing, self._guard)

    def _nothing(self, name: str, ahead: tuple[str, ...]) -> Spot:
        """The spot of something that is not there, perhaps to be made."""
        rest = (name, *ahead)
        if ".." in rest:
            raise ToolError(f"{self._asked} leads over a link to something that is not there")
        if self._writing:
            for new in rest:
                refuse_new(new)
        return self._spot(rest[-1], None, rest[:-1])

    def _enter(self, name: str) -> None:
        inner = self.here.child(name)
        self.here.close()
        self.here = inner
        self._done.append(name)
        self._guard.judge(self._done, inner.stat(), writing=self._writing)

    def _back_to(self, names: Sequence[str]) -> None:
        """Go down again to a directory that was passed before; an OSError if it has become a link."""
        top = Directory.top(self._root)
        self.here.close()
        self.here, self._done = top, []
        for name in names:
            self._enter(name)

    def _steps_of_link(self, name: str) -> list[str]:
        """The names to walk in place of a link; for an absolute target the way starts at the root again."""
        self._links += 1
        if self._links > MOST_LINKS:
            raise ToolError(f"{self._asked} is a loop of links")
        # A link's own name counts as well: one called like a secret may point to a file that is not.
        self._guard.judge((*self._done, name), None, writing=self._writing)
        target = self.here.link_target(name).removeprefix("\\\\?\\")
        if os.path.isabs(target):
            rest = below(target, self._spellings)
            if rest is None:
                rest = below(os.path.realpath(target), self._spellings)
            if rest is None:
                raise self._outside()
            self._back_to(())
            target = rest
        steps = [step for step in target.replace(os.sep, "/").split("/") if step not in ("", ".")]
        for step in steps:
            refuse_unspeakable(step)
        return steps

    def _outside(self) -> ToolError:
        return ToolError(
            f"{self._asked} leads over a link out of the working directory; only what is in it is reached"
        )

    def _real_name(self, name: str) -> str:
        """How the file system spells ``name``, where it takes case or composition lightly."""
        if not _LOOSE_NAMES or self.here.look(name) is None:
            return name
        listed = [entry.name for entry in self.here.entries(_MOST_LISTED)]
        return name if name in listed else next((n for n in listed if folded(n) == folded(name)), name)


def _near(spot: Spot) -> str:
    """A hint at what there is instead of a name that is not there."""
    wanted = (*spot.missing, spot.name)[0]
    listed = {entry.name: folded(entry.name) for entry in spot.directory.entries(_MOST_LISTED)}
    same = [name for name, plain in listed.items() if plain == folded(wanted)]
    plain_near = get_close_matches(folded(wanted), listed.values(), n=3)
    near = same or [name for name, plain in listed.items() if plain in plain_near][:3]
    done = spot.names[: len(spot.names) - len(spot.missing) - 1]
    return f"; there is {' and '.join(shown.path((*done, name)) for name in near)}" if near else ""
