"""Choosing the tools by screen and by name."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.hostile.terminal import STEERING
from tests.ui.pilots import NARROW, chat, notices, ready, running, shown, type_text, until
from tests.ui.scripted_session import ScriptedSession, deps_for, home_for
from tests.ui.test_seal_rows import claude
from tests.ui.tools import TOOLS
from tests.wire.streams import asked, talk
from tui.chat.events import Answer, Ask
from tui.chat.parts import ToolCall
from tui.ui.app import SightlineApp
from tui.ui.screens.tools import Tools


@asynccontextmanager
async def chatting(
    tmp_path: Path, session: ScriptedSession
) -> AsyncIterator[tuple[SightlineApp, Pilot[None]]]:
    session.toolbox = TOOLS.only(["look", "count"])
    home = replace(home_for(session), tools=TOOLS)
    async with running(deps_for(tmp_path, session, home=home), NARROW) as (app, pilot):
        await ready(app)
        yield app, pilot


def offered(session: ScriptedSession) -> list[str]:
    return [spec.name for spec in session.toolbox.specs]


async def opened(app: SightlineApp, pilot: Pilot[None]) -> None:
    await pilot.press("f5")
    await until(lambda: isinstance(app.screen, Tools) and "2 of 4 offered" in shown(app))


async def test_space_offers_and_enter_uses_the_choice(tmp_path: Path) -> None:
    session = ScriptedSession()
    async with chatting(tmp_path, session) as (app, pilot):
        await opened(app, pilot)
        said = shown(app)
        assert "[x] look" in said
        assert "[ ] shell" in said
        assert "asks" in said
        assert "whether smart takes tools is not known" in said
        await pilot.press("down", "down", "space")
        await until(lambda: "[x] shell" in shown(app) and "Holds from the first prompt on." in shown(app))
        await pilot.press("enter")
        await until(lambda: app.screen is chat(app))
        assert offered(session) == ["look", "count", "shell"]
        await until(lambda: any("Tools: look, count, shell" in n for n in notices(app)))


async def test_esc_changes_nothing(tmp_path: Path) -> None:
    session = ScriptedSession()
    async with chatting(tmp_path, session) as (app, pilot):
        await opened(app, pilot)
        await pilot.press("a")
        await until(lambda: "4 of 4 offered" in shown(app))
        await pilot.press("escape")
        await until(lambda: app.screen is chat(app))
        assert offered(session) == ["look", "count"]


async def test_none_and_default_by_key(tmp_path: Path) -> None:
    session = ScriptedSession()
    async with chatting(tmp_path, session) as (app, pilot):
        await opened(app, pilot)
        await pilot.press("n", "enter")
        await until(lambda: app.screen is chat(app))
        assert offered(session) == []
        await pilot.press("f5")
        await until(lambda: isinstance(app.screen, Tools) and "0 of 4 offered" in shown(app))
        await pilot.press("d")
        await until(lambda: "2 of 4 offered" in shown(app))
        await pilot.press("enter")
        await until(lambda: offered(session) == ["look", "count"])


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("shell,look", ["shell", "look"]),
        ("shell, look", ["shell", "look"]),
        ("none", []),
        ("default", ["look", "count"]),
    ],
)
async def test_by_name(tmp_path: Path, typed: str, names: list[str]) -> None:
    session = ScriptedSession()
    async with chatting(tmp_path, session) as (app, pilot):
        chat(app).action_tools("shell")
        assert offered(session) == ["shell"]
        await type_text(pilot, "/tools ")
        chat(app).prompt.insert(typed)
        await pilot.press("enter")
        await until(lambda: offered(session) == names)


async def test_a_name_nobody_knows_is_an_error_with_those_there_are(tmp_path: Path) -> None:
    session = ScriptedSession()
    async with chatting(tmp_path, session) as (app, _):
        chat(app).action_tools("nosuch")
        assert offered(session) == ["look", "count"]
        await until(lambda: any("nosuch" in n and "look, count, shell" in n for n in notices(app)))


async def test_a_change_after_something_was_said_says_it_is_a_fork(tmp_path: Path) -> None:
    session = ScriptedSession()
    session.conversation = talk(asked(), claude(1, "one"))
    async with chatting(tmp_path, session) as (app, pilot):
        await opened(app, pilot)
        assert "Nothing is changed." in shown(app)
        await pilot.press("space")
        await until(lambda: "A fork." in shown(app))
        await pilot.press("enter")
        await until(lambda: any("A fork." in n for n in notices(app)))


async def test_not_while_a_turn_runs(tmp_path: Path) -> None:
    session = ScriptedSession()
    session.gate = asyncio.Event()
    async with chatting(tmp_path, session) as (app, pilot):
        chat(app).offer("one")
        await until(lambda: chat(app).running)
        await pilot.press("f5")
        await until(lambda: any("A turn is running" in n for n in notices(app)))
        assert app.screen is chat(app)
        session.gate.set()
        await until(lambda: not chat(app).running)


async def test_what_was_allowed_for_the_session_is_shown_and_can_be_taken_back(tmp_path: Path) -> None:
    session = ScriptedSession()
    ask = Ask("", "", "ls", "every ls")
    session.approvals.remember(ToolCall("1", "shell", "{}"), ask, Answer("session", "user"))
    async with chatting(tmp_path, session) as (app, pilot):
        await opened(app, pilot)
        await pilot.press("down", "down")
        await until(lambda: "allowed this session: every ls" in shown(app))
        assert "asks*" in shown(app)
        await pilot.press("f")
        await until(lambda: "every ls" not in shown(app))
        assert session.approvals.standing == ()


async def test_untrusted_descriptions_are_harmless(tmp_path: Path) -> None:
    async with chatting(tmp_path, ScriptedSession()) as (app, pilot):
        await opened(app, pilot)
        await pilot.press("end")
        await until(lambda: "odd  " in shown(app))
        assert not STEERING.search(shown(app).replace("\n", ""))
