"""How files that go with a prompt look: above the prompt, in the popup after @, in the queue."""

import asyncio
import io
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PIL import Image
from textual.pilot import Pilot

from tests.ui.pilots import NARROW, chat, ready, shown, type_text, until
from tests.ui.scripted_session import ScriptedSession, deps_for
from tui.ui.app import SightlineApp

Compare = Callable[..., bool]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    directory = tmp_path / "files"
    (directory / "logs").mkdir(parents=True)
    out = io.BytesIO()
    Image.new("RGB", (20, 10), "red").save(out, "PNG")
    (directory / "photo.png").write_bytes(out.getvalue())
    (directory / "notes.txt").write_text("remember\n")
    (
        directory / "a name of many words that goes on and on, and does not end before the line does.txt"
    ).write_text("x\n")
    monkeypatch.chdir(directory)
    return directory


async def attached(app: SightlineApp, *names: str) -> None:
    for name in names:
        before = len(chat(app).chips.attached)
        chat(app).action_attach(name)
        await until(partial(more_than, app, before))


def more_than(app: SightlineApp, before: int) -> bool:
    return len(chat(app).chips.attached) > before


def test_attached_files_and_the_names_after_an_at_sign(
    snap_compare: Compare, tmp_path: Path, files: Path
) -> None:
    long = next(path.name for path in files.iterdir() if " " in path.name)

    async def steps(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, SightlineApp)
        await ready(app)
        await attached(app, "photo.png", long)
        await type_text(pilot, "compare with ")
        await pilot.press("at")
        await until(lambda: chat(app).completions.open and "notes.txt" in shown(app))

    assert snap_compare(SightlineApp(deps_for(tmp_path)), terminal_size=NARROW, run_before=steps)


def test_a_prompt_that_waits_with_its_files(snap_compare: Compare, tmp_path: Path, files: Path) -> None:
    del files
    session = ScriptedSession()
    session.gate = asyncio.Event()

    async def steps(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, SightlineApp)
        await ready(app)
        chat(app).offer("one")
        await until(lambda: "The sky is blue" in shown(app))
        await attached(app, "photo.png", "notes.txt")
        await type_text(pilot, "what do these say")
        await pilot.press("enter")
        await until(lambda: len(chat(app).queue.waiting) == 1 and not chat(app).chips.attached)
        await attached(app, "photo.png")
        await pilot.pause()

    assert snap_compare(SightlineApp(deps_for(tmp_path, session)), terminal_size=NARROW, run_before=steps)
