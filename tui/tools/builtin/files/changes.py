"""Changing files: what was shown to the user is what happens, or nothing does."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from tui.chat.parts import Json
from tui.tools.builtin.files import shown
from tui.tools.builtin.files.content import Content, content_of
from tui.tools.builtin.files.reading import MOST_BYTES, text_bytes
from tui.tools.builtin.files.root import Root, Spot, refuse_other_than_file
from tui.tools.builtin.files.writing import put
from tui.tools.toolbox import ToolError

_MOST_REMEMBERED = 1_000
_NOTHING = ""
"""The digest of a file that is not there."""


@dataclass(frozen=True, slots=True)
class Before:
    """A file as it is before a change."""

    path: str
    """Where it really is below the root, shown."""
    subject: str
    """The same as rules name it."""
    content: Content | None
    """None when there is no such file yet."""
    digest: str


Make: TypeAlias = Callable[[Before], Content]
"""What a call makes of a file; ToolError when it cannot."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a change makes of a file."""

    before: Before
    after: Content
    size: int
    """Bytes the file has afterwards."""


class Changes:
    """What was shown to the user of each change, and the making of changes one after another."""

    def __init__(self) -> None:
        self._shown: dict[str, Before] = {}
        self._made: dict[tuple[str, str], str] = {}
        """By path and digest of a file we wrote: its digest before."""
        self._lock = threading.Lock()

    def look(self, root: Root, path: str, make: Make, call: str) -> Change:
        """What ``make`` would make of the file; remembered under ``call`` as what the user is shown."""
        with self._lock, root.spot(path, writing=True) as spot:
            change, _ = _change_of(spot, make)
        while len(self._shown) >= _MOST_REMEMBERED:
            self._shown.pop(next(iter(self._shown)))
        # Without the text: what a thousand refused calls would have changed is not kept.
        self._shown[call] = replace(change.before, content=None)
        return change

    def make(
        self,
        root: Root,
        path: str,
        make: Make,
        call: str,
        still_wanted: Callable[[], bool],
        *,
        merges: bool = False,
    ) -> Change:
        """Write what ``make`` makes of the file; ToolError when it is no longer as ``call`` was shown it.

        ``merges`` allows for other changes of ours in between: the change is one of a part of the file,
        so two that were shown side by side may both be made.
        """
        with self._lock, root.spot(path, writing=True) as spot:
            seen = self._shown.pop(call, None)
            change, data = _change_of(spot, make, lambda before: self._check(before, seen, merges))
            put(spot, data, still_wanted)
            before = change.before
            if len(self._made) >= _MOST_REMEMBERED:
                self._made.clear()
            self._made[before.path, digest_of(data)] = before.digest
            return change

    def _check(self, before: Before, seen: Before | None, merges: bool) -> None:
        """ToolError when the file is not what the user was shown; no ask, nothing to compare."""
        if seen is None:
            return
        digest, passed = before.digest, {before.digest}
        while digest != seen.digest and merges:
            earlier = self._made.get((before.path, digest), digest)
            if earlier in passed:
                break
            passed.add(earlier)
            digest = earlier
        # The place counts too: a link may lead elsewhere by now, to where nobody said yes to.
        if digest != seen.digest or before.subject != seen.subject:
            raise ToolError(
                f"{seen.path} changed after this change of it was shown to the user, so it was not made;"
                " read the file again and make a new call"
            )


def call_key(tool: str, arguments: Mapping[str, Json]) -> str:
    """What tells one call from others that are not the same."""
    return digest_of(json.dumps([tool, arguments], sort_keys=True).encode())


def digest_of(data: bytes) -> str:
    """The content hash of a file."""
    return hashlib.sha256(data).hexdigest()


def _change_of(spot: Spot, make: Make, check: Callable[[Before], None] | None = None) -> tuple[Change, bytes]:
    before = _before(spot)
    if check is not None:
        check(before)
    after = make(before)
    data = after.encoded(after.text)
    if len(data) > MOST_BYTES:
        raise ToolError(
            f"{spot.shown} would have {shown.size(len(data))}; at most {shown.size(MOST_BYTES)} are written"
        )
    if digest_of(data) == before.digest:
        raise ToolError(f"nothing to change: {spot.shown} is already exactly so")
    return Change(before, after, len(data)), data


def _before(spot: Spot) -> Before:
    if not spot.is_directory and spot.entry is None:
        return Before(spot.shown, spot.subject, None, _NOTHING)
    entry = refuse_other_than_file(spot)
    if not entry.st_mode & 0o222:
        raise ToolError(f"{spot.shown} is marked read-only; it is not changed")
    data = text_bytes(spot)
    content = content_of(data)
    if content.encoded(content.text) != data:
        raise ToolError(f"{spot.shown} is in an encoding that cannot be kept; it is not changed")
    return Before(spot.shown, spot.subject, content, digest_of(data))
