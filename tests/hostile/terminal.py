"""A program on a pseudo terminal: its keys, every byte it writes, and what in them a terminal would obey."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Self

from benchmarks.replay import Replay
from tests.hostile.server import MARK

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0
ESCAPED_S = 1.0
"""Within this a key belongs to the Esc before it; terminals tell the two by time alone (Textual: 0.1 s)."""

SEQUENCE = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # OSC
    r"|\x1b[PX^_](?:[^\x1b])*(?:\x1b\\)?"  # DCS, SOS, PM, APC
    r"|\x1b\[[0-?]*[ -/]*[@-~]?"  # CSI
    r"|\x1b[ -/]*[0-~]?"
)
ORDINARY = re.compile(
    r"\x1b\[(?:[0-9;:]*m"  # colours
    r"|[0-9]*;?[0-9]*H|[0-9]*[ABCDGJKX]"  # where to write next, blanks
    r"|\?[0-9;]+[hl]|\?[0-9]+\$p"  # modes, and the question for them
    r"|[<>=?][0-9;]*u|c)"  # keyboard protocol
    r"|\x1b\]22;[a-z-]*\x07"  # the shape of the pointer
    r"|\x1b[78M]|\x1b\[[0-9]*[st]"
)
STEERING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff"
    "\U000e0000-\U000e01ff]"
)


class Terminal:
    """Runs ``python`` with arguments on a terminal of its own, 120 by 40, or with its errors elsewhere."""

    def __init__(self, *argv: str, environ: Mapping[str, str], errors: IO[bytes] | None = None) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        self.before = termios.tcgetattr(theirs)
        self._theirs = theirs
        self._escaped = -ESCAPED_S
        self.raw = bytearray()
        self._screen = Replay((120, 40))
        self._written: set[int] = set()
        self._replayed = 0
        self.process = subprocess.Popen(
            [sys.executable, *argv],
            cwd=ROOT,
            env=dict(environ),
            stdin=theirs,
            stdout=theirs,
            stderr=errors or theirs,
            start_new_session=True,
        )

    @property
    def restored(self) -> bool:
        """Whether the terminal's modes are what they were."""
        return termios.tcgetattr(self._theirs) == self.before

    def press(self, keys: str) -> None:
        """Type, as a hand does: a key that follows Esc too soon would be one with Alt held."""
        while (wait := self._escaped + ESCAPED_S - time.monotonic()) > 0:
            self.read(wait)
        os.write(self._ours, keys.encode())
        if keys.endswith("\x1b"):
            self._escaped = time.monotonic()

    def vanish(self) -> None:
        """Be gone, as when the window is closed or the line breaks."""
        os.close(self._ours)
        self._ours = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(PATIENCE_S)
        if self._ours >= 0:
            os.close(self._ours)
        os.close(self._theirs)

    def read(self, seconds: float = 0.05) -> None:
        """Take what was written until now."""
        while select.select([self._ours], [], [], seconds)[0]:
            self.raw += os.read(self._ours, 1 << 16)
            seconds = 0.0

    def until(self, holds: Callable[[], bool], what: str) -> None:
        """Read until a condition holds."""
        deadline = time.monotonic() + PATIENCE_S
        while not holds():
            assert time.monotonic() < deadline, f"never came: {what}\n" + "\n".join(self._screen.lines())
            self.read()

    def act(self, keys: str, *words: str) -> None:
        """Type, and read until each word stands in a row that was written to since."""
        self._replay()
        self._written.clear()
        self.press(keys)
        self.shows(*words)

    def shows(self, *words: str) -> None:
        """Read until each word stands on the screen, in a row that was written to since the last ``act``."""
        for word in words:
            self.until(lambda word=word: self._stands(word), word)  # type: ignore[misc]

    def _stands(self, word: str) -> bool:
        self._replay()
        return any(word in self._screen.line(row) for row in self._written)

    def _replay(self) -> None:
        # A program writes only the cells that differ: what stands in a row is more than what was written.
        self._screen.feed(bytes(self.raw[self._replayed :]))
        self._replayed = len(self.raw)
        self._written |= self._screen.changed

    def ends(self) -> int:
        """Read until the program has ended; returns its exit code."""
        self.until(lambda: self.process.poll() is not None, "the end")
        self.read()
        return self.process.wait()

    def text(self, since: int = 0) -> str:
        """What was written, as the terminal decodes it."""
        return self.raw[since:].decode("utf-8", "replace")


def obeyed(text: str) -> set[str]:
    """Everything in ``text`` a terminal would obey or hide, beyond moving, colours and modes."""
    sequences = SEQUENCE.findall(text)
    odd = {found for found in sequences if MARK in found or not ORDINARY.fullmatch(found)}
    return odd | set(STEERING.findall(SEQUENCE.sub("", text)))
