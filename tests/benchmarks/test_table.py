"""The table of a run, in columns and on the page."""

from pathlib import Path

import pytest

from benchmarks.measure import Figure, Measure, Row, results
from benchmarks.measures import ALL
from benchmarks.measures.short import SHORT
from benchmarks.table import BEGIN, END, as_markdown, as_text, put

PAGE = Path(__file__).parents[2] / "docs" / "speed.md"
ROWS = (
    Row("a.one", "start", "ms", "an empty app", 1.4),
    Row("a.two", "bytes", "kB", "the other", 400, "ours"),
    Row("a.three", "all modules", "", ""),
)
FOUND = results(
    Measure("a", ROWS, lambda bench: {}),
    [{"a.one": Figure(300, 200), "a.two": Figure(216.4, 2595), "a.three": Figure(1185)}],
)


def test_what_was_reached_and_what_was_not() -> None:
    assert as_markdown(FOUND).splitlines()[2:] == [
        "| start | 300 ms | 200 ms, an empty app | 1.50 | <= 1.4 | no |",
        "| bytes | 216 kB | 2,595 kB, the other | 0.08 | <= 400 kB | yes |",
        "| all modules | 1,185 |  |  |  |  |",
    ]


def test_columns_stand_below_each_other() -> None:
    head, first, second, _ = as_text(FOUND).splitlines()
    assert head.index("floor") == first.index("200 ms") == second.index("2,595 kB")


def test_a_run_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    put(page, "new")
    put(page, "newer")
    assert page.read_text(encoding="utf-8") == f"before\n{BEGIN}\nnewer\n{END}\nafter\n"


def test_a_page_without_a_place_is_not_overwritten(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no place"):
        put(page, "new")
    assert page.read_text(encoding="utf-8") == "before\n"


def test_every_row_has_a_name_of_its_own_and_the_page_a_place_for_them() -> None:
    names = [row.name for measure in (*ALL, *SHORT) for row in measure.rows]
    assert len(names) == len(set(names)) > 40
    page = PAGE.read_text(encoding="utf-8")
    assert (page.count(BEGIN), page.count(END)) == (1, 1)
