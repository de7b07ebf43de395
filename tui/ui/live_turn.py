"""What is known of the running turn, brought up to date with thousands of words a second."""

from __future__ import annotations

from tui.chat.events import Event, PartDelta
from tui.ui.turn_state import DOING, TurnState, advance, heard


class LiveTurn:
    """Holds the state; words that change nothing else are taken in when somebody looks.

    ``every`` is how often in seconds it should be shown while only words come.
    """

    def __init__(self, every: float) -> None:
        self._every = every
        self._state = TurnState()
        self._heard: list[tuple[float, int]] = []
        """Text that ``_state`` does not know of: when it came, and how many characters."""
        self._shown_at = 0.0

    @property
    def state(self) -> TurnState:
        """As it is now."""
        if self._heard:
            self._state = heard(self._state, self._state.stage, self._heard)
            self._heard.clear()
        return self._state

    @state.setter
    def state(self, state: TurnState) -> None:
        self._heard.clear()
        self._state = state

    def hears(self, event: PartDelta) -> bool:
        """Take in words if they are more of what is shown, and was shown just now."""
        if DOING[event.kind] != self._state.stage or event.at - self._shown_at >= self._every:
            return False
        self._heard.append((event.at, len(event.text)))
        return True

    def advance(self, event: Event) -> None:
        """Take in an event that is going to be shown."""
        self.state = advance(self.state, event)
        self._shown_at = event.at
