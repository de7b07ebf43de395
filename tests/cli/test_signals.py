"""Stopped by a signal, a closed pipe or a second Ctrl+C: what was paid for is still told."""

import json
import signal
import socket
import subprocess
import sys

import pytest

from tests.cli.program import PATIENCE_S, Program, until
from tui.cli.signals import listening


@pytest.fixture
def program(light: Program) -> Program:
    return light


def lines_until(process: "subprocess.Popen[bytes]", type: str, part: str) -> None:
    assert process.stdout is not None
    for raw in process.stdout:
        line = json.loads(raw)
        if line["type"] == type and line["part"] == part:
            return
    raise AssertionError(f"no {type} of {part} came")


ENDS = [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]


@pytest.mark.parametrize(("number", "code"), ENDS)
def test_a_signal_in_the_middle_of_an_answer(program: Program, number: signal.Signals, code: int) -> None:
    with program.start("ask", "--json", "hang midway", "never sent") as process:
        lines_until(process, "delta", "text")
        process.send_signal(number)
        rest, errors = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, errors) == (code, b"")
    last = json.loads(rest.splitlines()[-1])
    assert (last["type"], last["turn"], last["stop"]) == ("turn", 1, "cancelled")
    assert last["text"]
    assert last["cost"]["at_least"] is True
    seen = program.sim.state.seen("litellm")[-1]
    until(lambda: seen.outcome == "cancelled", "the end of the upstream call")


@pytest.mark.parametrize(("number", "code"), ENDS)
def test_a_signal_while_the_proxy_is_silent_about_its_models(
    program: Program, number: signal.Signals, code: int
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        mute.settimeout(PATIENCE_S)
        url = f"http://127.0.0.1:{mute.getsockname()[1]}"
        with program.having(LITELLM_PROXY_URL=url).start("ask", "hi") as process:
            connection, _ = mute.accept()
            with connection:
                process.send_signal(number)
                # The connection is held all the while: only the signal can end the wait. What may take
                # long on a busy machine are the SDKs, which load in a thread that is not left half done.
                out, errors = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, out, errors) == (code, b"", b"")


def test_a_closed_pipe_stops_the_call_quietly(program: Program) -> None:
    with program.start("ask", "long 40000") as process:
        assert process.stdout is not None
        assert process.stdout.read(10)
        process.stdout.close()
        assert process.wait(PATIENCE_S) == 141
        assert process.stderr is not None
        assert process.stderr.read() == b""
    seen = program.sim.state.seen("litellm")[-1]
    until(lambda: seen.outcome == "cancelled", "the end of the upstream call")


def test_a_list_nobody_reads_ends_quietly_too(program: Program) -> None:
    with program.start("models") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.wait(PATIENCE_S) == 141
        assert process.stderr.read() == b""


def test_a_second_signal_ends_at_once_with_the_code_of_the_first() -> None:
    heard: list[signal.Signals] = []
    before = signal.getsignal(signal.SIGTERM)
    with pytest.MonkeyPatch.context() as patch, listening(heard.append):
        patch.setattr("tui.cli.signals.silence_output", lambda: None)
        signal.raise_signal(signal.SIGTERM)
        assert heard == [signal.SIGTERM]
        with pytest.raises(SystemExit) as left:
            signal.raise_signal(signal.SIGINT)
    assert (heard, left.value.code) == ([signal.SIGTERM], 143)
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_hang_up_may_be_told_twice() -> None:
    heard: list[signal.Signals] = []
    with pytest.MonkeyPatch.context() as patch, listening(heard.append):
        patch.setattr("tui.cli.signals.silence_terminals", lambda: None)
        signal.raise_signal(signal.SIGHUP)
        signal.raise_signal(signal.SIGHUP)
    assert heard == [signal.SIGHUP]


def test_what_is_ignored_from_outside_stays_ignored(program: Program) -> None:
    """As under nohup."""
    ignoring = (
        "import os, signal, sys; signal.signal(1, signal.SIG_IGN); os.execvp(sys.argv[1], sys.argv[1:])"
    )
    with program.start("ask", "--json", "hang midway", under=(sys.executable, "-c", ignoring)) as process:
        lines_until(process, "delta", "text")
        process.send_signal(signal.SIGHUP)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 143
