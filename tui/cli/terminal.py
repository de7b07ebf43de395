"""The terminal a person sits at, whatever the three standard streams are: to ask, and to read a line."""

from __future__ import annotations

import asyncio
import contextlib
import os
import select

PATH = "/dev/tty"
_CHUNK = 4096


class Terminal:
    """The controlling terminal; lines are read as the terminal edits them, its modes are not touched."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._woken, self._wake = os.pipe()
        self._read = bytearray()

    @classmethod
    def open(cls) -> Terminal | None:
        """The terminal, or None where there is none, or where it belongs to another job at the moment."""
        if os.name != "posix":
            return None
        try:
            descriptor = os.open(PATH, os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            ours = os.tcgetpgrp(descriptor) == os.getpgrp()
        except OSError:
            ours = False
        if not ours:
            # A job in the background is stopped when it reads.
            os.close(descriptor)
            return None
        return cls(descriptor)

    def write(self, text: str) -> None:
        """Show clean text; a terminal that is gone shows nothing."""
        data = text.encode("utf-8", "replace")
        with contextlib.suppress(OSError):
            while data:
                data = data[os.write(self._descriptor, data) :]

    def forget_typed(self) -> None:
        """Drop whatever was typed until now, a line without its end too."""
        import termios

        self._read.clear()
        with contextlib.suppress(OSError, termios.error):
            termios.tcdrain(self._descriptor)
            termios.tcflush(self._descriptor, termios.TCIFLUSH)

    async def line(self) -> str | None:
        """The next line that is typed; None once there will be none."""
        reading = asyncio.get_running_loop().run_in_executor(None, self._line)
        try:
            return await asyncio.shield(reading)
        except asyncio.CancelledError:
            os.write(self._wake, b"\0")
            await asyncio.wait([reading])
            os.read(self._woken, 1)
            raise

    def close(self) -> None:
        """Let go of it."""
        for descriptor in (self._descriptor, self._woken, self._wake):
            os.close(descriptor)

    def _line(self) -> str | None:
        # Not the event loop's readers: on some systems these cannot watch a terminal.
        while b"\n" not in self._read:
            ready, _, _ = select.select([self._descriptor, self._woken], [], [])
            if self._woken in ready:
                return None
            try:
                piece = os.read(self._descriptor, _CHUNK)
            except OSError:
                return None
            if not piece:
                return None
            self._read += piece
        line, _, rest = self._read.partition(b"\n")
        self._read = bytearray(rest)
        return line.decode("utf-8", "replace")
