"""Trying a model out from the screen: nothing before a yes, results as they come, its session afterwards."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

from tests.ui.pilots import NARROW, chat, ready, running, shown, type_text, until
from tests.ui.scripted_session import CARDS, ScriptedSession, deps_for, home_for, resolve
from tui.chat.catalog import Catalog
from tui.chat.events import Event, PartDelta, StepFinished, StepStarted, TurnFinished
from tui.chat.messages import AssistantMessage
from tui.chat.parts import Origin, Text
from tui.chat.record import Exchange, Wire
from tui.chat.usage import UNKNOWN_COST, Cost, Usage
from tui.engine.ports import Clocks
from tui.engine.reruns import Edits
from tui.errors import UsageError
from tui.probing.probe import Plan, Probe, plan_for
from tui.probing.report import Report, Result
from tui.tools.builtin.calculator import Calculator
from tui.tools.builtin.current_time import CurrentTime
from tui.tools.toolbox import Toolbox
from tui.ui.app import SightlineApp
from tui.ui.screens.models import ModelPicker
from tui.ui.screens.probe import ProbeScreen

ROUTE = resolve("smart", Catalog(CARDS, True))
TOOLS = Toolbox((Calculator(), CurrentTime(lambda: datetime(2026, 11, 22, tzinfo=UTC))))


class Talker:
    """Answers every prompt with the same words, as soon as it may."""

    id = "probe-session"

    def __init__(self) -> None:
        self.overrides: Any = {}
        self.sent: list[str] = []
        self.may = asyncio.Event()
        self.stopped = False

    async def go_to(self, message_id: str | None, *, exact: bool = False) -> None:
        assert (message_id, exact) == (None, True)

    def revise(self, *, system: str | None, toolbox: Toolbox) -> None:
        pass

    def stop(self) -> None:
        self.stopped = True
        self.may.set()

    @property
    def reruns(self) -> Any:
        return self

    @property
    def log(self) -> dict[str, Exchange]:
        return {f"x{n}": Exchange(f"x{n}", 1, 1, 0.0, ROUTE) for n in range(20)}

    async def wire(self, exchange: str) -> Wire:
        return Wire(b'{"messages": []}')

    async def replay(self, exchange: str, edits: Edits) -> str:
        return str(edits.body)

    def run(self, plan: str) -> AsyncIterator[Event]:
        return self.send(plan)

    async def send(self, text: str, attachments: Sequence[Any] = ()) -> AsyncIterator[Event]:
        self.sent.append(text)
        await self.may.wait()
        cost = Cost(Decimal("0.001"), "computed")
        message = AssistantMessage(
            "m",
            (Text("It is 42."),),
            Origin("messages", "anthropic", "claude-opus-4-5"),
            "end",
            "end_turn",
            Usage(input=10, output=5),
            cost,
            0.0,
        )
        for event in (
            StepStarted(0.0, ROUTE, 1, 1, b"{}", f"x{len(self.sent)}"),
            PartDelta(0.1, 0, "text", "It is "),
            PartDelta(0.2, 0, "text", "42."),
            StepFinished(0.3, message, 0.3, 0.1, 0, 0),
            TurnFinished(0.4, "end", "It is 42.", Usage(), UNKNOWN_COST, 1),
        ):
            yield event


@dataclass
class Port:
    """Probes that send nothing anywhere."""

    talker: Talker = field(default_factory=Talker)
    kept: list[Report] = field(default_factory=list)
    known: tuple[Report, ...] = ()
    catalog: Catalog = field(default_factory=lambda: Catalog(CARDS, True))

    def plan(self, model: str, endpoint: str = "auto") -> Plan:
        if model == "unheard-of":
            raise UsageError("unknown model", "the proxy does not list it", hint="did you mean smart?")
        return plan_for(replace(resolve(model, self.catalog), requested=model), self.catalog)

    def start(self, plan: Plan) -> Probe:
        ticks = count()
        return Probe(plan, self.talker, TOOLS, Clocks(lambda: float(next(ticks)), lambda: 1.0, lambda: "id"))

    def keep(self, report: Report) -> None:
        self.kept.append(report)

    def reports(self) -> tuple[Report, ...]:
        return self.known


async def opened(app: SightlineApp, model: str = "smart") -> ProbeScreen:
    await ready(app)
    chat(app).action_probe(model)
    await until(lambda: isinstance(app.screen, ProbeScreen) and app.screen.painted)
    assert isinstance(app.screen, ProbeScreen)
    return app.screen


async def test_nothing_is_sent_before_a_yes_and_every_result_is_shown(tmp_path: Path) -> None:
    port = Port()
    home = replace(home_for(ScriptedSession()), probes=port)
    async with running(deps_for(tmp_path, home=home), size=NARROW) as (app, pilot):
        await opened(app)
        await until(lambda: "trials with" in shown(app))
        assert "What is 6*7? Use the calculator." in shown(app)
        assert port.talker.sent == []
        await pilot.press("enter")
        await until(lambda: len(port.talker.sent) == 1)
        assert "1 of " in shown(app)
        port.talker.may.set()
        await until(lambda: len(port.kept) == 1)
        await until(lambda: "open its session" in shown(app))
        text = shown(app)
        assert "✓ answers stream" in text
        (report,) = port.kept
        assert report.verdict("tools") == "no"
        assert report.verdict("streaming") == "yes"
        assert "stopped with" not in text
        assert report.cost.usd == Decimal("0.001") * len(port.talker.sent)


async def test_esc_stops_it_with_the_results_there_are(tmp_path: Path) -> None:
    port = Port()
    home = replace(home_for(ScriptedSession()), probes=port)
    async with running(deps_for(tmp_path, home=home)) as (app, pilot):
        await opened(app)
        await pilot.press("enter")
        await until(lambda: len(port.talker.sent) == 1)
        await pilot.press("escape")
        await until(lambda: "open its session" in shown(app))
        assert port.talker.stopped
        assert len(port.talker.sent) == 1
        assert "stopped with 0 of " in shown(app)
        assert isinstance(app.screen, ProbeScreen)


async def test_a_model_nobody_knows_cannot_be_begun(tmp_path: Path) -> None:
    port = Port()
    home = replace(home_for(ScriptedSession()), probes=port)
    async with running(deps_for(tmp_path, home=home)) as (app, pilot):
        await opened(app, "unheard-of")
        await until(lambda: "did you mean smart?" in shown(app))
        await pilot.press("enter")
        await pilot.pause()
        assert "agree and begin" not in shown(app)
        assert port.talker.sent == []


async def test_the_picker_tries_out_and_shows_what_was_seen(tmp_path: Path) -> None:
    results = (Result("tools", "yes", "called"), Result("vision", "no", "it saw nothing"))
    seen = Report("smart", "/v1/messages", "litellm-anthropic", None, 1.0, results=results)
    port = Port(known=(seen,))
    home = replace(home_for(ScriptedSession()), probes=port)
    async with running(deps_for(tmp_path, home=home)) as (app, pilot):
        await ready(app)
        chat(app).action_pick_model()
        await until(lambda: isinstance(app.screen, ModelPicker) and app.screen.painted)
        await type_text(pilot, "smart")
        await until(lambda: "tools✓" in shown(app))
        assert "vision✗" in shown(app)
        assert "tried out over /v1/messages: ✓ tools · ✗ vision" in shown(app)
        await pilot.press("ctrl+t")
        await until(lambda: isinstance(app.screen, ProbeScreen))
        assert "Try out smart" in shown(app)
