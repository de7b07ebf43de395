"""What an empty conversation says about its proxy."""

from pathlib import Path

from tests.ui.pilots import chat, running, shown, until
from tests.ui.scripted_session import ScriptedSession, deps_for, home_for
from tui.errors import CallFailed


async def test_a_proxy_that_cannot_be_used_is_not_called_connected(tmp_path: Path) -> None:
    session = ScriptedSession()
    down = True

    async def reads() -> None:
        if down:
            raise CallFailed(
                "proxy unreachable", "connection\x1b[2J refused", hint="is it running?", layer="proxy"
            )

    home = home_for(session, gate=reads, simulated=False)
    async with running(deps_for(tmp_path, home=home)) as (app, _):
        await until(lambda: "cannot be used yet" in shown(app) and "is it running?" in shown(app))
        assert "Connected" not in shown(app)
        down = False
        chat(app).models_read()
        await until(lambda: "Connected to team-proxy" in shown(app))
