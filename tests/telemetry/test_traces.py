"""Spans reach a collector as the conventions want them, without what was said unless asked; no turn waits."""

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from tests.cli.program import Program
from tests.telemetry.collector import Collector, Received
from tui.chat.events import PartDelta, TurnFinished
from tui.chat.usage import UNKNOWN_COST, Usage
from tui.sim.server import SimServer
from tui.sim.state import SimState
from tui.telemetry import traces
from tui.telemetry.traces import Traces

PROMPT = "Think about it: what is 12*7? Use the calculator."
CONFIG = """\
proxies:
  team: {{url: URL, key: sk-simulated}}
traces:
  endpoint: {url}
  headers: {{x-collector-key: "${{COLLECTOR_KEY}}"}}
  content: {content}
"""


@pytest.fixture(scope="module")
def sim() -> Iterator[SimServer]:
    with SimServer(SimState(speed=0)) as server:
        yield server


@pytest.fixture
def program(sim: SimServer, tmp_path: Path) -> Program:
    return Program(tmp_path, sim, {"COLLECTOR_KEY": "key-of-the-collector-42"})


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as listening:
        yield listening


def asked(program: Program, url: str, *words: str, content: str = "off", model: str = "smart") -> Any:
    file = program.configured(CONFIG.format(url=url, content=content))
    return program.main("ask", "--config", str(file), "--model", model, *words)


def below(spans: list[Received], parent: Received) -> list[Received]:
    return [span for span in spans if span.parent == parent.id]


def test_a_turn_with_a_tool(program: Program, collector: Collector) -> None:
    done = asked(program, collector.url, PROMPT)
    assert done.code == 0, done.err
    spans = collector.spans
    session, turn, first, tool, second = spans
    assert [s.name for s in spans] == [
        "session",
        "turn 1",
        "chat smart",
        "execute_tool calculator",
        "chat smart",
    ]
    assert session.parent == b""
    assert below(spans, session) == [turn]
    assert below(spans, turn) == [first, tool, second]
    assert len({s.trace for s in spans}) == 1
    assert len({s.attributes["gen_ai.conversation.id"] for s in spans}) == 1
    told = first.attributes
    assert first.kind == 3, "a client's span"
    assert told["gen_ai.operation.name"] == "chat"
    assert told["gen_ai.provider.name"] == "anthropic"
    assert told["gen_ai.request.model"] == "smart"
    assert told["gen_ai.response.model"] == "anthropic/claude-opus-4-5"
    assert told["gen_ai.response.finish_reasons"] == ["tool_use"]
    assert told["gen_ai.usage.input_tokens"] > told["gen_ai.usage.output_tokens"] > 0
    assert told["gen_ai.request.stream"] is True
    assert told["gen_ai.response.time_to_first_chunk"] > 0
    assert told["server.address"] == "127.0.0.1"
    assert told["sightline.cost.source"] == "computed"
    assert float(told["sightline.cost.usd"]) == told["gen_ai.usage.cost"] > 0
    assert told["litellm.call_id"]
    assert second.attributes["gen_ai.response.finish_reasons"] == ["end_turn"]
    assert tool.attributes["gen_ai.tool.name"] == "calculator"
    assert not any(s.failed for s in spans)
    assert turn.seconds >= first.seconds + second.seconds
    assert collector.headers[0]["path"] == "/v1/traces"
    assert collector.headers[0]["x-collector-key"] == "key-of-the-collector-42"
    for word in (b"12*7", b"Use the calculator", b"expression", b"sk-simulated", b"key-of-the-collector"):
        assert all(word not in body for body in collector.raw), word


def test_what_was_said_goes_along_when_it_is_asked_for_and_secrets_never(
    program: Program, collector: Collector
) -> None:
    secret = "sk-simulated and key-of-the-collector-42 and sk-ant-api03-abcdef0123456789"
    done = asked(program, collector.url, f"{PROMPT} {secret}", content="on")
    assert done.code == 0, done.err
    _, _, first, tool, second = collector.spans
    (question,) = json.loads(first.attributes["gen_ai.input.messages"])
    assert question["role"] == "user"
    assert question["parts"][0]["content"].startswith(PROMPT)
    (answer,) = json.loads(first.attributes["gen_ai.output.messages"])
    assert [part["type"] for part in answer["parts"]][-1] == "tool_call"
    assert answer["finish_reason"] == "tool_use"
    assert tool.attributes["gen_ai.tool.call.result"] == "84"
    roles = [message["role"] for message in json.loads(second.attributes["gen_ai.input.messages"])]
    assert roles == ["user", "assistant", "user"]
    for word in (b"sk-simulated", b"key-of-the-collector", b"abcdef0123456789"):
        assert all(word not in body for body in collector.raw), word


def test_a_failed_step_and_what_was_observed(program: Program, collector: Collector) -> None:
    assert asked(program, collector.url, "error 529, please").code == 4
    _, turn, step = collector.spans
    assert turn.failed
    assert step.failed
    assert step.attributes["error.type"] == turn.attributes["error.type"] == "overloaded"
    assert "gen_ai.usage.cost" not in step.attributes
    collector.raw.clear()
    assert asked(program, collector.url, "fallback. What is 2+3?", model="gpt-killer").code == 0
    steps = [span for span in collector.spans if span.name.startswith("chat ")]
    assert "sightline.fallback" in steps[0].events
    assert "fell back" in steps[0].events["sightline.fallback"]["sightline.says"]


def test_a_collector_that_is_not_there_is_said_once_and_nothing_waits(
    program: Program, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        began = time.monotonic()
        done = asked(program, f"http://127.0.0.1:{taken.getsockname()[1]}", "What is 2+3?")
    assert done.code == 0
    assert time.monotonic() - began < traces.CLOSE_S + 30
    assert "opentelemetry" not in capfd.readouterr().err + done.err
    log = next((program.home / "state").rglob("sightline.log")).read_text()
    assert log.count("traces: nothing reaches") == 1


def test_it_says_what_to_install(program: Program) -> None:
    with mock.patch.dict("sys.modules", {"opentelemetry.sdk.trace": None}):
        done = asked(program, "http://localhost:4318", "hi")
    assert done.code == 2
    assert traces.INSTALL in done.err


def test_events_are_taken_at_once_however_slow_the_collector_is(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(traces, "MOST_WAITING", 100)
    sending = Traces("http://127.0.0.1:9/v1/traces", {}, log=said.append)
    held = mock.Mock(side_effect=lambda *_: time.sleep(0.05))
    monkeypatch.setattr(sending._spans, "event", held)
    end = TurnFinished(0.0, "end", "", Usage(), UNKNOWN_COST, 1)
    # All that is held would take 50 seconds.
    began = time.monotonic()
    for _ in range(50_000):
        sending.event("s", PartDelta(0.0, 0, "text", "word"))
    for _ in range(1_000):
        sending.event("s", end)
    assert time.monotonic() - began < 25
    assert [line for line in said if "more happens" in line] == said
    monkeypatch.setattr(traces, "CLOSE_S", 0.05)
    sending.close()
    assert held.call_count < 200
