"""The line that says what the program waits for, for how long, and how to stop it."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import RenderResult
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.clean import visible
from tui.ui.figures import duration
from tui.ui.turn_state import Stage, TurnState

DOING: dict[Stage, str] = {
    "sending": "waiting for the first word",
    "thinking": "thinking",
    "answering": "answering",
    "calling": "writing a tool call",
    "asking": "a tool waits for your yes",
    "limit": "the next call waits for your yes",
    "tools": "running tools",
    "retrying": "waiting to retry",
}
"""What each stage of a turn is called."""


def waiting_line(state: TurnState, now: float) -> Content:
    """What goes on in the turn, since when; empty when nothing does."""
    if not state.running:
        return Content("")
    doing = DOING.get(state.stage, state.stage)
    if len(state.asking) > 1:
        doing = f"{len(state.asking)} tools wait for your yes"
    if state.stage == "retrying" and state.retry_why:
        doing = f"{doing}: {visible(state.retry_why, 50)}"
    pieces = [duration(max(now - state.started_at, 0.0))]
    rate = state.rate
    if rate is not None and state.stage in ("thinking", "answering", "calling"):
        pieces.append(f"{'~' if state.rate_estimated else ''}{rate:.0f} tok/s")
    if state.step > 1:
        pieces.append(f"step {state.step}")
    return Content.assemble(
        ("● ", "$text-accent"),
        (doing, ""),
        (f" · {' · '.join(pieces)}", "$foreground-muted"),
        ("  Esc stops", "$foreground-muted"),
    )


class Waiting(Widget):
    """One line above the prompt while a turn runs; gone otherwise."""

    state: reactive[TurnState] = reactive(TurnState(), always_update=True)
    """The turn it speaks of."""

    def __init__(self, clock: Callable[[], float], *, still: bool = False) -> None:
        super().__init__()
        self._clock = clock
        self._every = 10.0 if still else 1.0

    def on_mount(self) -> None:
        """Count the seconds, without a fast animation."""
        self.set_interval(self._every, self._tick)

    def watch_state(self, state: TurnState) -> None:
        """Appear with a running turn, go with its end."""
        self.set_class(state.running, "-on")

    def _tick(self) -> None:
        if self.state.running:
            self.refresh()

    def render(self) -> RenderResult:
        """The line now."""
        return waiting_line(self.state, self._clock())
