"""The program itself in a pseudo-terminal, with a home of its own and the model server as its proxy."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.server import CLAUDE, KEY, Server
from benchmarks.terminal import Terminal

READY = "❯"
"""Stands on the screen when the prompt can be typed into."""
WHOLE = "^P"
"""Stands on the screen when all of it is there."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What one answer cost, from Enter until it stood there whole; seconds, and bytes to the terminal."""

    cpu: float
    seconds: float
    written: int


def ask(terminal: Terminal, server: Server, tokens: int, rate: float | None = None) -> Answered:
    """Have a prompt answered with so many tokens, at ``rate`` a second or as fast as they are taken."""
    mark = typed(terminal, server, tokens, rate)
    cpu, written = terminal.cpu(), terminal.written()
    began = terminal.press("\r")
    ended = terminal.wait_written(mark, longest(tokens, rate))
    # What is left to do behind the last word belongs to the answer.
    terminal.settle()
    return Answered(terminal.cpu() - cpu, ended - began, terminal.written() - written)


def typed(terminal: Terminal, server: Server, tokens: int, rate: float | None) -> str:
    """Type a prompt that will be answered like that once Enter is pressed; the mark the answer ends with."""
    mark = server.play(tokens, rate)
    terminal.press("go on")
    terminal.quiet(0.4)
    return mark


def longest(tokens: int, rate: float | None) -> float:
    """Seconds after which an answer is given up."""
    return 120 + tokens / (rate or 1000)


class House:
    """A home directory with configuration, where the program finds nothing of the person's own."""

    def __init__(self, folder: Path, url: str, model: str = CLAUDE) -> None:
        self.folder, self.data = folder, folder / "data"
        self.config = folder / "config.yaml"
        self.config.write_text(
            f"proxies:\n  bench:\n    url: {url}\n    key: {KEY}\n    server: litellm\n"
            f"default_model: {model}\n"
        )
        self.env = clean_environment(folder)

    def command(self, *words: str, module: tuple[str, ...] = ("tui",)) -> list[str]:
        """The command line of the program in this house."""
        places = ("--config", str(self.config), "--data-dir", str(self.data))
        return [sys.executable, "-m", *module, *words, *places]

    def open(self, *words: str, module: tuple[str, ...] = ("tui",)) -> Terminal:
        """Start the chat; it is not waited for."""
        return Terminal(self.command(*words, module=module), env=self.env)


def clean_environment(home: Path) -> dict[str, str]:
    """The environment of a program that is measured: nothing of the person's, and byte code is kept."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "VIRTUAL_ENV") if name in os.environ}
    places = {f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("CONFIG", "CACHE", "STATE", "DATA")}
    root = str(Path(__file__).parents[1])
    return {
        **kept,
        **places,
        "HOME": str(home),
        "PYTHONPATH": root,
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "NO_PROXY": "127.0.0.1",
    }


@contextmanager
def house(server: Server, model: str = CLAUDE) -> Iterator[House]:
    """A house that is gone afterwards."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        yield House(Path(folder), server.url, model)
