"""Tells a key pressed to decide from one typed ahead, typed on or held down; pure, times are arguments."""

from __future__ import annotations

READ_S = 0.4
"""What is asked has to stand on the screen this long before a key can decide about it."""
MEANT_S = 0.25
"""A decision is taken this long after its key, unless more is typed: words are meant for the prompt."""
HELD_S = 0.15
"""The same key again within this time is a key held down."""


class Deliberation:
    """Follows the keys pressed on one question after another.

    Nothing is decided by a key that was pressed before the question could be read, by the first
    letter of a word, or by a key that is still held down from the question before.
    """

    def __init__(self) -> None:
        self._readable_at = float("inf")
        self._key = ""
        self._at = float("-inf")
        self._again = 0
        self._waits = False
        self._decided = ""
        """The key that decided about the question before, which may still be held down."""

    @property
    def waiting(self) -> str:
        """The key whose decision is about to be taken; empty when none is."""
        return self._key if self._waits else ""

    def hide(self) -> None:
        """Nothing is asked, or nobody can see it."""
        self._readable_at, self._waits = float("inf"), False

    def show(self, at: float) -> None:
        """A question stands on the screen, or keys begin to reach it, since ``at``."""
        self._readable_at, self._waits = at + READ_S, False

    def press(self, key: str, at: float) -> bool:
        """A key that decides was pressed; True when its decision waits for ``settle`` from now on."""
        held = key == self._key and at - self._at < HELD_S
        if self._waits:
            # Twice is a tremble, three times is a key held down; another key makes it a word.
            self._again += 1
            self._waits = key == self._key and not (held and (key == self._decided or self._again > 1))
            self._key, self._at = key, at
            return False
        self._key, self._at, self._again = key, at, 0
        self._waits = at >= self._readable_at and not held
        return self._waits

    def typed(self, at: float) -> str:
        """A key that decides nothing was pressed; returns the key before it, if both belong to a word."""
        before = self._key if at - self._at < MEANT_S else ""
        self._key, self._at, self._waits = "", at, False
        return before

    def settle(self) -> str:
        """The time for second thoughts is over: the key that decides, empty when it was taken back."""
        key, self._waits = self.waiting, False
        self._decided = key or self._decided
        return key
