"""What two sequences have in common, in order, found in bounded time however they are made."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence

_STEPS = 1_000_000
"""Comparisons spent on items that repeat; when they are used up, what is left has nothing in common."""
_ROUNDS = 12
"""How often a gap is searched for items that stand once in it."""


def common(before: Sequence[Hashable], now: Sequence[Hashable]) -> list[tuple[int, int]]:
    """The pairs of places whose items are equal and in the same order, ascending on both sides."""
    found: list[tuple[int, int]] = []
    steps = _STEPS
    gaps = [(0, len(before), 0, len(now), 0)]
    while gaps:
        low, high, new_low, new_high, depth = gaps.pop()
        while low < high and new_low < new_high and before[low] == now[new_low]:
            found.append((low, new_low))
            low, new_low = low + 1, new_low + 1
        while low < high and new_low < new_high and before[high - 1] == now[new_high - 1]:
            high, new_high = high - 1, new_high - 1
            found.append((high, new_high))
        if low == high or new_low == new_high:
            continue
        anchors = _anchors(before[low:high], now[new_low:new_high]) if depth < _ROUNDS else []
        if not anchors:
            pairs, steps = _shortest(before[low:high], now[new_low:new_high], steps)
            found += [(low + old, new_low + new) for old, new in pairs]
            continue
        at, new_at = low, new_low
        for old, new in anchors:
            found.append((low + old, new_low + new))
            gaps.append((at, low + old, new_at, new_low + new, depth + 1))
            at, new_at = low + old + 1, new_low + new + 1
        gaps.append((at, high, new_at, new_high, depth + 1))
    return sorted(found)


def _anchors(before: Sequence[Hashable], now: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Items that stand once on both sides, as many of them as keep their order."""
    once_before, once_now = _once(before), _once(now)
    pairs = [(at, once_now[item]) for item, at in once_before.items() if item in once_now]
    # The longest ascending run of the second places, by patience sorting.
    tails: list[int] = []
    tops: list[int] = []
    links: list[int] = []
    for index, (_, place) in enumerate(pairs):
        pile = bisect_left(tails, place)
        if pile == len(tails):
            tails.append(place)
            tops.append(index)
        else:
            tails[pile], tops[pile] = place, index
        links.append(tops[pile - 1] if pile else -1)
    run: list[tuple[int, int]] = []
    index = tops[-1] if tops else -1
    while index >= 0:
        run.append(pairs[index])
        index = links[index]
    return run[::-1]


def _once(items: Sequence[Hashable]) -> dict[Hashable, int]:
    """The place of each item that is there once, in order."""
    counts = Counter(items)
    return {item: at for at, item in enumerate(items) if counts[item] == 1}


def _shortest(
    before: Sequence[Hashable], now: Sequence[Hashable], steps: int
) -> tuple[list[tuple[int, int]], int]:
    """The pairs of the shortest script of changes (Myers), and the steps left; none when they ran out."""
    size, new_size = len(before), len(now)
    ends: dict[int, int] = {1: 0}
    rounds: list[dict[int, int]] = []
    for cost in range(size + new_size + 1):
        reached: dict[int, int] = {}
        for diagonal in range(-cost, cost + 1, 2):
            down = diagonal == -cost or (
                diagonal != cost and ends.get(diagonal - 1, -1) < ends.get(diagonal + 1, -1)
            )
            at = start = ends[diagonal + 1] if down else ends[diagonal - 1] + 1
            while at < size and at - diagonal < new_size and before[at] == now[at - diagonal]:
                at += 1
            reached[diagonal] = at
            steps -= 1 + at - start
            if at >= size and at - diagonal >= new_size:
                return _walked_back(rounds, size, new_size), steps
        if steps < 0:
            break
        rounds.append(reached)
        ends = ends | reached
    return [], max(steps, 0)


def _walked_back(rounds: list[dict[int, int]], size: int, new_size: int) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    at, new_at = size, new_size
    for cost in range(len(rounds), 0, -1):
        ends = rounds[cost - 1]
        diagonal = at - new_at
        down = diagonal == -cost or (
            diagonal != cost and ends.get(diagonal - 1, -1) < ends.get(diagonal + 1, -1)
        )
        start = ends[diagonal + 1] if down else ends[diagonal - 1] + 1
        while at > start:
            at, new_at = at - 1, new_at - 1
            pairs.append((at, new_at))
        at, new_at = (start, new_at - 1) if down else (start - 1, new_at)
    while at > 0 and new_at > 0:
        at, new_at = at - 1, new_at - 1
        pairs.append((at, new_at))
    return pairs
