"""The screen on the real engine, against the simulated gateway, over a socket."""

from pathlib import Path

import pytest

from tests.ui.pilots import WIDE, chat, heading, ready, running, shown, simulated, until
from tui.ui.app import SightlineApp
from tui.ui.ports import Deps
from tui.ui.turn_state import TurnState


async def say(app: SightlineApp, prompt: str) -> TurnState:
    screen = chat(app)
    turns = screen.session.totals.turns
    screen.offer(prompt)
    await until(lambda: screen.session.totals.turns == turns + 1 and not screen.running)
    return screen.turn


async def test_thinking_tools_and_a_failure_on_the_simulated_gateway(deps: Deps) -> None:
    async with running(deps, WIDE) as (app, pilot):
        await ready(app)
        assert heading(app).simulated
        thought = await say(app, "Think about it, then tell me in two sentences why the sky is blue.")
        assert thought.error is None
        assert thought.cost is not None
        assert thought.cost.usd is not None
        chat(app).transcript.action_top()
        await until(lambda: "✓ sealed" in shown(app))
        tools = await say(app, "What is 17 * 23, and what time is it in Paris? Use the tools.")
        assert tools.step >= 2
        assert tools.seals_sent >= 1
        await until(lambda: "calculator" in shown(app) and "391" in shown(app))
        failed = await say(app, "Show me what happens with error 400.")
        assert failed.error is not None
        await until(lambda: failed.error is not None and failed.error.title in shown(app))
        await pilot.press("f2", "f2")
        assert "cost" in shown(app)


async def test_a_fallback_is_badged_and_a_lying_name_is_seen_through(deps: Deps) -> None:
    async with running(deps, WIDE) as (app, _):
        await ready(app)
        chat(app).use_model("claude-cheap")
        route = heading(app).route
        assert route is not None
        assert route.vendor == "openai"
        assert route.endpoint == "/v1/chat/completions"
        assert heading(app).badge == ""
        chat(app).use_model("flaky")
        turn = await say(app, "fallback please")
        assert [finding.cls for finding in turn.observed] == ["fallback"]
        assert heading(app).badge.startswith("⚠ fallback → claude-opus-4-5")


async def test_escape_stops_a_long_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    async with simulated(tmp_path, speed=1.0) as deps, running(deps, WIDE) as (app, pilot):
        await ready(app)
        chat(app).offer("long 4000")
        await until(lambda: chat(app).turn.first_at is not None)
        await pilot.press("escape")
        await until(lambda: not chat(app).running)
        assert chat(app).turn.stop == "cancelled"
        await until(lambda: "stopped by you" in shown(app))
