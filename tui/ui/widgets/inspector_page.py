"""A page of text of which a few rows change at a time: only those are laid out and painted again."""

from __future__ import annotations

from typing import Any

from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget

from tui.ui.painting.settled import Settled

_Row = tuple[Any, ...]
"""Where a row stands and all that it shows."""


class Page(Settled, Widget):
    """Text whose rows fit its width; ``put`` it anew as often as it changes.

    While an answer streams a clock and a rate change four times a second; to lay out and paint the
    other rows with them took as long as a frame of the answer.
    """

    DEFAULT_CSS = "Page { height: auto; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._content = Content("")
        self._lines: list[Content] = []
        self._longest = 0
        """Cells of the longest of them."""
        self._rows: list[_Row] = []
        self._look: tuple[Any, ...] = ()
        self._strips: dict[_Row, Strip] = {}

    def put(self, content: Content, *, layout: bool) -> None:
        """Show ``content``; ``layout`` says whether it has another height than before."""
        self._lines = content.split("\n", allow_blank=True)
        self._longest = max(line.cell_length for line in self._lines)
        rows: list[_Row] = [(y, line.plain, *line.spans) for y, line in enumerate(self._lines)]
        before, self._rows, self._content = self._rows, rows, content
        self._layout_cache.clear()
        if layout or len(before) != len(rows):
            self.refresh(layout=layout)
            return
        changed = [Region(0, y, self.size.width, 1) for y, row in enumerate(rows) if row != before[y]]
        if changed:
            self.refresh(*changed)

    def render(self) -> Content:
        """All of it."""
        return self._content

    def render_line(self, y: int) -> Strip:
        """One row, as it was laid out before if it is the same."""
        width = self.size.width
        if y >= len(self._rows) or self._longest > width or self.text_selection is not None:
            return super().render_line(y)
        look = (width, self.visual_style, self.app.theme)
        if look != self._look:
            self._look, self._strips = look, {}
        strip = self._strips.get(self._rows[y])
        if strip is None:
            if len(self._strips) > 4 * len(self._rows):
                self._strips.clear()
            strip = self._strips[self._rows[y]] = self._laid_out(y)
        return strip

    def _laid_out(self, y: int) -> Strip:
        strips = Visual.to_strips(self, self._lines[y], self.size.width, 1, self.visual_style)
        return strips[0].apply_offsets(0, y)
