"""The pseudo-terminal of the benchmarks: what a program shows, what it is asked, what it costs."""

import os
import sys

import pytest

from benchmarks.answer import TOKEN, pieces
from benchmarks.replay import Replay
from benchmarks.terminal import Terminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
ECHO = """
import sys, time, tty
tty.setraw(0)
print("\\x1b[2J\\x1b[5;10Hready\\x1b[6n", end="", flush=True)
told = ""
while not told.endswith("q"):
    told += sys.stdin.read(1)
print("\\x1b[7;1Htold " + repr(told), end="", flush=True)
print("\\x1b[9;1H", *__import__("os").get_terminal_size(), end="", flush=True)
until = time.process_time() + 0.05
while time.process_time() < until: pass
sys.exit(3)
"""


def test_a_program_is_seen_asked_and_told() -> None:
    with Terminal([sys.executable, "-c", ECHO], size=(60, 12)) as terminal:
        at = terminal.wait_for("ready")
        assert terminal.began < at
        assert terminal.screen()[4].startswith(" " * 9 + "ready")
        # The terminal answered where its cursor is; the program waits for a key of ours.
        pressed = terminal.press("q")
        assert terminal.wait_for(repr("\x1b[1;1Rq")) > pressed > at
        terminal.wait_for("60 12")
        ended = terminal.end()
    assert ended.code == 3
    assert ended.cpu >= 0.05
    assert terminal.written() == sum(len(chunk.data) for chunk in terminal.chunks)


def test_what_still_runs_is_ended() -> None:
    with Terminal([sys.executable, "-c", "print('up', flush=True); input()"]) as terminal:
        terminal.wait_for("up")
    with pytest.raises(ProcessLookupError):
        os.kill(terminal.pid, 0)


def test_what_does_not_come_is_told_with_the_screen() -> None:
    with Terminal([sys.executable, "-c", "print('something else', flush=True); input()"]) as terminal:
        terminal.wait_for("something else")
        with pytest.raises(TimeoutError, match="something else"):
            terminal.wait_for("this", timeout=0.1)


def test_sequences_cut_anywhere_leave_no_trace() -> None:
    asked = b"\x1b[>1u\x1b[?2026$p\x1b]11;?\x1b\\\x1bP+q5\x1b\\\x1b[?2026h"
    data = asked + b"\x1b[2;3H\x1b[38;2;1;2;3mabc\x1b[m\xe2\x9d\xaf"
    for cut in range(len(data)):
        replay = Replay((10, 3))
        replay.feed(data[:cut])
        replay.feed(data[cut:])
        assert [line.rstrip() for line in replay.lines()] == ["", "  abc❯", ""]


def test_the_answer_has_its_length_and_ends_with_its_mark() -> None:
    for tokens in (1, 7, 180, 2000):
        said = pieces(tokens, "Mark")
        assert len(said) == tokens + 1
        assert len("".join(said[:-1])) == int(tokens * TOKEN)
        assert said[-1].endswith("\n\nMark\n")
        assert "".join(said).count("```") % 2 == 0
