"""The one table of what a person can do; keys, palette, slash commands and help all come from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from textual.binding import Binding, BindingType


@dataclass(frozen=True, slots=True)
class Command:
    """One thing to do; ``action`` names a method ``action_<name>`` of the chat screen."""

    id: str
    """Stable name; keys are rebound by it."""
    title: str
    """How palette and help call it."""
    does: str
    """One sentence."""
    action: str
    keys: str = ""
    """Textual key names, comma separated."""
    shown: str = ""
    """How the key is written, such as ``^O``."""
    label: str = ""
    """Word in the footer; empty keeps it out of there."""
    slash: tuple[str, ...] = ()
    """Slash names, the first is the one offered."""
    argument: str = ""
    """What may follow the slash name."""
    group: str = "Chat"
    priority: bool = False
    """The key wins over the widget that has the focus."""


COMMANDS: tuple[Command, ...] = (
    Command(
        "model.pick",
        "Choose a model",
        "Pick the model of the next turn, or name one.",
        "pick_model",
        "ctrl+o",
        "^O",
        "model",
        ("model",),
        "[NAME]",
        "Model",
        priority=True,
    ),
    Command(
        "thinking.fold",
        "Fold or unfold thinking",
        "Show or hide all thinking; it never changes what the model does.",
        "fold_thinking",
        "ctrl+t",
        "^T",
        "thinking",
        group="Reading",
        priority=True,
    ),
    Command(
        "tools.fold",
        "Fold or unfold tools",
        "Show or hide the arguments and results of all tool calls.",
        "fold_tools",
        "ctrl+g",
        "^G",
        "tools",
        group="Reading",
        priority=True,
    ),
    Command(
        "inspector.toggle",
        "Inspector",
        "Route, answer, time, tokens and cost of the turn; full screen in a narrow terminal.",
        "inspector",
        "f2",
        "F2",
        "inspector",
        ("inspector",),
        group="Reading",
        priority=True,
    ),
    Command(
        "inspector.full",
        "Inspector, full screen",
        "The inspector over the whole screen.",
        "inspector_full",
        "shift+f2,f14",
        "⇧F2",
        group="Reading",
        priority=True,
    ),
    Command(
        "palette",
        "Commands",
        "Search everything that can be done.",
        "palette",
        "ctrl+p",
        "^P",
        "commands",
        group="Screen",
        priority=True,
    ),
    Command(
        "help",
        "Help",
        "All keys and slash commands.",
        "help",
        "f1",
        "F1",
        "help",
        ("help",),
        group="Screen",
        priority=True,
    ),
    Command(
        "turn.stop",
        "Stop the answer",
        "End the running turn; what came is kept.",
        "stop",
        "escape",
        "Esc",
        "stop",
    ),
    Command(
        "turn.retry",
        "Retry the last turn",
        "Send the last request again.",
        "retry",
        slash=("retry",),
    ),
    Command(
        "session.new",
        "New conversation",
        "Start over with an empty history, the same proxy and model.",
        "new",
        slash=("new", "clear"),
    ),
    Command(
        "proxy.connect",
        "Connect to a proxy",
        "Test a LiteLLM proxy's address and key, then use it.",
        "connect",
        slash=("connect",),
        argument="[URL]",
        group="Model",
    ),
    Command(
        "thinking.set",
        "Set thinking",
        "off, on, an effort word or a token budget for the next turns; default leaves it to the proxy.",
        "set_thinking",
        slash=("thinking",),
        argument="LEVEL",
        group="Model",
    ),
    Command(
        "answer.copy",
        "Copy the last answer",
        "The text of the newest answer, to the clipboard.",
        "copy_answer",
        slash=("copy",),
        group="Reading",
    ),
    Command(
        "screen.theme",
        "Dark or light",
        "Change between the dark and the light theme.",
        "theme",
        slash=("theme",),
        group="Screen",
    ),
    Command(
        "screen.picture",
        "Save a screenshot",
        "The screen as an SVG file.",
        "screenshot",
        slash=("screenshot",),
        group="Screen",
    ),
    Command(
        "screen.repaint",
        "Repaint",
        "Draw the whole screen again.",
        "repaint",
        "ctrl+l",
        "^L",
        group="Screen",
        priority=True,
    ),
    Command(
        "app.suspend",
        "Suspend",
        "Put the program in the background; fg brings it back.",
        "suspend",
        "ctrl+z",
        "^Z",
        group="Screen",
        priority=True,
    ),
    Command(
        "app.interrupt",
        "Copy, stop or quit",
        "Copies a selection, else stops the answer, else pressed twice quits.",
        "interrupt",
        "ctrl+c",
        "^C",
        group="Screen",
        priority=True,
    ),
    Command(
        "app.quit",
        "Quit",
        "Leave; the draft is kept.",
        "quit",
        "ctrl+q",
        "^Q",
        slash=("quit", "exit"),
        group="Screen",
        priority=True,
    ),
)

PROMPT_KEYS: tuple[tuple[str, str], ...] = (
    ("Enter", "send; while an answer runs: queue"),
    ("^J  ·  \\ Enter  ·  ⇧Enter", "new line (⇧Enter where the terminal tells it apart)"),
    ("↑ ↓", "earlier prompts, from the first and last line; ↑ takes a queued prompt back"),
    ("Tab", "complete a slash command; else move to the transcript"),
    ("^D", "quit, when the prompt is empty"),
    ("^_  ·  ^Y", "undo, redo"),
    ("PgUp  PgDn", "scroll the transcript"),
)
"""Keys of the prompt itself, for the help screen."""


def bindings() -> list[BindingType]:
    """The commands that have keys, as bindings with ids for the chat screen."""
    return [
        Binding(
            c.keys,
            c.action,
            c.title,
            show=False,
            key_display=c.shown,
            priority=c.priority,
            tooltip=c.does,
            id=c.id,
        )
        for c in COMMANDS
        if c.keys
    ]


def rebound(keymap: Mapping[str, str]) -> tuple[Command, ...]:
    """The table with the keys a person chose, so that footer, palette and help name those."""
    return tuple(
        replace(c, keys=keymap[c.id], shown=_written(keymap[c.id])) if c.id in keymap else c for c in COMMANDS
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
