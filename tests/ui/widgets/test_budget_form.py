"""The form before a call that may break a limit: on the real engine, and with what was typed before it."""

import asyncio
from decimal import Decimal
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.ui.asking_form import be_quick
from tests.ui.pilots import NARROW, PATIENCE_S, WIDE, chat, ready, running, shown, simulated, type_text, until
from tui.chat.budget import Budget
from tui.ui import deliberation
from tui.ui.app import SightlineApp

LIMIT = Decimal("0.0001")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    be_quick(monkeypatch)


async def asked(app: SightlineApp, text: str = "What is 6*7?") -> None:
    """A prompt whose first call waits, with keys that work."""
    form = chat(app).budget_form
    chat(app).session.budget = Budget(session=LIMIT)
    chat(app).offer(text)
    await until(lambda: form.waiting and form.has_focus)
    await asyncio.sleep(deliberation.READ_S * 1.2)


async def over(app: SightlineApp) -> None:
    await until(lambda: not chat(app).running)


async def test_go_on_stop_retry_and_raise(tmp_path: Path) -> None:
    async with simulated(tmp_path) as deps, running(deps, NARROW) as (app, pilot):
        await ready(app)
        await asked(app)
        assert "More than $0.00010 for this session?" in shown(app)
        assert "a guess, for it has not answered yet" in shown(app)
        assert "the next call waits for your yes" in shown(app)
        await pilot.press("n")
        await over(app)
        assert "stopped by the budget" in shown(app)
        assert chat(app).queue.held
        assert not chat(app).budget_form.has_class("-on")
        chat(app).action_retry()
        await until(lambda: chat(app).budget_form.has_focus)
        await asyncio.sleep(deliberation.READ_S * 1.2)
        await pilot.press("r")
        await over(app)
        assert "42" in shown(app)
        limit = chat(app).session.budget.session
        assert limit is not None
        assert limit > LIMIT
        await asked(app, "And once more?")
        await pilot.press("y")
        await over(app)
        assert chat(app).turn.stop == "end"
        # By what was allowed, nothing was changed about the limit.
        assert chat(app).session.budget.session == LIMIT


async def test_keys_pressed_before_it_could_be_read_decide_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    be_quick(monkeypatch, read=PATIENCE_S)
    async with simulated(tmp_path) as deps, running(deps, WIDE) as (app, pilot):
        await ready(app)
        chat(app).session.budget = Budget(turn=LIMIT)
        await type_text(pilot, "What is 6*7?")
        await pilot.press("enter", "enter", "y")
        form = chat(app).budget_form
        await until(lambda: form.waiting and chat(app).prompt.text == "y")
        # The time to read it is over.
        form._offer_focus()
        await pilot.pause()
        assert form.waiting
        assert chat(app).running
        # What was typed is in the prompt, which keeps the focus; Tab leads to the form and back.
        before = app.focused
        await pilot.press("tab")
        assert (type(before), type(app.focused)) == (type(chat(app).prompt), type(form))
        await pilot.press("pageup", "tab")
        await _answer_is_command(pilot, app)


async def _answer_is_command(pilot: Pilot[None], app: SightlineApp) -> None:
    """``/budget`` answers as well, while the question waits."""
    chat(app).action_budget("turn 5")
    await over(app)
    assert "42" in shown(app)
    chat(app).action_budget("sesion 5")
    await until(lambda: "did you mean session?" in shown(app))
    chat(app).action_budget("session 0.5")
    chat(app).action_inspector("turn")
    await until(lambda: "budget $0.50" in shown(app))


async def test_a_stop_takes_the_question_away(tmp_path: Path) -> None:
    async with simulated(tmp_path) as deps, running(deps, NARROW) as (app, pilot):
        await ready(app)
        await asked(app)
        await pilot.press("escape")
        await over(app)
        assert chat(app).turn.stop == "cancelled"
        assert not chat(app).budget_form.waiting
