"""How a peer is asked, and when its answer stood on the screen, however it paints."""

from __future__ import annotations

import time
from dataclasses import dataclass

from benchmarks.peers.subject import Subject
from benchmarks.server import Server
from benchmarks.terminal import Terminal


@dataclass(frozen=True, slots=True)
class Shown:
    """What an answer cost from the key that sent it until it stood there; in seconds and bytes."""

    whole: bool
    """Whether it stood there within the time given; else the rest is what it took until then."""
    seconds: float
    cpu: float
    written: int


def ask(
    subject: Subject,
    terminal: Terminal,
    server: Server,
    tokens: int,
    rate: float | None = None,
    *,
    patience: float,
) -> Shown:
    """Have a prompt answered; looks for its end at most ``patience`` seconds."""
    mark = server.play(tokens, rate)
    write_prompt(terminal)
    cpu, written, began = terminal.cpu(), terminal.written(), terminal.press(subject.send)
    ended = _ended(terminal, server, mark, began + patience)
    if ended is None:
        return Shown(False, patience, terminal.cpu() - cpu, terminal.written() - written)
    # What is left to do behind the last word belongs to the answer.
    terminal.quiet(0.4, timeout=2.0)
    return Shown(True, ended - began, terminal.cpu() - cpu, terminal.written() - written)


def write_prompt(terminal: Terminal) -> None:
    """Type a prompt and let it be painted: a burst with the sending key in it is a paste."""
    terminal.press("go on")
    time.sleep(0.5)
    terminal.quiet(0.5, timeout=3.0)


def _ended(terminal: Terminal, server: Server, mark: str, until: float) -> float | None:
    """When the mark stood on the screen. Nothing is replayed while the program may want the core."""
    looked, fresh = 0, len(terminal.chunks)
    while time.perf_counter() < until:
        at, fresh = terminal.found(mark, fresh)
        if at is not None:
            return at
        # Some write only the cells that change, so that the mark need not be written in one piece.
        idle = fresh and time.perf_counter() - terminal.chunks[-1].at > 0.5
        if idle and fresh > looked and server.told().ended:
            looked = fresh
            try:
                return terminal.wait_for(mark, timeout=0)
            except TimeoutError:
                pass
        time.sleep(0.01)
    return None
