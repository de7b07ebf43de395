"""Holds a run against recorded figures: a slip of more than a quarter is told, noise is not.

A figure that looks worse is measured again, and the best of its medians counts: other programs make
figures worse now and then, and never better.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import Measure, Result

ALLOWED = 1.25
"""How many times the recorded figure is still none the worse."""
AGAIN = 4
"""How often a measure that looks worse is measured again at the most."""

Recorded = Mapping[str, float]
"""The judged figures of an earlier run, by the rows' names."""
Look = Callable[[Measure], Sequence[Result]]


@dataclass(frozen=True, slots=True)
class Slip:
    """A figure that got worse."""

    what: str
    was: float
    now: float

    def __str__(self) -> str:
        times = f"{self.now / self.was:.2f} times" if self.was else "more than"
        return f"slower than recorded: {self.what} is {self.now:.4g}, {times} the {self.was:.4g} of before"


def check(measures: Sequence[Measure], recorded: Recorded, look: Look) -> tuple[list[Result], list[Slip]]:
    """The best results of some measures, and what of them slipped. KeyError where a row was not recorded."""
    results: list[Result] = []
    for measure in measures:
        best = {result.row.name: result for result in look(measure)}
        for _ in range(AGAIN):
            if not any(_is_worse(result, recorded) for result in best.values()):
                break
            for result in look(measure):
                best[result.row.name] = min(best[result.row.name], result, key=lambda r: r.judged)
        results += best.values()
    slips = [
        Slip(result.row.what, recorded[result.row.name], result.judged)
        for result in results
        if _is_worse(result, recorded)
    ]
    return results, slips


def worst(rounds: Sequence[Sequence[Result]]) -> list[Result]:
    """For each row the worst result of several rounds: minutes apart even a quiet machine is not the same."""
    found: dict[str, Result] = {}
    for result in (result for results in rounds for result in results):
        found[result.row.name] = max(found.get(result.row.name, result), result, key=lambda r: r.judged)
    return list(found.values())


def _is_worse(result: Result, recorded: Recorded) -> bool:
    return result.judged > recorded[result.row.name] * ALLOWED


def load(path: Path) -> Recorded:
    """What was recorded."""
    told: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))["figures"]
    return told


def save(path: Path, results: Sequence[Result], told: Mapping[str, str]) -> None:
    """Record a run, with what it was made with."""
    figures = {result.row.name: float(f"{result.judged:.4g}") for result in results}
    path.write_text(json.dumps({**told, "figures": figures}, indent=1) + "\n", encoding="utf-8")
