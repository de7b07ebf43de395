"""The frames of an answer as a table: what each is, how big, how long after the one before.

A frame is looked into when its row is asked for, and once; a table of 50,000 costs nothing to make.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

from tui.chat.frame import Frame
from tui.chat.parts import Dialect
from tui.exchanges.frame_kinds import Look, look


@dataclass(frozen=True, slots=True)
class FrameRow:
    """One frame; times in seconds."""

    number: int
    """Counts from 1."""
    at: float
    """Since the request went out."""
    gap: float | None
    """Since the frame before; None for the first."""
    kind: str
    """The wire's own word for it, as far as it has one."""
    size: int
    """Bytes of its data."""
    gist: str
    """What is in it, on one clean line."""


class FrameTable:
    """The frames of one exchange; more may be added while it runs."""

    def __init__(self, dialect: Dialect, frames: Sequence[Frame] = ()) -> None:
        self._dialect: Dialect = dialect
        self._frames = frames
        self._looks: list[Look | None] = [None] * len(frames)

    def __len__(self) -> int:
        return len(self._frames)

    def follow(self, frames: Sequence[Frame]) -> None:
        """Take the same frames with what came since."""
        self._looks += [None] * (len(frames) - len(self._frames))
        del self._looks[len(frames) :]
        self._frames = frames

    def raw(self, index: int) -> Frame:
        """The frame itself; ``index`` counts from 0, as it does everywhere here."""
        return self._frames[index]

    def row(self, index: int) -> FrameRow:
        """The row of a frame."""
        frame, seen = self._frames[index], self._look(index)
        gap = frame.at - self._frames[index - 1].at if index else None
        return FrameRow(index + 1, frame.at, gap, seen.kind, byte_size(frame.data), seen.gist)

    def kind(self, index: int) -> str:
        """What a frame is."""
        return self._look(index).kind

    def holds(self, index: int, words: str) -> bool:
        """Whether every one of ``words`` is in the frame's kind, event name or data; case does not count."""
        frame = self._frames[index]
        text = f"{self.kind(index)}\n{frame.event}\n{frame.data}".casefold()
        return all(word in text for word in words.casefold().split())

    def largest_gaps(self, count: int = 10) -> tuple[int, ...]:
        """Indices of the frames waited for longest, the longest first; none where no time passed."""
        frames = self._frames
        gaps = ((frames[i].at - frames[i - 1].at, -i) for i in range(1, len(frames)))
        return tuple(-i for gap, i in heapq.nlargest(count, gaps) if gap > 0)

    def _look(self, index: int) -> Look:
        seen = self._looks[index]
        if seen is None:
            seen = self._looks[index] = look(self._frames[index], self._dialect)
        return seen


def byte_size(data: str) -> int:
    """How many bytes the text took on the wire."""
    return len(data) if data.isascii() else len(data.encode("utf-8", "surrogatepass"))


def are_timed(frames: Sequence[Frame]) -> bool:
    """Whether arrival times are known; of many frames that all came at one instant they are not."""
    return len(frames) < 2 or frames[0].at != frames[-1].at
