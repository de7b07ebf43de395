"""A program is known to run as long as it does, and not a moment longer."""

import subprocess
import sys
import threading
from pathlib import Path

from tui.store.running import Running

_PROGRAM = """
import sys, time
from pathlib import Path
from tui.store.running import Running
with Running(Path(sys.argv[1])) as running:
    running.opened("aaaaaaaaaaaa")
    print(running.me, flush=True)
    sys.stdin.read()
"""


def program(directory: Path) -> tuple["subprocess.Popen[str]", str]:
    child = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, str(directory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    return child, child.stdout.readline().strip()


def ended(child: "subprocess.Popen[str]") -> None:
    child.wait(timeout=30)
    for stream in (child.stdin, child.stdout):
        assert stream is not None
        stream.close()


def test_a_program_that_is_killed_is_dead_at_once(tmp_path: Path) -> None:
    child, name = program(tmp_path)
    with Running(tmp_path) as mine:
        assert mine.lives(name)
        assert mine.open_sessions() == {"aaaaaaaaaaaa"}
        child.kill()
        ended(child)
        assert not mine.lives(name)
        assert mine.open_sessions() == frozenset()
        assert [path.stem for path in tmp_path.iterdir()] == [mine.me]


def test_a_program_that_ends_leaves_nothing(tmp_path: Path) -> None:
    child, name = program(tmp_path)
    assert child.stdin is not None
    child.stdin.close()
    child.wait(timeout=30)
    assert list(tmp_path.iterdir()) == []
    assert child.stdout is not None
    child.stdout.close()
    with Running(tmp_path) as mine:
        assert not mine.lives(name)


def test_what_is_open_elsewhere(tmp_path: Path) -> None:
    with Running(tmp_path) as one, Running(tmp_path) as two:
        one.opened("a")
        one.opened("b\udc80")
        one.opened("a")
        two.opened("c")
        assert two.open_sessions() == {"a", "b\udc80"}
        assert one.open_sessions() == {"c"}
        one.left("a")
        assert "a" in two.open_sessions()
        one.left("a")
        one.left("never opened")
        assert two.open_sessions() == {"b\udc80"}
        assert one.lives(two.me)
        assert one.lives(one.me)
        assert not one.lives("nobody")


def test_many_look_at_once(tmp_path: Path) -> None:
    """Looking must not be mistaken for owning."""
    child, name = program(tmp_path)
    child.kill()
    ended(child)
    answers: list[bool] = []
    with Running(tmp_path) as mine:
        threads = [threading.Thread(target=lambda: answers.append(mine.lives(name))) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers == [False] * 16


def test_in_memory_one_is_alone() -> None:
    with Running(None) as mine:
        mine.opened("a")
        assert mine.open_sessions() == frozenset()
        assert mine.lives(mine.me)
        assert not mine.lives("another")
