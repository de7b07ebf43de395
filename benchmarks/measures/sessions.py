"""Long sessions in the real program: to open them, their memory, and what is done to the whole of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

from benchmarks import talks
from benchmarks.bench import Bench
from benchmarks.floors.empty_app import READY as FLOOR_READY
from benchmarks.measure import Figure, Measure, Row
from benchmarks.ours import WHOLE, ask
from benchmarks.processes import memory_of
from benchmarks.terminal import Terminal
from benchmarks.watch import Watch

COUNTS = (200, 2_000, 10_000)
SHORT, LONG = COUNTS[0], COUNTS[-1]
FOLDED = "\x14\x07"
"""The keys that fold all thinking, and all tools."""
PAGE_UP = "\x1b[5~"


def _open(bench: Bench) -> dict[str, Figure]:
    with bench.floor("empty_app") as terminal:
        floor = terminal.wait_for(FLOOR_READY) - terminal.began
    with bench.house().open() as terminal:
        start = terminal.wait_for(WHOLE) - terminal.began
    found = {}
    for count in COUNTS:
        with bench.house().open("-s", bench.session(count)) as terminal:
            took = terminal.wait_for(talks.last_word(count)) - terminal.began
        found[f"open.{count}"] = Figure(max(0.0, took - start) * 1000, floor * 1000)
    return found


def _memory(bench: Bench) -> dict[str, Figure]:
    opened, spoken = {}, {}
    for count in (SHORT, LONG):
        with bench.house().open("-s", bench.session(count)) as terminal:
            terminal.wait_for(talks.last_word(count))
            terminal.settle(1.0)
            opened[count] = memory_of(terminal.pid) / 1e6
            ask(terminal, bench.server, 200)
            terminal.settle(1.0)
            spoken[count] = memory_of(terminal.pid) / 1e6
    text = sum(len(part) for part in talks.texts(LONG)) / 1e6 / LONG * 1000
    each = {
        name: (used[LONG] - used[SHORT]) / (LONG - SHORT) * 1000
        for name, used in (("session", opened), ("spoken", spoken))
    }
    return {f"memory.{name}": Figure(used, text) for name, used in each.items()}


def _acts(bench: Bench) -> dict[str, Figure]:
    few, many = _held(bench, SHORT), _held(bench, LONG)
    return {f"acts.{name}": Figure(many[name], few[name]) for name in many}


def _held(bench: Bench, count: int) -> dict[str, float]:
    """The longest hold of the loop in ms, by what was done; and how soon a page up was painted."""
    terminal, watch = bench.watched("-s", bench.session(count))
    with terminal:
        held = {
            "resize": _during(terminal, watch, lambda: terminal.resize(104, 36)),
            "theme": _during(terminal, watch, lambda: terminal.enter("/theme")),
        }
        waits: list[float] = []
        held["scroll"] = _during(terminal, watch, lambda: waits.extend(_paged(terminal)))
        # In the middle of it, where what is folded above and below moves what is read.
        held["fold"] = _during(terminal, watch, lambda: terminal.press(FOLDED))
    held["page"] = median(waits)
    return held


def _during(terminal: Terminal, watch: Watch, act: Callable[[], object]) -> float:
    watch.begin()
    act()
    time.sleep(0.3)
    terminal.quiet(0.4)
    return watch.end().worst


def _paged(terminal: Terminal) -> list[float]:
    """Milliseconds from a page up until the terminal was written to, twenty times."""
    waits = []
    for _ in range(20):
        terminal.quiet(0.1, timeout=1.0)
        before = len(terminal.chunks)
        at = terminal.press(PAGE_UP)
        time.sleep(0.15)
        waits += [(chunk.at - at) * 1000 for chunk in terminal.chunks[before : before + 1]]
    return waits


EMPTY = "start of an empty Textual app"
FEW = "at 200 messages"
MEASURES = (
    Measure(
        "open",
        tuple(
            Row(
                f"open.{count}",
                f"open {count:,} messages, our own start taken off",
                "ms",
                EMPTY,
                0.3 if count == LONG else None,
            )
            for count in COUNTS
        ),
        _open,
        runs=5,
    ),
    Measure(
        "memory",
        (
            Row("memory.session", "memory of 1,000 messages, text included", "MB", "their text", 2, "ours"),
            Row("memory.spoken", "the same after a prompt", "MB", "their text", None, "ours"),
        ),
        _memory,
    ),
    Measure(
        "acts",
        (
            Row("acts.resize", "longest hold at a resize, 10,000 messages", "ms", FEW, 100, "ours"),
            Row("acts.theme", "longest hold at a change of theme, 10,000 messages", "ms", FEW, 100, "ours"),
            Row("acts.fold", "longest hold at folding all, 10,000 messages", "ms", FEW, 100, "ours"),
            Row("acts.scroll", "longest hold at paging up, 10,000 messages", "ms", FEW, None, "ours"),
            Row("acts.page", "a page up to the screen, 10,000 messages", "ms", FEW, None, "ours"),
        ),
        _acts,
    ),
)
