"""How the forms look in a terminal of 80 columns: settings, system prompt, presets."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from tests.ui.pilots import NARROW, chat, ready, shown, until
from tests.ui.scripted_session import ScriptedSession, deps_for, home_for
from tui.chat.settings import Preset
from tui.ui.app import SightlineApp
from tui.ui.ports import Deps
from tui.ui.screens.presets import PresetName, PresetPicker
from tui.ui.screens.settings import SettingsForm, with_assignment
from tui.ui.screens.system import SystemPrompt

Compare = Callable[..., bool]
Steps = Callable[[SightlineApp, Pilot[None]], Coroutine[Any, Any, None]]

PRESETS = {
    "extract": Preset(
        model="anthropic/claude-sonnet-4-5-20250929",
        endpoint="messages",
        system="Extract what the text says, nothing else.",
        tools=(),
        overrides={"temperature": 0.0},
    ),
    "review": Preset(system="You review code, and are brief.", overrides={"effort": "high"}),
    "a name that is much longer than its column": Preset(model="openai/gpt-5.1", tools=("read_file",)),
}


def pictured(compare: Compare, deps: Deps, steps: Steps) -> bool:
    async def run(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, SightlineApp)
        await ready(app)
        await steps(app, pilot)

    return compare(SightlineApp(deps), terminal_size=NARROW, run_before=run)


async def settings_open(app: SightlineApp, pilot: Pilot[None], row: str) -> OptionList:
    await pilot.press("f6")
    await until(lambda: isinstance(app.screen, SettingsForm) and "Thinking" in shown(app))
    rows = app.screen.query_one(OptionList)
    rows.highlighted = [option.id for option in rows.options].index(row)
    return rows


def some_set(session: ScriptedSession) -> ScriptedSession:
    for assignment in ("thinking=on", "max_tokens=4000", "header.X-Trace=yes", "body.seed=7"):
        session.overrides = with_assignment(session, assignment)
    return session


def test_the_settings(snap_compare: Compare, tmp_path: Path) -> None:
    async def steps(app: SightlineApp, pilot: Pilot[None]) -> None:
        await settings_open(app, pilot, "max_tokens")
        await until(lambda: "set by you" in shown(app) and "max_tokens" not in shown(app))

    assert pictured(snap_compare, deps_for(tmp_path, some_set(ScriptedSession())), steps)


def test_a_setting_typed_wrong(snap_compare: Compare, tmp_path: Path) -> None:
    async def steps(app: SightlineApp, pilot: Pilot[None]) -> None:
        await settings_open(app, pilot, "max_tokens")
        await pilot.press("enter")
        field = app.screen.query_one(Input)
        await until(lambda: field.has_focus)
        field.value = "many"
        await pilot.press("enter")
        await until(lambda: "'many'" in shown(app))

    assert pictured(snap_compare, deps_for(tmp_path), steps)


def test_a_setting_the_model_does_not_take(snap_compare: Compare, tmp_path: Path) -> None:
    session = some_set(ScriptedSession())
    session.overrides = with_assignment(session, "temperature=0.3")

    async def steps(app: SightlineApp, pilot: Pilot[None]) -> None:
        await settings_open(app, pilot, "temperature")
        await until(lambda: "Not taken here" in shown(app))

    assert pictured(snap_compare, deps_for(tmp_path, session), steps)


def test_the_system_prompt(snap_compare: Compare, tmp_path: Path) -> None:
    session = ScriptedSession()
    session.system = "You review code, and are brief.\nName the file and the line."

    async def steps(app: SightlineApp, pilot: Pilot[None]) -> None:
        chat(app).offer("Why is the sky blue?")
        await until(lambda: not chat(app).running and "1 new" in shown(app))
        chat(app).action_system()
        await until(lambda: isinstance(app.screen, SystemPrompt) and "as a fork" in shown(app))
        await pilot.pause()

    assert pictured(snap_compare, deps_for(tmp_path, session), steps)


def test_the_presets(snap_compare: Compare, tmp_path: Path) -> None:
    session = ScriptedSession()
    home = replace(home_for(session), presets=PRESETS)

    async def steps(app: SightlineApp, pilot: Pilot[None]) -> None:
        chat(app).action_preset()
        await until(lambda: isinstance(app.screen, PresetPicker) and "review" in shown(app))
        await pilot.pause()

    assert pictured(snap_compare, deps_for(tmp_path, session, home=home), steps)


def test_a_preset_whose_name_is_taken(snap_compare: Compare, tmp_path: Path) -> None:
    session = some_set(ScriptedSession())
    home = replace(home_for(session), presets=PRESETS, save_preset=lambda name, preset: tmp_path)

    async def steps(app: SightlineApp, pilot: Pilot[None]) -> None:
        chat(app).action_save_preset()
        await until(lambda: isinstance(app.screen, PresetName) and app.screen.painted)
        app.screen.query_one(Input).value = "review"
        await until(lambda: "is there already" in shown(app))
        await pilot.pause()

    assert pictured(snap_compare, deps_for(tmp_path, session, home=home), steps)
