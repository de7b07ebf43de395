"""What the application is given to begin with: enough for a first frame, and the way to all the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.events import Key
    from textual.message import Message

    from tui.ui.attention import Notify
    from tui.ui.ports import Deps


@dataclass(frozen=True, slots=True)
class Start:
    """What the first frame needs; to load the rest of the program takes longer than to draw that."""

    prepare: Callable[[], Deps]
    """Load and build it; called once, in a thread. Raises SightlineError."""
    data_dir: Path
    theme: str | None = None
    keymap: Mapping[str, str] = field(default_factory=dict)
    notify: Notify = "bell"
    is_fresh: bool = True
    """Whether the chat begins with what was typed last and belongs to no session."""
    keeps: bool = True
    """Whether what is typed may be kept in a file."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person typed before the chat was there; it goes on there."""

    shown: str
    """What stood in the prompt at first."""
    text: str
    """What stands in it now, with the cursor at ``cursor``."""
    cursor: tuple[int, int]
    told: tuple[Message, ...]
    """What the prompt told before that: texts that were sent, files that were dropped."""
    keys: tuple[Key, ...]
    """What was pressed last and means nothing before the chat is there."""
