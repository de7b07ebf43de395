"""How the diff of two exchanges and the Cache page look."""

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.ui.pilots import NARROW, WIDE, chat, ready, shown, until
from tests.ui.scripted_session import ScriptedSession, deps_for
from tests.ui.wire.test_diff import three
from tui.ui.app import SightlineApp
from tui.ui.wire.diff_screen import DiffScreen

Compare = Callable[..., bool]


def app_with(tmp_path: Path) -> SightlineApp:
    session = ScriptedSession()
    three(session, system="Be brief and kind, and say what is known.")
    return SightlineApp(deps_for(tmp_path, session))


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=str)
def test_a_diff(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    app = app_with(tmp_path)

    async def compare(_: Pilot[None]) -> None:
        await ready(app)
        chat(app).action_diff("1.1 2.1")
        await until(lambda: isinstance(app.screen, DiffScreen) and app.screen.is_ready)
        await until(lambda: "gained parameter" in shown(app))

    assert snap_compare(app, terminal_size=size, run_before=compare)


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=str)
def test_the_cache_page(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    app = app_with(tmp_path)

    async def look(_: Pilot[None]) -> None:
        await ready(app)
        chat(app).show_exchange("two", "Cache")
        await until(lambda: "The tool list changed" in shown(app))

    assert snap_compare(app, terminal_size=size, run_before=look)
