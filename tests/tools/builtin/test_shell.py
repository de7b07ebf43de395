"""``shell``: whatever a command does, it is told in words, bounded, and nothing of it is left."""

import asyncio
import os
import resource
import sys
import time
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.chat.events import Ask
from tui.chat.parts import Json, ToolCall, ToolResult
from tui.tools.builtin import shell_keeper
from tui.tools.builtin.commands import MOST_OUTPUT, Output, marked, run_command
from tui.tools.builtin.shell import MOST_CHARS, Shell
from tui.tools.toolbox import Toolbox, ToolError

pytestmark = pytest.mark.skipif(os.name != "posix", reason="there is no shell here")
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets us adopt and see every process")


class Place:
    """A directory, a shell in it, and a way to see which processes of it are alive."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.mark = uuid.uuid4().hex
        self.environment = {"PATH": os.environ["PATH"], "TEST_MARK": self.mark}

    def shell(self, seconds: float = 20.0) -> Shell:
        return Shell(self.root, seconds, lambda: self.environment)

    async def run(self, command: str, seconds: float = 20.0) -> str:
        return await self.shell(seconds).run({"command": command, "seconds": None})

    async def refused(self, command: str, seconds: float = 20.0) -> str:
        with pytest.raises(ToolError) as caught:
            await self.run(command, seconds)
        return str(caught.value)

    @property
    def alive(self) -> set[int]:
        """Processes that carry the mark; zombies have no environment any more."""
        wanted = f"TEST_MARK={self.mark}".encode()
        found = set()
        for entry in Path("/proc").glob("[0-9]*/environ"):
            try:
                if wanted in entry.read_bytes().split(b"\0"):
                    found.add(int(entry.parent.name))
            except OSError:
                continue
        return found

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(60):
            while not holds():  # noqa: ASYNC110 - processes tell nobody
                await asyncio.sleep(0.01)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


# What is asked


async def test_the_question_shows_the_command_and_grants_exactly_it(place: Place) -> None:
    ask = await place.shell().ask({"command": "git status", "seconds": None})
    assert ask == Ask("run git status", "git status", "git status", "exactly this command")
    long = await place.shell().ask({"command": "echo a\nrm -rf ~", "seconds": 5})
    assert long.says == "run echo a …"
    assert long.subject == long.grant == "echo a\nrm -rf ~"


@pytest.mark.parametrize(
    "arguments",
    [
        {"command": ""},
        {"command": " \n\t"},
        {"command": "echo a\0b"},
        {"command": "echo \ud800"},
        {"command": "echo \udc1b[31m"},
        {"command": "x" * (MOST_CHARS + 1)},
        {"command": "ls", "seconds": 0},
        {"command": "ls", "seconds": -1},
        {"command": 5},
        {"command": ["ls"]},
        {"cmd": "ls"},
        {"command": "ls", "seconds": "soon"},
        {"command": "ls", "env": {"A": "b"}},
    ],
)
async def test_what_cannot_run_is_not_even_asked_about(place: Place, arguments: Mapping[str, Json]) -> None:
    import json

    call = ToolCall("c", "shell", json.dumps(arguments))
    box = Toolbox([place.shell()])
    for found in (await box.ask(call), await box.run(call)):
        assert isinstance(found, ToolResult)
        assert found.is_error
        assert found.text


# What is told


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("echo one; echo two >&2; echo three", "exit code 0\none\ntwo\nthree\n"),
        ("true", "exit code 0, no output"),
        ("exit 3", "exit code 3, no output"),
        ("kill -9 $$", "killed by SIGKILL, no output"),
        ("kill -SEGV $$", "killed by SIGSEGV, no output"),
        ("printf 'a\\377b\\000c\\033[31m'", "exit code 0\na\ufffdb\0c\x1b[31m"),
        ("printf '\\303'; printf '\\244' >&2", "exit code 0\nä"),
        ('cat; read x; echo "got $? [$x]"', "exit code 0\ngot 1 []\n"),
        ('echo "$TEST_NOTHING."', "exit code 0\n.\n"),
        ("# only a comment", "exit code 0, no output"),
    ],
)
async def test_the_end_and_the_output_in_the_order_written(place: Place, command: str, told: str) -> None:
    assert await place.run(command) == told


async def test_it_runs_in_the_root_and_finds_the_given_environment_only(place: Place) -> None:
    assert await place.run("pwd; echo $PWD") == f"exit code 0\n{place.root}\n{place.root}\n"
    seen = {line.partition("=")[0] for line in (await place.run("env")).splitlines()[1:]}
    # The keeper's interpreter gives a system without a locale one of UTF-8.
    assert seen <= {"PATH", "TEST_MARK", "PWD", "OLDPWD", "SHLVL", "_", "SIGHTLINE_COMMAND", "LC_CTYPE"}


async def test_a_program_that_is_not_there_is_the_shells_word(place: Place) -> None:
    told = await place.run("no-such-program-here")
    assert told.startswith("exit code 127\n")
    assert "not found" in told


async def test_a_syntax_error_is_the_shells_word(place: Place) -> None:
    assert (await place.run("if (((")).startswith("exit code 2\n")


@linux
async def test_there_is_no_terminal_to_write_to_or_read_from(place: Place) -> None:
    told = await place.run("echo steer > /dev/tty; read x < /dev/tty; tty; stty size")
    assert "steer" not in told.replace("cannot create", "")
    assert told.count("No such device or address") == 2
    assert "not a tty" in told


async def test_a_root_that_is_gone_is_said(place: Place) -> None:
    place.root.rmdir()
    assert "could not be started" in await place.refused("ls")


async def test_signals_and_pipes_are_as_a_shell_has_them(place: Place) -> None:
    assert await place.run("yes | head -1") == "exit code 0\ny\n"
    assert "exit code 141" in await place.run("(yes; echo $? >&2) | head -0; exit 141")
    # Nothing is ignored that a command could not have back.
    ignored = await place.run("grep SigIgn /proc/self/status || echo none")
    assert ignored.split()[-1] in ("none", "0000000000000000")


# Bounds


async def test_output_without_measure_does_not_grow_memory(place: Place) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    told = await place.run("head -c 100000000 /dev/zero | tr '\\0' x; echo end")
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert told.startswith("exit code 0\nxxx")
    assert told.endswith("xend\n")
    assert f"[… {100_000_004 - MOST_OUTPUT:,} of 100,000,004 bytes left out …]" in told
    assert len(told) < MOST_OUTPUT + 200
    assert grown < 40_000 * (1024 if sys.platform == "darwin" else 1)


async def test_output_for_ever_ends_with_the_time(place: Place) -> None:
    told = await place.refused("yes", 0.5)
    assert told.startswith("stopped after 0.5 s, the time limit\ny\ny\n")
    assert not place.alive


async def test_the_call_may_ask_for_less_time_and_never_gets_more(place: Place) -> None:
    with pytest.raises(ToolError, match=r"stopped after 0\.2 s"):
        await place.shell(20).run({"command": "sleep 60", "seconds": 0.2})
    with pytest.raises(ToolError, match=r"stopped after 0\.3 s"):
        await place.shell(0.3).run({"command": "sleep 60", "seconds": 600})


@given(st.lists(st.binary(max_size=30), max_size=20), st.integers(2, 40))
def test_the_first_and_the_last_are_kept_whatever_comes(pieces: list[bytes], most: int) -> None:
    output = Output(most)
    for piece in pieces:
        output.add(piece)
        assert len(output._head) + len(output._tail) <= most * 2
    whole = b"".join(pieces)
    if len(whole) <= most // 2 * 2:
        assert output.text() == whole.decode("utf-8", "replace")
    else:
        assert "bytes left out" in output.text()


def test_a_cut_falls_between_two_characters() -> None:
    output = Output(11)
    output.add("ääääääääää".encode())
    assert "\ufffd" not in output.text()


# Nothing is left

LEAVERS = [
    "sleep 1000 & echo $!",
    "nohup sleep 1000 >/dev/null 2>&1 &",
    "setsid sleep 1000 >/dev/null 2>&1 &",
    "(setsid sh -c 'sleep 1000 & sleep 1000 &' &)",
    "(trap '' TERM HUP INT; sleep 1000) & sleep 0.1",
    "setsid sh -c \"trap '' TERM HUP; sleep 1000; sleep 1000\" & sleep 0.1",
    "sh -c 'kill -STOP $$' & sleep 0.1",
    "exec >&- 2>&-; sleep 1000 &",
    "for i in 1 2 3 4 5 6 7 8 9 10; do (setsid sh -c 'sleep 1000 & sleep 1000' &); done; sleep 0.2",
    f"{sys.executable} -c 'import os, time\nif os.fork(): os._exit(0)\nos.setsid()\n"
    "if os.fork(): os._exit(0)\ntime.sleep(1000)'",
]


@linux
@pytest.mark.parametrize("command", LEAVERS)
async def test_what_is_left_in_the_background_ends_with_the_command(place: Place, command: str) -> None:
    started = time.monotonic()
    told = await place.run(command)
    assert time.monotonic() - started < 60
    assert told.startswith("exit code 0; ")
    assert "left in the background ended with it" in told
    assert not place.alive


HANGERS = [
    *LEAVERS,
    "true",
    "trap '' TERM INT HUP QUIT; echo up",
    "trap 'echo no' TERM; echo up",
    "kill -STOP $PPID",
    "kill -9 $PPID; setsid sleep 1000 & sleep 1000 &",
    "kill -TERM $PPID; kill -INT $PPID; kill -HUP $PPID",
    "echo 'swept 0' > /proc/$PPID/fd/2; setsid sleep 1000 & kill -9 $PPID",
    "exec 3</proc/self/environ; cat <&3 >/dev/null",
]


@linux
@pytest.mark.parametrize("command", HANGERS)
async def test_a_cancelled_command_leaves_no_process(place: Place, command: str) -> None:
    ready = place.root / "ready"
    work = asyncio.create_task(place.run(f"{command}\ntouch {ready}; while :; do sleep 1000; done"))
    await place.until(lambda: ready.exists() or ("kill -9" in command and not place.alive))
    work.cancel()
    with pytest.raises((asyncio.CancelledError, ToolError)):
        await work
    assert not place.alive
    assert {task for task in asyncio.all_tasks() if not task.done()} == {asyncio.current_task()}


@linux
async def test_a_process_without_its_environment_is_found_as_well(place: Place) -> None:
    pid = place.root / "pid"
    await place.run(
        f"setsid env -i sh -c 'echo $$ > {pid}; sleep 1000' & while ! test -s {pid}; do sleep 0.01; done"
    )
    assert pid.read_text().strip() not in os.listdir("/proc")


@linux
async def test_a_bomb_of_processes_is_frozen_and_killed(place: Place) -> None:
    """Each makes two more until a file has grown to 300 lines; none ends by itself."""
    (place.root / "bomb.sh").write_text(
        "echo x >> count\nif [ $(wc -l < count) -lt 300 ]; then sh bomb.sh & sh bomb.sh & fi\nsleep 1000\n"
    )
    told = await place.refused("trap '' TERM; sh bomb.sh", 3)
    assert told.startswith("stopped after 3 s")
    assert (place.root / "count").read_text().count("x") >= 100
    assert not place.alive


@linux
async def test_cancelling_twice_does_not_shorten_the_sweep(place: Place) -> None:
    work = asyncio.create_task(place.run("trap '' TERM; while :; do sleep 1000; done"))
    await place.until(lambda: len(place.alive) >= 3)
    for _ in range(5):
        work.cancel()
        await asyncio.sleep(0.05)
    with pytest.raises(asyncio.CancelledError):
        await work
    assert not place.alive


@linux
async def test_a_command_dies_with_the_program_that_started_it(place: Place) -> None:
    """Killed with SIGKILL, the program can do nothing any more; the keeper sees its lifeline end."""
    program = (
        "import asyncio, os, pathlib, sys\n"
        "from tui.tools.builtin.commands import run_command\n"
        "asyncio.run(run_command('trap \"\" HUP; setsid sleep 1000 & sleep 1000', seconds=100,"
        " root=pathlib.Path(sys.argv[1]), environment=dict(os.environ)))\n"
    )
    environment = {**place.environment, "PYTHONPATH": str(Path(__file__).parents[3])}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, str(place.root), env=environment, start_new_session=True
    )
    await place.until(lambda: len(place.alive) >= 5)
    process.kill()
    await process.wait()
    await place.until(lambda: not place.alive)


@linux
async def test_without_a_reaper_the_group_is_ended(place: Place) -> None:
    """As on systems that cannot adopt orphans; played here so that it is seen at all."""
    program = (
        "import runpy, sys\n"
        "sys.platform = 'darwin'\n"
        "keeper = sys.argv.pop(1)\n"
        "runpy.run_path(keeper, run_name='__main__')\n"
    )
    command = "trap '' TERM; sleep 1000 & sleep 1000 & echo up; wait; sleep 1000"
    lifeline, held = os.pipe()
    keeper = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, shell_keeper.__file__, "0.2", command,
        env=place.environment, stdin=lifeline, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    os.close(lifeline)
    assert keeper.stdout is not None
    assert await keeper.stdout.readline() == b"up\n"
    os.close(held)
    async with asyncio.timeout(20):
        _, told = await keeper.communicate()
    assert told.decode().split()[2:] == ["stopped", "swept", "1"]
    assert not place.alive


async def test_many_commands_run_side_by_side(place: Place) -> None:
    told = await asyncio.gather(*(place.run(f"echo {number}; sleep 0.1") for number in range(8)))
    assert [text.split()[-1] for text in told] == [str(number) for number in range(8)]


async def test_no_descriptor_is_left_open(place: Place) -> None:
    def count() -> int:
        return len(os.listdir("/dev/fd"))

    await place.run("true")
    before = count()
    for command in ("true", "sleep 1000 &", "exit 1"):
        await place.run(command)
    with pytest.raises(ToolError):
        await place.run("sleep 1000", 0.1)
    await place.until(lambda: count() <= before)


@linux
async def test_the_mark_finds_what_a_killed_keeper_left(place: Place) -> None:
    outcome = await run_command(
        "kill -9 $PPID; setsid sleep 1000 & setsid sleep 1000 & echo up; sleep 1000",
        root=place.root,
        environment=place.environment,
        seconds=20,
    )
    assert (outcome.code, outcome.signal) == (None, None)
    assert not place.alive
    assert marked("no such mark") == set()


def test_the_description_tells_the_limit() -> None:
    spec: Any = Shell(Path("/"), 45, dict).spec
    assert "45" in spec.schema["properties"]["seconds"]["description"]
