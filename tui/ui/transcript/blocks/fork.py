"""Which of several versions of a message is shown: ``‹ 2/3 ›``, its ends clickable."""

from __future__ import annotations

from rich.cells import cell_len

from tui.ui.transcript.line import FLIP, Hit, Piece
from tui.ui.transcript.model import Fork
from tui.ui.transcript.palette import Palette


def fork_pieces(fork: Fork, start: int, palette: Palette) -> tuple[list[Piece], tuple[Hit, ...]]:
    """The mark as it stands from column ``start`` on, and what a click on each half does."""
    back, on = f"‹ {fork.place}", f"/{fork.of} ›"
    middle = start + cell_len(back)
    pieces = [Piece(back, palette.action, False), Piece(on, palette.action, False)]
    return pieces, (Hit(start, middle, f"{FLIP}-1"), Hit(middle, middle + cell_len(on), f"{FLIP}1"))
