"""``kill -9`` at random moments of a turn: the session opens, holds what came, and goes on.

20 moments; ``SIGHTLINE_KILLS`` says how many others.
"""

import asyncio
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.engine.kill.desk import gateway, open_store, reopened, session, warm
from tests.engine.kill.tap import Sent, Tap, tapped_gateway
from tui.chat.conversation import CANCELLED
from tui.chat.events import TurnFailed, TurnFinished
from tui.chat.json_text import dump_bytes
from tui.chat.messages import ToolMessage
from tui.chat.record import Exchange, SessionRecord
from tui.chat.serial import message_to_json
from tui.sim.server import SimServer

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

KILLS = int(os.environ.get("SIGHTLINE_KILLS", "20"))
LOST_S = 0.25
"""What may be lost: the frames of the last 250 ms."""
PATIENCE_S = 60.0
TURNS_A_SESSION = 10
MODELS = (
    "anthropic/claude-fable-5-1",
    "openai/gpt-5.5",
    "anthropic/claude-opus-4-5",
    "gemini/gemini-3-pro-preview",
)
PROMPTS = (
    "think hard: what is 17*23, and what time is it? parallel",
    "interleaved: what is 5*6?",
    "what is 12*7? long 150",
    "two thoughts: what is 9*9, and what time is it? parallel",
)


@dataclass
class Moment:
    """Where in a turn the program died, for a failure to be understood."""

    number: int
    prompt: str
    model: str
    seconds: float


class Programs:
    """Starts programs that are already warm."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.engine.kill.driver"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        # Both get warm at the same time.
        warm()
        assert self._line() == "warm"

    def start(self, name: str, *words: str) -> tuple[int, Path]:
        """A program that takes one turn; its process id, and what it tells."""
        assert self._process.stdin is not None
        told = self._folder / name
        self._process.stdin.write("\t".join((str(told), *words)) + "\n")
        self._process.stdin.flush()
        return int(self._line()), told

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(PATIENCE_S)
        self._process.stdout.close()


@contextmanager
def programs(folder: Path) -> Iterator[Programs]:
    running = Programs(folder)
    try:
        yield running
    finally:
        running.close()


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def until(holds: Any, what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, f"never came: {what}"
        time.sleep(0.002)


def told_by(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines() if line.endswith("}")]


def killed(
    running: Programs, tap: Tap, moment: Moment, words: tuple[str, ...]
) -> tuple[list[Sent], float, Path]:
    """Run a turn and kill it at its moment; the answers it was sent, when it died, and what it told."""
    before = len(tap.sent)
    pid, told = running.start(f"told-{moment.number}", *words)
    until(lambda: len(tap.sent) > before or not is_there(pid), "the first request")
    time.sleep(moment.seconds)
    died = time.monotonic()
    if is_there(pid):
        os.kill(pid, signal.SIGKILL)
    until(lambda: not is_there(pid), "the end of the program")
    return tap.sent[before:], died, told


def check_frames(sent: list[Sent], exchanges: list[Exchange], died: float, moment: Moment) -> None:
    """Each request that went out is there with its bytes and every frame that came in time."""
    by_body = {one.wire.body: one for one in exchanges if one.wire is not None}
    for answer in sent:
        if not any(at <= died for at, _, _ in answer.frames):
            # Nothing went out, perhaps not even the whole request came in.
            continue
        kept = by_body.get(answer.body)
        assert kept is not None, moment
        assert kept.wire is not None
        came = [(event, data) for _, event, data in answer.frames]
        in_time = sum(at <= died - LOST_S for at, _, _ in answer.frames)
        frames = [(frame.event, frame.data) for frame in kept.wire.frames]
        assert frames == came[: len(frames)], moment
        assert len(frames) >= in_time, (moment, len(frames), in_time, len(came))


def check_finished(told: Path, record: SessionRecord, moment: Moment) -> None:
    """Whatever was shown as done is there just so."""
    nodes = {node.message.id: node.message for node in record.nodes}
    results = {
        (result.call_id, result.text)
        for message in nodes.values()
        if isinstance(message, ToolMessage)
        for result in message.results
    }
    for said in told_by(told):
        assert "broke" not in said, (moment, said)
        assert "failed" not in said, (moment, said)
        if "step" in said:
            data = dump_bytes(message_to_json(nodes[said["step"]]))
            assert hashlib.sha256(data).hexdigest() == said["hash"], moment
        elif "tool" in said and said["text"] != CANCELLED:
            assert (said["tool"], said["text"]) in results, moment


async def check_goes_on(
    database: Path, id: str, strict: SimServer, told: Path, moment: Moment
) -> SessionRecord:
    """Open what is left as a program does, and ask on: the vendor refuses nothing."""
    store = open_store(database)
    through = gateway()
    try:
        record = await reopened(store, id)
        assert record is not None, moment
        check_finished(told, record, moment)
        assert not await asyncio.to_thread(store.pending, id), moment
        again = await asyncio.to_thread(store.load, id)
        assert {n.message.id for n in again.nodes} == {n.message.id for n in record.nodes}, moment
        assert again.state.leaf == record.state.leaf, moment
        before = len(strict.state.exchanges)
        chat = session(store, id, strict.url, moment.model, through, again)
        events = [event async for event in chat.send("and what is 3*4?")]
        assert not [e.error for e in events if isinstance(e, TurnFailed)], moment
        assert isinstance(events[-1], TurnFinished)
        assert events[-1].stop == "end", moment
        outcomes = {one.outcome for one in strict.state.exchanges[before:]}
        assert outcomes == {"answered"}, (moment, outcomes)
        return await asyncio.to_thread(store.record, id)
    finally:
        await through.aclose()
        store.close()


def test_a_killed_program_loses_nothing_that_came(tmp_path: Path) -> None:
    draw = random.Random(os.environ.get("SIGHTLINE_KILL_SEED", "4"))
    with (
        tapped_gateway(0.12) as (server, tap),
        tapped_gateway(0) as (strict, _),
        programs(tmp_path) as running,
    ):
        ends: list[str] = []
        for number in range(KILLS):
            model = MODELS[number % len(MODELS)]
            chat = number % len(MODELS) + len(MODELS) * (number // (len(MODELS) * TURNS_A_SESSION))
            id, database = f"killed{chat:06}", tmp_path / "sessions.db"
            span = draw.choice((0.3, 0.8, 1.6))
            moment = Moment(number, draw.choice(PROMPTS), model, draw.uniform(0, span))
            words = (server.url, str(database), id, model, moment.prompt)
            sent, died, told = killed(running, tap, moment, words)
            record = asyncio.run(check_goes_on(database, id, strict, told, moment))
            check_frames(sent, list(record.exchanges), died, moment)
            ends += [
                one.state for one in record.exchanges if one.wire and one.wire.body in {s.body for s in sent}
            ]
        # Otherwise the moments would prove nothing: programs died within answers and after some.
        assert {"lost", "done"} <= set(ends), ends
        refused = [one.outcome for one in server.state.exchanges if one.outcome.startswith("refused")]
        assert not refused, refused
