"""The last wall: deletes control characters from every line painted, whoever forgot to clean it."""

from __future__ import annotations

import re

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_UNPAINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e01ff]"
)


class ControlFilter(LineFilter):
    """Deletes what steers a terminal, keeping the columns; a link with such a character is no link."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """The same segments without control characters."""
        return [self._wash(segment) for segment in segments]

    @staticmethod
    def _wash(segment: Segment) -> Segment:
        text, style, control = segment
        if not (text.isascii() and text.isprintable()) and _UNPAINTABLE.search(text):
            text = _UNPAINTABLE.sub(_blank, text)
        if style is not None and style.link and _UNPAINTABLE.search(style.link):
            style = style.update_link(None)
        if control is not None or text is not segment.text or style is not segment.style:
            return Segment(text, style)
        return segment


def _blank(match: re.Match[str]) -> str:
    """As many spaces as the character was counted for, so that the columns after it stay."""
    return " " * cell_len(match.group())
