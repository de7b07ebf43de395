"""The built-in tools; those that only read never ask, all others run after a yes."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from tui.tools.builtin.calculator import Calculator
from tui.tools.builtin.current_time import CurrentTime
from tui.tools.builtin.edit_file import EditFile
from tui.tools.builtin.files.changes import Changes
from tui.tools.builtin.files.root import Root
from tui.tools.builtin.http_get import HttpGet
from tui.tools.builtin.list_files import ListFiles
from tui.tools.builtin.read_file import ReadFile
from tui.tools.builtin.search_files import SearchFiles
from tui.tools.builtin.shell import Shell
from tui.tools.builtin.write_file import WriteFile
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
    environment: Callable[[], Mapping[str, str]] = dict
    """What a command finds in its environment, asked for as it starts; holds no secret of ours."""
    denied: Callable[[str, str], bool] = lambda _tool, _subject: False
    """Whether a rule forbids a tool what it meets only while it runs, such as a redirect's address."""


def basic(now: Callable[[], datetime]) -> tuple[Tool, ...]:
    """The tools that need nothing but a clock; ``now`` gives the present with a time zone."""
    return (Calculator(), CurrentTime(now))


def filing(reach: Reach) -> tuple[Tool, ...]:
    """The tools that read and change files below the root."""

    def root(tool: str) -> Root:
        return Root(reach.root, reach.forbidden, partial(reach.denied, tool))

    changes = Changes()
    return (
        ReadFile(root("read_file")),
        ListFiles(root("list_files")),
        SearchFiles(root("search_files")),
        WriteFile(root("write_file"), changes),
        EditFile(root("edit_file"), changes),
    )


def outgoing(reach: Reach) -> tuple[Tool, ...]:
    """The tools that get pages and run commands; these only where the system has a plain shell."""
    web = HttpGet(reach.hosts, reach.denied)
    if os.name != "posix":
        return (web,)
    return (web, Shell(reach.root, reach.shell_seconds, reach.environment))


def everything(now: Callable[[], datetime], reach: Reach) -> Toolbox:
    """Every built-in tool."""
    return Toolbox((*basic(now), *filing(reach), *outgoing(reach)))


def unasked(toolbox: Toolbox) -> Toolbox:
    """The tools of ``toolbox`` that never ask: those offered unless others are named."""
    return toolbox.only([spec.name for spec in toolbox.specs if not toolbox.asks(spec.name)])
