"""The command that runs the simulated gateway alone."""

import signal
import socket
import subprocess
import sys

import pytest

from tui.cli.sim import run

PROGRAM = "import sys; from tui.cli.sim import run; sys.exit(run(0))"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_it_says_where_it_is_and_stops_when_told(number: signal.Signals, code: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        lines = [program.stdout.readline() for _ in range(3)]
        program.send_signal(number)
        _, errors = program.communicate(timeout=60)
    assert lines[0].startswith("simulated gateway at http://127.0.0.1:")
    assert lines[1] == "key sk-simulated\n"
    assert (program.returncode, errors) == (code, "")


def test_a_taken_port_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert run(port) == 2
    assert f"port {port} cannot be used" in capsys.readouterr().err
