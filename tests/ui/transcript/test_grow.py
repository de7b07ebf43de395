"""However text is cut on its way, what stands there in the end is what a fresh rendering shows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from tests.ui.transcript.test_markdown import DOCUMENTS
from tui.chat.events import PartKind
from tui.clean import clean
from tui.ui.transcript import told
from tui.ui.transcript.blocks import render
from tui.ui.transcript.model import Block, TextBlock, ThinkingBlock, ToolBlock
from tui.ui.transcript.page import Page
from tui.ui.transcript.palette import PLAIN

WIDTH = 60
DEFINITIONS = st.lists(
    st.sampled_from(["[ref]: http://x.y\n", "> [ref]: z\n", "\n[other]: <u>\n\n"]), max_size=2
)
CUTS = st.lists(st.integers(0, 400), max_size=12)
ARGUMENTS = st.dictionaries(
    st.sampled_from(["path", "content", "old", "new", "n"]), st.text(max_size=60) | st.integers(), max_size=4
)


def grown(kind: PartKind, source: str, cuts: Iterable[int], *, folded: bool) -> tuple[Block, list[str]]:
    """The closed block, and its rows as they grew on a page that is looked at throughout."""
    page = Page(WIDTH, PLAIN)
    block = told.new_part("k", kind, "read", "", thinking_folded=folded, tools_folded=folded)
    page.extend([block])
    page.entries[0].open, page.entries[0].lines = True, None

    def add(text: str) -> None:
        if isinstance(block, ToolBlock):
            block.arguments += text
        elif isinstance(block, TextBlock | ThinkingBlock):
            block.text += text

    page.lines(0)
    marks = sorted({0, len(source), *(cut for cut in cuts if cut < len(source))})
    for start, end in pairwise(marks):
        page.feed(0, source[start:end], add)
        assert page.heights[0] == (page.entries[0].gap + len(page.lines(0)) if page.lines(0) else 0)
    page.close(0, rendered_anew=told.close_part(block, None, ""))
    return block, [repr((row.pieces, row.join, row.hits)) for row in page.lines(0)]


def fresh(block: Block) -> list[str]:
    """The rows of a block nobody saw growing."""
    return [repr((row.pieces, row.join, row.hits)) for row in render(block, WIDTH, PLAIN)]


@given(DOCUMENTS, DEFINITIONS, DOCUMENTS, CUTS)
@example("see [ref] and\n- [ref]\n\n", ["[ref]: http://x.y\n"], "", [3, 24])
@example("Title [ref]\n===\n\nlower\n---\n\n", ["> [ref]: z\n"], "<div>\nx\n</div>\n", [12, 15, 28])
def test_an_answer(before: str, definitions: list[str], after: str, cuts: list[int]) -> None:
    block, rows = grown("text", clean(before + "".join(definitions) + after), cuts, folded=False)
    assert rows == fresh(block)


@given(DOCUMENTS, CUTS, st.booleans())
def test_reasoning(source: str, cuts: list[int], folded: bool) -> None:
    block, rows = grown("thinking", clean(source), cuts, folded=folded)
    assert rows == fresh(block)


@given(ARGUMENTS, CUTS, st.booleans())
def test_the_arguments_of_a_call(arguments: dict[str, str | int], cuts: list[int], folded: bool) -> None:
    block, rows = grown("tool_call", clean(json.dumps(arguments)), cuts, folded=folded)
    assert rows == fresh(block)
