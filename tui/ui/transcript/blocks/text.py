"""An answer's text."""

from __future__ import annotations

from tui.ui.transcript.line import Line, Piece
from tui.ui.transcript.model import TextBlock
from tui.ui.transcript.palette import Palette
from tui.ui.transcript.wrap import wrap


def text_lines(block: TextBlock, width: int, palette: Palette) -> list[Line]:
    """The rows of a whole answer."""
    from tui.ui.transcript.markdown.document import markdown_lines

    return [*markdown_lines(block.text, width, palette), *note_lines(block.note, width, palette)]


def note_lines(note: str, width: int, palette: Palette) -> list[Line]:
    """What is said beneath a text that was cut."""
    return wrap([Piece(note, palette.warning)], width) if note else []
