"""How much of two texts, or of two rows of bytes, is the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

S = TypeVar("S", str, bytes)

_CHUNK = 1 << 16


def common_head(one: S, other: S) -> int:
    """How many characters or bytes both begin with."""
    most = min(len(one), len(other))
    return _largest(most, lambda start, end: one[start:end] == other[start:end])


def common_tail(one: S, other: S, most: int) -> int:
    """How many characters or bytes both end with, up to ``most``, which neither is shorter than."""
    first, second = len(one), len(other)
    return _largest(
        most, lambda start, end: one[first - end : first - start] == other[second - end : second - start]
    )


def _largest(most: int, same: Callable[[int, int], bool]) -> int:
    """The largest size up to ``most`` of a stretch that is the ``same`` from 0 on, every part of it."""
    start = 0
    while start < most and same(start, min(start + _CHUNK, most)):
        start += _CHUNK
    low, high = min(start, most), min(start + _CHUNK, most)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if same(start, middle) else (low, middle - 1)
    return low
