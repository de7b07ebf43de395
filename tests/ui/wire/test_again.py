"""Copy as, replay, elsewhere, HAR of a selection: the screen on the real engine and the simulated gateway."""

import asyncio
import json
import re

import pytest
from textual.widgets import Input

from tests.ui.pilots import chat, ready, running, shown, until
from tui.ui.app import SightlineApp
from tui.ui.ports import Deps
from tui.ui.wire import paid_form
from tui.ui.wire.copy_menu import CopyMenu
from tui.ui.wire.lanes_screen import LanesScreen
from tui.ui.wire.replay_form import ReplayForm, headers_of
from tui.ui.wire.shadow_form import ShadowForm
from tui.ui.wire.viewer import Viewer


async def said(app: SightlineApp, prompt: str) -> None:
    screen = chat(app)
    screen.offer(prompt)
    await until(lambda: screen.session.totals.turns == 1 and not screen.running)


def copied(app: SightlineApp) -> str:
    path = app.deps.data_dir / "copied.txt"
    return path.read_text() if path.exists() else ""


async def test_a_request_is_handed_on_and_sent_again(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(deps, (80, 24)) as (app, pilot):
        await ready(app)
        screen = chat(app)
        screen.action_copy_as("curl")
        await until(lambda: "Nothing was sent yet" in shown(app))
        await said(app, "hello")
        (first,) = screen.session.log
        path = screen.session.path

        screen.action_copy_as("curl")
        await until(lambda: copied(app).startswith("printf %s '"))
        assert "${LITELLM_PROXY_API_KEY}" in copied(app)
        screen.show_exchange(first)
        await until(lambda: isinstance(app.screen, Viewer) and "1.1" in shown(app))
        await pilot.press("c")
        await until(lambda: isinstance(app.screen, CopyMenu))
        await pilot.press("p")
        await until(lambda: "client = " in copied(app))

        await until(lambda: isinstance(app.screen, Viewer))
        await pilot.press("x")
        await until(lambda: any(deps.data_dir.glob("exports/*.har")))
        (written,) = deps.data_dir.glob("exports/*.har")
        (entry,) = json.loads(written.read_text())["log"]["entries"]
        assert entry["_exchange"] == first
        assert not any(secret in written.read_text() for secret in deps.secrets())

        await pilot.press("escape")
        screen.action_replay("2")
        await until(lambda: isinstance(app.screen, ReplayForm) and "as much as the first time" in shown(app))
        monkeypatch.setattr(paid_form, "READ_S", 1e9)
        await pilot.press("enter")
        await until(lambda: "Enter once more sends it" in shown(app))
        monkeypatch.setattr(paid_form, "READ_S", 0.0)
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, LanesScreen) and app.screen.is_done)
        await until(lambda: "2 sent: done" in shown(app))
        assert [one.purpose for one in screen.session.log.values()] == ["turn", "replay", "replay"]
        await pilot.press("end")
        await until(lambda: "2 of 2 came whole" in shown(app))
        await pilot.press("escape")

        screen.action_shadow("chat")
        await until(
            lambda: isinstance(app.screen, ShadowForm) and "/v1/chat/completions · about" in shown(app)
        )
        assert re.search(r"sealed parts: \d+ go along, \d+ went with", shown(app))
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, LanesScreen) and app.screen.is_done)
        await until(lambda: "/v1/chat/comp" in shown(app))
        newest = list(screen.session.log.values())[-1]
        assert (newest.purpose, newest.repeats, newest.route.dialect) == ("shadow", first, "chat")
        await pilot.press("w")
        await until(lambda: isinstance(app.screen, Viewer) and app.screen.exchange == newest.id)
        assert screen.session.path == path


async def asked_again(app: SightlineApp) -> ReplayForm:
    """The form for sending the newest request again, with its plan."""
    chat(app).action_replay("")
    await until(lambda: isinstance(app.screen, ReplayForm) and "as much as" in shown(app))
    assert isinstance(app.screen, ReplayForm)
    return app.screen


async def test_what_cannot_be_sent_is_said_in_the_form(deps: Deps) -> None:
    async with running(deps, (80, 24)) as (app, pilot):
        await ready(app)
        await said(app, "hello")
        form = await asked_again(app)
        form._body = '{"model": "x",\n  "messages": [}'
        form.query_one("#again-times", Input).value = "2"
        await until(lambda: "line 2, column 16" in shown(app))
        await pilot.press("enter")
        assert isinstance(app.screen, ReplayForm)
        form._body = None
        form.query_one("#again-headers", Input).value = "x-mine 1"
        await until(lambda: "is not written as name: value" in shown(app))
        form.query_one("#again-headers", Input).value = ""
        form.query_one("#again-times", Input).value = "1000"
        await until(lambda: "from 1 to 100" in shown(app))
        assert len(chat(app).session.log) == 1


async def test_a_form_that_is_left_while_it_plans_is_left(
    deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(deps, (80, 24)) as (app, pilot):
        await ready(app)
        await said(app, "hello")
        form = await asked_again(app)
        planning: list[bool] = []

        async def never(*_: object) -> None:
            planning.append(True)
            await asyncio.Event().wait()

        monkeypatch.setattr(form._reruns, "replay", never)
        form.look()
        await until(lambda: planning)
        await pilot.press("escape")
        await until(lambda: app._exception is not None or not form.is_attached)
        await pilot.pause()
        assert app._exception is None


def test_headers_are_written_with_bars_between() -> None:
    assert headers_of("a: b | c: d:e") == {"a": "b", "c": "d:e"}
    assert headers_of("") == {}
