"""Lines with a hit are found, by text or by expression, and the rest is told."""

import time
from math import inf

import pytest

from tui.tools.builtin.files import matching
from tui.tools.builtin.files.matching import Matcher
from tui.tools.toolbox import ToolError

TEXT = "first\nSecond line\r\nthird (x)\nthird (x) twice (x)"


@pytest.mark.parametrize(
    ("text", "is_regex", "ignore_case", "hits"),
    [
        ("second", False, False, []),
        ("second", False, True, [(2, "Second line", 0)]),
        ("(x)", False, False, [(3, "third (x)", 6), (4, "third (x) twice (x)", 6)]),
        ("(X)", False, True, [(3, "third (x)", 6), (4, "third (x) twice (x)", 6)]),
        ("^f.*t$", True, False, [(1, "first", 0)]),
        ("LINE$", True, True, [(2, "Second line", 7)]),
        (r"\bx\b", True, False, [(3, "third (x)", 7), (4, "third (x) twice (x)", 7)]),
        (r"t\s+S", True, False, []),
    ],
)
def test_hits(text: str, is_regex: bool, ignore_case: bool, hits: list[tuple[int, str, int]]) -> None:
    matcher = Matcher(text, is_regex=is_regex, ignore_case=ignore_case)
    assert list(matcher.hits(TEXT, "f", inf)) == hits


def test_time_up_ends_it() -> None:
    matcher = Matcher("x", is_regex=False, ignore_case=False)
    assert len(list(matcher.hits("x\n" * 10_000, "f", time.monotonic() - 1))) == 1_000


def test_an_expression_is_not_held_against_an_endless_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "MOST_LINE_CHARS", 10)
    expression = Matcher("a$", is_regex=True, ignore_case=False)
    assert [hit[0] for hit in expression.hits("a" * 11 + "\naa", "f", inf)] == [2]
    assert expression.passed_over == 1
    plain = Matcher("A", is_regex=False, ignore_case=True)
    assert [hit[0] for hit in plain.hits("a" * 11 + "\naa", "f", inf)] == [1, 2]


@pytest.mark.parametrize("text", ["[", "(?P<a", "a**", r"\p{nonsense}", "(?<=a*)(?R)", "a{2,1}"])
def test_what_is_no_expression_is_told(text: str) -> None:
    with pytest.raises(ToolError, match="expression"):
        Matcher(text, is_regex=True, ignore_case=False)
