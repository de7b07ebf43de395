"""How the picker of sessions, the offer to go on and the badges of the header look."""

from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.ui.pilots import NARROW, WIDE, chat, ready, shown, type_text, until
from tests.ui.shelves import deps_with, filled, store_of
from tui.store import Store
from tui.ui.app import SightlineApp
from tui.ui.draft import Draft, Unsent, text_of_draft
from tui.ui.screens.sessions import SessionPicker

Compare = Callable[..., bool]
Steps = Callable[[Pilot[None]], Coroutine[Any, Any, None]]
SKY, LEAK = (record.info.id for record in filled()[:2])


def app_of(pilot: Pilot[None]) -> SightlineApp:
    assert isinstance(pilot.app, SightlineApp)
    return pilot.app


async def opened(pilot: Pilot[None], says: str = "6 found") -> SightlineApp:
    app = app_of(pilot)
    await ready(app)
    await pilot.press("ctrl+r")
    await until(lambda: isinstance(app.screen, SessionPicker) and app.screen.painted)
    await until(lambda: says in shown(app))
    return app


@pytest.fixture
def store() -> Iterator[Store]:
    with store_of(*filled()) as store:
        yield store


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=str)
def test_the_sessions(snap_compare: Compare, tmp_path: Path, store: Store, size: tuple[int, int]) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        await opened(pilot)
        await pilot.press("down", "down")

    assert snap_compare(SightlineApp(deps_with(tmp_path, store)), terminal_size=size, run_before=steps)


def test_what_a_search_found(snap_compare: Compare, tmp_path: Path, store: Store) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        app = await opened(pilot)
        await type_text(pilot, "pool")
        await until(lambda: "said: " in shown(app))

    assert snap_compare(SightlineApp(deps_with(tmp_path, store)), terminal_size=NARROW, run_before=steps)


def test_one_is_deleted_another_renamed(snap_compare: Compare, tmp_path: Path, store: Store) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        app = await opened(pilot)
        await pilot.press("down", "ctrl+d")
        await until(lambda: "^D again" in shown(app))
        await pilot.press("down", "f2")
        await until(lambda: "Esc leave it" in shown(app))

    assert snap_compare(SightlineApp(deps_with(tmp_path, store)), terminal_size=NARROW, run_before=steps)


def test_nothing_is_stored_yet(snap_compare: Compare, tmp_path: Path) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        await opened(pilot, "Nothing is stored yet")

    with store_of() as store:
        app = SightlineApp(deps_with(tmp_path, store))
        assert snap_compare(app, terminal_size=NARROW, run_before=steps)


def test_the_last_session_is_offered(snap_compare: Compare, tmp_path: Path, store: Store) -> None:
    store.set_draft(SKY, text_of_draft(Draft(Unsent("and at dusk?"))))

    async def steps(pilot: Pilot[None]) -> None:
        await ready(app_of(pilot))
        await until(lambda: "a draft waits" in shown(app_of(pilot)))

    assert snap_compare(SightlineApp(deps_with(tmp_path, store)), terminal_size=NARROW, run_before=steps)


def test_a_temporary_conversation(snap_compare: Compare, tmp_path: Path, store: Store) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        app = app_of(pilot)
        await ready(app)
        chat(app).action_temporary()
        await until(lambda: "temporary" in shown(app).partition("\n")[0])

    assert snap_compare(SightlineApp(deps_with(tmp_path, store)), terminal_size=NARROW, run_before=steps)


def test_sessions_that_are_not_saved(snap_compare: Compare, tmp_path: Path) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        app = await opened(pilot, "Sessions are not saved")
        app.clear_notifications()
        await until(lambda: not app.screen.query("Toast"))

    with store_of(problem="the disk is full. Free some space, then start again") as store:
        app = SightlineApp(deps_with(tmp_path, store))
        assert snap_compare(app, terminal_size=NARROW, run_before=steps)
