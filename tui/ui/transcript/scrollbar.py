"""The scrollbar of a pane, drawn without Textual's general renderer: it has five different cells at most."""

from __future__ import annotations

from functools import lru_cache

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip

from tui.ui.painting.settled import Settled


class Bar(Settled, ScrollBar):
    """A vertical scrollbar; it moves with every step of a growing answer, and all of it is painted then."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """The cells in ``crop``."""
        bar = self.render()
        if not isinstance(bar, ScrollBarRender) or not isinstance(bar.style, Style):
            return super().render_lines(crop)
        segments = bar.render_bar(
            size=self.size.height,
            virtual_size=bar.virtual_size,
            window_size=bar.window_size,
            position=bar.position,
            thickness=self.size.width,  # not what it is told: that is 0 while the bar is hidden
            back_color=bar.style.bgcolor or Color.default(),
            bar_color=bar.style.color or Color.default(),
        ).segments
        background = self.background_colors[1]
        filters = self.get_line_filters()
        strips = []
        for text, style, _ in segments[crop.y : crop.bottom]:
            strip = _cell(text, style)
            for one in filters:
                strip = strip.apply_filter(one, background)
            strips.append(strip)
        return strips


@lru_cache(maxsize=64)
def _cell(text: str, style: Style | None) -> Strip:
    return Strip([Segment(text, style)], len(text))
