"""Prefix sums agree with the plain list they stand for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.chat.parts import Image
from tui.ui.transcript import page as pages
from tui.ui.transcript.blocks import measure
from tui.ui.transcript.layout import Heights, estimate_rows
from tui.ui.transcript.model import (
    Block,
    CardBlock,
    DrawnBlock,
    FooterBlock,
    MediaBlock,
    TextBlock,
    ThinkingBlock,
    ToolBlock,
    UserBlock,
)
from tui.ui.transcript.page import Laid, Page, guess
from tui.ui.transcript.palette import PLAIN

SIZES = st.lists(st.integers(0, 9), max_size=60)


@given(SIZES, st.lists(st.tuples(st.integers(0, 59), st.integers(0, 30)), max_size=30), SIZES)
def test_offsets_after_changes_and_growth(
    sizes: list[int], changes: list[tuple[int, int]], more: list[int]
) -> None:
    heights = Heights(sizes)
    plain = list(sizes)
    for index, height in changes:
        if index < len(plain):
            assert heights.set(index, height) == height - plain[index]
            plain[index] = height
    heights.extend(more)
    plain += more
    assert len(heights) == len(plain)
    assert heights.total == sum(plain)
    assert [heights.offset(i) for i in range(len(plain) + 1)] == [
        sum(plain[:i]) for i in range(len(plain) + 1)
    ]
    assert [heights[i] for i in range(len(plain))] == plain


@given(SIZES.filter(any))
def test_each_row_is_found_in_its_block(sizes: list[int]) -> None:
    heights = Heights(sizes)
    expected = [(index, row) for index, size in enumerate(sizes) for row in range(size)]
    assert [heights.find(row) for row in range(heights.total)] == expected
    assert heights.find(heights.total + 5)[0] == len(sizes) - 1


@given(st.text(), st.integers(1, 200))
def test_an_estimate_is_at_least_the_lines(text: str, width: int) -> None:
    assert estimate_rows(text, width) >= text.count("\n") + 1


def test_another_theme_keeps_the_heights_but_of_pictures() -> None:
    page = Page(40)
    picture = MediaBlock("m", "a.png", Image("image/png", ""), (400, 400), drawable=True)
    page.extend([TextBlock("t", "# Title\n\n" + "word " * 60), picture, TextBlock("u", "more " * 50)])
    page.lines(0)
    known = [page.heights[index] for index in range(3)]
    picture.drawable = False
    page.look(40, PLAIN)
    assert [entry.lines for entry in page.entries] == [None] * 3
    assert [page.heights[0], page.heights[2]] == [known[0], known[2]]
    assert page.heights[1] == guess(page.entries[1], 40) < known[1]
    page.look(30, PLAIN)
    assert [page.heights[index] for index in range(3)] == [guess(entry, 30) for entry in page.entries]


def _all_kinds() -> list[Block]:
    long = "word " * 60
    return [
        UserBlock("u", long),
        TextBlock("none"),
        TextBlock("t", long + "\n" + long),
        ThinkingBlock("th", long),
        ThinkingBlock("folded", long, folded=True),
        ToolBlock("tool", "look", long, result=long, folded=False),
        FooterBlock("f", long),
        CardBlock("c", "failed", long, long),
        MediaBlock("m", "a.png"),
        DrawnBlock("d", lambda width, _: [], lambda width: 400 // width, gap=1),
    ]


def test_another_width_looks_only_at_blocks_that_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []

    def look(block: Block) -> tuple[int, int, int] | None:
        looked.append(block.key)
        return measure(block)

    monkeypatch.setattr(pages, "measure", look)
    page = Page(40)
    page.take(Laid.out(_all_kinds(), 60))
    page.extend([TextBlock("open", "begun"), TextBlock("shown", "words " * 30)])

    def look_again(width: int) -> set[str]:
        looked.clear()
        page.look(width, PLAIN)
        seen = set(looked)
        assert [page.heights[index] for index in range(len(page))] == [guess(e, width) for e in page.entries]
        return seen

    asked = {"c", "m", "d"}
    assert look_again(30) == asked
    page.entries[10].open = True
    for index in (3, 10, 11):
        page.lines(index)
    block = page.entries[10].block
    assert isinstance(block, TextBlock)

    def add(text: str) -> None:
        block.text += text

    page.feed(10, " and " * 90, add)
    thought, tool = page.entries[3].block, page.entries[5].block
    assert isinstance(thought, ThinkingBlock)
    assert isinstance(tool, ToolBlock)
    thought.text = ""
    page.changed(3)
    tool.folded = True
    page.refold(5)
    assert look_again(50) == asked | {"open", "th", "tool"}
    page.cut(6)
    assert look_again(20) == set()
