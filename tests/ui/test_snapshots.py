"""How the screens look, at the three sizes they are made for.

A difference is shown in the report named at the end of the run; when it is meant,
``pytest tests/ui/test_snapshots.py --snapshot-update`` takes it over.
"""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.ui.pilots import NARROW, VAST, WIDE, chat, ready, shown, until
from tests.ui.scripted_session import ScriptedSession, deps_for, home_for
from tui.chat.catalog import Catalog
from tui.chat.route import Served
from tui.errors import CallFailed
from tui.ui.app import SightlineApp
from tui.ui.ports import Connection
from tui.ui.preferences import Preferences, save_preferences
from tui.ui.screens.dialog import Dialog
from tui.ui.screens.models import ModelPicker

Compare = Callable[..., bool]
Steps = Callable[[Pilot[None]], Coroutine[Any, Any, None]]


def app_of(pilot: Pilot[None]) -> SightlineApp:
    assert isinstance(pilot.app, SightlineApp)
    return pilot.app


async def answered(pilot: Pilot[None]) -> None:
    app = app_of(pilot)
    await ready(app)
    chat(app).offer("Why is the sky blue?\nTwo sentences.")
    await until(lambda: not chat(app).running)
    await until(lambda: "1 new" in shown(app))


async def settled(pilot: Pilot[None]) -> None:
    await ready(app_of(pilot))


@pytest.mark.parametrize("size", [NARROW, WIDE, VAST], ids=str)
def test_first_start(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap_compare(SightlineApp(deps_for(tmp_path)), terminal_size=size, run_before=settled)


@pytest.mark.parametrize("size", [NARROW, WIDE, VAST], ids=str)
def test_an_answer(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap_compare(SightlineApp(deps_for(tmp_path)), terminal_size=size, run_before=answered)


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=str)
def test_the_model_picker(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    save_preferences(tmp_path, Preferences(favourites=("xai/grok-4",), recents=("openai/gpt-5.5",)))

    async def steps(pilot: Pilot[None]) -> None:
        await answered(pilot)
        await pilot.press("ctrl+o")
        await until(lambda: isinstance(app_of(pilot).screen, ModelPicker))
        await pilot.press("down")
        await until(lambda: "1 Claude block will not be sent" in shown(app_of(pilot)))

    assert snap_compare(SightlineApp(deps_for(tmp_path)), terminal_size=size, run_before=steps)


def test_the_help(snap_compare: Compare, tmp_path: Path) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        await settled(pilot)
        await pilot.press("f1")
        await until(lambda: "send; while" in shown(app_of(pilot)))

    assert snap_compare(SightlineApp(deps_for(tmp_path)), terminal_size=NARROW, run_before=steps)


def test_the_inspector_over_a_narrow_screen_with_a_fallback(snap_compare: Compare, tmp_path: Path) -> None:
    session = ScriptedSession()
    session.served = Served("c", None, "openai/gpt-5.1", "cheap", None, 2, 1, None)

    async def steps(pilot: Pilot[None]) -> None:
        await answered(pilot)
        await pilot.press("f2")
        await until(lambda: "fallbacks 1" in shown(app_of(pilot)))

    assert snap_compare(SightlineApp(deps_for(tmp_path, session)), terminal_size=NARROW, run_before=steps)


def test_a_busy_screen_with_a_queue_and_completions(snap_compare: Compare, tmp_path: Path) -> None:
    session = ScriptedSession()
    session.gate = asyncio.Event()

    async def steps(pilot: Pilot[None]) -> None:
        app = app_of(pilot)
        await ready(app)
        chat(app).offer("one")
        await until(lambda: "The sky is blue" in shown(app))
        chat(app).offer("and then this")
        await pilot.press("slash", "t")
        await until(lambda: "/theme" in shown(app))

    assert snap_compare(SightlineApp(deps_for(tmp_path, session)), terminal_size=NARROW, run_before=steps)


def test_earlier_prompts(snap_compare: Compare, tmp_path: Path) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        app = app_of(pilot)
        await settled(pilot)
        for text in ("Why is the sky blue?", "Read the log\nand tell what leaks", "What is 17 * 23?" * 12):
            chat(app).prompt.remember(text)
        await pilot.press("f3")
        await until(lambda: "3 found" in shown(app))

    assert snap_compare(SightlineApp(deps_for(tmp_path)), terminal_size=NARROW, run_before=steps)


def test_high_contrast(snap_compare: Compare, tmp_path: Path) -> None:
    save_preferences(tmp_path, Preferences(theme="high-contrast"))
    assert snap_compare(SightlineApp(deps_for(tmp_path)), terminal_size=WIDE, run_before=answered)


def test_a_failure(snap_compare: Compare, tmp_path: Path) -> None:
    session = ScriptedSession()
    session.fail = CallFailed(
        "the vendor is overloaded",
        "it answered 529",
        hint="retry in a minute, or switch to another vendor's model",
        layer="vendor",
        status=529,
        vendor_message="Overloaded",
    )

    async def steps(pilot: Pilot[None]) -> None:
        app = app_of(pilot)
        await ready(app)
        chat(app).offer("one")
        await until(lambda: "Overloaded" in shown(app) and not chat(app).running)

    assert snap_compare(SightlineApp(deps_for(tmp_path, session)), terminal_size=NARROW, run_before=steps)


def test_connecting(snap_compare: Compare, tmp_path: Path) -> None:
    async def connect(url: str, key: str) -> Connection:
        session = ScriptedSession()
        session.catalog = Catalog()
        return Connection(
            home_for(session, simulated=False),
            "LiteLLM 1.106.2",
            9,
            ("prices are hidden from this key",),
            lambda: tmp_path,
        )

    async def steps(pilot: Pilot[None]) -> None:
        app = app_of(pilot)
        await ready(app)
        chat(app).action_connect("https://proxy.example.com")
        await until(lambda: isinstance(app.screen, Dialog) and app.screen.painted)
        app.screen.query_one("#key", Input).value = "sk-secret"
        await pilot.press("enter")
        await until(lambda: "LiteLLM 1.106.2" in shown(app))
        assert "sk-secret" not in shown(app)

    app = SightlineApp(deps_for(tmp_path, connect=connect))
    assert snap_compare(app, terminal_size=NARROW, run_before=steps)


def test_the_light_theme(snap_compare: Compare, tmp_path: Path) -> None:
    save_preferences(tmp_path, Preferences(theme="textual-light"))
    assert snap_compare(SightlineApp(deps_for(tmp_path)), terminal_size=WIDE, run_before=answered)


def test_without_colours(snap_compare: Compare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(SightlineApp(deps_for(tmp_path)), terminal_size=NARROW, run_before=answered)
