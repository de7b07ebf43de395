"""Endpoint, settings, system prompt and presets, by key, by slash command and in their forms."""

import asyncio
from dataclasses import replace
from pathlib import Path

from textual.widgets import Input, OptionList, TextArea

from tests.ui.pilots import NARROW, WIDE, chat, notices, ready, running, shown, type_text, until
from tests.ui.scripted_session import ScriptedSession, deps_for, home_for
from tui.chat.catalog import Catalog
from tui.chat.settings import Preset
from tui.errors import UsageError
from tui.ui.screens.presets import PresetName, PresetPicker
from tui.ui.screens.settings import SettingsForm
from tui.ui.screens.system import SystemPrompt
from tui.ui.widgets.header import HeaderBar


async def test_f4_goes_through_the_endpoints_and_says_what_that_means(tmp_path: Path) -> None:
    session = ScriptedSession()
    async with running(deps_for(tmp_path, session)) as (app, pilot):
        await ready(app)
        seen = []
        for _ in range(4):
            await pilot.press("f4")
            seen.append(session.choice.endpoint)
        assert seen == ["chat", "responses", "auto", "chat"]
        await until(lambda: any("chosen by the resolver" in n for n in notices(app)))
        assert any("There is no sealed thinking yet." in n for n in notices(app))
        chat(app).action_endpoint("nowhere")
        await until(lambda: any("The endpoints are" in n for n in notices(app)))


async def test_a_click_on_the_road_in_the_header_switches_it(tmp_path: Path) -> None:
    session = ScriptedSession()
    async with running(deps_for(tmp_path, session), WIDE) as (app, pilot):
        await ready(app)
        line = shown(app).splitlines()[0]
        await pilot.click(HeaderBar, offset=(line.index("/v1/messages"), 0))
        await until(lambda: session.choice.endpoint == "chat")


async def test_the_form_sets_unsets_and_refuses(tmp_path: Path) -> None:
    session = ScriptedSession()
    async with running(deps_for(tmp_path, session), NARROW) as (app, pilot):
        await ready(app)
        await pilot.press("f6")
        await until(lambda: isinstance(app.screen, SettingsForm) and "Thinking" in shown(app))
        rows = app.screen.query_one(OptionList)
        ids = [option.id for option in rows.options]
        rows.highlighted = ids.index("thinking")
        await pilot.press("right")
        assert session.overrides == {"thinking": session.settings.thinking}
        assert session.settings.thinking is not None
        await pilot.press("delete")
        assert session.overrides == {}
        rows.highlighted = ids.index("max_tokens")
        await pilot.press("enter")
        field = app.screen.query_one(Input)
        await until(lambda: field.has_focus)
        await type_text(pilot, "many")
        await pilot.press("enter")
        await until(lambda: "max_tokens" in shown(app) and "many" in shown(app))
        assert session.overrides == {}
        field.value = "900"
        await pilot.press("enter")
        await until(lambda: session.overrides == {"max_tokens": 900})
        await until(lambda: "set by you" in shown(app))
        await pilot.press("escape")
        await until(lambda: app.screen is chat(app))


async def test_opened_too_early_the_form_fills_when_the_models_are_read(tmp_path: Path) -> None:
    session = ScriptedSession()
    read = asyncio.Event()
    home = home_for(session)
    load = home.load_catalog

    async def later() -> Catalog:
        await read.wait()
        return await load()

    deps = deps_for(tmp_path, session, home=replace(home, load_catalog=later))
    async with running(deps, NARROW) as (app, pilot):
        await pilot.press("f6")
        await until(lambda: "No model is known yet" in shown(app))
        read.set()
        await until(lambda: "Thinking" in shown(app))


async def test_a_name_that_is_refused_can_be_mended(tmp_path: Path) -> None:
    session = ScriptedSession()
    saved: list[str] = []

    def save(name: str, _: Preset) -> Path:
        if name != "mine":
            raise UsageError("configuration", f"{name} is no name")
        saved.append(name)
        return tmp_path / "config.yaml"

    deps = deps_for(tmp_path, session, home=replace(home_for(session), save_preset=save))
    async with running(deps, NARROW) as (app, pilot):
        await ready(app)
        chat(app).action_save_preset()
        await until(lambda: isinstance(app.screen, PresetName) and app.screen.painted)
        await type_text(pilot, "mine/")
        await pilot.press("enter")
        await until(lambda: "Not saved: configuration: mine/ is no name" in shown(app))
        await pilot.press("backspace", "enter")
        await until(lambda: saved == ["mine"])
        await until(lambda: not isinstance(app.screen, PresetName))


async def test_escape_leaves_the_field_first_and_changes_nothing(tmp_path: Path) -> None:
    session = ScriptedSession()
    async with running(deps_for(tmp_path, session)) as (app, pilot):
        await ready(app)
        await pilot.press("f6")
        await until(lambda: isinstance(app.screen, SettingsForm))
        await pilot.press("enter")
        field = app.screen.query_one(Input)
        await until(lambda: field.has_focus)
        await type_text(pilot, "low")
        await pilot.press("escape")
        await until(lambda: not field.display)
        assert isinstance(app.screen, SettingsForm)
        assert session.overrides == {}


