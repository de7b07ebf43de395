"""Only what differs is written, and the terminal then shows what writing everything would have shown."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from tui.ui.painting import looks
from tui.ui.painting.shown import Shown

WIDTH, HEIGHT = 24, 3
STYLES = [
    None,
    Style(),
    Style.parse("red"),
    Style.parse("bold red on #102030"),
    Style.parse("on #102030"),
    Style.parse("underline on #102030"),
    Style.parse("reverse blue"),
    Style.parse("italic #aabbcc on #102030"),
]
TEXTS = [
    "plain",
    "words and",
    " ",
    "      ",
    "中文字",
    "é",
    "e\u0301",
    "👩\u200d💻",
    "🙂",
    "│",
    "x",
    "0123456789",
]

PIECES = st.lists(st.tuples(st.sampled_from(TEXTS), st.sampled_from(STYLES)), max_size=5)


def strip_of(pieces: list[tuple[str, Style | None]], width: int) -> Strip:
    strip = Strip([Segment(text, style) for text, style in pieces if text])
    return strip.adjust_cell_length(width) if strip.cell_length != width else strip


@st.composite
def pictures(draw: st.DrawFn) -> list[list[Strip]]:
    """A screen: each row one strip, or two that meet somewhere."""
    rows = []
    for _ in range(HEIGHT):
        at = draw(st.sampled_from([WIDTH, 10, 17]))
        row = [strip_of(draw(PIECES), at)]
        if at < WIDTH:
            row.append(strip_of(draw(PIECES), WIDTH - at))
        rows.append(row)
    return rows


def update_of(rows: list[list[Strip]]) -> LayoutUpdate:
    return LayoutUpdate([iter(row) for row in rows], Region(0, 0, WIDTH, HEIGHT))


def console() -> Console:
    return Console(file=StringIO(), force_terminal=True, color_system="truecolor", width=WIDTH)


def looked_at(screen: pyte.Screen) -> list[list[tuple[Any, ...]]]:
    """Every cell as it looks; the colour of a blank cannot be seen."""
    rows = []
    for y in range(HEIGHT):
        cells = [screen.buffer[y][x] for x in range(WIDTH)]
        rows.append(
            [
                (c.data, c.bg, c.underscore, c.reverse, c.fg if c.data.strip() or c.reverse else "")
                for c in cells
            ]
        )
    return rows


@given(st.lists(pictures(), min_size=1, max_size=5), st.integers(0, 5))
def test_the_terminal_shows_what_writing_everything_shows(
    pictures: list[list[list[Strip]]], lost: int
) -> None:
    by_differences, whole = (pyte.Screen(WIDTH, HEIGHT) for _ in range(2))
    stream, whole_stream = pyte.Stream(by_differences), pyte.Stream(whole)
    shown = Shown()
    for number, rows in enumerate(pictures):
        if number == lost:
            by_differences.reset()
            whole.reset()
            shown.forget()
        stream.feed(shown.differences(update_of(rows), console()))
        whole_stream.feed(Shown().differences(update_of(rows), console()))
        assert looked_at(by_differences) == looked_at(whole)


def test_words_without_a_colour_do_not_take_that_of_the_words_before() -> None:
    row = [strip_of([("x", Style.parse("red")), (" ", None), ("plain", None)], WIDTH)]
    written = Shown().differences(update_of([row, [Strip([])], [Strip([])]]), console())
    assert "\x1b[31mx\x1b[0m plain" in written


def test_what_stands_there_is_not_written_again() -> None:
    shown, style = Shown(), Style.parse("red on black")
    first = [[Strip([Segment("The answer", style), Segment(" " * 14, style)])]] * HEIGHT
    longer = [[Strip([Segment("The answer is", style), Segment(" " * 11, style)])], *first[1:]]
    again = [[Strip([Segment("The answer is" + " " * 11, style)])], *first[1:]]
    assert len(shown.differences(update_of(first), console())) > 3 * 24
    written = shown.differences(update_of(longer), console())
    assert written == "\x1b[1;11H\x1b[31;40m is\x1b[0m"
    assert shown.differences(update_of(again), console()) == ""


def test_a_row_that_terminals_measure_differently_is_written_whole_with_what_is_beside_it() -> None:
    shown = Shown()

    def rows(word: str) -> list[list[Strip]]:
        return [[strip_of([(word, None)], 20), strip_of([("end", None)], 4)], *([[]] * (HEIGHT - 1))]

    shown.differences(update_of(rows("🙂 one")), console())
    written = shown.differences(update_of(rows("🙂 two")), console())
    assert "🙂 two" in written
    assert "end" in written
    assert "end" not in shown.differences(update_of(rows("🙂 two")), console())


def test_many_looks_do_not_run_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "MOST", 50)
    shown = Shown()
    for green in range(0, 256, 16):
        styles = [Style.parse(f"#00{green:02x}{blue:02x}") for blue in range(0, 256, 16)]
        row = [Strip([Segment("x", style) for style in styles] + [Segment(" " * 8)])]
        assert shown.differences(update_of([row, [], []]), console()).count("x") == 16
    assert shown.differences(update_of([row, [], []]), console()).count("x") in (0, 16)


def test_a_link_is_opened_and_closed() -> None:
    style = Style(link="https://example.org")
    row = [[Strip([Segment("site", style), Segment(" " * 20)])], [], []]
    written = Shown().differences(update_of(row), console())
    assert written.count("\x1b]8;") == 2
    assert ";https://example.org\x1b\\site\x1b]8;;\x1b\\" in written
