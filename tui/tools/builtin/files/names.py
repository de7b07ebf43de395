"""What a path text of a model may look like, before any file is looked at."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from tui.tools.builtin.files import shown
from tui.tools.toolbox import ToolError

MOST_CHARS = 4_096
MOST_NAMES = 200
WINDOWS = sys.platform == "win32"

_RESERVED = frozenset({"con", "prn", "aux", "nul", "conin$", "conout$"}) | {
    f"{device}{number}" for device in ("com", "lpt") for number in "0123456789¹²³"
}
"""Names that are devices on Windows, whatever follows a dot behind them."""


def names_in(text: str, roots: Sequence[str]) -> tuple[str, ...]:
    """The names of a path below the root, none for the root itself; ToolError where it leads elsewhere.

    ``roots`` are the spellings of the root an absolute path may begin with.
    """
    if not text:
        raise ToolError("the path is empty; name a file or directory, or . for the working directory")
    if len(text) > MOST_CHARS:
        raise ToolError(
            f"the path has {shown.amount(len(text), 'character')}; at most {MOST_CHARS:,} are taken"
        )
    if "\0" in text:
        raise ToolError("the path has a NUL character in it; no file has such a name")
    if text == "~" or text.startswith(("~/", "~\\")):
        raise ToolError(
            f"~ is not known here; paths are relative to {roots[0]}, and only what is in it is reached"
        )
    names = [name for name in _split(_relative(text, roots)) if name not in ("", ".")]
    if ".." in names:
        raise ToolError(
            f"the path {shown.quoted(text)} has .. in it; give it from {roots[0]} downwards, without .."
        )
    if len(names) > MOST_NAMES:
        raise ToolError(f"the path has {shown.amount(len(names), 'part')}; at most {MOST_NAMES} are taken")
    for name in names:
        refuse_unspeakable(name)
    return tuple(names)


def below(path: str, roots: Sequence[str]) -> str | None:
    """What of an absolute path lies below one of ``roots``; None when it lies in none of them."""
    for root in roots:
        stem = root.rstrip(os.sep)
        if path.rstrip(os.sep) == stem:
            return ""
        if path.startswith(stem + os.sep):
            return path[len(stem) + 1 :]
    return None


def refuse_new(name: str) -> None:
    """ToolError for a name that may exist but is not given to a new file or directory."""
    if shown.quoted(name) != name:
        raise ToolError(
            f"{shown.quoted(name)} is no name for a new file: it holds characters that do not show"
        )
    if name != name.rstrip(". "):
        raise ToolError(f"{shown.quoted(name)} is no name for a new file: it ends in a dot or a space")


@lru_cache(maxsize=10_000)
def folded(name: str) -> str:
    """``name`` as file systems that take case, composition and trailing dots lightly would compare it."""
    composed = unicodedata.normalize("NFKC", name).casefold()
    return unicodedata.normalize("NFKC", composed).rstrip(". ") or name


def _relative(text: str, roots: Sequence[str]) -> str:
    if not os.path.isabs(text):
        if WINDOWS and os.path.splitdrive(text)[0]:
            raise ToolError(f"the path {shown.quoted(text)} names a drive; give it relative to {roots[0]}")
        return text
    rest = below(text, roots)
    if rest is None:
        raise ToolError(
            f"{shown.quoted(text)} is outside the working directory {roots[0]}; only what is in it is reached"
        )
    return rest


def _split(text: str) -> list[str]:
    return text.replace(os.sep, "/").split("/")


def refuse_unspeakable(name: str) -> None:
    """ToolError for a name no file here can have, or that is no file."""
    try:
        os.fsencode(name)
    except UnicodeEncodeError:
        raise ToolError(f"{shown.quoted(name)} is no file name: it holds half a character") from None
    if WINDOWS and (":" in name or folded(name).partition(".")[0].rstrip() in _RESERVED):
        raise ToolError(f"{shown.quoted(name)} is no file name on Windows: it means a device or a stream")
