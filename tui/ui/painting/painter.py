"""Textual's compositor, drawing only the rows that changed and only what can be seen of them.

Textual draws every widget between the first and the last changed row, and the containers behind them
as well: with header, prompt and footer changing beside one line of text that is the whole screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import TypeAlias, cast

from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Offset, Region
from textual.strip import Strip
from textual.widget import Widget

Chop: TypeAlias = dict[int, Strip | None]
"""The pieces of a row by the column they begin in; None where nothing is drawn yet."""


class Painter(Compositor):
    """Draws widgets from the front to the back, until the cells that are asked for are filled."""

    def render_partial_update(self) -> ChopsUpdate | None:
        """The update of all regions that are dirty; None when none is."""
        height = self.size.height
        spans = [span for span in self._regions_to_spans(self._dirty_regions) if 0 <= span[0] < height]
        self._dirty_regions.clear()
        if not spans:
            return None
        wanted: dict[int, list[tuple[int, int]]] = {}
        for y, first, last in spans:
            wanted.setdefault(y, []).append((first, last))
        chops: list[Chop] = [{}] * height
        ends: list[list[int]] = [[]] * height
        for y, parts in wanted.items():
            pieces = [
                (x, end)
                for x, end in pairwise(self.cuts[y])
                if any(x < last and end > first for first, last in parts)
            ]
            chops[y] = {x: None for x, _ in pieces}
            ends[y] = [end for _, end in pieces]
        self._fill(chops, set(wanted))
        return ChopsUpdate(chops, spans, ends)

    def get_widget_and_offset_at(self, x: int, y: int) -> tuple[Widget | None, Offset | None]:
        """What a selection begins on; nothing where a widget stands that is gone by the next layout."""
        widget, offset = super().get_widget_and_offset_at(x, y)
        # Textual goes on to ask where the parent stands, and such a widget has none.
        return (widget, offset) if widget is not None and widget.is_attached else (None, None)

    def _render_chops(
        self, crop: Region, is_rendered_line: Callable[[int], bool]
    ) -> Sequence[Mapping[int, Strip]]:
        rows = {y for y in range(*crop.line_span) if 0 <= y < len(self.cuts) and is_rendered_line(y)}
        chops: list[Chop] = [dict.fromkeys(cuts[:-1]) for cuts in self.cuts]
        self._fill(chops, rows)
        return cast("Sequence[Mapping[int, Strip]]", chops)

    def _fill(self, chops: Sequence[Chop], unfilled: set[int]) -> None:
        for widget, (region, clip) in self.visible_widgets.items():
            if not unfilled:
                return
            shown = region.intersection(clip)
            first, last = shown.column_span
            rows = [
                y
                for y in range(*shown.line_span)
                if y in unfilled and any(piece is None and first <= x < last for x, piece in chops[y].items())
            ]
            for start, count in _runs(rows):
                crop = Region(shown.x - region.x, start - region.y, shown.width, count)
                for y, strip in enumerate(widget.render_lines(crop), start):
                    self._put(chops[y], strip, y, first, last)
                    if None not in chops[y].values():
                        unfilled.discard(y)

    def _put(self, chop: Chop, strip: Strip, y: int, first: int, last: int) -> None:
        """Fill the cells that nothing in front has filled."""
        cuts = [cut for cut in self.cuts[y] if first <= cut <= last]
        for x, piece in zip(cuts, strip.divide([cut - first for cut in cuts[1:]]), strict=False):
            if x in chop and chop[x] is None:
                chop[x] = piece


def _runs(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Rows in order as (first row, count) of those that follow one another."""
    for _, run in groupby(enumerate(rows), lambda place: place[1] - place[0]):
        ys = [y for _, y in run]
        yield ys[0], len(ys)
