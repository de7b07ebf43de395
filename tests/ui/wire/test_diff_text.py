"""What is shown of a change: both sides whole, what differs marked, nothing too long, everything clean."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.exchanges.bodies import JSON
from tui.clean import clean
from tui.exchanges.diff import Change, Side
from tui.ui.transcript.palette import PLAIN
from tui.ui.wire.diff_lines import BESIDE, block_lines
from tui.ui.wire.diff_text import Hunk, Kept, blocks_of, plain


def change(before: Any, after: Any) -> Change:
    return Change("changed", "messages", "it changed", Side("a", "a", before), Side("a", "a", after))


def shown(before: Any, after: Any, width: int = 80) -> list[str]:
    return [row.text.rstrip() for row in block_lines(blocks_of(change(before, after)), width, PLAIN)]


def test_lines_that_differ_stand_with_one_line_around_them() -> None:
    before = "one\ntwo\nthree\nfour\nfive\nsix"
    after = "one\ntwo\nthree\n4\nfive\nsix\nseven"
    assert shown(before, after) == [
        "      ⋯ 2 lines",
        "      three",
        "    - four",
        "    + 4",
        "      five",
        "    - six",
        "    + six",
        "    + seven",
    ]


def test_wide_enough_both_sides_stand_beside_one_another() -> None:
    [row] = shown("be kind", "be quick", BESIDE)
    assert row.split("│")[0].strip() == "- be kind"
    assert row.split("│")[1].strip() == "+ be quick"


def test_a_word_in_a_megabyte_is_found_and_the_rest_left_out() -> None:
    words = "word " * 90_000
    rows = shown(words + "old " + words, words + "new " + words)
    assert len(rows) < 20
    assert any("old" in row for row in rows)
    assert any("characters …⟩" in row for row in rows)


def test_texts_of_a_block_are_read_as_they_are_and_seals_by_their_hash() -> None:
    block = {"type": "thinking", "thinking": "a\nb", "signature": "Eo8BAAA="}
    rows = shown(block, block | {"thinking": "a\nc"})
    assert "    - b" in rows
    assert not any("Eo8BAAA=" in row for row in rows)
    assert "Eo8BAAA=" in plain(change(block, block))


def test_many_lines_are_bounded() -> None:
    blocks = blocks_of(change("", "\n".join(map(str, range(5_000)))))
    assert isinstance(blocks[-1], Kept)
    assert blocks[-1].left_out > 4_000


@given(before=JSON | st.text(), after=JSON | st.text(), width=st.integers(20, 160))
def test_any_change_is_shown_clean_and_copied_clean(before: Any, after: Any, width: int) -> None:
    one = change(before, after)
    blocks = blocks_of(one)
    for block in blocks:
        rows = (*block.before, *block.after) if isinstance(block, Hunk) else (block.row,)
        for row in rows:
            assert all(clean(run.text) == run.text and "\n" not in run.text for run in row)
    for line in block_lines(blocks, width, PLAIN):
        assert line.cells <= max(width, 24)
    assert clean(plain(one)) == plain(one)
