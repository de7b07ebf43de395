"""Whole turns with commands and pages in them, over real sockets: a stop leaves nothing running."""

import asyncio
import os
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from tests.cli.seat import in_group, marked
from tui.chat.catalog import Catalog
from tui.chat.events import Answer, ApprovalNeeded, Approved, Event, ToolFinished, ToolStarted, TurnFinished
from tui.chat.messages import ToolMessage
from tui.chat.route import Route
from tui.chat.settings import Settings
from tui.engine.ports import Clocks
from tui.engine.session import Choice, Session
from tui.gateway.client import Endpoint, Gateway
from tui.resolver import resolve
from tui.sim.server import SimServer
from tui.sim.state import MASTER_KEY, SimState
from tui.tools.approval import ApprovalMode, Approvals
from tui.tools.builtin.http_get import HttpGet
from tui.tools.builtin.shell import Shell
from tui.tools.toolbox import Toolbox

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows every process")

MODEL = "anthropic/claude-opus-4-5"


@pytest.fixture(scope="module")
def server() -> Iterator[SimServer]:
    with SimServer(SimState(speed=0)) as server:
        yield server


class Desk:
    """A session on the simulated gateway with tools that act."""

    def __init__(self, server: SimServer, root: Path, mode: ApprovalMode) -> None:
        self.mark = uuid.uuid4().hex
        environment = {"PATH": os.environ["PATH"], "TEST_MARK": self.mark}
        self.gateway = Gateway(Endpoint(key=lambda: MASTER_KEY), time.monotonic)

        def route_for(model: str, endpoint: Any, catalog: Catalog, pin: str | None) -> Route:
            return resolve(model, catalog, (), pin, base_url=server.url, endpoint=endpoint)

        self.session = Session(
            gateway=self.gateway,
            route_for=route_for,
            settings_for=lambda _: Settings(),
            toolbox=Toolbox([Shell(root, 60, lambda: environment), HttpGet(("127.0.0.1",))]),
            approvals=Approvals(mode=mode),
            clocks=Clocks(time.monotonic, time.time, lambda: uuid.uuid4().hex),
            choice=Choice(MODEL),
            catalog=Catalog(),
        )

    @property
    def alive(self) -> set[int]:
        return marked(self.mark)

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(60):
            while not holds():  # noqa: ASYNC110 - processes tell nobody
                await asyncio.sleep(0.01)


@pytest.fixture
async def desk(server: SimServer, tmp_path: Path) -> AsyncIterator[Desk]:
    opened = Desk(server, tmp_path, "all")
    yield opened
    await opened.gateway.aclose()
    assert not opened.alive


@pytest.fixture
async def asking(server: SimServer, tmp_path: Path) -> AsyncIterator[Desk]:
    opened = Desk(server, tmp_path, "ask")
    yield opened
    await opened.gateway.aclose()
    assert not opened.alive


def results(session: Session) -> list[tuple[str, bool]]:
    return [
        (result.text, result.is_error)
        for message in session.conversation.messages
        if isinstance(message, ToolMessage)
        for result in message.results
    ]


COMMANDS = [
    "echo $$ > group; sleep 1000",
    "echo $$ > group; trap '' TERM HUP INT; while :; do sleep 1000; done",
    "setsid nohup sleep 1000 & echo $$ > group; (setsid sh -c 'sleep 1000 & sleep 1000' &); sleep 1000",
    "setsid sleep 1000 & echo $$ > group; kill -9 $PPID; sleep 1000",
    "echo $$ > group; yes",
]


@pytest.mark.parametrize("command", COMMANDS)
async def test_no_process_survives_a_stop(desk: Desk, tmp_path: Path, command: str) -> None:
    group = tmp_path / "group"
    seen: list[Event] = []
    async for event in desk.session.send(f"use shell: `{command}`"):
        seen.append(event)
        if isinstance(event, ToolStarted):
            await desk.until(lambda: group.exists() and bool(group.read_text().strip()))
            desk.session.stop()
    last = seen[-1]
    assert isinstance(last, TurnFinished)
    # At the last event of the turn, not some time later.
    assert not desk.alive
    assert not in_group(int(group.read_text()))
    if "kill -9" not in command:
        assert last.stop == "cancelled"
        assert results(desk.session) == [("cancelled by the user", True)]
    after = [event async for event in desk.session.send("and hello")]
    assert isinstance(after[-1], TurnFinished)
    assert after[-1].stop == "end"


async def test_no_process_survives_a_reader_that_leaves(desk: Desk, tmp_path: Path) -> None:
    async with aclosing(desk.session.send("use shell: `touch up; setsid sleep 1000 & sleep 1000`")) as events:
        async for event in events:
            if isinstance(event, ToolStarted):
                await desk.until((tmp_path / "up").exists)
                break
    assert not desk.alive
    assert not desk.session.busy


async def test_no_process_survives_the_cancelling_of_its_task(desk: Desk, tmp_path: Path) -> None:
    async def turn() -> None:
        async with aclosing(
            desk.session.send("use shell: `touch up; trap '' TERM; sleep 1000; sleep 1000`")
        ) as events:
            async for _ in events:
                pass

    work = asyncio.create_task(turn())
    await desk.until((tmp_path / "up").exists)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert not desk.alive


async def test_a_decision_late_in_the_turn_starts_what_waited(asking: Desk, tmp_path: Path) -> None:
    seen: list[Event] = []
    async for event in asking.session.send("use shell: `echo $TEST_MARK`"):
        seen.append(event)
        if isinstance(event, ApprovalNeeded):
            assert event.ask.subject == "echo $TEST_MARK"
            asyncio.get_running_loop().call_later(0.05, event.decide, Answer("once", "user"))
    assert results(asking.session) == [(f"exit code 0\n{asking.mark}\n", False)]
    assert [event.answer.decision for event in seen if isinstance(event, Approved)] == ["once"]


async def test_a_stop_at_the_question_runs_nothing(asking: Desk, tmp_path: Path) -> None:
    async for event in asking.session.send("use shell: `touch done`"):
        if isinstance(event, ApprovalNeeded):
            asking.session.stop()
            event.decide(Answer("once", "user"))
    assert not (tmp_path / "done").exists()
    assert results(asking.session) == [("cancelled by the user", True)]


async def test_a_page_and_a_command_side_by_side(desk: Desk, server: SimServer) -> None:
    seen = [
        event
        async for event in desk.session.send(f"parallel: use shell and http_get with `{server.url}/health`")
    ]
    told = {event.call.name: event.result for event in seen if isinstance(event, ToolFinished)}
    assert told["shell"].text.startswith("exit code 12")
    assert " · " in told["http_get"].text
    assert told["http_get"].text[:3].isdecimal()
