"""How the exchange viewer, its list and the Wire tab look."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.ui.pilots import NARROW, WIDE, chat, ready, shown, until
from tests.ui.scripted_session import ScriptedSession, deps_for
from tests.ui.wire.exchanges import failed, ok, request
from tui.ui.app import SightlineApp
from tui.ui.wire.picker import ExchangePicker
from tui.ui.wire.viewer import Viewer

Compare = Callable[..., bool]
SAID = ("Why is the sky blue?", "Short waves scatter more than long ones.", "And at sunset?\nTwo sentences.")


def session() -> ScriptedSession:
    """Three exchanges: one that went well, a replay of it, and one that was refused."""
    made = ScriptedSession()
    first, wire = ok(made, "one", 1, 1, answer="a1")
    again = replace(first, id="again", purpose="replay", repeats="one", answer=None)
    third, refused = failed(made, "two", 2, 2)
    made.log.update(one=first, again=again, two=third)
    body = request(*SAID)
    made.wires.update(one=wire, again=wire, two=replace(refused, body=body))
    return made


def app_of(pilot: Pilot[None]) -> SightlineApp:
    assert isinstance(pilot.app, SightlineApp)
    return pilot.app


async def opened(pilot: Pilot[None], *keys: str) -> None:
    app = app_of(pilot)
    await ready(app)
    await pilot.press("f12")
    await until(lambda: isinstance(app.screen, Viewer) and "And at sunset?" in shown(app))
    await pilot.press(*keys)
    await pilot.pause()


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=str)
def test_the_request(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    app = SightlineApp(deps_for(tmp_path, session()))
    assert snap_compare(app, terminal_size=size, run_before=opened)


def test_the_request_as_a_tree(snap_compare: Compare, tmp_path: Path) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        await opened(pilot, "v")
        await until(lambda: "messages  3 items" in shown(app_of(pilot)))
        await pilot.press("end", "enter")
        await until(lambda: "[2]" in shown(app_of(pilot)))

    app = SightlineApp(deps_for(tmp_path, session()))
    assert snap_compare(app, terminal_size=NARROW, run_before=steps)


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=str)
def test_the_headers(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        await opened(pilot, "right")
        await until(lambda: "Request headers" in shown(app_of(pilot)))

    app = SightlineApp(deps_for(tmp_path, session()))
    assert snap_compare(app, terminal_size=size, run_before=steps)


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=str)
def test_the_list(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        await opened(pilot, "m", "l")
        app = app_of(pilot)
        await until(lambda: isinstance(app.screen, ExchangePicker) and "3 of 3" in shown(app))

    app = SightlineApp(deps_for(tmp_path, session()))
    assert snap_compare(app, terminal_size=size, run_before=steps)


def test_the_tab(snap_compare: Compare, tmp_path: Path) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        app = app_of(pilot)
        await ready(app)
        chat(app).action_inspector("wire")
        await until(lambda: "3 exchanges" in shown(app))

    app = SightlineApp(deps_for(tmp_path, session()))
    assert snap_compare(app, terminal_size=WIDE, run_before=steps)
