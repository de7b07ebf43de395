"""What must be known of another program to measure it: how it is started, and what its screen shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """Where a program is started: a home of its own, an empty directory to work in, and the model server."""

    home: Path
    work: Path
    url: str
    """Without ``/v1``."""


@dataclass(frozen=True, slots=True)
class Start:
    """How a program is started: its arguments, and what its environment has beside the usual."""

    words: Sequence[str] = ()
    env: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Peer:
    """Another program."""

    name: str
    package: str
    """What installs it, as its package's registry calls it."""
    program: str
    """The name of the executable."""
    ready: str
    """Stands on the screen when the prompt can be typed into."""
    sign: str
    """Stands directly before what is typed."""
    prepare: Callable[[Place], Start]
    """Writes its configuration: the model server as its only provider, no questions, no news."""
    version: Callable[[Path], Sequence[str]] = lambda program: (str(program), "--version")
    """The command that prints its version, by the place of the program."""
    send: str = "\r"
    """The key that sends the prompt."""
