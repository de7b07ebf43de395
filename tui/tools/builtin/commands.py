"""Runs one command under a keeper that ends everything the command started, and collects what it wrote."""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tui.tools.toolbox import ToolError

MOST_OUTPUT = 2_000_000
"""Bytes of a command's output that are kept: the first and the last half of them."""
GRACE_S = 2.0
"""How long processes may take to end after they are asked to."""
MARK = "SIGHTLINE_COMMAND"
"""The environment variable by which the processes of a command are known should its keeper be killed."""

_KEEPER = Path(__file__).with_name("shell_keeper.py")
_KEEPER_S = 8.0
"""Longer than the keeper needs to sweep; after that it is killed itself."""
_LAST_S = 2.0
_CHUNK = 1 << 16
_MOST_STATUS = 4096


@dataclass(slots=True)
class Output:
    """The first and the last of what was written; never holds more than ``MOST_OUTPUT`` and a half."""

    most: int = MOST_OUTPUT
    total: int = 0
    _head: bytearray = field(default_factory=bytearray)
    _tail: bytearray = field(default_factory=bytearray)

    def add(self, data: bytes) -> None:
        """Take what was written next."""
        self.total += len(data)
        half = self.most // 2
        room = half - len(self._head)
        if room > 0:
            self._head += data[:room]
            data = data[room:]
        self._tail += data
        if len(self._tail) > 2 * half:
            del self._tail[:-half]

    def text(self) -> str:
        """It all as text, bytes that are no UTF-8 replaced, with a note where something is missing."""
        half = self.most // 2
        tail = bytes(self._tail[-half:])
        if self.total <= 2 * half:
            return (bytes(self._head) + tail).decode("utf-8", "replace")
        # Neither end of the gap may be half a character.
        head = codecs.getincrementaldecoder("utf-8")("replace").decode(bytes(self._head))
        note = f"\n[… {self.total - 2 * half:,} of {self.total:,} bytes left out …]\n"
        return head + note + tail.lstrip(bytes(range(0x80, 0xC0))).decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended: an exit code, a signal, or neither when it was stopped."""

    output: Output
    code: int | None = None
    signal: int | None = None
    swept: int = 0
    """Processes it left behind, which were ended with it."""


async def run_command(command: str, *, root: Path, environment: Mapping[str, str], seconds: float) -> Outcome:
    """Run ``command`` in ``root``; ToolError when it cannot be started.

    Whatever happens, a cancellation too, no process of it is left when this returns.
    """
    running = _Running.start(command, root, environment)
    try:
        async with asyncio.timeout(seconds):
            await asyncio.shield(running.ended)
    except TimeoutError:
        pass
    finally:
        await _to_the_end(running.end())
    return running.outcome()


class _Running:
    """A keeper at work, and the two pipes from it."""

    def __init__(self, keeper: subprocess.Popen[bytes], lifeline: int, mark: str) -> None:
        self._keeper = keeper
        self._lifeline = lifeline
        self._mark = mark
        self._output = Output()
        self._status = Output(_MOST_STATUS)
        self._reading: asyncio.Task[None]
        self.ended: asyncio.Task[None]
        """Done once the keeper is gone, and with it everything it kept."""

    @classmethod
    def start(cls, command: str, root: Path, environment: Mapping[str, str]) -> _Running:
        mark = secrets.token_hex(8)
        lifeline, output, status = os.pipe(), os.pipe(), os.pipe()
        try:
            keeper = subprocess.Popen(  # noqa: S603 - our own program; the user said yes to the command
                [sys.executable, "-I", "-S", str(_KEEPER), str(GRACE_S), command],
                stdin=lifeline[0],
                stdout=output[1],
                stderr=status[1],
                cwd=root,
                env={**environment, "PWD": str(root), MARK: mark},
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            for descriptor in (lifeline[1], output[0], status[0]):
                os.close(descriptor)
            raise ToolError(f"the command could not be started: {error}") from error
        finally:
            for descriptor in (lifeline[0], output[1], status[1]):
                os.close(descriptor)
        running = cls(keeper, lifeline[1], mark)
        running._reading = asyncio.create_task(_read(output[0], running._output))
        running.ended = asyncio.create_task(_read(status[0], running._status))
        return running

    async def end(self) -> None:
        """Let go of the lifeline and see that everything is gone."""
        os.close(self._lifeline)
        await asyncio.wait([self.ended], timeout=_KEEPER_S)
        if not self.ended.done():
            self._keeper.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            await asyncio.to_thread(self._keeper.wait, _LAST_S)
        if self._keeper.returncode != 0:
            # The command got at its keeper: what is left is found by its group and its mark.
            await self._sweep()
        for task in (self.ended, self._reading):
            await asyncio.wait([task], timeout=_LAST_S)
            task.cancel()
        await asyncio.wait([self.ended, self._reading])

    def outcome(self) -> Outcome:
        """What the keeper told."""
        told = self._told()
        return Outcome(self._output, told.get("exited"), told.get("killed"), told.get("swept", 0))

    def _told(self) -> dict[str, int]:
        told: dict[str, int] = {}
        for line in self._status.text().splitlines():
            word, _, number = line.partition(" ")
            if number.isdecimal():
                told[word] = int(number)
        return told

    async def _sweep(self) -> None:
        group = self._told().get("started")
        deadline = asyncio.get_running_loop().time() + _LAST_S
        while True:
            if group is not None:
                with contextlib.suppress(OSError):
                    os.killpg(group, signal.SIGKILL)
            found = marked(self._mark)
            for pid in found:
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
            if not found or asyncio.get_running_loop().time() > deadline:
                return
            await asyncio.sleep(0.01)


def marked(mark: str) -> set[int]:
    """The living processes that carry a command's mark in their environment; Linux only."""
    wanted = f"{MARK}={mark}".encode()
    found: set[int] = set()
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            if wanted in entry.read_bytes().split(b"\0"):
                found.add(int(entry.parent.name))
        except OSError:
            continue
    return found


async def _read(descriptor: int, into: Output) -> None:
    """Everything until the end; memory stays flat because only ``Output`` keeps any of it."""
    reader = asyncio.StreamReader(limit=_CHUNK)
    pipe = os.fdopen(descriptor, "rb", buffering=0)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), pipe
    )
    try:
        while data := await reader.read(_CHUNK):
            into.add(data)
    finally:
        transport.close()


async def _to_the_end(work: Awaitable[None]) -> None:
    """Await ``work`` though this task is being cancelled; the cancellation goes on afterwards."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            if task.done():
                break
            cancelled = error
    if cancelled is not None:
        raise cancelled
    task.result()
