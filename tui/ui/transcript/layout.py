"""Where each block stands: heights, known or estimated, with offsets and look-ups in O(log n)."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from typing import TypeAlias

Extent: TypeAlias = tuple[int, int, int]
"""What a guess of rows follows from at any width: rows there always are, characters that are wrapped,
and by how many cells these have less than the width."""
_UNKNOWN = -1


class Extents:
    """The extents of a growing list of blocks: with them another width looks at no block again."""

    def __init__(self) -> None:
        self._rows, self._chars, self._less = array("i"), array("i"), array("b")

    def __len__(self) -> int:
        return len(self._rows)

    def grow(self, count: int) -> None:
        """Append so many blocks; nothing is known of them yet."""
        for each in (self._rows, self._chars):
            each.frombytes(bytes(count * each.itemsize))
        self._less.extend([_UNKNOWN] * count)

    def cut(self, length: int) -> None:
        """Keep only those of the first ``length`` blocks."""
        del self._rows[length:], self._chars[length:], self._less[length:]

    def set(self, index: int, extent: Extent) -> None:
        """Learn the extent of a block."""
        self._rows[index], self._chars[index], self._less[index] = extent

    def forget(self, index: int) -> None:
        """A block changed: nothing is known of it."""
        self._less[index] = _UNKNOWN

    def unknown(self, first: int = 0) -> Iterator[int]:
        """The blocks from ``first`` on of which nothing is known."""
        return (index for index, less in enumerate(self._less[first:], first) if less == _UNKNOWN)

    def guesses(self, width: int, first: int = 0) -> array[int]:
        """Rows at a width from block ``first`` on; where nothing is known it is any number."""
        rows, chars, less = self._rows[first:], self._chars[first:], self._less[first:]
        widths = {by: max(1, width - by) for by in set(less)}
        # Ten thousand messages take two milliseconds so; to look at their blocks took sixty.
        return array(
            "q", [own + count // widths[by] for own, count, by in zip(rows, chars, less, strict=True)]
        )


class Heights:
    """Rows of a growing list of blocks, kept as a Fenwick tree; blocks of no height are allowed."""

    def __init__(self, heights: Iterable[int] = ()) -> None:
        # Of a long session the numbers themselves would take four times the room.
        self._heights = array("q")
        self._tree = array("q", (0,))
        self.extend(heights)

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, index: int) -> int:
        return self._heights[index]

    @property
    def total(self) -> int:
        """Rows of all blocks together."""
        return self.offset(len(self._heights))

    def extend(self, heights: Iterable[int]) -> None:
        """Append blocks; O(1) amortized each."""
        if not self._heights:
            self._begin(array("q", heights))
            return
        for height in heights:
            self._heights.append(height)
            node = len(self._heights)
            covered = height
            child = node - 1
            while child > node - (node & -node):
                covered += self._tree[child]
                child -= child & -child
            self._tree.append(covered)

    def _begin(self, heights: array[int]) -> None:
        """The first blocks: each node passes its sum on, which takes a fifth of the time for a session."""
        self._heights, self._tree = heights, array("q", (0, *heights))
        for node in range(1, len(self._tree)):
            above = node + (node & -node)
            if above < len(self._tree):
                self._tree[above] += self._tree[node]

    def cut(self, length: int) -> None:
        """Keep only the first ``length`` blocks."""
        # A node sums blocks up to its own, so the first ones know nothing of those that go.
        del self._heights[length:]
        del self._tree[length + 1 :]

    def set(self, index: int, height: int) -> int:
        """Give block ``index`` a new height; returns by how many rows it changed."""
        change = height - self._heights[index]
        if change:
            self._heights[index] = height
            node = index + 1
            while node < len(self._tree):
                self._tree[node] += change
                node += node & -node
        return change

    def offset(self, index: int) -> int:
        """The first row of block ``index``; the total for one past the last."""
        total = 0
        while index > 0:
            total += self._tree[index]
            index -= index & -index
        return total

    def find(self, row: int) -> tuple[int, int]:
        """The block that shows ``row`` and the row within it; rows past the end give the last block's end."""
        if not self._heights:
            raise IndexError("no blocks")
        node, rest = 0, max(0, row)
        step = 1 << (len(self._heights).bit_length() - 1)
        while step:
            ahead = node + step
            if ahead < len(self._tree) and self._tree[ahead] <= rest:
                node = ahead
                rest -= self._tree[ahead]
            step >>= 1
        if node >= len(self._heights):
            last = len(self._heights) - 1
            return last, self._heights[last]
        return node, rest


def estimate_rows(text: str, width: int) -> int:
    """A cheap guess of the rows ``text`` takes when wrapped at ``width`` cells; at least one."""
    return rows_at((text.count("\n") + 1, len(text), 0), width)


def rows_at(extent: Extent, width: int) -> int:
    """The rows of one block at a width."""
    rows, chars, less = extent
    return rows + chars // max(1, width - less)
