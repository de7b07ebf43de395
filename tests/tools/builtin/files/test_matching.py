"""Lines with a hit are found, by text or by expression, and the rest is told."""

import time
from math import inf

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

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
    assert list(matcher.hits("x\n" * 10_000, "f", time.monotonic() - 1)) == []


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


PIECES = r"a b . a* a+? [^a] [^a]* \s \s* \W+ ^ $ \b \Z \A \B | a{1,2} (a|b) (?:a|ab)* (?=a) (?!b) (?<!a)"
MORE_PIECES = r"(?<=b) [^b]*+ (?>a*) (?s:.)* (?i:A) \n \r [\s\S] a{e<=1} \x61"
pieces = st.sampled_from([*PIECES.split(), *MORE_PIECES.split()])


@given(st.lists(pieces, min_size=1, max_size=5).map("".join), st.text(alphabet="ab \n\r", max_size=25))
def test_the_short_cut_over_the_whole_text_finds_what_a_look_at_each_line_finds(
    expression: str, content: str
) -> None:
    try:
        matcher = Matcher(expression, is_regex=True, ignore_case=False)
    except ToolError:
        return
    compiled = regex.compile(expression, regex.MULTILINE)
    lines = content.replace("\r\n", "\n").split("\n")
    expected = [number for number, line in enumerate(lines, 1) if compiled.search(line)]
    if lines[-1] == "":
        expected = [number for number in expected if number < len(lines)]
    assert [hit[0] for hit in matcher.hits(content, "f", inf)] == expected


@given(
    st.text(alphabet="kK\u212asSſßẞiİıI", min_size=1, max_size=2),
    st.text(alphabet="kK\u212asSſßẞiİıI\n", max_size=12),
)
def test_case_is_ignored_as_the_expression_does(text: str, content: str) -> None:
    compiled = regex.compile(regex.escape(text), regex.IGNORECASE)
    expected = [number for number, line in enumerate(content.split("\n"), 1) if compiled.search(line)]
    matcher = Matcher(text, is_regex=False, ignore_case=True)
    assert [hit[0] for hit in matcher.hits(content, "f", inf)] == expected