async def test_while_a_value_is_typed_the_keys_are_the_fields(tmp_path: Path) -> None:
    session = ScriptedSession()
    async with running(deps_for(tmp_path, session), NARROW) as (app, pilot):
        await ready(app)
        await pilot.press("f6")
        await until(lambda: isinstance(app.screen, SettingsForm) and "Thinking" in shown(app))
        rows = app.screen.query_one(OptionList)
        rows.highlighted = [option.id for option in rows.options].index("max_tokens")
        await pilot.press("enter", "1", "2", "home", "ctrl+e", "3", "up", "enter")
        await until(lambda: session.overrides == {"max_tokens": 123})
        await pilot.press("f6")
        await until(lambda: not isinstance(app.screen, SettingsForm))


async def test_slash_set_takes_knobs_body_fields_and_headers(tmp_path: Path) -> None:
    session = ScriptedSession()
    async with running(deps_for(tmp_path, session)) as (app, _):
        await ready(app)
        for text in ("temperature=0.5", "max_tokens 70", "body.seed=7", "header.x-team=red", "stop=END"):
            chat(app).action_set(text)
        assert session.overrides == {
            "temperature": 0.5,
            "max_tokens": 70,
            "extra": {"seed": 7},
            "headers": {"x-team": "red"},
            "stop": ("END",),
        }
        chat(app).action_set("header.authorization=x")
        chat(app).action_set("tempratur=1")
        await until(lambda: any("temperature" in n for n in notices(app)[-1:]))
        assert "authorization" not in session.overrides["headers"]


async def test_a_schema_comes_from_a_file(tmp_path: Path) -> None:
    session = ScriptedSession()
    file = tmp_path / "answer.json"
    file.write_text('{"type": "object", "properties": {}, "additionalProperties": false, "required": []}')
    async with running(deps_for(tmp_path, session)) as (app, _):
        await ready(app)
        chat(app).action_set(f"schema=@{file}")
        assert session.settings.schema is not None
        assert session.settings.schema.schema["type"] == "object"
        chat(app).action_set(f"schema=@{tmp_path / 'gone.json'}")
        await until(lambda: any("gone.json" in n for n in notices(app)))


async def test_the_system_prompt_is_written_saved_and_left(tmp_path: Path) -> None:
    session = ScriptedSession()
    async with running(deps_for(tmp_path, session), NARROW) as (app, pilot):
        await ready(app)
        chat(app).action_system()
        await until(lambda: isinstance(app.screen, SystemPrompt) and isinstance(app.focused, TextArea))
        await type_text(pilot, "be short")
        await pilot.press("ctrl+s")
        await until(lambda: session.system == "be short")
        chat(app).action_system()
        await until(lambda: isinstance(app.screen, SystemPrompt) and "be short" in shown(app))
        await pilot.press("x", "escape")
        await until(lambda: app.screen is chat(app))
        assert session.system == "be short"
        chat(app).action_system("none")
        assert session.system is None


async def test_changing_it_after_something_was_said_is_called_a_fork(tmp_path: Path) -> None:
    async with running(deps_for(tmp_path)) as (app, _):
        await ready(app)
        chat(app).offer("one")
        await until(lambda: not chat(app).running)
        chat(app).action_system("be long")
        await until(lambda: any("as a fork" in n for n in notices(app)))


async def test_a_preset_is_used_and_saved(tmp_path: Path) -> None:
    session = ScriptedSession()
    saved: dict[str, Preset] = {}

    def save(name: str, preset: Preset) -> Path:
        saved[name] = preset
        return tmp_path / "config.yaml"

    presets = {"review": Preset("openai/gpt-5.5", "chat", "be picky", (), {"temperature": 0.2})}
    home = replace(home_for(session), presets=presets, save_preset=save)
    async with running(replace(deps_for(tmp_path, session), home=home)) as (app, pilot):
        await ready(app)
        chat(app).action_preset()
        await until(lambda: isinstance(app.screen, PresetPicker) and app.screen.painted)
        await pilot.press("enter")
        await until(lambda: session.choice.model == "openai/gpt-5.5")
        assert (session.choice.endpoint, session.system, session.overrides) == (
            "chat",
            "be picky",
            {"temperature": 0.2},
        )
        session.overrides = {**session.overrides, "headers": {"x-key": "secret"}}
        chat(app).action_save_preset()
        await until(lambda: isinstance(app.screen, PresetName))
        await type_text(pilot, "mine")
        await pilot.press("enter")
        await until(lambda: "mine" in saved)
        assert saved["mine"] == presets["review"]
        await until(lambda: any("Headers are left out" in n for n in notices(app)))
        chat(app).action_preset("nope")
        await until(lambda: any("There is no preset nope" in n for n in notices(app)))
