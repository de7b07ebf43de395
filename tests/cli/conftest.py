"""One simulated gateway for a module, and the program with a home of its own."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.program import Program
from tui.sim.server import SimServer
from tui.sim.state import SimState


@pytest.fixture(scope="session", autouse=True)
def hang_up_is_heard() -> Iterator[None]:
    """Under nohup a hang-up is ignored, and what is started keeps to that; handlers are not handed on."""
    before = signal.signal(signal.SIGHUP, lambda *_: None)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.fixture(scope="module")
def sim() -> Iterator[SimServer]:
    with SimServer(SimState(speed=0)) as server:
        yield server


@pytest.fixture
def program(sim: SimServer, tmp_path: Path) -> Program:
    return Program(tmp_path, sim)


@pytest.fixture
def light(sim: SimServer, tmp_path: Path) -> Program:
    """The program settled on a model of OpenAI's, whose SDK a process reads in half the time."""
    config = tmp_path / "config" / "sightline" / "config.yaml"
    config.parent.mkdir(parents=True)
    config.write_text("default_model: openai/gpt-5.1\n", encoding="utf-8")
    return Program(tmp_path, sim)
