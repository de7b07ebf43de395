"""How much of two texts, or of two rows of bytes, is the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

S = TypeVar("S", str, bytes)


def common_head(one: S, other: S) -> int:
    """How many characters or bytes both begin with."""
    return _largest(min(len(one), len(other)), lambda size: one[:size] == other[:size])


def common_tail(one: S, other: S, most: int) -> int:
    """How many characters or bytes both end with, up to ``most``."""
    first, second = len(one), len(other)
    return _largest(most, lambda size: one[first - size :] == other[second - size :])


def _largest(most: int, same: Callable[[int], bool]) -> int:
    """The largest size up to ``most`` for which ``same`` holds; it holds for all smaller ones."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if same(middle) else (low, middle - 1)
    return low
