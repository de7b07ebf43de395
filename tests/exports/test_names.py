"""A file's name is safe whatever the title is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.chat.record import SessionInfo, SessionRecord
from tui.exports.names import file_name

AT = 1_795_000_000.0


def _name(title: str, created: float = AT, id: str = "0123456789ab") -> str:
    return file_name(SessionRecord(SessionInfo(id, title, created=created)), "md")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Which log leaks?", "2026-11-18-which-log-leaks.md"),
        ("Été à Paris", "2026-11-18-ete-a-paris.md"),
        ("../../etc/passwd", "2026-11-18-etc-passwd.md"),
        ("日本語", "2026-11-18-0123456789ab.md"),
        ("", "2026-11-18-0123456789ab.md"),
        ("word " * 40, "2026-11-18-" + "-".join(["word"] * 12) + ".md"),
        ("x" * 200, "2026-11-18-" + "x" * 60 + ".md"),
    ],
)
def test_titles_become_names(title: str, name: str) -> None:
    assert _name(title) == name


@pytest.mark.parametrize("created", [0.0, -1.0, 1e18, float("nan"), float("inf")])
def test_a_day_nobody_knows_is_left_out(created: float) -> None:
    assert _name("hello", created) == "hello.md"


@given(title=st.text(), id=st.text())
def test_any_name_is_safe(title: str, id: str) -> None:
    assert re.fullmatch(r"2026-11-18-[a-z0-9]+(-[a-z0-9]+)*\.md", _name(title, id=id))
