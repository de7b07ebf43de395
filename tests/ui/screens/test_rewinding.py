"""Esc stops, and twice takes a prompt back: on the real engine."""

from pathlib import Path

import pytest

from tests.ui.pilots import (
    PATIENCE_S,
    WIDE,
    chat,
    notices,
    ready,
    running,
    simulated,
    type_text,
    until,
)
from tests.ui.screens.said import idle, prompts, said, say
from tui.ui.ports import Deps
from tui.ui.prompted import attach
from tui.ui.screens import rewinding


async def test_escape_twice_takes_the_prompt_back(deps: Deps) -> None:
    async with running(deps, WIDE) as (app, pilot):
        await ready(app)
        screen = chat(app)
        await say(app, "one")
        await say(app, "two")
        screen.prompt.focus()
        await pilot.pause()
        await pilot.press("escape")
        await until(lambda: any("Esc once more" in notice for notice in notices(app)))
        await pilot.press("escape")
        await until(lambda: screen.prompt.text == "two")
        assert any("still a branch: F7" in notice for notice in notices(app))
        assert prompts(app) == ["one"]
        assert said(screen) == ["one"]
        screen.prompt.put("two, better")
        await pilot.press("enter")
        await idle(app, 3)
        assert prompts(app) == ["one", "two, better 2/2"]


async def test_escape_twice_stops_a_running_answer_and_takes_its_prompt_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    monkeypatch.setattr(rewinding, "TWICE_S", PATIENCE_S)
    async with simulated(tmp_path, speed=1.0) as deps, running(deps, WIDE) as (app, pilot):
        await ready(app)
        screen = chat(app)
        screen.offer("long 4000")
        await until(lambda: screen.turn.first_at is not None)
        await type_text(pilot, "next")
        await pilot.press("escape", "escape")
        await until(lambda: screen.prompt.text == "long 4000")
        assert not screen.running
        assert prompts(app) == []
        assert "next" in screen.prompt.history_prompts
        tree = await screen.session.tree()
        assert [twig.preview for twig in tree.twigs][:1] == ["long 4000"]


async def test_asked_twice_while_an_answer_runs_one_prompt_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    async with simulated(tmp_path, speed=1.0) as deps, running(deps, WIDE) as (app, _):
        await ready(app)
        screen = chat(app)
        screen.offer("long 4000")
        await until(lambda: screen.turn.first_at is not None)
        stop = screen.session.stop
        asked: list[bool] = []

        def first_asks_again() -> None:
            asked.append(True)
            if len(asked) == 1:
                screen.call_later(screen.action_rewind)
            else:
                stop()

        monkeypatch.setattr(screen.session, "stop", first_asks_again)
        screen.action_rewind()
        await until(lambda: app._exception is not None or screen.prompt.text == "long 4000")
        assert app._exception is None
        assert len(asked) == 2
        assert not screen.running


async def test_files_that_stand_in_the_prompt_stay_when_one_is_taken_back(deps: Deps, tmp_path: Path) -> None:
    for name in ("sent.txt", "next.txt"):
        (tmp_path / name).write_text(name)
    async with running(deps) as (app, _):
        await ready(app)
        await say(app, "read it", str(tmp_path / "sent.txt"))
        screen = chat(app)
        screen.chips.attached = (attach(str(tmp_path / "next.txt"), tmp_path),)
        screen.action_rewind()
        await until(lambda: screen.prompt.text == "read it")
        assert [file.attachment.name for file in screen.chips.attached] == ["sent.txt", "next.txt"]
