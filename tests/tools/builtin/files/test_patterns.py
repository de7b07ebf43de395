"""Patterns mean what people mean by them, and end whatever they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.tools.builtin.files.patterns import Pattern
from tui.tools.toolbox import ToolError


@pytest.mark.parametrize(
    ("pattern", "fits", "not_these"),
    [
        ("*.py", ["a.py", "src/a.py", "src/deep/.a.py"], ["a.pyc", "py", "a.py/b"]),
        ("./*.py", ["a.py", "src/a.py"], ["a.pyc"]),
        ("src/*.py", ["src/a.py"], ["a.py", "src/deep/a.py", "x/src/a.py"]),
        ("src/**/*.py", ["src/a.py", "src/deep/er/a.py"], ["a.py", "src/deep"]),
        ("**/test_*.py", ["test_a.py", "x/y/test_b.py"], ["x/a_test.py"]),
        ("src/**", ["src", "src/a", "src/a/b"], ["a", "x/src/a"]),
        ("**", ["a", "a/b/c"], []),
        ("*.{ts,tsx}", ["a.ts", "x/b.tsx"], ["a.t", "a.js"]),
        ("{src,tests}/**/*.{py,pyi}", ["src/a.py", "tests/x/b.pyi"], ["docs/a.py"]),
        ("a?c", ["abc", "x/adc"], ["ac", "abbc"]),
        ("[ab].txt", ["a.txt"], ["c.txt"]),
        ("[!ab].txt", ["c.txt"], ["a.txt"]),
        ("[", ["["], ["a"]),
        ("a{b}c", ["a{b}c"], ["abc"]),
        ("README", ["README"], ["readme"]),
    ],
)
def test_what_fits(pattern: str, fits: list[str], not_these: list[str]) -> None:
    held = Pattern(pattern)
    assert [path for path in fits if not held.fits(path.split("/"))] == []
    assert [path for path in not_these if held.fits(path.split("/"))] == []


@pytest.mark.parametrize(
    "pattern", ["", "/etc/*", "../*", "src/../../*", "~/x", "*" * 501, "a/" * 41, "{a,b}" * 7]
)
def test_what_is_no_pattern(pattern: str) -> None:
    with pytest.raises(ToolError):
        Pattern(pattern)


hostile = st.text(alphabet="ab*?[]!{},/.-^|&~\\\n", min_size=1, max_size=30)


@given(hostile, st.lists(st.text(alphabet="ab.-]\\\n", min_size=1, max_size=8), min_size=1, max_size=5))
def test_any_pattern_is_held_against_any_path(pattern: str, names: list[str]) -> None:
    try:
        held = Pattern(pattern)
    except ToolError:
        return
    assert held.fits(names) in (True, False)


@given(st.lists(st.text(alphabet="ab.", min_size=1, max_size=5), min_size=1, max_size=5))
def test_a_path_without_wildcards_fits_itself(names: list[str]) -> None:
    names = [name for name in names if name.strip(".")] or ["a"]
    assert Pattern("/".join(names)).fits(names)
