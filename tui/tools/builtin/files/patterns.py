"""Path patterns: ``*`` and ``?`` within a name, ``**`` over any number of names, ``{a,b}`` for either.

Held against names, not against files, and in time that grows with pattern times path: no pattern can
hold the program, and none reaches what the walk does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fnmatch import translate

from tui.tools.builtin.files import shown
from tui.tools.toolbox import ToolError

MOST_CHARS = 500
_MOST_CHOICES = 64
_MOST_NAMES = 40
_BRACES = re.compile(r"\{([^{}]*,[^{}]*)\}")

_Part = Callable[[str], object] | None
"""A test of one name; None for any number of names."""


class Pattern:
    """One pattern; without a ``/`` it is held against the last name alone, at any depth."""

    def __init__(self, text: str) -> None:
        if not text or len(text) > MOST_CHARS:
            raise ToolError(f"the pattern must have 1 to {MOST_CHARS} characters")
        if text.startswith(("/", "~")) or ".." in text.split("/"):
            raise ToolError(
                f"the pattern {shown.quoted(text)} leads out of the directory;"
                " it is held against the paths in it"
            )
        self._choices = [_parts(choice) for choice in _unfolded(text)]

    def fits(self, names: Sequence[str]) -> bool:
        """Whether the path of ``names`` is one of those the pattern means."""
        return any(_fits(parts, names) for parts in self._choices)


def _unfolded(text: str) -> list[str]:
    """The pattern once for each way of choosing in its braces."""
    ready: list[str] = []
    waiting = [text]
    while waiting:
        one = waiting.pop()
        braces = _BRACES.search(one)
        if braces is None:
            ready.append(one)
        else:
            head, tail = one[: braces.start()], one[braces.end() :]
            waiting += [f"{head}{choice}{tail}" for choice in braces[1].split(",")]
        if len(ready) + len(waiting) > _MOST_CHOICES:
            raise ToolError(f"the pattern has more than {_MOST_CHOICES} choices in braces")
    return ready


def _parts(text: str) -> list[_Part]:
    names = [name for name in text.split("/") if name not in ("", ".")]
    if len(names) > _MOST_NAMES:
        raise ToolError(f"the pattern has more than {_MOST_NAMES} parts")
    if "/" not in text.removeprefix("./"):
        names.insert(0, "**")
    parts: list[_Part] = []
    for name in names:
        if name != "**":
            parts.append(re.compile(translate(name)).match)
        elif not parts or parts[-1] is not None:
            parts.append(None)
    return parts


def _fits(parts: Sequence[_Part], names: Sequence[str]) -> bool:
    """Whether all names are used up by all parts; ``reached`` are the parts that may come next."""
    reached = _with_skips(parts, {0})
    for name in names:
        further = set()
        for at in reached:
            if at == len(parts):
                continue
            part = parts[at]
            if part is None:
                further.add(at)
            elif part(name):
                further.add(at + 1)
        reached = _with_skips(parts, further)
        if not reached:
            return False
    return len(parts) in reached


def _with_skips(parts: Sequence[_Part], reached: set[int]) -> set[int]:
    """``**`` also stands for no name at all."""
    return reached | {at + 1 for at in reached if at < len(parts) and parts[at] is None}
