"""Who is called back, when, and by what."""

from pathlib import Path

import pytest

from tests.ui.pilots import chat, ready, running, until
from tests.ui.scripted_session import ScriptedSession, deps_for
from tui.ui.attention import ASKS, DONE, LONG_S, Attention, Notify, signal


@pytest.mark.parametrize(
    ("how", "said"), [("bell", "\x07"), ("desktop", f"\x1b]9;{DONE}\x07\x07"), ("off", "")]
)
def test_the_signal_is_what_was_chosen(how: Notify, said: str) -> None:
    assert signal(how, DONE) == said


def test_only_a_long_turn_nobody_watches_calls() -> None:
    written: list[str] = []
    attention = Attention("bell", written.append)
    attention.turn_ended(LONG_S * 2)
    attention.asked()
    assert written == []
    attention.looking = False
    attention.turn_ended(LONG_S / 2)
    assert written == []
    attention.turn_ended(LONG_S)
    assert written == ["\x07"]


def test_a_question_calls_whoever_is_away_at_once() -> None:
    written: list[str] = []
    attention = Attention("desktop", written.append)
    attention.looking = False
    attention.asked()
    assert written == [f"\x1b]9;{ASKS}\x07\x07"]


async def test_the_screen_tells_when_a_turn_ends(tmp_path: Path) -> None:
    from textual import events

    session = ScriptedSession()
    async with running(deps_for(tmp_path, session)) as (app, _):
        await ready(app)
        seen: list[float] = []
        app.attention.turn_ended = seen.append  # type: ignore[assignment,method-assign]
        app.post_message(events.AppBlur())
        await until(lambda: not app.attention.looking)
        chat(app).offer("one")
        await until(lambda: len(seen) == 1)
        assert seen[0] > 0
        app.post_message(events.AppFocus())
        await until(lambda: app.attention.looking)
