"""A person at a terminal that belongs to the program: what is typed, what is seen, who is still running."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

from tests.cli.program import PATIENCE_S, Program

_TAKE_TERMINAL = (
    "import fcntl, os, sys, termios\n"
    "fcntl.ioctl(2, termios.TIOCSCTTY, 0)\n"
    "os.execvp(sys.argv[1], sys.argv[1:])\n"
)


class Seat:
    """Runs the program with a controlling terminal; its standard streams may be pipes all the same."""

    def __init__(self, program: Program, *argv: str, between: Sequence[str] = (), **streams: Any) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 160, 0, 0))
        self._seen = bytearray()
        ends = {"stdin": theirs, "stdout": theirs, "stderr": theirs, **streams}
        self.process: subprocess.Popen[bytes] = program.start(
            *argv, under=(sys.executable, "-c", _TAKE_TERMINAL, *between), **ends
        )
        os.close(theirs)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(PATIENCE_S)
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()
        os.close(self._ours)

    @property
    def seen(self) -> str:
        """Everything on the terminal until now, what was typed among it."""
        while select.select([self._ours], [], [], 0.02)[0]:
            try:
                piece = os.read(self._ours, 65536)
            except OSError:
                break
            if not piece:
                break
            self._seen += piece
        return self._seen.decode("utf-8", "replace").replace("\r\n", "\n")

    def type(self, keys: str) -> None:
        """Type; ``\\x03`` is Ctrl+C, ``\\x04`` the end of input."""
        os.write(self._ours, keys.encode())

    def until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait for a condition, reading what is shown."""
        deadline = time.monotonic() + PATIENCE_S
        while not holds():
            assert time.monotonic() < deadline, f"never came: {what}; seen: {self.seen[-2000:]!r}"
            time.sleep(0.01)

    def shows(self, words: str, times: int = 1) -> None:
        """Wait until ``words`` have been shown so often."""
        self.until(lambda: self.seen.count(words) >= times, words)

    def ends(self) -> int:
        """Wait for the end; the exit code."""
        self.until(lambda: self.process.poll() is not None, "the end")
        return self.process.wait()

    def send(self, number: signal.Signals) -> None:
        """Signal the program."""
        self.process.send_signal(number)


def marked(mark: str) -> set[int]:
    """The living processes whose environment holds ``TEST_MARK=mark``."""
    wanted = f"TEST_MARK={mark}".encode()
    found = set()
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            if wanted in entry.read_bytes().split(b"\0"):
                found.add(int(entry.parent.name))
        except OSError:
            continue
    return found


def in_group(group: int) -> set[int]:
    """The processes of a group; one that has ended and that nobody has collected is none."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, of = entry.read_text("utf-8", "replace").rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(of) == group and state not in "ZX":
            found.add(int(entry.parent.name))
    return found
