"""How soon the program is there: the screen, and the commands that only print."""

from __future__ import annotations

import sys

from benchmarks.bench import Bench
from benchmarks.floors.empty_app import READY as FLOOR_READY
from benchmarks.measure import Figure, Measure, Row
from benchmarks.ours import READY, WHOLE
from benchmarks.processes import run
from benchmarks.terminal import Terminal

SLOW = ("anthropic", "openai", "mcp", "httpx2")
"""What is not to be imported before the first frame."""
EMPTY = "an empty Textual app with an Input"
NOTHING = "`python -c pass`"


def _sample(bench: Bench) -> dict[str, Figure]:
    house = bench.house()
    paint, ready, whole = _started(house.open(), READY, WHOLE)
    floor_paint, floor_ready = _started(bench.floor("empty_app"), FLOOR_READY)
    return {
        "start.paint": Figure(paint, floor_paint),
        "start.ready": Figure(ready, floor_ready),
        "start.whole": Figure(whole, floor_ready),
    }


def _started(terminal: Terminal, *texts: str) -> list[float]:
    """Milliseconds from spawn until something was painted, and until each of ``texts`` stood there."""
    with terminal:
        there = [(terminal.wait_for(text) - terminal.began) * 1000 for text in texts]
        return [terminal.first_paint() * 1000, *there]


def _imports(bench: Bench) -> dict[str, Figure]:
    terminal, watch = bench.watched(warm=False)
    with terminal:
        watch.begin()
        modules = watch.end().modules
    return {"imports.slow": Figure(len(slow(modules))), "imports.all": Figure(len(modules))}


def slow(modules: tuple[str, ...]) -> list[str]:
    """Those of ``modules`` that belong to something slow to import."""
    return [name for name in modules if name.partition(".")[0] in SLOW]


def _commands(bench: Bench) -> dict[str, Figure]:
    house = bench.house()
    least = run([sys.executable, "-c", "pass"], env=house.env)
    told = run(house.command("--help"), env=house.env)
    routed = run(house.command("route", "bench-claude"), env=house.env)
    return {
        "commands.help": Figure(told.seconds * 1000, least.seconds * 1000),
        "commands.help-cpu": Figure(told.cpu * 1000, least.cpu * 1000),
        "commands.route": Figure(routed.seconds * 1000, least.seconds * 1000),
        "commands.route-cpu": Figure(routed.cpu * 1000, least.cpu * 1000),
    }


MEASURES = (
    Measure(
        "start",
        (
            Row("start.paint", "start to first paint", "ms", EMPTY, 1.4),
            Row("start.ready", "start to a prompt that can be typed into", "ms", EMPTY, 1.4),
            Row("start.whole", "start to the whole screen", "ms", EMPTY),
        ),
        _sample,
        runs=7,
    ),
    Measure(
        "imports",
        (
            Row(
                "imports.slow",
                f"modules of {', '.join(SLOW)} when the whole screen stands",
                "",
                "",
                0,
                "ours",
            ),
            Row("imports.all", "all modules then", "", ""),
        ),
        _imports,
        runs=1,
    ),
    Measure(
        "commands",
        (
            Row("commands.help", "`--help`", "ms", NOTHING, 3),
            Row("commands.help-cpu", "`--help`, CPU", "ms", NOTHING, 3),
            Row("commands.route", "`route MODEL`, asking the proxy", "ms", NOTHING),
            Row("commands.route-cpu", "`route MODEL`, CPU", "ms", NOTHING),
        ),
        _commands,
        runs=7,
    ),
)
