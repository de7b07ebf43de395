"""Words of the running turn are taken in late, and come to the same as each in its turn."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.ui.pilots import chat, ready, running, until
from tests.ui.scripted_session import ScriptedSession, deps_for
from tests.ui.test_turn_state import ROUTE
from tui.chat.events import Answering, Event, Observed, PartDelta, StepStarted, TurnFinished
from tui.chat.finding import Finding
from tui.chat.route import Served
from tui.chat.usage import UNKNOWN_COST, Usage
from tui.ui.live_turn import LiveTurn
from tui.ui.screens.conversation import ConversationScreen
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


async def test_events_that_come_together_are_shown_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def burst() -> AsyncIterator[Event]:
        yield StepStarted(0.0, ROUTE, 1, 1)
        yield Answering(0.1, Served())
        for n in range(20):
            yield Observed(0.2, (Finding("odd", f"one {n}"),))
        yield TurnFinished(0.3, "end", "", Usage(), UNKNOWN_COST, 1)

    shows, real = list[str](), ConversationScreen.show_state
    async with running(deps_for(tmp_path, ScriptedSession())) as (app, _):
        await ready(app)
        screen = chat(app)

        def noted(self: ConversationScreen) -> None:
            shows.append(self.turn.stage)
            real(self)

        monkeypatch.setattr(ConversationScreen, "show_state", noted)
        screen.follow(burst())
        await until(lambda: not screen.running)
        assert screen.inspector.seen.state.stage == "done"
        assert len(screen.inspector.seen.state.observed) == 20
        assert len(shows) < 6
