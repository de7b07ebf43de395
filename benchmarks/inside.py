"""The real program with a watch on its event loop: ``python -m benchmarks.inside REPORT [WORD ...]``.

SIGUSR1 begins a watch; SIGUSR2 ends it and writes what was seen to the file REPORT; ``benchmarks.watch``
is the other end. Nothing is imported here that the program would not import, or its start would be another.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

TICK_S = 0.005


class _Looking:
    """The ticking task within the program."""

    def __init__(self, report: Path) -> None:
        self._report = report
        self._late: list[float] = []
        self._held = 0.0
        self._watching = asyncio.Event()
        self.modules: list[str] = []
        self.first = self.whole = 0.0

    async def tick(self) -> None:
        """Look every few milliseconds while a watch is on, for ever."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGUSR1, self._begin)
        loop.add_signal_handler(signal.SIGUSR2, self._tell)
        while True:
            # Between watches the program is as much at rest as it would be without us.
            await self._watching.wait()
            before, worked = time.perf_counter(), time.thread_time()
            await asyncio.sleep(TICK_S)
            self._held = max(self._held, time.thread_time() - worked)
            self._late.append(time.perf_counter() - before - TICK_S)

    def _begin(self) -> None:
        self._late, self._held = [], 0.0
        self._watching.set()

    def _tell(self) -> None:
        self._watching.clear()
        late = sorted(self._late) or [0.0]
        told = {
            "worst": late[-1] * 1000,
            "p95": late[int(len(late) * 0.95)] * 1000,
            "held": self._held * 1000,
            "ticks": len(late),
            "modules": self.modules,
            "whole": self.whole,
            "first": self.first,
        }
        fresh = self._report.with_suffix(".new")
        fresh.write_text(json.dumps(told))
        os.replace(fresh, self._report)


def main(report: Path, words: list[str]) -> int:
    """Run the program's own ``main`` with a task more in its loop."""
    from tui.ui.app import SightlineApp

    looking = _Looking(report)
    app: Any = SightlineApp
    mount, display = SightlineApp.on_mount, SightlineApp._display
    tasks: list[Any] = []

    def on_mount(self: SightlineApp) -> None:
        mount(self)
        tasks.append(asyncio.get_running_loop().create_task(looking.tick()))

    def shown(self: SightlineApp, screen: Any, renderable: Any) -> None:
        display(self, screen, renderable)
        name = type(screen).__name__
        if name == "StartScreen" and not looking.first:
            looking.first = time.process_time()
        elif name == "ChatScreen" and not looking.modules:
            looking.modules, looking.whole = sorted(sys.modules), time.process_time()

    app.on_mount, app._display = on_mount, shown
    from tui.__main__ import main as program

    return program(words)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
