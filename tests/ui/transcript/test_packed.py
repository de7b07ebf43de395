"""Packed texts are the same texts to whoever reads them, and take less room meanwhile."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.chat.messages import AssistantMessage, UserMessage
from tui.chat.parts import Origin, Text
from tui.chat.usage import UNKNOWN_COST
from tui.ui.transcript import page as pages
from tui.ui.transcript.blocks import copy_text, estimate
from tui.ui.transcript.history import Past, history_blocks
from tui.ui.transcript.model import Block, TextBlock, ThinkingBlock, ToolBlock, UserBlock
from tui.ui.transcript.packed import MOST, extent, pack
from tui.ui.transcript.page import Page

TEXTS = st.builds(
    lambda text, times: text * times,
    st.text(st.characters(exclude_categories=()), min_size=1, max_size=20),
    st.integers(0, 300),
)


def _blocks(text: str) -> list[Block]:
    return [
        UserBlock("u", text),
        TextBlock("t", text),
        ThinkingBlock("th", text),
        ToolBlock("c", "read_file", text, "ok", result=text, diff=text, folded=False),
        ToolBlock("f", "read_file", "{}", "ok", result="short", full=text, folded=False),
        ToolBlock("n", "read_file", text, "running"),
    ]


@given(TEXTS, st.integers(1, 150))
def test_a_packed_block_is_the_block_it_was(text: str, width: int) -> None:
    for block, plain in zip(_blocks(text), _blocks(text), strict=True):
        pack(block)
        pack(block)
        assert block == plain
        assert plain == block
        assert repr(block) == repr(plain)
        assert copy_text(block) == copy_text(plain)
        assert estimate(block, width) == estimate(plain, width)


def test_a_packed_text_can_be_set_and_packed_again() -> None:
    block = TextBlock("t", "word " * 200)
    pack(block)
    block.text += "\nmore"
    assert block.text == "word " * 200 + "\nmore"
    assert extent(block, "text") == (1005, 1)
    pack(block)
    assert block.text.endswith("\nmore")


def test_the_rows_of_megabytes_are_guessed_from_their_beginning() -> None:
    block = ToolBlock("c", "read_file", result="a line\n" * MOST, folded=False)
    chars, breaks = extent(block, "result")
    assert chars == 7 * MOST
    assert abs(breaks - MOST) < 10


def _held(blocks: list[Block]) -> int:
    """Bytes that are given back with the texts of these blocks."""
    for block in blocks:
        if isinstance(block, UserBlock | TextBlock):
            block.text = ""
    return tracemalloc.get_traced_memory()[0]


def test_a_history_keeps_its_texts_packed() -> None:
    origin = Origin("messages", "anthropic", "claude-opus-4-5")
    talk = [
        message
        for n in range(50)
        for message in (
            UserMessage(f"u{n}", (Text(f"question {n} of many — " * 100),), 1.0),
            AssistantMessage(
                f"a{n}",
                (Text(f"answer {n}, told at length — " * 100),),
                origin,
                "end",
                None,
                None,
                UNKNOWN_COST,
                1.0,
            ),
        )
    ]
    tracemalloc.start()
    try:
        blocks = history_blocks(Past(talk))
        before, _ = tracemalloc.get_traced_memory()
        texts = before - _held(blocks)
    finally:
        tracemalloc.stop()
    assert texts < sum(len(message.text) for message in talk) / 4


def test_what_left_the_kept_rows_is_packed_and_comes_back_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    packed: list[object] = []

    def packing(block: object) -> None:
        packed.append(block)
        pack(block)

    monkeypatch.setattr(pages, "pack", packing)
    texts = [f"block {n} says something that is told again and again, " * 40 for n in range(pages.KEPT + 20)]
    page = Page(60)
    page.extend(TextBlock(f"t{n}", text) for n, text in enumerate(texts))
    first = [line.text for line in page.lines(0)]
    for index in range(len(page)):
        page.lines(index)
    page.settle(page.total, 10)
    assert packed == [entry.block for entry in page.entries[:20]]
    assert page.entries[0].lines is None
    assert [entry.block.text for entry in page.entries if isinstance(entry.block, TextBlock)] == texts
    assert [line.text for line in page.lines(0)] == first
