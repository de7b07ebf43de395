"""Interrupt and termination: the exit codes they mean, and how a command hears of them."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from tui.cli.streams import silence_output

EXIT_BY_SIGNAL = {signal.SIGINT: 130, signal.SIGTERM: 143}


@contextmanager
def listening(heard: Callable[[signal.Signals], None]) -> Iterator[None]:
    """Call ``heard`` for the first signal; a second one ends the program at once with the first's code.

    Ordinary handlers, not the event loop's: they run even while a write to a full pipe blocks.
    Off the main thread nothing is listened to.
    """
    first: list[signal.Signals] = []

    def handle(number: int, _frame: FrameType | None) -> None:
        first.append(signal.Signals(number))
        if len(first) > 1:
            silence_output()
            raise SystemExit(EXIT_BY_SIGNAL[first[0]])
        heard(first[0])

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    # A shell makes jobs in the background ignore SIGINT; so they stay.
    minded = [number for number in EXIT_BY_SIGNAL if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, handle) for number in minded}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def ending_on_termination() -> Iterator[None]:
    """Make SIGTERM leave the program in the ordinary way, everything closed, with its exit code."""

    def leave() -> None:
        raise SystemExit(EXIT_BY_SIGNAL[signal.SIGTERM])

    with _on_termination(leave):
        yield


async def until_terminated(work: Awaitable[int]) -> int:
    """Await ``work`` for an exit code; SIGTERM cancels it, which gives the signal's code."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    terminated: list[bool] = []

    def cancel() -> None:
        # An exception raised here would break whatever callback of the loop is running.
        terminated.append(True)
        loop.call_soon_threadsafe(task.cancel)

    with _on_termination(cancel):
        try:
            return await work
        except asyncio.CancelledError:
            if terminated:
                return EXIT_BY_SIGNAL[signal.SIGTERM]
            raise


@contextmanager
def _on_termination(act: Callable[[], None]) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda _number, _frame: act())
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
