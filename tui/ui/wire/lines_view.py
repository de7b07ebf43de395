"""A pane of rows that change a few at a time: only those that did are painted again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.segment import Segment
from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.style import Style as ContentStyle
from textual.widget import Widget


class Row(NamedTuple):
    """Clean text and the name of its style in the theme."""

    text: str
    style: str = ""


class LinesView(Widget):
    """Shows rows from its top on; what does not fit is not seen."""

    DEFAULT_CSS = "LinesView { height: 1fr; }"

    def __init__(self, *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._rows: Sequence[Row] = ()

    def tell(self, rows: Sequence[Row]) -> None:
        """Show other rows."""
        before, self._rows = self._rows, rows
        for y in range(min(max(len(before), len(rows)), self.size.height)):
            if before[y : y + 1] != rows[y : y + 1]:
                self.refresh(Region(0, y, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        """The strip of row ``y``."""
        width, base = self.size.width, self.rich_style
        if y >= len(self._rows):
            return Strip.blank(width, base)
        row = self._rows[y]
        spans = Content.styled(row.text, row.style).render_segments(ContentStyle.from_rich_style(base))
        return Strip([Segment("", base), *spans]).adjust_cell_length(width, base)
