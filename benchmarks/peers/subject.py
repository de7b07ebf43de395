"""A program ready to be started and measured, ours as well as any other, and its end without a trace."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import textual

from benchmarks.bench import Bench
from benchmarks.floors.markdown_stream import READY as FLOOR_READY
from benchmarks.ours import READY, clean_environment
from benchmarks.peers.found import version
from benchmarks.peers.peer import Peer, Place
from benchmarks.processes import descendants, run
from benchmarks.terminal import Terminal


@dataclass(frozen=True, slots=True)
class Subject:
    """How one program is started, asked and read."""

    name: str
    version: str
    command: Sequence[str]
    env: Mapping[str, str]
    work: Path
    ready: str
    sign: str
    """Stands directly before what is typed."""
    send: str = "\r"
    helped: Sequence[str] = ()
    """The command that prints its help; empty for what has none."""

    @contextmanager
    def open(self) -> Iterator[Terminal]:
        """The program in a terminal; afterwards it is gone, with all it started."""
        terminal = Terminal(self.command, env=self.env, cwd=self.work)
        try:
            yield terminal
        finally:
            left = [*descendants(terminal.pid), *_at_home(self.env["HOME"])]
            terminal.kill()
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


def ours(bench: Bench) -> Subject:
    """The program itself."""
    house = bench.house()
    command = house.command()
    told = run([*command, "--version"], env=house.env).output.split()[-1]
    return Subject(
        "sightline", told, command, house.env, house.folder, READY, f"{READY} ", helped=[*command, "--help"]
    )


def markdown_stream(bench: Bench) -> Subject:
    """The least chat that anyone would write with Textual."""
    command = bench.floor_command("markdown_stream", bench.server.url)
    house = bench.house()
    return Subject(
        "MarkdownStream app",
        f"textual {textual.__version__}",
        command,
        house.env,
        house.folder,
        FLOOR_READY,
        "▊  ",
    )


def other(peer: Peer, program: Path, bench: Bench) -> Subject:
    """A peer in a fresh home, with nothing of the person's own."""
    home = bench.folder / peer.name
    work = home / "work"
    work.mkdir(parents=True)
    start = peer.prepare(Place(home, work, bench.server.url))
    usual = clean_environment(home)
    for ours_alone in ("PYTHONPATH", "VIRTUAL_ENV"):
        usual.pop(ours_alone, None)
    env = {"LANG": "C.UTF-8", **usual, **start.env}
    return Subject(
        peer.name,
        version(peer, program, env),
        [str(program), *start.words],
        env,
        work,
        peer.ready,
        peer.sign,
        peer.send,
        [str(program), "--help"],
    )


def _at_home(home: str) -> list[int]:
    """The processes whose home that is: what went into the background and is nobody's child."""
    if sys.platform != "linux":
        return []
    mark, found = f"HOME={home}".encode(), []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
    return found
