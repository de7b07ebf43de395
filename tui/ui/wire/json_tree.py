"""A JSON value as rows that open lazily: what is closed costs nothing; no Textual."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tui.chat.parts import Json
from tui.clean import visible
from tui.ui.transcript.needles import folded

GROUP = 200
"""Items of a list that are shown together; a longer one is shown as groups of so many."""
PREVIEW = 400
"""Characters of a text that may stand on its row."""

Path = tuple[str | int, ...]
"""Keys and places from the root on."""


@dataclass(slots=True)
class TreeRow:
    """A value at its place; with ``first``, a group of the items of a list from that one on."""

    key: str | int
    value: Json
    depth: int
    is_open: bool = False
    first: int | None = None

    @property
    def opens(self) -> bool:
        """Whether there is anything to open."""
        return isinstance(self.value, dict | list) and bool(self.value)

    @property
    def name(self) -> str:
        """Its key, clean."""
        if self.first is not None:
            return f"[{self.first:,} … {self.first + len(self.value) - 1:,}]"
        return f"[{self.key}]" if isinstance(self.key, int) else visible(self.key, 60) or '""'


def summary(value: Json) -> tuple[str, str]:
    """A value on one line, clean, and what kind it is."""
    if isinstance(value, dict):
        inner = ", ".join(visible(key, 24) for key in list(value)[:8])
        more = ", …" if len(value) > 8 else ""
        return f"{{{inner}{more}}}", "object"
    if isinstance(value, list):
        return f"{len(value):,} item{'s' if len(value) != 1 else ''}", "list"
    if isinstance(value, str):
        more = f" ({len(value):,} characters)" if len(value) > PREVIEW else ""
        return f'"{visible(value[:PREVIEW])}{"…" if more else ""}"{more}', "string"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value], "word"
    return visible(str(value)[:PREVIEW]), "number"


class JsonTree:
    """The rows that are seen of a value, its root open."""

    def __init__(self, value: Json) -> None:
        self.rows = [TreeRow("request", value, 0)]
        self.value = value
        self.toggle(0)

    def toggle(self, at: int) -> None:
        """Open a row, or close it with everything in it."""
        row = self.rows[at]
        if row.is_open:
            row.is_open = False
            del self.rows[at + 1 : self.end_of(at)]
        elif row.opens:
            row.is_open = True
            self.rows[at + 1 : at + 1] = _children(row)

    def end_of(self, at: int) -> int:
        """The row after the last one within row ``at``."""
        depth, end = self.rows[at].depth, at + 1
        while end < len(self.rows) and self.rows[end].depth > depth:
            end += 1
        return end

    def parent_of(self, at: int) -> int:
        """The row that holds row ``at``; the root holds itself."""
        depth = self.rows[at].depth
        while at > 0 and self.rows[at].depth >= depth:
            at -= 1
        return at

    def path(self, at: int) -> Path:
        """Where the value of a row stands."""
        keys: list[str | int] = []
        while at > 0:
            if self.rows[at].first is None:
                keys.append(self.rows[at].key)
            at = self.parent_of(at)
        return tuple(reversed(keys))

    def reveal(self, path: Path) -> int:
        """Open everything above a place; the row it stands on."""
        at = 0
        for key in path:
            at = self._child(at, key)
        return at

    def _child(self, at: int, key: str | int) -> int:
        if not self.rows[at].is_open:
            self.toggle(at)
        depth, end = self.rows[at].depth + 1, self.end_of(at)
        for place in range(at + 1, end):
            row = self.rows[place]
            if row.depth != depth:
                continue
            if (
                row.first is not None
                and isinstance(key, int)
                and row.first <= key < row.first + len(row.value)
            ):
                return self._child(place, key)
            if row.first is None and row.key == key:
                return place
        return at


def _children(row: TreeRow) -> list[TreeRow]:
    depth = row.depth + 1
    if isinstance(row.value, dict):
        return [TreeRow(key, item, depth) for key, item in row.value.items()]
    items = row.value
    if row.first is None and len(items) > GROUP:
        return [
            TreeRow(first, items[first : first + GROUP], depth, first=first)
            for first in range(0, len(items), GROUP)
        ]
    start = row.first or 0
    return [TreeRow(start + place, item, depth) for place, item in enumerate(items)]


def places(value: Json, needle: str) -> Iterator[Path | None]:
    """Where keys or plain values say ``needle`` (folded), from the top; None at every other value."""
    waiting: list[tuple[Path, Json]] = [((), value)]
    while waiting:
        path, item = waiting.pop()
        if isinstance(item, dict):
            waiting += [((*path, key), inner) for key, inner in reversed(list(item.items()))]
        elif isinstance(item, list):
            waiting += [((*path, place), item[place]) for place in range(len(item) - 1, -1, -1)]
        said = [str(path[-1])] if path and isinstance(path[-1], str) else []
        if not isinstance(item, dict | list):
            said.append(summary(item)[0] if not isinstance(item, str) else item)
        yield path if any(needle in folded(text) for text in said) else None
