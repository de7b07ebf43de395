"""The application: what it remembers, how it crashes, what it warms, what it lets through to the terminal."""

import gc
import itertools
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from rich.segment import Segment
from textual.drivers.linux_driver import LinuxDriver
from textual.notifications import Notification
from textual.widgets import Static
from textual.widgets._toast import Toast

from tests.ui.pilots import chat, notices, ready, running, until
from tests.ui.scripted_session import ScriptedSession, deps_for
from tui.chat.route import Route
from tui.ui.app import SightlineApp
from tui.ui.line_filter import ControlFilter
from tui.ui.preferences import load_preferences
from tui.ui.screens.help import Help
from tui.ui.screens.presets import PresetPicker
from tui.ui.themes import DARK, LIGHT
from tui.ui.widgets.footer import FooterBar


async def test_the_theme_is_remembered(tmp_path: Path) -> None:
    async with running(deps_for(tmp_path)) as (app, _):
        assert app.theme == DARK
        app.change_theme()
        assert app.theme == LIGHT
        app.change_theme("no such")
        assert app.theme == LIGHT
        await until(lambda: any("There is no theme no such" in notice for notice in notices(app)))
    assert load_preferences(tmp_path).theme == LIGHT
    async with running(deps_for(tmp_path)) as (app, _):
        assert app.theme == LIGHT


async def test_what_is_slow_is_warmed_in_a_thread_and_frozen(tmp_path: Path) -> None:
    where: list[threading.Thread] = []

    def loads(route: Route | None) -> bool:
        """The first time something is missing."""
        where.append(threading.current_thread())
        return len(where) == 1

    threshold = gc.get_threshold()
    try:
        async with running(deps_for(tmp_path, warm=loads)) as (
            _,
            _,
        ):
            await until(lambda: gc.get_threshold()[0] == 20_000)
    finally:
        gc.unfreeze()
        gc.set_threshold(*threshold)
    assert threading.main_thread() not in where


async def test_the_line_filter_is_the_last_wall(tmp_path: Path) -> None:
    async with running(deps_for(tmp_path)) as (app, _):
        walls = [f for f in app.get_line_filters() if isinstance(f, ControlFilter)]
        assert len(walls) == 1
        washed = walls[0].apply([Segment("a\x1b]0;x\x07b")], app.screen.styles.background)
        assert "\x1b" not in washed[0].text


async def test_nothing_moves_by_itself(tmp_path: Path) -> None:
    async with running(deps_for(tmp_path)) as (app, _):
        assert app.animation_level == "none"
        assert not chat(app).prompt.cursor_blink


def test_the_driver_guards_pastes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEXTUAL_DRIVER", raising=False)
    chosen = SightlineApp(deps_for(tmp_path)).get_driver_class()
    assert issubclass(chosen, LinuxDriver)
    assert chosen.__name__ == "GuardedDriver"


async def test_a_crash_prints_no_local_variables(tmp_path: Path) -> None:
    class Broken(ScriptedSession):
        def stop(self) -> None:
            key = "sk-" + "s" * 20
            raise RuntimeError(f"broken with a key of {len(key)} characters")

    printed: list[str] = []

    async def crash() -> None:
        async with running(deps_for(tmp_path, Broken())) as (app, _):
            await ready(app)
            app.call_later(chat(app).session.stop)
            await until(lambda: app._exit_renderables)
            printed.extend(s.text for r in app._exit_renderables for s in app.console.render(r))

    with pytest.raises(RuntimeError, match="broken"):
        await crash()
    assert "broken with a key of 23 characters" in "".join(printed)
    assert "sssss" not in "".join(printed)


async def test_a_directory_that_cannot_be_written_is_said_once_and_costs_nothing_else(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    session = ScriptedSession()
    async with running(deps_for(blocked, session)) as (app, pilot):
        await ready(app)
        await pilot.press("a")
        await until(lambda: any("not saved" in n for n in notices(app)))
        chat(app).offer("one")
        await until(lambda: session.sent == ["one"] and not chat(app).running)
        app.change_theme()
        app.copy_text("x")
        assert app.clipboard == "x"
        assert sum("Drafts are not saved" in n for n in notices(app)) == 1


async def test_configured_keys_work_and_are_the_ones_shown(tmp_path: Path) -> None:
    deps = replace(deps_for(tmp_path), keymap={"help": "f9", "no.such": "f8"}, theme=LIGHT)
    async with running(deps) as (app, pilot):
        assert app.theme == LIGHT
        assert "ui.keymap names no command: no.such" in notices(app)
        footer = chat(app).query_one(FooterBar)
        assert "F9 help" in str(footer.render())
        await pilot.press("f9")
        await until(lambda: isinstance(app.screen, Help))
        assert "F9" in str(app.screen.query_one("#help-page", Static).content)


async def test_keys_of_the_prompt_and_the_transcript_are_rebound_by_id_too(tmp_path: Path) -> None:
    keys = {"prompt.newline": "ctrl+b", "transcript.copy": "c", "preset": "f7"}
    deps = replace(deps_for(tmp_path), keymap=keys)
    async with running(deps) as (app, pilot):
        assert notices(app) == []
        await pilot.press("a", "ctrl+b", "b")
        await until(lambda: chat(app).prompt.text == "a\nb")
        await pilot.press("f1")
        await until(lambda: isinstance(app.screen, Help))
        page = str(app.screen.query_one("#help-page", Static).content)
        assert "^B" in page
        assert "^J" not in page
        assert "F7  /preset" in page
        await pilot.press("escape", "f7")
        await until(lambda: isinstance(app.screen, PresetPicker))


@pytest.mark.parametrize("opens", ["ctrl+p", "f1"])
async def test_what_is_closed_twice_closes_nothing_else(tmp_path: Path, opens: str) -> None:
    async with running(deps_for(tmp_path)) as (app, pilot):
        await ready(app)
        screen = chat(app)
        await pilot.press(opens)
        await until(lambda: app.screen is not screen)
        top = app.screen
        top.dismiss()
        top.dismiss()
        await until(lambda: app.screen is not top)
        await pilot.pause()
        assert app.screen is screen


async def test_a_notice_that_ends_as_it_is_shown_again_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[float] = []
    # A timer of less than no time never gives the event loop back.
    monkeypatch.setattr(Toast, "_on_mount", lambda self, _: counted.append(self._timeout))
    async with running(deps_for(tmp_path)) as (app, pilot):
        await ready(app)
        now = itertools.count(1000.0, 0.02)
        monkeypatch.setattr("textual.notifications.time", lambda: next(now))
        for left in (*range(1, 12), 1000):
            app._notifications.add(Notification("soon over", raised_at=next(now), timeout=left * 0.02 + 0.01))
            app._refresh_notifications()
            await pilot.pause()
    assert counted
    assert min(counted) > 0
