"""Connecting: the key is masked, the outcome is shown, the new proxy is used."""

from pathlib import Path

from textual.widgets import Button, Input

from tests.ui.pilots import NARROW, chat, heading, ready, running, shown, type_text, until
from tests.ui.scripted_session import ScriptedSession, deps_for, home_for
from tui.errors import CallFailed
from tui.ui.app import SightlineApp
from tui.ui.ports import Connection
from tui.ui.screens.connect import Connect


def contents(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.iterdir()]


class Proxy:
    """What ``connect`` reaches in these tests."""

    def __init__(self, path: Path) -> None:
        self.asked: list[tuple[str, str]] = []
        self.saved = 0
        self.session = ScriptedSession("xai/grok-4")
        self.path = path

    async def connect(self, url: str, key: str) -> Connection:
        self.asked.append((url, key))
        if "bad" in url:
            raise CallFailed(
                "proxy unreachable", f"nothing answers at {url}", hint="is it running?", layer="proxy"
            )
        return Connection(home_for(self.session, simulated=False), "LiteLLM 1.106.2", 9, (), self.save)

    def save(self) -> Path:
        self.saved += 1
        return self.path / "config.yaml"


async def opened(app: SightlineApp, url: str = "") -> Connect:
    await ready(app)
    chat(app).action_connect(url)
    await until(lambda: isinstance(app.screen, Connect) and app.screen.painted)
    assert isinstance(app.screen, Connect)
    return app.screen


async def test_a_proxy_is_tested_and_then_used(tmp_path: Path) -> None:
    proxy = Proxy(tmp_path)
    async with running(deps_for(tmp_path, connect=proxy.connect), NARROW) as (app, pilot):
        await ready(app)
        await type_text(pilot, "/connect x")
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, Connect) and app.screen.painted)
        assert app.screen.query_one("#key", Input).has_focus
        assert app.screen.query_one("#use", Button).disabled
        await type_text(pilot, "sk-secret")
        await pilot.press("enter")
        await until(lambda: "✓ LiteLLM 1.106.2 · 9 models" in shown(app))
        assert proxy.asked == [("x", "sk-secret")]
        assert "secret" not in shown(app)
        await pilot.press("enter")
        await until(lambda: chat(app).session is proxy.session)
        await ready(app)
        assert not heading(app).simulated
        assert "team-proxy ●" in shown(app).splitlines()[0]
    assert not any(b"sk-secret" in file for file in contents(tmp_path))


async def test_a_failure_says_what_and_what_to_do(tmp_path: Path) -> None:
    proxy = Proxy(tmp_path)
    async with running(deps_for(tmp_path, connect=proxy.connect), NARROW) as (app, pilot):
        screen = await opened(app, "http://bad")
        await pilot.press("k", "enter")
        await until(lambda: "nothing answers at http://bad" in shown(app))
        assert "is it running?" in shown(app)
        assert screen.query_one("#use", Button).disabled
        await pilot.press("escape")
        await until(lambda: app.screen is chat(app))


async def test_saving_writes_once_and_a_changed_address_must_be_tested_again(tmp_path: Path) -> None:
    proxy = Proxy(tmp_path)
    async with running(deps_for(tmp_path, connect=proxy.connect), NARROW) as (app, pilot):
        screen = await opened(app, "http://good")
        await pilot.press("k", "enter")
        await until(lambda: not screen.query_one("#save", Button).disabled)
        await pilot.click("#save")
        await until(lambda: "without the key" in shown(app) and proxy.saved == 1)
        assert screen.query_one("#save", Button).disabled
        screen.query_one("#url", Input).value = "http://other"
        await until(lambda: screen.query_one("#use", Button).disabled)
        await pilot.click("#cancel")
        await until(lambda: app.screen is chat(app))
        assert chat(app).session is not proxy.session


async def test_an_empty_address_is_not_asked(tmp_path: Path) -> None:
    proxy = Proxy(tmp_path)
    async with running(deps_for(tmp_path, connect=proxy.connect), NARROW) as (app, pilot):
        await opened(app)
        await pilot.click("#test")
        await until(lambda: "An address is needed." in shown(app))
        assert proxy.asked == []
