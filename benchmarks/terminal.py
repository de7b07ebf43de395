"""A program in a real pseudo-terminal: keys go in, time-stamped bytes come out, the screen is replayed.

All times are ``time.perf_counter``. The terminal is always drained, by a thread, and answers the questions
a modern terminal answers, so that no program waits for it.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import cpu_of_tree
from benchmarks.replay import Replay

SIZE = (120, 40)
"""Columns and rows."""
_IDLE = 0.03
"""The share of a core below which a program is at rest."""
_ANSWERS: tuple[tuple[re.Pattern[bytes], bytes], ...] = (
    (re.compile(rb"\x1b\[0?c"), b"\x1b[?62;22c"),
    (re.compile(rb"\x1b\[>0?c"), b"\x1b[>41;354;0c"),
    (re.compile(rb"\x1b\[6n"), b"\x1b[1;1R"),
    (re.compile(rb"\x1b\[5n"), b"\x1b[0n"),
    (re.compile(rb"\x1b\]10;\?(?:\x07|\x1b\\)"), b"\x1b]10;rgb:e0e0/e0e0/e0e0\x1b\\"),
    (re.compile(rb"\x1b\]11;\?(?:\x07|\x1b\\)"), b"\x1b]11;rgb:1010/1010/1010\x1b\\"),
    (re.compile(rb"\x1b\[\?2026\$p"), b"\x1b[?2026;2$y"),
    (re.compile(rb"\x1b\[\?2048\$p"), b"\x1b[?2048;0$y"),
)
"""Device attributes, cursor and status, colours, synchronized output (yes), resizing in the line (no)."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes as they came from the program in one read."""

    at: float
    data: bytes


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended; ``cpu`` and ``seconds`` of its whole life, with the children it waited for."""

    code: int
    cpu: float
    seconds: float


class Terminal:
    """One program from spawn to end; a context manager that kills what still runs."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        size: tuple[int, int] = SIZE,
    ) -> None:
        self.size = size
        self.chunks: list[Chunk] = []
        """Everything written so far."""
        self.began = time.perf_counter()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            _become(command, env, cwd, size)
        self._set_size(size)
        self._ended: Ended | None = None
        self._seen = Replay(size)
        self._replayed = 0
        self._drainer = threading.Thread(target=self._drain, daemon=True)
        self._drainer.start()

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._drainer.join(2)
        os.close(self._fd)

    # Keys

    def press(self, keys: str) -> float:
        """Send keys as a keyboard would; returns when."""
        at = time.perf_counter()
        os.write(self._fd, keys.encode())
        return at

    def enter(self, text: str) -> float:
        """Type a line, wait, and send it with Enter alone, for a burst with an Enter in it is a paste."""
        self.press(text)
        time.sleep(0.3)
        return self.press("\r")

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program."""
        os.kill(self.pid, number)

    def resize(self, columns: int, rows: int) -> float:
        """Give the terminal another size; returns when."""
        at = time.perf_counter()
        self._set_size((columns, rows))
        self._seen.resize(columns, rows)
        os.kill(self.pid, signal.SIGWINCH)
        return at

    # What it shows

    def wait_for(self, text: str, timeout: float = 30.0) -> float:
        """Wait until ``text`` stands on the screen, within one line; returns when its bytes came.

        TimeoutError, with the screen, when it does not come.
        """
        end, wanted, looked = time.perf_counter() + timeout, text.encode(), 0.0
        start = self._replayed
        while True:
            self._reap(os.WNOHANG)
            fresh = len(self.chunks)
            # A word is mostly written whole; the costly replay is for programs that write single cells.
            written = any(wanted in c.data for c in self.chunks[max(0, start - 1) : fresh])
            start = fresh
            now = time.perf_counter()
            if written or now - looked > 0.25:
                looked = now
                at = self._look(text)
                if at is not None:
                    return at
            if now > end or self._ended is not None:
                raise TimeoutError(f"{text!r} is not on the screen:\n" + "\n".join(self.screen()))
            time.sleep(0.005)

    def _look(self, text: str) -> float | None:
        """When ``text`` came to stand on the screen as it is now, to the chunk where it was written whole."""
        fresh = self.chunks[self._replayed :]
        if not fresh and self._replayed and self._seen.shows(text):
            return self.chunks[self._replayed - 1].at
        shown = None
        for chunk in fresh:
            self._seen.feed(chunk.data)
            self._replayed += 1
            if shown is None and self._seen.changed_to_show(text):
                shown = chunk.at
        return shown if self._seen.shows(text) else None

    def found(self, word: str, start: int) -> tuple[float | None, int]:
        """When ``word`` was written whole, in a chunk from ``start`` on, and how many chunks there are."""
        wanted, fresh = word.encode(), len(self.chunks)
        for number in range(start, fresh):
            before = self.chunks[number - 1].data[-64:] if number else b""
            if wanted in before + self.chunks[number].data:
                return self.chunks[number].at, fresh
        return None, fresh

    def wait_written(self, word: str, timeout: float = 120.0) -> float:
        """Wait until ``word`` was written in one piece; cheap, for what is known to be painted whole."""
        end, start = time.perf_counter() + timeout, 0
        while True:
            at, start = self.found(word, start)
            if at is not None:
                return at
            if time.perf_counter() > end:
                raise TimeoutError(f"{word!r} was not written:\n" + "\n".join(self.screen()))
            time.sleep(0.005)

    def quiet(self, seconds: float = 0.3, timeout: float = 30.0) -> None:
        """Wait until the program wrote nothing for so long."""
        end = time.perf_counter() + timeout
        while time.perf_counter() < end:
            last = self.chunks[-1].at if self.chunks else self.began
            if time.perf_counter() - last >= seconds:
                return
            time.sleep(0.01)

    def settle(self, seconds: float = 0.4, timeout: float = 60.0) -> None:
        """Wait until the program wrote nothing and did next to nothing for so long, threads included."""
        end = time.perf_counter() + timeout
        while time.perf_counter() < end:
            self.quiet(seconds, timeout)
            before = self.cpu()
            time.sleep(seconds)
            if self.cpu() - before < seconds * _IDLE:
                return

    def screen(self) -> list[str]:
        """The lines on the screen now."""
        for chunk in self.chunks[self._replayed :]:
            self._seen.feed(chunk.data)
            self._replayed += 1
        return self._seen.lines()

    def first_paint(self) -> float:
        """Seconds from spawn until anything visible stood on the screen."""
        for at, replay in self.replayed():
            if any(line.strip() for line in replay.lines()):
                return at - self.began
        raise TimeoutError("nothing was painted")

    def replayed(self) -> Iterator[tuple[float, Replay]]:
        """The screen after each chunk, from the first; slow, so for short stretches or afterwards."""
        replay = Replay(self.size)
        for chunk in list(self.chunks):
            replay.feed(chunk.data)
            yield chunk.at, replay

    def written(self, since: float = 0.0, until: float = float("inf")) -> int:
        """Bytes written to the terminal in that time."""
        return sum(len(c.data) for c in list(self.chunks) if since <= c.at <= until)

    # What it costs

    def cpu(self) -> float:
        """Seconds of CPU so far, of the program and of whatever it started and still runs."""
        return cpu_of_tree(self.pid)

    def end(self, timeout: float = 10.0) -> Ended:
        """Wait for the program to end by itself, after ``timeout`` kill it."""
        deadline = time.perf_counter() + timeout
        while self._ended is None:
            self._reap(os.WNOHANG)
            if time.perf_counter() > deadline:
                self.kill()
            time.sleep(0.002)
        return self._ended

    def kill(self) -> None:
        """End the program at once, with what it started."""
        if self._ended is None:
            with _gone():
                os.killpg(self.pid, signal.SIGKILL)
            self._reap(0)

    def _reap(self, how: int) -> None:
        if self._ended is not None:
            return
        # Only who waits for it himself is told what a process used.
        pid, status, used = os.wait4(self.pid, how)
        if pid:
            seconds = time.perf_counter() - self.began
            code = os.waitstatus_to_exitcode(status)
            self._ended = Ended(code, used.ru_utime + used.ru_stime, seconds)

    # The terminal's side

    def _drain(self) -> None:
        tail = b""
        while True:
            try:
                ready, _, _ = select.select([self._fd], [], [], 0.5)
                data = os.read(self._fd, 1 << 16) if ready else None
            except (OSError, ValueError):
                return
            if data == b"":
                return
            if data is None:
                if self._ended is not None:
                    return
                continue
            self.chunks.append(Chunk(time.perf_counter(), data))
            if b"\x1b" in data or tail:
                tail = self._answer(tail + data)

    def _answer(self, data: bytes) -> bytes:
        """Answer the questions in what was written; returns what may be the beginning of one."""
        last = 0
        for question, answer in _ANSWERS:
            for found in question.finditer(data):
                last = max(last, found.end())
                with _gone():
                    os.write(self._fd, answer)
        rest = data[last:]
        begun = rest.rfind(b"\x1b", max(0, len(rest) - 12))
        return rest[begun:] if begun >= 0 else b""

    def _set_size(self, size: tuple[int, int]) -> None:
        columns, rows = size
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


class _gone:  # noqa: N801  # reads as a word
    """What is done to a program that may have ended meanwhile."""

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        return kind is not None and issubclass(kind, OSError)


def _become(
    command: Sequence[str], env: Mapping[str, str] | None, cwd: Path | None, size: tuple[int, int]
) -> None:
    """In the child: become the program; never returns."""
    try:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        if cwd is not None:
            os.chdir(cwd)
        os.execvpe(command[0], list(command), dict(os.environ if env is None else env))
    except OSError as error:
        print(error, file=sys.stderr)
    os._exit(127)
