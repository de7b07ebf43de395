"""What is looked at in each program, a fresh start of it each time."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median_low

from benchmarks.bench import Bench
from benchmarks.floors.empty_app import READY as FLOOR_READY
from benchmarks.peers import keys
from benchmarks.peers.answers import Shown, ask
from benchmarks.peers.subject import Subject
from benchmarks.processes import memory_of_tree
from benchmarks.terminal import Terminal

TOKENS, CALM_TOKENS, CALM_RATE = 5_000, 2_000, 200.0
WARM = 200
"""Tokens of the answer before anything of answers is measured: it loads what is lazy."""
START_S, WARM_S, FAST_S, CALM_S = 90.0, 60.0, 20.0, 15.0
"""How long each is waited for: the prompt, and the answers."""


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A figure; ``least``: it was more than that when the waiting ended."""

    value: float
    least: bool = False


Look = Mapping[str, Found]


def start(subject: Subject, bench: Bench) -> Look:
    """From spawn to the prompt, beside an empty Textual application; and the printing of the help."""
    with bench.floor("empty_app") as terminal:
        floor = terminal.wait_for(FLOOR_READY) - terminal.began
    with subject.open() as terminal:
        ready = terminal.wait_for(subject.ready, START_S) - terminal.began
    found = {"ready": Found(ready * 1000), "ready.ratio": Found(ready / floor)}
    if subject.helped:
        found["help"] = Found(_printed(subject) * 1000)
    return found


def fast(subject: Subject, bench: Bench) -> Look:
    """A long answer as fast as it is taken, and the memory after it."""
    with subject.open() as terminal:
        _warm(subject, terminal, bench)
        shown = ask(subject, terminal, bench.server, TOKENS, patience=FAST_S)
        memory = memory_of_tree(terminal.pid) / 1e6
    return {**_told("fast", shown), "memory": Found(memory, not shown.whole)}


def calm(subject: Subject, bench: Bench) -> Look:
    """An answer at the speed of a quick model."""
    with subject.open() as terminal:
        _warm(subject, terminal, bench)
        shown = ask(subject, terminal, bench.server, CALM_TOKENS, CALM_RATE, patience=CALM_S)
    return _told("calm", shown)


def pressed(subject: Subject, bench: Bench) -> Look:
    """Keys, idle and while an answer comes."""
    with subject.open() as terminal:
        _warm(subject, terminal, bench)
        told = keys.measure(subject, terminal, bench.server)
    most = keys.PATIENCE_S * 1000
    names = ("keys.idle", "keys.p50", "keys.max")
    return {n: Found(min(ms, most), ms > most) for n, ms in zip(names, told, strict=True)}


ROUNDS: tuple[tuple[Callable[[Subject, Bench], Look], int], ...] = (
    (start, 3),
    (fast, 3),
    (calm, 1),
    (pressed, 1),
)
"""What is looked at, and how often."""


def _warm(subject: Subject, terminal: Terminal, bench: Bench) -> None:
    terminal.wait_for(subject.ready, START_S)
    terminal.quiet(0.6, timeout=3.0)
    if not ask(subject, terminal, bench.server, WARM, patience=WARM_S).whole:
        raise TimeoutError(f"no answer of {WARM} tokens within {WARM_S:.0f} s")
    terminal.quiet(0.6, timeout=3.0)
    # Titles and the like are asked for beside the first prompt.
    time.sleep(0.5)


def _printed(subject: Subject) -> float:
    """Seconds until the help was printed; on whichever of the outputs, and with whatever exit code."""
    began = time.perf_counter()
    subprocess.run(
        subject.helped, env=subject.env, cwd=subject.work, capture_output=True, timeout=START_S, check=False
    )
    return time.perf_counter() - began


def _told(what: str, shown: Shown) -> dict[str, Found]:
    least = not shown.whole
    return {
        f"{what}.shown": Found(shown.seconds, least),
        f"{what}.cpu": Found(shown.cpu, least),
        f"{what}.written": Found(shown.written / 1000, least),
    }


def medians(looks: Sequence[Look]) -> dict[str, Found]:
    """The middle figure of each name; one that was not waited for to its end counts as what it was then."""
    names = dict.fromkeys(name for look in looks for name in look)
    return {name: _middle([look[name] for look in looks if name in look]) for name in names}


def _middle(found: list[Found]) -> Found:
    return replace(median_low(found), least=any(one.least for one in found))
