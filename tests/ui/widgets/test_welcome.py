"""What an empty conversation says about its proxy."""

from pathlib import Path

import pytest

from tests.ui.pilots import NARROW, VAST, chat, running, shown, until
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


@pytest.mark.parametrize(("before", "after"), [(VAST, (60, 15)), (NARROW, (8, 20))])
async def test_a_terminal_may_become_as_narrow_as_it_likes(
    tmp_path: Path, before: tuple[int, int], after: tuple[int, int]
) -> None:
    async with running(deps_for(tmp_path), before) as (app, pilot):
        suggestions = chat(app).welcome.query_one("#suggestions")
        await until(lambda: suggestions.size.width > 16)
        await pilot.resize_terminal(*after)
        await until(lambda: app._exception is not None or chat(app).size == after)
        assert app._exception is None
        await pilot.resize_terminal(*before)
        await until(lambda: suggestions.size.width > 16)
