"""The short form: a handful of measures in CPU time and counts, which other programs hardly disturb."""

from __future__ import annotations

import json
import re
import sys
from statistics import median

from benchmarks.bench import Bench
from benchmarks.measure import Figure, Measure, Row
from benchmarks.measures import keeping, start
from benchmarks.measures.stream import cost
from benchmarks.ours import ask
from benchmarks.processes import run

TOKENS = 5_000
RATE = 200.0
MESSAGES = 4_000
ENDS = re.compile(r"first frame after ([\d.]+) s")


def _start(bench: Bench) -> dict[str, Figure]:
    terminal, watch = bench.watched(warm=False)
    with terminal:
        watch.begin()
        seen = watch.end()
    with bench.floor("empty_app", "once") as terminal:
        terminal.end()
        written = b"".join(chunk.data for chunk in terminal.chunks).decode("utf-8", "replace")
    found = ENDS.search(written)
    if found is None:
        raise TimeoutError("the empty app does not tell what it took")
    floor = float(found[1]) * 1000
    return {
        "short.start": Figure(seen.first * 1000, floor),
        "short.whole": Figure(seen.whole * 1000, floor),
        "short.slow": Figure(len(start.slow(seen.modules))),
        "short.modules": Figure(len(seen.modules)),
    }


def _help(bench: Bench) -> dict[str, Figure]:
    env, house = bench.house().env, bench.house()
    least = [run([sys.executable, "-c", "pass"], env=env).cpu * 1000 for _ in range(3)]
    told = [run(house.command("--help"), env=env).cpu * 1000 for _ in range(3)]
    return {"short.help": Figure(median(told), median(least))}


def _stream(bench: Bench) -> dict[str, Figure]:
    with bench.chat() as terminal:
        token = min(cost(terminal, bench, TOKENS) for _ in range(2))
        calm = ask(terminal, bench.server, int(RATE * 2), RATE)
        long = min(cost(terminal, bench, TOKENS * 4) for _ in range(2))
    raw = bench.raw_loop("messages", TOKENS)
    return {
        "short.token": Figure(token, raw),
        "short.growth": Figure(long, token),
        "short.bytes": Figure(calm.written / 1000),
    }


def _open(bench: Bench) -> dict[str, Figure]:
    id = bench.session(MESSAGES)
    command = [sys.executable, "-m", "benchmarks.opening", str(bench.house().data / "sessions.db"), id]
    told = json.loads(run(command, env=bench.house().env).output)
    thousands = told["count"] / 1000
    return {
        "short.open": Figure(told["ours"], told["floor"]),
        "short.memory": Figure(told["held"] / thousands, told["text"] / thousands),
    }


def _chunk(bench: Bench) -> dict[str, Figure]:
    return {"short.chunk": keeping.chunk(bench)["chunk.cpu"]}


SHORT = (
    Measure(
        "short-start",
        (
            Row("short.start", "CPU to the first frame", "ms", start.EMPTY, 1.4),
            Row("short.whole", "CPU to the whole screen", "ms", start.EMPTY),
            Row("short.slow", f"modules of {', '.join(start.SLOW)} then", "", "", 0, "ours"),
            Row("short.modules", "all modules then", "", ""),
        ),
        _start,
    ),
    Measure("short-help", (Row("short.help", "`--help`, CPU", "ms", start.NOTHING, 3),), _help),
    Measure(
        "short-stream",
        (
            Row("short.token", "CPU a token, 5,000 as fast as they come", "µs", "raw loop", 2),
            Row("short.growth", "CPU a token of 20,000", "µs", "5,000 tokens"),
            Row("short.bytes", "bytes to the terminal for 400 tokens at 200 a second", "kB", ""),
        ),
        _stream,
        runs=1,
    ),
    Measure(
        "short-open",
        (
            Row("short.open", f"{MESSAGES:,} messages read and shown, CPU", "ms", "`json.loads` of them"),
            Row("short.memory", "what Python holds for 1,000 messages", "MB", "them as JSON", 2, "ours"),
        ),
        _open,
        runs=1,
    ),
    Measure(
        "short-chunk", (Row("short.chunk", "storing a chunk, CPU", "µs", "raw loop", 0.1),), _chunk, runs=3
    ),
)
"""What CI looks at, cheap and steady."""
