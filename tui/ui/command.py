"""What one command of the screen is: its name, its words, its keys."""

from __future__ import annotations

from dataclasses import dataclass


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
