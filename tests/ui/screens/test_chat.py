"""Every command by its key or its slash name."""

import asyncio
import os
from pathlib import Path

import pytest
from textual.widgets import TextArea

from tests.ui.pilots import (
    NARROW,
    PATIENCE_S,
    WIDE,
    chat,
    heading,
    notices,
    ready,
    running,
    shown,
    type_text,
    until,
)
from tests.ui.scripted_session import ScriptedSession, deps_for
from tui.ui.commands import COMMANDS
from tui.ui.draft import load_draft
from tui.ui.screens.help import Help
from tui.ui.screens.inspector import InspectorScreen
from tui.ui.screens.models import ModelPicker
from tui.ui.widgets.inspector import Inspector


def test_every_command_has_its_action() -> None:
    from tui.ui.screens.chat import ChatScreen

    assert [c.id for c in COMMANDS if not hasattr(ChatScreen, f"action_{c.action}")] == []


async def test_ctrl_o_opens_the_picker_and_f1_the_help(tmp_path: Path) -> None:
    async with running(deps_for(tmp_path)) as (app, pilot):
        await ready(app)
        await pilot.press("ctrl+o")
        await until(lambda: isinstance(app.screen, ModelPicker))
        await pilot.press("escape")
        await until(lambda: app.screen is chat(app))
        await pilot.press("f1")
        await until(lambda: isinstance(app.screen, Help))
        assert "send; while an answer runs: queue" in shown(app)
        await pilot.press("escape")
        await until(lambda: app.screen is chat(app))


async def test_ctrl_p_searches_the_table_of_commands(tmp_path: Path) -> None:
    async with running(deps_for(tmp_path)) as (app, pilot):
        await ready(app)
        await pilot.press("ctrl+p")
        await until(lambda: "Choose a model" in shown(app))
        await type_text(pilot, "dark or")
        await until(lambda: "Choose a model" not in shown(app))
        before = app.theme
        await pilot.press("enter")
        await until(lambda: app.theme != before)


async def test_f2_hides_the_inspector_where_there_is_room(tmp_path: Path) -> None:
    async with running(deps_for(tmp_path), WIDE) as (app, pilot):
        await ready(app)
        inspector = app.screen.query_one(Inspector)
        assert inspector.display
        await pilot.press("f2")
        await until(lambda: not inspector.display)
        await pilot.press("f2")
        await until(lambda: inspector.display)


async def test_f2_opens_the_inspector_over_a_narrow_screen_and_it_follows(tmp_path: Path) -> None:
    session = ScriptedSession()
    session.gate = asyncio.Event()
    async with running(deps_for(tmp_path, session), NARROW) as (app, pilot):
        await ready(app)
        assert not app.screen.query_one(Inspector).display
        chat(app).offer("one")
        await until(lambda: chat(app).running)
        await pilot.press("f2")
        await until(lambda: isinstance(app.screen, InspectorScreen))
        await until(lambda: "Turn 1 · step 1" in shown(app))
        session.gate.set()
        await until(lambda: "Turn 1 · 1 step" in shown(app))
        await until(lambda: "tokens × price ✓" in shown(app))
        await pilot.press("f2")
        await until(lambda: app.screen is chat(app))


async def test_folding_thinking_hides_and_shows_it(tmp_path: Path) -> None:
    async with running(deps_for(tmp_path)) as (app, pilot):
        await ready(app)
        chat(app).offer("one")
        await until(lambda: not chat(app).running)
        await until(lambda: "Two candidates" in shown(app))
        await pilot.press("ctrl+t")
        await until(lambda: "Two candidates" not in shown(app))
        await pilot.press("ctrl+t")
        await until(lambda: "Two candidates" in shown(app))
        await pilot.press("ctrl+g")
        assert "Two candidates" in shown(app)


async def test_ctrl_c_copies_then_stops_then_quits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.ui.screens.chat.QUIT_WITHIN_S", PATIENCE_S)
    session = ScriptedSession()
    session.gate = asyncio.Event()
    async with running(deps_for(tmp_path, session)) as (app, pilot):
        await ready(app)
        chat(app).offer("one")
        await until(lambda: chat(app).running)
        await type_text(pilot, "copy me")
        chat(app).prompt.select_all()
        await pilot.press("ctrl+c")
        await until(lambda: app.clipboard == "copy me")
        assert (tmp_path / "copied.txt").read_text() == "copy me"
        assert not session.stopped.is_set()
        chat(app).prompt.put("")
        await pilot.press("ctrl+c")
        await until(lambda: session.stopped.is_set())
        await until(lambda: not chat(app).running)
        await pilot.press("ctrl+c")
        assert app.is_running
        assert any("once more" in n for n in notices(app))
        await pilot.press("ctrl+c")
        await until(lambda: app._exit)


async def test_ctrl_d_quits_only_on_an_empty_prompt(tmp_path: Path) -> None:
    async with running(deps_for(tmp_path)) as (app, pilot):
        await ready(app)
        await type_text(pilot, "ab")
        await pilot.press("home", "ctrl+d")
        assert chat(app).prompt.text == "b"
        await pilot.press("ctrl+d", "ctrl+d")
        await until(lambda: app._exit)


