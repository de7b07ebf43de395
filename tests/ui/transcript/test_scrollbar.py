"""The scrollbar of a pane is Textual's, drawn in another way."""

from __future__ import annotations

from typing import Any

import pytest
from textual.geometry import Region
from textual.scrollbar import ScrollBar
from textual.strip import Strip

from tests.ui.transcript.support import Bench
from tui.ui.transcript.scrollbar import Bar


def seen(strip: Strip) -> list[tuple[Any, ...]]:
    """What of each cell can be seen, and what a click there does."""
    cells = []
    for text, style, _ in strip:
        assert style is not None
        front, back = (style.bgcolor, style.color) if style.reverse else (style.color, style.bgcolor)
        cells.append((text, front if text.strip() else None, back, style.meta))
    return cells


@pytest.mark.parametrize(("blocks", "top"), [(0, 0), (3, 0), (40, 0), (40, 7), (40, 33), (40, 10_000)])
async def test_it_looks_like_textuals(blocks: int, top: int) -> None:
    app = Bench()
    async with app.run_test(size=(40, 12)) as pilot:
        view = app.transcript
        for number in range(blocks):
            view.add_user(f"u{number}", "several words of a prompt")
        view.go(top)
        await pilot.pause()
        bar = view.vertical_scrollbar
        assert isinstance(bar, Bar)
        whole = Region(0, 0, bar.size.width, bar.size.height)
        told = ScrollBar.render_lines(bar, whole)
        assert [seen(strip) for strip in bar.render_lines(whole)] == [seen(strip) for strip in told]
        assert len(told) == 12
        assert seen(bar.render_lines(Region(0, 5, 1, 2))[1]) == seen(told[6])
