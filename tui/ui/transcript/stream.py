"""Arriving text, gathered so that the screen is drawn a few times a second and never for long.

The cost of a frame is its repaint, not its tokens: text waits for the next frame, each frame
takes as much as it can render in its share of time, and a slow frame puts off the next one.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

FRAME = 1 / 15
"""Seconds between two frames while text arrives."""
FLOOD, FLOODED = 1_200, 1 / 8
"""Characters, about a screenful, that nobody reads as they go by: the next frame comes later."""
WORK = 0.008
"""Seconds of CPU a frame should work."""
REST = 4
"""A frame that took ``t`` seconds is followed by the next ``REST * t`` later; half that in a backlog."""
LEAST, MOST = 500, 6_000
"""Characters a frame takes, learned between these bounds."""
CATCH_UP = 2_500
"""Characters a frame takes at least while many wait."""


class Coalescer:
    """Text waiting to be drawn, in order, by the key of its part."""

    def __init__(self, cpu: Callable[[], float] = time.thread_time) -> None:
        self._cpu = cpu
        self._began = 0.0
        """When the newest frame began, by ``cpu``."""
        self._waiting: deque[tuple[str, str]] = deque()
        self._share = 2_000
        self._next = 0.0
        self._took = 0
        """Characters of the newest frame."""
        self.backlog = 0
        """Characters waiting."""

    def push(self, key: str, text: str) -> None:
        """Add text of part ``key``."""
        self._waiting.append((key, text))
        self.backlog += len(text)

    def take(self) -> list[tuple[str, str]]:
        """The text of one frame, which begins now, joined by part: a frame's share, or more to catch up."""
        self._began = self._cpu()
        # A frame's cost may not lie in its new text but in a long paragraph before it: taking ever
        # less would then never catch up.
        return self._take(max(self._share, min(self.backlog // 4, CATCH_UP)))

    def take_all(self, key: str) -> str:
        """All waiting text of part ``key``; the other parts' text keeps waiting."""
        own = [text for owner, text in self._waiting if owner == key]
        if own:
            self._waiting = deque((owner, text) for owner, text in self._waiting if owner != key)
        taken = "".join(own)
        self.backlog -= len(taken)
        return taken

    def clear(self) -> None:
        """Forget all waiting text."""
        self._waiting.clear()
        self.backlog = 0

    def _take(self, limit: int) -> list[tuple[str, str]]:
        runs: list[tuple[str, list[str]]] = []
        left = limit
        while self._waiting and left > 0:
            key, text = self._waiting.popleft()
            if len(text) > left:
                self._waiting.appendleft((key, text[left:]))
                text = text[:left]
            left -= len(text)
            if runs and runs[-1][0] == key:
                runs[-1][1].append(text)
            else:
                runs.append((key, [text]))
        self._took = limit - left
        self.backlog -= self._took
        return [(key, "".join(texts)) for key, texts in runs]

    def worked(self, now: float, seconds: float) -> None:
        """Learn from a frame that ended ``now`` after ``seconds``."""
        cpu = self._cpu() - self._began
        # By the clock a busy machine would make small frames of it, many more and dearer in all.
        if cpu > WORK:
            self._share = max(LEAST, self._share // 2)
        elif cpu < WORK / 2:
            self._share = min(MOST, self._share * 2)
        rest = REST if self.backlog < MOST else REST / 2
        frame = FRAME if self._took < FLOOD else FLOODED
        self._next = now + max(frame - seconds, rest * seconds - seconds)

    def delay(self, now: float) -> float:
        """Seconds until the next frame may be drawn."""
        return max(0.0, self._next - now)
