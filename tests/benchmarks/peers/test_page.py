from benchmarks.peers.looks import Found, medians
from benchmarks.peers.page import ROWS, as_markdown, remarks


def line(table: str, name: str) -> str:
    return next(row for row in table.splitlines() if row.startswith(f"| {ROWS[name][0]} |"))


def test_every_measure_has_a_line_and_every_program_a_column() -> None:
    table = as_markdown([("ours 1.0", {"ready": Found(250.0)}), ("other 2", {"ready": Found(1234.5)})])
    assert len(table.splitlines()) == len(ROWS) + 2
    assert table.splitlines()[0] == "| measure | ours 1.0 | other 2 |"
    assert line(table, "ready") == "| start to the prompt | 250 ms | 1,234 ms |"


def test_what_was_not_waited_for_is_no_figure_and_what_was_not_measured_no_nought() -> None:
    table = as_markdown([("ours", {"fast.cpu": Found(14.5, least=True)})])
    assert line(table, "fast.cpu").endswith("| > 14.5 s |")
    assert line(table, "help").endswith("| – |")


def test_who_is_missing_is_named() -> None:
    assert remarks({"elia": "there is no `elia`"}) == "Not measured: elia, there is no `elia`."
    assert remarks({}) == ""


def test_one_look_that_was_not_waited_for_marks_the_middle() -> None:
    looks = [{"a": Found(3.0)}, {"a": Found(9.0, least=True)}, {"a": Found(1.0), "b": Found(5.0)}]
    assert medians(looks) == {"a": Found(3.0, least=True), "b": Found(5.0)}
