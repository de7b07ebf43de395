"""Two programs on one file: no error, no lost row; and what was awaited outlives the program."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from tests.store.waiting import until
from tui.store import Store

TURNS = int(os.environ.get("SIGHTLINE_STORE_TURNS", "40"))
"""Of each program; a thousand shows more and takes minutes."""

_CHAT = """
import asyncio, sys
from pathlib import Path
from tests.store.talk import Talk, keep
from tui.store import Store

async def main(path, name, seed, turns):
    store = Store.open(Path(path), lambda: 5.0)
    writer, both = store.writer(name), store.writer("bothbothboth")
    for n, step in enumerate(Talk(int(seed), name).turns(int(turns))):
        await keep(writer, step)
        await both.node(step.answer, step.state)
        if n % 10 == 9:
            copy = store.copy(name)
            store.sessions("the")
            store.purge(copy)
        if writer.trouble:
            print(writer.trouble.says)
    store.close()

asyncio.run(main(*sys.argv[1:]))
"""


def _program(code: str, *args: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", code, *args],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path.cwd(),
    )


def test_two_programs_chat_at_once(tmp_path: Path) -> None:
    path = tmp_path / "sessions.db"
    programs = [
        _program(_CHAT, str(path), name * 12, str(seed), str(TURNS)) for seed, name in enumerate("ab")
    ]
    for program in programs:
        told, _ = program.communicate(timeout=60 + TURNS * 10)
        assert (program.returncode, told) == (0, "")
    store = Store.open(path, lambda: 5.0)
    for name in "ab":
        read = store.load(name * 12)
        assert len(read.nodes) == 4 * TURNS
        assert len(read.path()) == 4 * TURNS
        assert len(read.exchanges) == 2 * TURNS
        assert {exchange.state for exchange in read.exchanges} == {"done"}
        # Together the bodies of a thousand turns would not fit into memory.
        for exchange in read.exchanges[:: max(TURNS // 20, 1)]:
            wire = store.wire(exchange.id)
            assert wire is not None
            assert len(json.loads(wire.body)["messages"]) == 2 * exchange.step - 1
            assert wire.frames
    assert len(store.load("bothbothboth").nodes) == 4 * TURNS
    assert store._read(lambda db: db.execute("PRAGMA integrity_check").fetchone()[0]) == "ok"
    assert store._read(lambda db: db.execute("PRAGMA foreign_key_check").fetchall()) == []
    store.close()


_AWAITED = """
import asyncio, os, signal, sys
from pathlib import Path
from tests.store.talk import Talk, keep
from tui.store import Store

async def main(path):
    store = Store.open(Path(path), lambda: 5.0)
    for step in Talk().turns(2):
        await keep(store.writer("aaaaaaaaaaaa"), step)
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main(sys.argv[1]))
"""


def test_what_was_awaited_outlives_the_program(tmp_path: Path) -> None:
    path = tmp_path / "sessions.db"
    program = _program(_AWAITED, str(path))
    program.communicate(timeout=60)
    assert program.returncode == -9
    store = Store.open(path, lambda: 5.0)
    read = store.record("aaaaaaaaaaaa")
    assert len(read.nodes) == 8
    assert [e.state for e in read.exchanges] == ["done"] * 4
    assert not store.pending("aaaaaaaaaaaa")
    store.close()


_STREAMING = """
import asyncio, sys, time
from dataclasses import replace
from pathlib import Path
from tests.store.talk import Talk
from tui.chat.frame import Frame
from tui.store import Store

async def main(path):
    store = Store.open(Path(path), lambda: 5.0)
    step = next(iter(Talk().turns(1)))
    writer = store.writer("aaaaaaaaaaaa")
    await writer.node(step.before, step.state)
    exchange = await writer.exchange(replace(step.exchange, state="open", answer=None), step.body)
    n = 0
    while True:
        # CLOCK_MONOTONIC, which the other program reads too.
        exchange.frame(Frame("delta", str(n), time.monotonic()))
        n += 1
        if n == 50:
            print("streaming", flush=True)
        await asyncio.sleep(0.002)

asyncio.run(main(sys.argv[1]))
"""


def test_a_frame_is_durable_within_a_quarter_of_a_second(tmp_path: Path) -> None:
    path = tmp_path / "sessions.db"
    program = _program(_STREAMING, str(path))
    assert program.stdout is not None
    assert program.stdout.readline() == "streaming\n"
    store = Store.open(path, lambda: 5.0)
    late = []
    # On a busy machine the other program may not even run for a while: what counts is what it manages.
    for _ in range(5):
        at = time.monotonic()
        program_runs = store._running.open_sessions()
        assert "aaaaaaaaaaaa" in program_runs
        frames = store.record("aaaaaaaaaaaa").exchanges[0].wire
        assert frames is not None
        late.append(at - frames.frames[-1].at if frames.frames else 9.0)
        time.sleep(0.03)
    program.kill()
    program.communicate(timeout=30)
    assert min(late) < 0.25
    until(lambda: store.pending("aaaaaaaaaaaa"))
    (left,) = store.pending("aaaaaaaaaaaa").exchanges
    assert left.wire is not None
    assert [frame.data for frame in left.wire.frames] == [str(n) for n in range(len(left.wire.frames))]
    assert len(left.wire.frames) >= 1
    store.close()
