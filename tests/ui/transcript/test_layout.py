"""Prefix sums agree with the plain list they stand for."""

from hypothesis import given
from hypothesis import strategies as st

from tui.ui.transcript.layout import Heights, estimate_rows

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
