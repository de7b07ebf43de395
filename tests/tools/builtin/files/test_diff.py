"""A diff says exactly what changes: applied to the old text it gives the new one."""

import re
import time
from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.tools.builtin.files import diff
from tui.tools.builtin.files.diff import line_count, unified

texts = st.lists(st.sampled_from(["a", "b", "c", "", "-", "+x", "@@", "\\", "d\r"]), max_size=14).flatmap(
    lambda lines: st.sampled_from(["\n".join(lines), "".join(f"{line}\n" for line in lines)])
)


def applied(before: str, patch: str) -> str:
    """What a strict reader of unified diffs makes of ``before``."""
    if not patch:
        return before
    old = re.findall(r"[^\n]*\n|[^\n]+", before)
    new: list[str] = []
    at = 0
    lines = deque(patch.split("\n")[2:-1])
    while lines:
        header = re.fullmatch(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@", lines.popleft())
        assert header is not None
        start, count = int(header[1]), int(header[2] or 1)
        begin = start - 1 if count else start
        new += old[at:begin]
        at = begin
        assert len(new) == (int(header[3]) - 1 if int(header[4] or 1) else int(header[3]))
        while lines and not lines[0].startswith("@@ "):
            line = lines.popleft()
            open_ended = bool(lines) and lines[0].startswith("\\ No newline")
            if open_ended:
                lines.popleft()
            text = line[1:] + ("" if open_ended else "\n")
            if line[0] in " -":
                assert old[at] == text
                at += 1
            if line[0] in " +":
                new.append(text)
    return "".join(new + old[at:])


@given(texts, texts)
def test_applying_it_gives_the_new_text(before: str, after: str) -> None:
    assert applied(before, unified(before, after, "x")) == after


@given(texts, texts)
def test_so_does_one_without_alignment(before: str, after: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(diff, "_MOST_COMPARED", -1)
        assert applied(before, unified(before, after, "x")) == after


def test_it_looks_as_usual() -> None:
    before = "".join(f"{n}\n" for n in range(1, 21))
    after = before.replace("10\n", "ten\n")
    assert unified(before, after, "f.txt") == (
        "--- a/f.txt\n+++ b/f.txt\n@@ -7,7 +7,7 @@\n 7\n 8\n 9\n-10\n+ten\n 11\n 12\n 13\n"
    )
    assert (
        unified("", "a", "f") == "--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+a\n\\ No newline at end of file\n"
    )
    assert unified("same", "same", "f") == ""


def test_large_files_take_no_long_time() -> None:
    before = "".join(f"line {n % 50}\n" for n in range(20_000))
    after = "".join(f"line {n % 49}\n" for n in range(20_000))
    started = time.process_time()
    patch = unified(before, after, "f")
    assert time.process_time() - started < 5
    assert applied(before, patch) == after


def test_lines_are_counted_by_newlines_alone() -> None:
    assert [line_count(text) for text in ("", "a", "a\n", "a\nb", "\n", "a\u2028b\x0cc")] == [
        0,
        1,
        1,
        2,
        1,
        1,
    ]
