"""Words of the running turn are taken in late, and come to the same as each in its turn."""

from __future__ import annotations

from tests.ui.test_turn_state import ROUTE
from tui.chat.events import Answering, Event, PartDelta, StepStarted, TurnFinished
from tui.chat.route import Served
from tui.chat.usage import UNKNOWN_COST, Usage
from tui.ui.live_turn import LiveTurn
from tui.ui.turn_state import advance

BEGINNING: tuple[Event, ...] = (StepStarted(0.0, ROUTE, 1, 1), Answering(0.5, Served()))
WORDS = [PartDelta(1.0 + n / 64, 0, "text", "x" * (n % 7 + 1)) for n in range(400)]
END = TurnFinished(9.0, "end", "", Usage(), UNKNOWN_COST, 1)


def test_words_heard_together_make_the_state_they_make_one_by_one() -> None:
    live, shown = LiveTurn(0.25), 0
    state = live.state
    events: list[Event] = [*BEGINNING, *WORDS, END]
    for event in events:
        state = advance(state, event)
        if not isinstance(event, PartDelta) or not live.hears(event):
            live.advance(event)
            shown += 1
    assert live.state == state
    # Three events, the first word, and what the words of six seconds are shown by.
    assert 20 < shown < 40


def test_a_word_of_another_kind_is_shown_at_once() -> None:
    live = LiveTurn(60.0)
    for event in BEGINNING:
        live.advance(event)
    assert live.hears(PartDelta(1.0, 0, "text", "a"))
    assert not live.hears(PartDelta(1.1, 1, "tool_arguments", "{"))
