"""How long the event loop is held while an answer comes, and how soon a key is on the screen meanwhile."""

from __future__ import annotations

import time
from statistics import median

from benchmarks.bench import Bench
from benchmarks.measure import Figure, Measure, Row
from benchmarks.ours import READY, longest, typed
from benchmarks.terminal import Terminal
from benchmarks.watch import Seen, Watch

SECONDS = 4
RATES: tuple[int | None, ...] = (50, 500, 1_000, 2_000, None)
UNLIMITED = 20_000
"""Tokens of an answer without a rate."""
KEYS = "abcdefghijklmnopqrstuvwxyzabcdefghijklmn"
IDLE_KEYS = KEYS[:12]
GAP_S = 0.113
"""Between two keys; in no step with frames of 1/15, 1/30 or 1/60 s."""


def _name(rate: int | None) -> str:
    return str(rate or "unlimited")


def _lag(bench: Bench) -> dict[str, Figure]:
    found: dict[str, Figure] = {}
    terminal, watch = bench.watched()
    with terminal:
        watch.begin()
        time.sleep(1.5)
        idle = watch.end()
        for rate in RATES:
            seen = _while_streaming(terminal, watch, bench, rate)
            found[f"lag.max.{_name(rate)}"] = Figure(seen.worst, idle.worst)
            found[f"lag.p95.{_name(rate)}"] = Figure(seen.p95, idle.p95)
    return found


def _while_streaming(terminal: Terminal, watch: Watch, bench: Bench, rate: int | None) -> Seen:
    """What the loop was like from Enter to the last word, and not before or after."""
    tokens = rate * SECONDS if rate else UNLIMITED
    mark = typed(terminal, bench.server, tokens, rate)
    watch.begin()
    terminal.press("\r")
    terminal.wait_written(mark, longest(tokens, rate))
    seen = watch.end()
    terminal.settle()
    return seen


def _keys(bench: Bench) -> dict[str, Figure]:
    with bench.chat() as terminal:
        idle = latencies(terminal, IDLE_KEYS)
        terminal.press("\x15")
        terminal.quiet(0.4)
        bench.server.play(int(2000 * (len(KEYS) * GAP_S + 2)), 2000)
        terminal.enter("go on")
        time.sleep(0.7)
        busy = latencies(terminal, KEYS)
    quiet = median(idle)
    return {
        "keys.p50": Figure(median(busy), quiet),
        "keys.p99": Figure(sorted(busy)[int(len(busy) * 0.99) - 1], quiet),
        "keys.max": Figure(max(busy), quiet),
    }


def _early(bench: Bench) -> dict[str, Figure]:
    """Keys from the first frame on, while the chat is loaded behind it and takes its place."""
    house = bench.house()
    with house.open() as terminal:
        terminal.wait_for(READY)
        found = latencies(terminal, IDLE_KEYS)
        _cleared(terminal)
        quiet = median(latencies(terminal, IDLE_KEYS))
        # What was typed would be there at the next start.
        _cleared(terminal)
    return {"early.p50": Figure(median(found), quiet), "early.max": Figure(max(found), quiet)}


def _cleared(terminal: Terminal) -> None:
    terminal.press("\x15")
    terminal.settle(0.5)


def latencies(terminal: Terminal, keys: str, sign: str = READY) -> list[float]:
    """Milliseconds from each key until what was typed stands behind ``sign``; the prompt is empty before."""
    pressed = []
    for key in keys:
        pressed.append(terminal.press(key))
        time.sleep(GAP_S)
    time.sleep(0.5)
    found: list[float] = []
    for at, replay in terminal.replayed():
        if at < pressed[0]:
            continue
        while len(found) < len(keys) and replay.changed_to_show(f"{sign} {keys[: len(found) + 1]}"):
            found.append((at - pressed[len(found)]) * 1000)
    if len(found) < len(keys):
        raise TimeoutError(f"only {keys[: len(found)]!r} of {keys!r} came to the screen")
    return found


IDLE = "the same program idle"
_LIMITS = {"max.1000": 50.0, "p95.1000": 15.0}
_ROWS = tuple(
    Row(
        f"lag.{which}.{_name(rate)}",
        f"event-loop lag, {which}, at {f'{rate:,} tokens/s' if rate else 'unlimited speed'}",
        "ms",
        IDLE,
        _LIMITS.get(f"{which}.{_name(rate)}"),
        "ours",
    )
    for rate in RATES
    for which in ("max", "p95")
)
MEASURES = (
    Measure("lag", _ROWS, _lag),
    Measure(
        "early",
        (
            Row("early.p50", "key to screen while the chat is loaded, p50", "ms", IDLE, None, "ours"),
            Row("early.max", "key to screen while the chat is loaded, max", "ms", IDLE, None, "ours"),
        ),
        _early,
    ),
    Measure(
        "keys",
        (
            Row("keys.p50", "key to screen at 2,000 tokens/s, p50", "ms", IDLE, 33, "ours"),
            Row("keys.p99", "key to screen at 2,000 tokens/s, p99", "ms", IDLE, None, "ours"),
            Row("keys.max", "key to screen at 2,000 tokens/s, max", "ms", IDLE, 60, "ours"),
        ),
        _keys,
    ),
)
