"""Runs the whole program against a simulated gateway: in this process, as a process, or on a terminal."""

import io
import json
import os
import pty
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from tui.__main__ import main
from tui.sim.server import SimServer

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0


@dataclass(frozen=True)
class Done:
    """How a run ended and what it wrote."""

    code: int
    out: str
    err: str = ""

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The JSON lines of standard output."""
        return [json.loads(line) for line in self.out.splitlines()]

    def of(self, type: str) -> list[dict[str, Any]]:
        """The lines of one type."""
        return [line for line in self.lines if line["type"] == type]

    def only(self, type: str) -> dict[str, Any]:
        """The one line of a type."""
        (line,) = self.of(type)
        return line


@dataclass(frozen=True)
class Program:
    """The program with a home of its own; nothing of the person who runs the tests is seen."""

    home: Path
    sim: SimServer
    more: dict[str, str] = field(default_factory=dict)

    @property
    def environ(self) -> dict[str, str]:
        """The whole environment it runs in."""
        places = {f"XDG_{name}_HOME": str(self.home / name.lower()) for name in ("CONFIG", "CACHE", "STATE")}
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "TERM": "xterm-256color",
            "LITELLM_PROXY_URL": self.sim.url,
            "LITELLM_PROXY_API_KEY": self.sim.state.master_key,
            **places,
            **self.more,
        }

    def having(self, **more: str) -> "Program":
        """The same with more, or other, environment variables; an empty text takes one away."""
        return Program(self.home, self.sim, {**self.more, **more})

    def configured(self, text: str) -> Path:
        """A configuration file with ``text``, in which URL stands for the simulated gateway."""
        path = self.home / "other.yaml"
        path.write_text(text.replace("URL", self.sim.url), encoding="utf-8")
        return path

    def main(self, *argv: str) -> Done:
        """A run in this process, with piped streams."""
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2))
        environ = {name: value for name, value in self.environ.items() if value}
        with mock.patch.dict(os.environ, environ, clear=True), redirect_stdout(out), redirect_stderr(err):
            code = main(argv)
            out.flush()
            err.flush()
        written = [stream.buffer.getvalue().decode("utf-8") for stream in (out, err)]
        return Done(code, *written)

    def start(self, *argv: str, under: Sequence[str] = (), **streams: Any) -> "subprocess.Popen[bytes]":
        """A process of its own, with piped streams unless told otherwise; ``under`` is what runs it."""
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        return subprocess.Popen(
            [*under, sys.executable, "-m", "tui", *argv],
            cwd=ROOT,
            env={name: value for name, value in self.environ.items() if value},
            start_new_session=True,
            **{**pipes, **streams},
        )

    def run(self, *argv: str, stdin: bytes = b"") -> Done:
        """A process run to its end."""
        with self.start(*argv) as process:
            out, err = process.communicate(stdin, timeout=PATIENCE_S)
        return Done(process.returncode, out.decode("utf-8"), err.decode("utf-8"))

    def on_terminal(self, *argv: str, stdout: int | None = None) -> Done:
        """A process whose three streams are one terminal; ``stdout`` may be another descriptor."""
        ours, theirs = pty.openpty()
        seen = bytearray()
        with self.start(*argv, stdin=theirs, stdout=stdout or theirs, stderr=theirs) as process:
            os.close(theirs)
            while piece := _read(ours):
                seen += piece
            process.wait(PATIENCE_S)
        os.close(ours)
        return Done(process.returncode, seen.decode("utf-8").replace("\r\n", "\n"))


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait for a condition."""
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, f"never came: {what}"
        time.sleep(0.01)


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:
        # Linux says EIO once the other side has closed.
        return b""
