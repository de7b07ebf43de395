"""A JSON value to open row by row: closed parts cost nothing, however large they are."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial

from textual import events
from textual.content import Content

from tui.chat.parts import Json
from tui.ui.beside import beside
from tui.ui.transcript.needles import folded
from tui.ui.wire.json_tree import JsonTree, Path, TreeRow, places, summary
from tui.ui.wire.rows_view import RowsView
from tui.ui.wire.slices import in_slices

STYLES = {
    "string": "$text-success",
    "number": "$text-warning",
    "word": "$text-accent",
    "object": "$foreground-muted",
    "list": "$foreground-muted",
}
_FOUND = "bold underline $text-warning"


class TreeView(RowsView):
    """Opens and closes rows, and finds words in what is closed."""

    def __init__(self) -> None:
        super().__init__(self._row)
        self.json = JsonTree(None)
        self._needle = ""
        self._found: list[Path] = []
        self._place: int | None = None
        self._looking = False

    def take(self, value: Json) -> None:
        """Show another value, its first level open."""
        self.json = JsonTree(value)
        self.find("")
        self.fill(len(self.json.rows), 0)

    def _row(self, at: int, width: int) -> Content:
        row = self.json.rows[at]
        mark = ("▾ " if row.is_open else "▸ ") if row.opens else "  "
        text, kind = summary(row.value) if row.first is None else ("", "list")
        name = Content.styled(row.name, "bold" if row.opens else "$text-primary")
        said = Content.styled(text, STYLES[kind])
        if self._needle:
            said = _marked(said, self._needle)
            name = _marked(name, self._needle)
        indent = "  " * min(row.depth, width // 8)
        return Content.assemble(indent, mark, name, "  " if text else "", said).truncate(width, ellipsis=True)

    @property
    def row(self) -> TreeRow:
        """The row under the cursor."""
        return self.json.rows[self.here]

    def toggle(self) -> None:
        """Open the row under the cursor, or close it; of a plain value what holds it."""
        at = self.here
        if not self.row.opens:
            at = self.json.parent_of(at)
        self.json.toggle(at)
        self.fill(len(self.json.rows), at)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor there, and open or close what was clicked."""
        at = self.row_of(event)
        if at is not None:
            self.here = at
            if self.row.opens:
                self.toggle()

    # Finding

    @property
    def found(self) -> str:
        """How the search stands."""
        if not self._needle:
            return ""
        more = "…" if self._looking else ""
        if not self._found:
            return more or "nothing found"
        return f"{'–' if self._place is None else self._place + 1} of {len(self._found):,}{more}"

    def find(self, words: str) -> None:
        """Look for words in keys and values, beside everything else."""
        if folded(words) == self._needle:
            return
        self._needle, self._found, self._place = folded(words), [], None
        self.refresh()
        if self._needle:
            self._looking = True
            beside(self, partial(self._look, self._needle), "find", exclusive=True)

    async def _look(self, needle: str) -> None:
        await asyncio.sleep(0)
        walk: Iterator[Path | None] = places(self.json.value, needle)

        def step() -> bool:
            for path in walk:
                if path is not None:
                    self._found.append(path)
                return needle != self._needle
            return True

        await in_slices(step)
        if needle == self._needle:
            self._looking = False
            self.find_next(1)

    def find_next(self, step: int) -> None:
        """To the next match, or the one before."""
        if self._found:
            place = 0 if self._place is None else (self._place + step) % len(self._found)
            self._place = place
            at = self.json.reveal(self._found[place])
            self.fill(len(self.json.rows), at)


def _marked(content: Content, needle: str) -> Content:
    low = folded(content.plain)
    if len(low) != len(content.plain):
        return content
    at = low.find(needle)
    while at >= 0:
        content = content.stylize(_FOUND, at, at + len(needle))
        at = low.find(needle, at + len(needle))
    return content
