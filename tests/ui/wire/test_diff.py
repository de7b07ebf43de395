"""The diff screen and the Cache page, on a scripted session."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.ui.pilots import chat, ready, running, shown, until
from tests.ui.scripted_session import ScriptedSession, deps_for
from tests.ui.wire.exchanges import NOW, ok, request
from tui.chat.record import Wire
from tui.chat.usage import Usage
from tui.ui.wire.diff_screen import DiffScreen
from tui.ui.wire.viewer import Viewer


def three(session: ScriptedSession, system: str = "Be brief.") -> None:
    """Two turns: the second has another tool list and system prompt."""
    asked = "Why is the sky blue?"
    first, wire = ok(session, "one", 1, 1, usage=Usage(20, 0, 8000, 0, 100), at=NOW - 60)
    second, _ = ok(session, "two", 2, 2, usage=Usage(40, 0, 8300, 0, 90), at=NOW - 30)
    body: dict[str, Any] = json.loads(request(asked, "Because of Rayleigh.", "And at night?", system=system))
    body["tools"][0]["input_schema"] = {"type": "object", "properties": {"limit": {"type": "integer"}}}
    for exchange, one in (
        (first, replace(wire, body=request(asked))),
        (second, replace(wire, body=json.dumps(body).encode())),
    ):
        session.log[exchange.id], session.wires[exchange.id] = exchange, one


async def test_d_in_the_viewer_compares_with_the_request_before(tmp_path: Path) -> None:
    session = ScriptedSession()
    three(session, system="Be brief and kind.")
    async with running(deps_for(tmp_path, session)) as (app, pilot):
        await ready(app)
        await pilot.press("f12")
        await until(lambda: isinstance(app.screen, Viewer) and "2.1" in shown(app))
        await pilot.press("d")
        await until(lambda: isinstance(app.screen, DiffScreen) and app.screen.is_ready)
        await until(lambda: "gained parameter `limit`" in shown(app))
        text = shown(app)
        assert "1.1 smart" in text
        assert "2.1 smart" in text
        assert "4 changes" in text
        assert "“Be brief.” → “Be brief and kind.”" in text
        assert "… 1 are" not in text
        screen = app.screen
        await pilot.press("slash", *"night")
        await until(lambda: "1 of 1" in shown(app))
        await pilot.press("escape", "end")
        await pilot.press("y")
        await pilot.press("escape")
        assert app.screen is not screen


async def test_slash_diff_takes_numbers_and_says_which_are_none(tmp_path: Path) -> None:
    session = ScriptedSession()
    three(session)
    async with running(deps_for(tmp_path, session)) as (app, pilot):
        await ready(app)
        chat(app).action_diff("7.1 1.1")
        await until(lambda: "There is no exchange 7.1" in shown(app))
        chat(app).action_diff("2.1 1.1")
        await until(lambda: isinstance(app.screen, DiffScreen) and app.screen.is_ready)
        await until(lambda: "lost parameter `limit`" in shown(app))
        await pilot.press("w")
        await until(lambda: "gained parameter `limit`" in shown(app))


async def test_a_body_that_is_not_known_is_said_and_answers_are_compared(tmp_path: Path) -> None:
    session = ScriptedSession()
    three(session)
    session.wires["one"] = Wire()
    async with running(deps_for(tmp_path, session)) as (app, _):
        await ready(app)
        chat(app).action_diff("1.1 2.1")
        await until(lambda: isinstance(app.screen, DiffScreen) and app.screen.is_ready)
        await until(lambda: "cannot be compared" in shown(app))
        assert "fresh input tokens: 20 → 40" in shown(app)


async def test_the_cache_page_tells_what_broke_it(tmp_path: Path) -> None:
    session = ScriptedSession()
    three(session)
    async with running(deps_for(tmp_path, session)) as (app, _):
        await ready(app)
        chat(app).show_exchange("two", "Cache")
        await until(lambda: isinstance(app.screen, Viewer) and "The tool list changed" in shown(app))
        text = " ".join(shown(app).split())
        assert "tool `read_file` gained parameter `limit`" in text
        assert "8,000 tokens of those" in text
        assert "tools.0" in text
        assert "offer the same tools in the same order" in text
