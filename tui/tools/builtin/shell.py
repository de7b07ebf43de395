"""The ``shell`` tool: one command line in the working directory, after a yes, with nothing left of it."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping
from pathlib import Path

from tui.chat.events import Ask
from tui.chat.parts import Json
from tui.chat.settings import ToolSpec
from tui.tools.builtin.commands import Outcome, run_command
from tui.tools.toolbox import ToolError

MOST_CHARS = 20_000
"""Of one command; a longer one belongs into a file."""
_SHOWN = 100


class Shell:
    """Runs commands in ``root`` for at most ``seconds``; they find ``environment()`` and no terminal."""

    def __init__(self, root: Path, seconds: float, environment: Callable[[], Mapping[str, str]]) -> None:
        self._root = root
        self._seconds = seconds
        self._environment = environment
        self.spec = _spec(seconds)

    async def ask(self, arguments: Mapping[str, Json]) -> Ask:
        """The command as it would run; a yes for the session is for exactly this command."""
        command = _command(arguments)
        self._limit(arguments)
        first, _, more = command.strip().partition("\n")
        shown = f"{first[:_SHOWN]} …" if more or len(first) > _SHOWN else first
        return Ask(f"run {shown}", command, command, "exactly this command")

    async def run(self, arguments: Mapping[str, Json]) -> str:
        """How it ended and what it wrote; ToolError when it had to be stopped."""
        command = _command(arguments)
        seconds = self._limit(arguments)
        outcome = await run_command(
            command, root=self._root, environment=self._environment(), seconds=seconds
        )
        if outcome.code is None and outcome.signal is None:
            raise ToolError(_told(f"stopped after {seconds:g} s, the time limit", outcome))
        return _told(_ending(outcome), outcome)

    def _limit(self, arguments: Mapping[str, Json]) -> float:
        wanted = arguments.get("seconds")
        if wanted is None:
            return self._seconds
        if wanted <= 0:
            raise ToolError(f"seconds is {wanted}; it must be more than 0, or null")
        return min(float(wanted), self._seconds)


def _command(arguments: Mapping[str, Json]) -> str:
    command = arguments["command"]
    if not isinstance(command, str) or not command.strip():
        raise ToolError("the command is empty")
    if len(command) > MOST_CHARS:
        raise ToolError(f"the command has {len(command):,} characters; at most {MOST_CHARS:,} are taken")
    if "\0" in command:
        raise ToolError("the command has a NUL character in it; no program can be given one")
    if any("\ud800" <= char <= "\udfff" for char in command):
        raise ToolError("the command has half a character in it (a lone surrogate)")
    return command


def _ending(outcome: Outcome) -> str:
    if outcome.signal is None:
        return f"exit code {outcome.code}"
    try:
        name = signal.Signals(outcome.signal).name
    except ValueError:
        name = f"signal {outcome.signal}"
    return f"killed by {name}"


def _told(ending: str, outcome: Outcome) -> str:
    first = ending
    if outcome.code is not None and outcome.swept:
        left = "1 process" if outcome.swept == 1 else f"{outcome.swept} processes"
        first += f"; {left} left in the background ended with it"
    text = outcome.output.text()
    return f"{first}\n{text}" if text else f"{first}, no output"


def _spec(seconds: float) -> ToolSpec:
    return ToolSpec(
        "shell",
        "Run a command line with /bin/sh in the working directory; the user is asked first. Gives the exit"
        " code and what was written to standard output and standard error. Standard input is empty, there is"
        " no terminal, and whatever is left in the background is ended when the command ends.",
        {
            "type": "object",
            "properties": {
                "command": {"type": "string", "description": "such as git log --oneline -5"},
                "seconds": {
                    "type": ["number", "null"],
                    "description": f"time limit; null for {seconds:g}, which is also the most",
                },
            },
            "required": ["command", "seconds"],
            "additionalProperties": False,
        },
    )
