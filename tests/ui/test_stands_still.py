"""Every screen and page stands still once it is drawn: none changes its width and is laid out for ever."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from textual.screen import Screen

from tests.ui.pilots import NARROW, WIDE, chat, ready, running, simulated, until
from tui.ui.app import SightlineApp
from tui.ui.commands import COMMANDS
from tui.ui.wire.pages import PAGES
from tui.ui.wire.viewer import Viewer

LEAVES = (
    *("app.suspend", "app.interrupt", "app.quit", "turn.retry", "session.new", "session.temporary"),
    *("session.delete", "session.undelete", "session.rewind", "session.fork"),
)
"""Commands that leave the program, or lead away from what was said."""
FRAMES_S = 0.05
"""Some frames."""
MOST = 50


class Counter:
    """How often anything was laid out."""

    laid_out = 0


@pytest.fixture
def counter(monkeypatch: pytest.MonkeyPatch) -> Counter:
    counted, refresh_layout = Counter(), Screen._refresh_layout

    def counting(self: Screen[Any], *args: Any, **options: Any) -> None:
        counted.laid_out += 1
        refresh_layout(self, *args, **options)

    monkeypatch.setattr(Screen, "_refresh_layout", counting)
    return counted


async def stands_still(counter: Counter, what: str) -> None:
    """Wait until for some frames nothing is laid out; fails where that never comes."""
    for _ in range(MOST):
        before = counter.laid_out
        await asyncio.sleep(FRAMES_S)
        if counter.laid_out == before:
            return
    raise AssertionError(f"{what} is laid out again and again")


@pytest.fixture(autouse=True)
def _nothing_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What commands write is written here, and no editor waits for anybody."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EDITOR", "true")
    monkeypatch.setenv("VISUAL", "true")


@pytest.mark.parametrize(
    ("size", "prompt"),
    [(NARROW, ""), (NARROW, "What is 17 * 23? Use the tool."), (WIDE, "Why is the sky blue?")],
)
async def test_every_screen_and_page(
    tmp_path: Path, counter: Counter, size: tuple[int, int], prompt: str
) -> None:
    seen = set()
    async with simulated(tmp_path / "data") as deps, running(deps, size) as (app, _):
        await ready(app)
        screen = chat(app)
        if prompt:
            screen.offer(prompt)
            await until(lambda: screen.session.totals.turns == 1 and not screen.running)
        for command in COMMANDS:
            if command.id in LEAVES:
                continue
            screen.perform(command)
            await stands_still(counter, command.id)
            if isinstance(app.screen, Viewer) and app.screen.page is not None:
                await every_page(app.screen, counter)
            while app.screen is not screen:
                seen.add(await closed(app))
    assert len(seen) >= 15, seen


async def closed(app: SightlineApp) -> str:
    """The name of the screen on top, which is closed."""
    top = app.screen
    top.dismiss()
    await until(lambda: app.screen is not top)
    return type(top).__name__


async def every_page(viewer: Viewer, counter: Counter) -> None:
    for _ in PAGES:
        await stands_still(counter, viewer.page.TITLE if viewer.page else "the viewer")
        await turned(viewer)


async def turned(viewer: Viewer) -> None:
    before = viewer.page
    await viewer.run_action("page(1)")
    await until(lambda: viewer.page not in (None, before))
