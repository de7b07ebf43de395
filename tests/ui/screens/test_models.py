"""The model picker, by key and by mouse."""

import asyncio
from pathlib import Path

from textual.widgets import Input, OptionList

from tests.ui.pilots import NARROW, chat, ready, running, shown, type_text, until
from tests.ui.scripted_session import ScriptedSession, card, deps_for, home_for
from tui.ui.app import SightlineApp
from tui.ui.preferences import load_preferences
from tui.ui.screens.models import ModelPicker


def listed(app: SightlineApp) -> list[str | None]:
    return [o.id for o in app.screen.query_one(OptionList).options]


async def opened(app: SightlineApp) -> ModelPicker:
    await ready(app)
    chat(app).action_pick_model()
    await until(lambda: isinstance(app.screen, ModelPicker) and app.screen.painted)
    assert isinstance(app.screen, ModelPicker)
    return app.screen


async def test_typing_filters_and_enter_switches_the_next_turn(tmp_path: Path) -> None:
    session = ScriptedSession()
    async with running(deps_for(tmp_path, session)) as (app, pilot):
        await opened(app)
        assert len(listed(app)) == 9
        await type_text(pilot, "gpt 5.5")
        await until(lambda: listed(app)[0] == "openai/gpt-5.5")
        await pilot.press("enter")
        await until(lambda: session.choice.model == "openai/gpt-5.5")
        await until(lambda: "/v1/chat/completions" in shown(app).splitlines()[0])
    assert load_preferences(tmp_path).recents == ("openai/gpt-5.5",)


async def test_the_preview_says_what_the_switch_does_to_the_history(tmp_path: Path) -> None:
    session = ScriptedSession()
    async with running(deps_for(tmp_path, session)) as (app, pilot):
        await ready(app)
        for _ in range(4):
            chat(app).offer("one")
            await until(lambda: not chat(app).running)
        await opened(app)
        await type_text(pilot, "gpt-5.5")
        await until(lambda: "4 Claude blocks will not be sent to openai/gpt-5.5" in shown(app))
        app.screen.query_one(Input).value = "smart"
        await until(lambda: "the history goes along whole" in shown(app))


async def test_a_model_that_is_not_listed_can_be_typed_and_is_refused_with_the_reason(tmp_path: Path) -> None:
    session = ScriptedSession()
    async with running(deps_for(tmp_path, session)) as (app, pilot):
        await opened(app)
        await type_text(pilot, "nothing-like-it")
        await until(lambda: len(listed(app)) == 1)
        assert "use nothing-like-it as typed" in shown(app)
        await pilot.press("enter")
        await until(lambda: "is not offered" in shown(app))
        assert isinstance(app.screen, ModelPicker)
        assert session.choice.model == "smart"


async def test_a_pattern_is_finished_by_typing(tmp_path: Path) -> None:
    async with running(deps_for(tmp_path)) as (app, pilot):
        await opened(app)
        await type_text(pilot, "anthropic/*")
        await until(lambda: listed(app)[:1] == ["anthropic/*"])
        assert "is a pattern" in shown(app)
        await pilot.press("enter")
        await until(lambda: app.screen.query_one(Input).value == "anthropic/")


async def test_favourites_come_first_and_are_remembered(tmp_path: Path) -> None:
    async with running(deps_for(tmp_path)) as (app, pilot):
        await opened(app)
        await pilot.press("down", "down", "down", "down", "ctrl+f")
        await until(lambda: listed(app)[0] == "openai/gpt-5.5")
        assert "★ openai/gpt-5.5" in shown(app)
        await pilot.press("escape")
        await until(lambda: app.screen is chat(app))
    assert load_preferences(tmp_path).favourites == ("openai/gpt-5.5",)


async def test_a_click_chooses(tmp_path: Path) -> None:
    session = ScriptedSession()
    async with running(deps_for(tmp_path, session)) as (app, pilot):
        await opened(app)
        await pilot.click("#models", offset=(5, 3))
        await until(lambda: session.choice.model == "openai/gpt-5.1")


async def test_an_enter_typed_before_the_picker_appeared_chooses_nothing(tmp_path: Path) -> None:
    session = ScriptedSession()
    async with running(deps_for(tmp_path, session)) as (app, pilot):
        await ready(app)
        from textual import events

        early = events.Key("enter", "\r")
        picker = await opened(app)
        assert picker.too_early(early)
        app.post_message(early)
        await pilot.pause()
        assert app.screen is picker
        assert not picker.too_early(events.Key("enter", "\r"))


async def test_the_list_is_usable_while_it_is_read_again(tmp_path: Path) -> None:
    session, gate = ScriptedSession(), asyncio.Event()
    gate.set()
    home = home_for(session, gate=gate.wait)
    async with running(deps_for(tmp_path, session, home=home)) as (app, pilot):
        await opened(app)
        gate.clear()
        await pilot.press("f5")
        await until(lambda: "reading models" in shown(app))
        await type_text(pilot, "grok")
        await until(lambda: listed(app)[0] == "xai/grok-4")
        gate.set()
        await until(lambda: "reading models" not in shown(app))
        assert app.screen.query_one(Input).value == "grok"


async def test_the_transcript_goes_on_behind_the_picker(tmp_path: Path) -> None:
    session = ScriptedSession()
    session.gate = asyncio.Event()
    async with running(deps_for(tmp_path, session)) as (app, _):
        await ready(app)
        chat(app).offer("one")
        await until(lambda: chat(app).running)
        await opened(app)
        assert ">you<" in app.export_screenshot()
        session.gate.set()
        await until(lambda: not chat(app).running)
        await until(lambda: "waves&#160;scatter" in app.export_screenshot())
        assert isinstance(app.screen, ModelPicker)


async def test_five_hundred_models_follow_what_is_typed(tmp_path: Path) -> None:
    session = ScriptedSession("vendor/model-1")
    cards = tuple(card(f"vendor/model-{n}", f"openai/gpt-{n}") for n in range(500))
    home = home_for(session, cards=cards)
    async with running(deps_for(tmp_path, session, home=home), NARROW) as (app, pilot):
        picker = await opened(app)
        assert len(listed(app)) == 500
        for query in ("m", "mo", "mod", "model-4", "model-49", "model-499"):
            picker.query_one(Input).value = query
            await pilot.pause()
        assert listed(app)[0] == "vendor/model-499"


async def test_in_60_columns_a_name_can_still_be_told_from_another(tmp_path: Path) -> None:
    async with running(deps_for(tmp_path), (60, 20)) as (app, _):
        await opened(app)
        page = shown(app)
        assert all(
            name in page for name in ("openai/gpt-5.1", "openai/gpt-5.5", "gemini/gemini-3-pro-preview")
        )
