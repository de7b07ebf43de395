"""A slip of more than a quarter fails, less does not, and what was only noise is measured again."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from benchmarks.check import AGAIN, check, load, save, worst
from benchmarks.measure import Figure, Measure, Result, Row, results
from benchmarks.measures.short import SHORT

RATIO = Row("a.ratio", "CPU of it", "ms", "the floor")
OWN = Row("a.own", "bytes of it", "kB", "", None, "ours")


def measure(*rows: Row) -> Measure:
    return Measure("a", rows, lambda bench: {})


def looks(*figures: float) -> tuple[Callable[[Measure], Sequence[Result]], list[float]]:
    """Measuring that comes to these ratios, one after another, and those not yet asked for."""
    left: list[float] = list(figures)

    def look(asked: Measure) -> Sequence[Result]:
        return results(asked, [{asked.rows[0].name: Figure(left.pop(0) * 7, 7)}])

    return look, left


def test_ten_percent_are_no_slip() -> None:
    look, left = looks(2.2, 9.0)
    found, slips = check([measure(RATIO)], {"a.ratio": 2.0}, look)
    assert slips == []
    assert found[0].judged == pytest.approx(2.2)
    assert left == [9.0]


def test_thirty_percent_are_one_and_are_told() -> None:
    look, left = looks(*[2.6] * (AGAIN + 1), 1.0)
    _, slips = check([measure(RATIO)], {"a.ratio": 2.0}, look)
    assert [str(slip) for slip in slips] == [
        "slower than recorded: CPU of it is 2.6, 1.30 times the 2 of before"
    ]
    assert left == [1.0]


def test_noise_is_measured_again_and_the_best_counts() -> None:
    look, left = looks(2.9, 2.7, 2.4, 9.0)
    found, slips = check([measure(RATIO)], {"a.ratio": 2.0}, look)
    assert slips == []
    assert found[0].judged == pytest.approx(2.4)
    assert left == [9.0]


def test_a_figure_without_a_floor_is_judged_by_itself() -> None:
    look = lambda asked: results(asked, [{"a.own": Figure(130)}])  # noqa: E731
    assert check([measure(OWN)], {"a.own": 120.0}, look)[1] == []
    (slip,) = check([measure(OWN)], {"a.own": 100.0}, look)[1]
    assert slip.now == 130


def test_what_was_nothing_may_not_become_something() -> None:
    look = lambda asked: results(asked, [{"a.own": Figure(1)}])  # noqa: E731
    (slip,) = check([measure(OWN)], {"a.own": 0.0}, look)[1]
    assert "more than the 0 of before" in str(slip)


def test_one_row_of_a_measure_keeps_its_best_while_another_is_measured_again() -> None:
    told: Iterator[dict[str, Figure]] = iter(
        [{"a.ratio": Figure(1, 1), "a.own": Figure(200)}, {"a.ratio": Figure(3, 1), "a.own": Figure(100)}]
    )
    found, slips = check(
        [measure(RATIO, OWN)], {"a.ratio": 1.0, "a.own": 100.0}, lambda m: results(m, [next(told)])
    )
    assert slips == []
    assert [result.judged for result in found] == [1, 100]


def test_the_median_of_the_looks_counts() -> None:
    figures = [{"a.ratio": Figure(ours, floor)} for ours, floor in ((1, 1), (9, 1), (4, 2))]
    (found,) = results(measure(RATIO), figures)
    assert (found.ours, found.floor, found.ratio) == (4, 1, 2)


def test_what_is_recorded_is_held_against_later(tmp_path: Path) -> None:
    file = tmp_path / "recorded.json"
    save(file, results(measure(RATIO), [{"a.ratio": Figure(3, 2)}]), {"date": "today"})
    assert load(file) == {"a.ratio": 1.5}


def test_what_is_recorded_is_the_worst_of_some_rounds() -> None:
    rounds = [results(measure(RATIO), [{"a.ratio": Figure(ours, 2)}]) for ours in (3, 5, 4)]
    assert [result.judged for result in worst(rounds)] == [2.5]


def test_every_row_of_the_short_form_is_recorded() -> None:
    recorded = load(Path(__file__).parents[2] / "benchmarks" / "recorded.json")
    assert set(recorded) == {row.name for measure in SHORT for row in measure.rows}
