"""Interrupt and termination: the exit codes they mean, and how a command hears of them."""

from __future__ import annotations

import signal
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeAlias

from tui.cli.streams import silence_output, silence_terminals

HANGUP: signal.Signals | None = getattr(signal, "SIGHUP", None)
"""The terminal is gone; not every system tells."""
Handler: TypeAlias = Callable[[int, FrameType | None], None]
EXIT_BY_SIGNAL = {signal.SIGINT: 130, signal.SIGTERM: 143} | ({HANGUP: 129} if HANGUP else {})


@contextmanager
def listening(heard: Callable[[signal.Signals], None]) -> Iterator[None]:
    """Call ``heard`` for the first signal; a second one ends the program at once with the first's code.

    Ordinary handlers, not the event loop's: they run even while a write to a full pipe blocks.
    Off the main thread nothing is listened to.
    """
    first: list[signal.Signals] = []

    def handle(number: int, _frame: FrameType | None) -> None:
        if first and number == HANGUP:
            # The system and the shell both tell that the terminal is gone: nobody is in a hurry.
            return
        first.append(signal.Signals(number))
        if number == HANGUP:
            silence_terminals()
        if len(first) > 1:
            silence_output()
            raise SystemExit(EXIT_BY_SIGNAL[first[0]])
        heard(first[0])

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    with _handled(EXIT_BY_SIGNAL, handle):
        yield


@contextmanager
def ending_on_termination() -> Iterator[None]:
    """Make SIGTERM and a hang-up leave the program in the ordinary way, everything closed."""

    def leave(number: signal.Signals) -> None:
        raise SystemExit(EXIT_BY_SIGNAL[number])

    with on_termination(leave):
        yield


async def until_terminated(work: Awaitable[int]) -> int:
    """Await ``work`` for an exit code; SIGTERM or a hang-up cancels it, which gives the signal's code."""
    import asyncio

    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    heard: list[signal.Signals] = []

    def cancel(number: signal.Signals) -> None:
        # An exception raised here would break whatever callback of the loop is running.
        heard.append(number)
        loop.call_soon_threadsafe(task.cancel)

    with on_termination(cancel):
        try:
            return await work
        except asyncio.CancelledError:
            if heard:
                return EXIT_BY_SIGNAL[heard[0]]
            raise


@contextmanager
def on_termination(act: Callable[[signal.Signals], None]) -> Iterator[Callable[[], None]]:
    """Call ``act`` from the signal's handler for SIGTERM or a hang-up; off the main thread for nothing.

    Gives what is to be called, from any thread, where a hang-up is noticed and nobody told.
    """
    told: list[signal.Signals] = []

    def handle(number: int, _frame: FrameType | None) -> None:
        if number == HANGUP:
            silence_terminals()
            if told:
                return
        told.append(signal.Signals(number))
        act(told[-1])

    def hang_up() -> None:
        if HANGUP is not None:
            handle(HANGUP, None)

    if threading.current_thread() is not threading.main_thread():
        yield hang_up
        return
    with _handled([number for number in EXIT_BY_SIGNAL if number != signal.SIGINT], handle):
        yield hang_up


@contextmanager
def _handled(numbers: Iterable[signal.Signals], handle: Handler) -> Iterator[None]:
    # What is ignored stays so: SIGINT in a shell's background jobs, a hang-up under nohup.
    minded = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, handle) for number in minded}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
