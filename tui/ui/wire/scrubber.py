"""Where one is in a stream: the moves to another frame, and playing it at the speed it came."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence

from tui.chat.frame import Frame
from tui.exchanges.frames import FrameTable


class Scrubber:
    """Wants to be after so many frames; knows the way there, not what is to be seen."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._frames: Sequence[Frame] = ()
        self.wanted = 0
        """After how many frames one wants to be."""
        self._play_from: float | None = None
        """What the clock showed at the request, had it gone out now; None while nothing plays."""

    @property
    def count(self) -> int:
        """All frames."""
        return len(self._frames)

    def reset(self, frames: Sequence[Frame]) -> None:
        """Another exchange: at its end."""
        self._frames, self._play_from = frames, None
        self.wanted = len(frames)

    def follow(self, frames: Sequence[Frame]) -> None:
        """More came; who was at the end stays there."""
        at_end = self.wanted >= len(self._frames)
        self._frames = frames
        if at_end and self._play_from is None:
            self.wanted = len(frames)

    def go(self, to: int) -> None:
        """To a frame, which ends playing."""
        self._play_from = None
        self.wanted = max(0, min(to, self.count))

    def tenth(self, step: int) -> None:
        """A tenth of everything on or back, at least a frame."""
        self.go(self.wanted + step * max(1, self.count // 10))

    def change(self, step: int, table: FrameTable, most: int) -> bool:
        """Look through at most ``most`` frames for the next one of another kind; whether that is over."""
        for _ in range(most):
            here, there = self.wanted - 1, self.wanted - 1 + step
            if not 0 <= there < self.count:
                self.go(self.count if step > 0 else 0)
                return True
            self.go(self.wanted + step)
            if here < 0 or table.kind(here) != table.kind(there):
                return True
        return False

    # Playing

    @property
    def plays(self) -> bool:
        """Whether it plays."""
        return self._play_from is not None

    def play(self) -> None:
        """Go on as the frames came; from the end, from the start."""
        if self.wanted >= self.count:
            self.wanted = 0
        reached = self._frames[self.wanted - 1].at if self.wanted else 0.0
        self._play_from = self._clock() - reached

    def pause(self) -> None:
        """Stay here."""
        self._play_from = None

    @property
    def played(self) -> float | None:
        """Seconds since the request in what plays; None while nothing does."""
        return None if self._play_from is None else self._clock() - self._play_from

    def tick(self) -> None:
        """Take the frames that have come by now; at the last one playing is over."""
        if self._play_from is not None:
            reached = self._clock() - self._play_from
            self.wanted = bisect_right(self._frames, reached, key=lambda frame: frame.at)
            if self.wanted >= self.count:
                self._play_from = None
