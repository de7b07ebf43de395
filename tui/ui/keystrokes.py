"""Tells an Enter a person typed from one that came in a burst of pasted keys; pure, times are arguments."""

from __future__ import annotations

from typing import Literal

QUIET_S = 0.03
"""Keys closer together than this were not typed by hand."""


class Burst:
    """Follows the keys of one prompt.

    A terminal without bracketed paste delivers a paste as keys. An Enter followed by another key
    within ``QUIET_S`` is text, and so is every later Enter of the same burst. A lone Enter at the
    end of one line stays an Enter: scripts type a line and Enter in one write.
    """

    def __init__(self) -> None:
        self._last = float("-inf")
        self._lines = False
        self._enter: float | None = None

    @property
    def waiting(self) -> bool:
        """Whether an Enter waits for the quiet that makes it a command."""
        return self._enter is not None

    def key(self, at: float) -> bool:
        """Note a key that is not Enter; True when the waiting Enter before it was a newline of a paste."""
        was_newline = self._enter is not None and at - self._enter < QUIET_S
        self._note(at)
        self._enter = None
        if was_newline:
            self._lines = True
        return was_newline

    def enter(self, at: float) -> Literal["newline", "two newlines", "wait"]:
        """Judge an Enter: part of a paste, together with the one that waited, or to be settled later."""
        waited = self._enter is not None and at - self._enter < QUIET_S
        self._note(at)
        if waited:
            self._enter, self._lines = None, True
            return "two newlines"
        if self._lines:
            self._enter = None
            return "newline"
        self._enter = at
        return "wait"

    def pasted(self, at: float) -> bool:
        """Note a bracketed paste; True when the waiting Enter before it belongs to it."""
        was_newline = self.key(at)
        self._lines = True
        return was_newline

    def settle(self) -> bool:
        """The quiet came: True when the Enter still waits and so was typed."""
        waited, self._enter = self._enter is not None, None
        return waited

    def _note(self, at: float) -> None:
        if at - self._last >= QUIET_S:
            self._lines = False
        self._last = at