@pytest.mark.parametrize("by", ["ctrl+q", "/quit"])
async def test_quitting_keeps_the_draft(tmp_path: Path, by: str) -> None:
    async with running(deps_for(tmp_path)) as (app, pilot):
        await ready(app)
        if by == "/quit":
            await type_text(pilot, by)
            await pilot.press("enter")
        else:
            await type_text(pilot, "unsent")
            await pilot.press(by)
        await until(lambda: app._exit)
    if by == "ctrl+q":
        assert "unsent" in (tmp_path / "draft.json").read_text()


@pytest.mark.parametrize("moment", ["before it is told", "before the writer began"])
async def test_what_is_typed_as_the_program_ends_is_kept(tmp_path: Path, moment: str) -> None:
    """The terminal may be gone right behind a key."""
    async with running(deps_for(tmp_path)) as (app, pilot):
        await ready(app)
        await pilot.press("a")
        await until(lambda: load_draft(tmp_path).text == "a")
        if moment == "before it is told":
            chat(app).prompt.insert(" thought")
        else:
            with chat(app).prompt.prevent(TextArea.Changed):
                chat(app).prompt.insert(" thought")
            chat(app)._save()
        app.exit()
    assert load_draft(tmp_path).text == "a thought"


async def test_ctrl_z_asks_the_system_to_suspend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    async with running(deps_for(tmp_path)) as (app, pilot):
        await ready(app)
        monkeypatch.setattr(app, "action_suspend_process", lambda: asked.append(True))
        await type_text(pilot, "a")
        await pilot.press("ctrl+z")
        await until(lambda: asked)
        assert chat(app).prompt.text == "a"


async def test_ctrl_l_repaints_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    async with running(deps_for(tmp_path)) as (app, pilot):
        await ready(app)
        monkeypatch.setattr(app, "action_repaint", lambda: asked.append(True))
        await pilot.press("ctrl+l")
        await until(lambda: asked == [True])
        await pilot.press("f1")
        await until(lambda: isinstance(app.screen, Help))
        await pilot.press("ctrl+l")
        await until(lambda: asked == [True, True])


async def test_new_starts_over_on_the_same_model(tmp_path: Path) -> None:
    session = ScriptedSession()
    async with running(deps_for(tmp_path, session)) as (app, pilot):
        await ready(app)
        chat(app).offer("one")
        await until(lambda: not chat(app).running)
        await type_text(pilot, "/clear")
        await pilot.press("enter")
        await until(lambda: chat(app).session is not session)
        await ready(app)
        assert chat(app).session.conversation.messages == ()
        assert heading(app).route is not None
        await until(lambda: chat(app).prompt.has_focus)


async def test_thinking_is_set_for_the_next_turns_and_back_to_the_default(tmp_path: Path) -> None:
    session = ScriptedSession()
    async with running(deps_for(tmp_path, session)) as (app, pilot):
        await ready(app)
        for typed, thinking in (
            ("/thinking high", "high"),
            ("/thinking 4096", 4096),
            ("/thinking default", None),
        ):
            await type_text(pilot, typed)
            await pilot.press("enter")
            await until(lambda: chat(app).prompt.text == "")
            assert session.settings.thinking == thinking
        await type_text(pilot, "/thinking ")
        await pilot.press("enter")
        await until(lambda: "Thinking: default" in notices(app))
        await type_text(pilot, "/thinking banana")
        await pilot.press("enter")
        await until(lambda: any("banana" in n for n in notices(app)))
        await type_text(pilot, "/thinking xhigh")
        await pilot.press("enter")
        await until(lambda: any("Thinking is not set: smart does not take" in n for n in notices(app)))
        assert session.settings.thinking is None


async def test_copy_takes_the_newest_answer(tmp_path: Path) -> None:
    async with running(deps_for(tmp_path)) as (app, pilot):
        await ready(app)
        await type_text(pilot, "/copy ")
        await pilot.press("enter")
        await until(lambda: any("no answer" in n for n in notices(app)))
        chat(app).offer("one")
        await until(lambda: not chat(app).running)
        chat(app).action_copy_answer()
        assert app.clipboard.startswith("The sky is blue")


async def test_a_screenshot_is_a_file_in_the_data_directory(tmp_path: Path) -> None:
    async with running(deps_for(tmp_path)) as (app, _):
        await ready(app)
        chat(app).action_screenshot()
        await until(lambda: any(name.endswith(".svg") for name in os.listdir(tmp_path)))


async def test_nothing_is_started_over_while_a_turn_runs(tmp_path: Path) -> None:
    session = ScriptedSession()
    session.gate = asyncio.Event()
    async with running(deps_for(tmp_path, session)) as (app, _):
        await ready(app)
        chat(app).offer("one")
        await until(lambda: chat(app).running)
        chat(app).action_retry()
        chat(app).action_new()
        chat(app).action_connect()
        assert session.retries == 0
        assert app.screen is chat(app)
        assert chat(app).session is session
        session.gate.set()
        await until(lambda: not chat(app).running)


async def test_a_key_of_the_footer_can_be_clicked(tmp_path: Path) -> None:
    async with running(deps_for(tmp_path)) as (app, pilot):
        await ready(app)
        await pilot.click("FooterBar", offset=(3, 0))
        await until(lambda: isinstance(app.screen, ModelPicker))
