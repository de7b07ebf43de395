"""Calling a person back who looks elsewhere: a bell, or the terminal's own notification."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

Notify = Literal["bell", "desktop", "off"]

LONG_S = 10.0
"""A turn that took less is over before anybody has gone away."""
DONE = "sightline: the answer is there"
ASKS = "sightline: a tool waits for your answer"


def signal(how: Notify, text: str) -> str:
    """What makes the terminal call; ``text`` is one of ours, so it holds no control character.

    OSC 9 is what iTerm2, kitty, WezTerm, Ghostty and Windows Terminal show as a notification; the bell
    beside it serves the others.
    """
    if how == "off":
        return ""
    return f"\x1b]9;{text}\x07\x07" if how == "desktop" else "\x07"


class Attention:
    """Decides when to call; ``write`` puts a sequence on the terminal."""

    def __init__(self, how: Notify, write: Callable[[str], None]) -> None:
        self._how = how
        self._write = write
        self.looking = True
        """Whether the terminal has the focus, as far as it tells."""

    def turn_ended(self, seconds: float) -> None:
        """A turn is over after ``seconds``."""
        if not self.looking and seconds >= LONG_S:
            self._call(DONE)

    def asked(self) -> None:
        """A tool waits for a yes."""
        if not self.looking:
            self._call(ASKS)

    def _call(self, text: str) -> None:
        sequence = signal(self._how, text)
        if sequence:
            self._write(sequence)
