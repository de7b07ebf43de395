"""The built-in tools; those that only read never ask, all others run after a yes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tui.tools.builtin.calculator import Calculator
from tui.tools.builtin.current_time import CurrentTime
from tui.tools.toolbox import Tool, Toolbox


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the built-in tools may go."""

    root: Path
    """The directory files are read and written in; nothing outside of it is touched."""
    forbidden: tuple[Path, ...] = ()
    """Files and directories never touched, wherever they are: our own configuration, data and cache."""
    hosts: tuple[str, ...] = ()
    """Private names, addresses and networks ``http_get`` may call all the same."""
    shell_seconds: float = 120.0
    """How long a command may run at most."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """What a command finds in its environment; holds no secret of ours."""
    denied: Callable[[str, str], bool] = lambda _tool, _subject: False
    """Whether a rule forbids a tool what it meets only while it runs, such as a redirect's address."""


def basic(now: Callable[[], datetime]) -> tuple[Tool, ...]:
    """The tools that need nothing but a clock; ``now`` gives the present with a time zone."""
    return (Calculator(), CurrentTime(now))


def everything(now: Callable[[], datetime], reach: Reach) -> Toolbox:  # noqa: ARG001
    """Every built-in tool."""
    return Toolbox(basic(now))


def unasked(toolbox: Toolbox) -> Toolbox:
    """The tools of ``toolbox`` that never ask: those offered unless others are named."""
    return toolbox.only([spec.name for spec in toolbox.specs if not toolbox.asks(spec.name)])
