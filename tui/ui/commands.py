"""Keys, slash commands and completions, all from the one table of commands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from textual.binding import Binding, BindingType

from tui.ui.command_table import COMMANDS, Command
from tui.ui.key_table import PLACES, Place

__all__ = [
    "COMMANDS",
    "Command",
    "bindings",
    "by_slash",
    "completions",
    "find",
    "key_of",
    "parse_slash",
    "places",
    "rebound",
]


def bindings() -> list[BindingType]:
    """Every command as a binding with its id for the chat screen; one without keys can be given some."""
    return [
        Binding(
            c.keys or f"no-key-{c.id}",
            c.action,
            c.title,
            show=False,
            key_display=c.shown,
            # A key a person chose for it shall not be one of the prompt's own.
            priority=c.priority or not c.keys,
            tooltip=c.does,
            id=c.id,
        )
        for c in COMMANDS
    ]


def rebound(keymap: Mapping[str, str]) -> tuple[Command, ...]:
    """The table with the keys a person chose, so that footer, palette and help name those."""
    return tuple(
        replace(c, keys=keymap[c.id], shown=_written(keymap[c.id])) if c.id in keymap else c for c in COMMANDS
    )


def key_of(id: str, keymap: Mapping[str, str]) -> str:
    """How the key of a command is written, as a person chose it."""
    return next(command.shown for command in rebound(keymap) if command.id == id)


def places(keymap: Mapping[str, str]) -> tuple[Place, ...]:
    """The keys of each place of the screen, with those a person chose."""
    return tuple(
        replace(
            place,
            keys=tuple(
                replace(key, shown=_written(keymap[key.id])) if key.id in keymap else key
                for key in place.keys
            ),
        )
        for place in PLACES
    )


def _written(keys: str) -> str:
    """How the first of Textual's key names is written: ``ctrl+o`` is ``^O``."""
    first = keys.split(",")[0].strip()
    name = first.removeprefix("ctrl+")
    return f"^{name.upper()}" if name != first else first.upper()


def find(id: str) -> Command:
    """The command of that id; KeyError when there is none."""
    for command in COMMANDS:
        if command.id == id:
            return command
    raise KeyError(id)


def parse_slash(text: str) -> tuple[str, str] | None:
    """Name and argument of a prompt such as ``/model gpt-5.5``; None when it is not a slash command.

    A path such as ``/etc/hosts`` and text of several lines are prompts, not commands.
    """
    if not text.startswith("/") or "\n" in text.strip():
        return None
    name, _, argument = text[1:].strip().partition(" ")
    if not name or not name.replace("-", "").isalnum():
        return None
    return name.lower(), argument.strip()


def by_slash(name: str) -> Command | None:
    """The command with that slash name."""
    return next((c for c in COMMANDS if name in c.slash), None)


def completions(text: str) -> list[tuple[str, Command]]:
    """Slash names that continue ``text``, with their commands; empty once an argument is being typed."""
    if not text.startswith("/") or any(c.isspace() for c in text):
        return []
    typed = text[1:].lower()
    return [(name, c) for c in COMMANDS for name in c.slash if name.startswith(typed)]
