"""What the event loop of a program started by ``python -m benchmarks.inside`` was like, seen from outside."""

from __future__ import annotations

import json
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.terminal import Terminal


@dataclass(frozen=True, slots=True)
class Seen:
    """What a watch saw. Milliseconds by which the loop was late at the most, and in 95 of 100 looks."""

    worst: float
    p95: float
    held: float
    """The most the loop's own thread worked between two looks: unlike lateness free of other programs."""
    ticks: int
    modules: tuple[str, ...]
    """What was imported when the chat was painted."""
    whole: float
    """Seconds of CPU until then."""
    first: float
    """Seconds of CPU until anything was painted."""


class Watch:
    """Begins and ends watches in a program started by ``python -m benchmarks.inside``."""

    def __init__(self, terminal: Terminal, report: Path) -> None:
        self._terminal, self._report = terminal, report

    def begin(self) -> None:
        """Look from now on."""
        self._terminal.signal(signal.SIGUSR1)
        time.sleep(0.1)

    def end(self, timeout: float = 30.0) -> Seen:
        """What was seen since the beginning."""
        self._report.unlink(missing_ok=True)
        self._terminal.signal(signal.SIGUSR2)
        until = time.perf_counter() + timeout
        while not self._report.exists():
            if time.perf_counter() > until:
                raise TimeoutError("the program does not tell what it saw")
            time.sleep(0.01)
        told = json.loads(self._report.read_text())
        return Seen(**{**told, "modules": tuple(told["modules"])})
