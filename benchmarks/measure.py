"""What a measure is, and what came out of it: ours against a floor, side by side in one run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from benchmarks.bench import Bench


@dataclass(frozen=True, slots=True)
class Figure:
    """One look: what ours took and what the floor took, in the row's unit."""

    ours: float
    floor: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times the floor; None without one."""
        return self.ours / self.floor if self.floor else None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    name: str
    """A short name, the measure's first: ``start.ready``."""
    what: str
    unit: str
    against: str
    """What the floor is; empty where there is none."""
    limit: float | None = None
    """What is to be reached; None where nothing is promised."""
    by: Literal["ratio", "ours"] = "ratio"
    """Whether the limit is one of the ratio or of our own figure."""


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that is done several times; each time gives a figure for each of its rows."""

    name: str
    rows: tuple[Row, ...]
    sample: Callable[[Bench], Mapping[str, Figure]]
    """Looks once, at ours and at the floor one right after the other; figures by the rows' names."""
    runs: int = 3


@dataclass(frozen=True, slots=True)
class Result:
    """The medians of a row."""

    row: Row
    ours: float
    floor: float | None
    ratio: float | None
    """The median of the ratios of each look, not the ratio of the medians."""

    @property
    def judged(self) -> float:
        """The figure that is held against the limit, and against what was recorded."""
        return self.ratio if self.row.by == "ratio" and self.ratio is not None else self.ours

    @property
    def reached(self) -> bool | None:
        """Whether the limit is kept; None where there is none."""
        return None if self.row.limit is None else self.judged <= self.row.limit


def results(measure: Measure, looks: Sequence[Mapping[str, Figure]]) -> list[Result]:
    """What several looks come to, row by row."""
    return [_result(row, [look[row.name] for look in looks]) for row in measure.rows]


def _result(row: Row, figures: list[Figure]) -> Result:
    floors = [f.floor for f in figures if f.floor is not None]
    ratios = [f.ratio for f in figures if f.ratio is not None]
    return Result(
        row,
        median(f.ours for f in figures),
        median(floors) if floors else None,
        median(ratios) if ratios else None,
    )


def run(measure: Measure, bench: Bench, runs: int | None = None) -> list[Result]:
    """Look as often as the measure wants, or so often."""
    return results(measure, [measure.sample(bench) for _ in range(runs or measure.runs)])
