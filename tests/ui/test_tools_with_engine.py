"""Tools that ask, on the real engine with real files and commands, and the seals that go back beside them."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.ui.asking_form import be_quick
from tests.ui.pilots import WIDE, chat, ready, running, shown, simulated, until
from tui.chat.events import Answer
from tui.ui.app import SightlineApp
from tui.ui.ports import Deps


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    be_quick(monkeypatch, 0.02, 0.02)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    place = tmp_path / "work"
    place.mkdir()
    (place / "notes.md").write_text("buy milk\n")
    monkeypatch.chdir(place)
    return place


@pytest.fixture
async def deps(tmp_path: Path, work: Path) -> AsyncIterator[Deps]:
    async with simulated(tmp_path / "data") as made:
        yield made


async def asked(app: SightlineApp, prompt: str, calls: int) -> None:
    chat(app).offer(prompt)
    await until(lambda: chat(app).approval.waiting == calls and chat(app).approval.has_focus)
    await asyncio.sleep(0.05)


async def test_a_change_is_made_only_after_a_yes_and_the_seals_go_back_as_they_came(
    deps: Deps, work: Path
) -> None:
    async with running(deps, WIDE) as (app, pilot):
        await ready(app)
        chat(app).action_tools("edit_file,shell")
        await asked(app, 'Think, then edit notes.md: "buy milk" -> "buy oat milk"', 1)
        assert "-buy milk" in shown(app)
        assert "+buy oat milk" in shown(app)
        assert (work / "notes.md").read_text() == "buy milk\n"
        await pilot.press("y")
        await until(lambda: not chat(app).running)
        assert (work / "notes.md").read_text() == "buy oat milk\n"
        assert "edit_file  notes.md  +1 −1" in shown(app)
        await pilot.press("f8", "f8")
        await until(lambda: "= same" in shown(app))
        assert "CHANGED" not in shown(app)


async def test_no_with_a_reason_reaches_the_model_and_a_yes_for_the_session_asks_once(
    deps: Deps, work: Path
) -> None:
    async with running(deps, WIDE) as (app, pilot):
        await ready(app)
        chat(app).action_tools("shell")
        await asked(app, "run `touch made`", 1)
        await pilot.press("n", *"rather not", "enter")
        await until(lambda: not chat(app).running)
        assert not (work / "made").exists()
        await until(lambda: "refused · rather not" in shown(app))
        await asked(app, "run `touch made`", 1)
        await pilot.press("s")
        await until(lambda: not chat(app).running)
        assert (work / "made").exists()
        (work / "made").unlink()
        chat(app).offer("run `touch made`")
        await until(lambda: (work / "made").exists() and not chat(app).running)
        assert [one.covers for one in chat(app).session.approvals.standing] == [
            "exactly this command: touch made"
        ]


async def test_a_stop_while_the_form_waits_runs_nothing(deps: Deps, work: Path) -> None:
    async with running(deps, WIDE) as (app, pilot):
        await ready(app)
        chat(app).action_tools("shell,write_file")
        await asked(app, 'run `touch made` and write other.txt with "x", parallel', 2)
        late = chat(app).approval.front
        assert late is not None
        await pilot.press("escape")
        await until(lambda: not chat(app).running)
        assert not chat(app).approval.display
        late.decide(Answer("once", "user"))
        await pilot.pause(0.1)
        assert os.listdir(work) == ["notes.md"]
        assert shown(app).count("not run") == 2
