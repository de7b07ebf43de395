"""How much is the same, at either end and across the chunks that are compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.exports.common import common_head, common_tail

few = st.text("ab", max_size=12)


@given(few, few, few, st.sampled_from([0, 1, (1 << 16) - 1, 1 << 16, (1 << 16) + 1, 200_000]))
def test_what_is_the_same(one: str, other: str, shared: str, length: int) -> None:
    alike = shared + "c" * length
    head = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    head = min(len(one), len(other)) if head is None else head
    assert common_head(alike + one, alike + other) == len(alike) + head
    first, second = (one + alike).encode(), (other + alike).encode()
    most = min(len(first), len(second))
    tail = common_head(first[::-1], second[::-1])
    assert common_tail(first, second, most) == tail >= len(alike)


@pytest.mark.parametrize("most", [0, 1, 70_000])
def test_no_more_than_is_asked_for(most: int) -> None:
    assert common_tail(b"x" * 80_000, b"x" * 80_000, most) == most
