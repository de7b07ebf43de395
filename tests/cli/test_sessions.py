"""The table of sessions: fits the terminal, exact in a pipe, and nothing in a title steers anything."""

import io
import json
from dataclasses import replace
from decimal import Decimal

import pytest

from tui.chat.record import SessionInfo
from tui.chat.usage import Cost, Totals
from tui.clean import cells
from tui.cli import sessions
from tui.cli.sessions import age, since
from tui.store.search import Hit

NOW = 1_800_000_000.0
INFO = SessionInfo(
    "0123456789ab",
    "Which of these logs shows the leak?",
    changed=NOW - 300,
    models=("claude-opus-4-5",),
    totals=Totals(12, 30, cost=Cost(Decimal("1.2345"), "computed")),
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def printed(
    *infos: SessionInfo, width: int | None = None, monkeypatch: pytest.MonkeyPatch | None = None
) -> list[str]:
    out = io.StringIO() if width is None else Terminal()
    if monkeypatch is not None:
        monkeypatch.setenv("COLUMNS", str(width))
    assert sessions.run([Hit(info) for info in infos], as_json=False, now=NOW, out=out) == 0
    return out.getvalue().splitlines()


def test_the_columns() -> None:
    header, row = printed(INFO)
    assert header.split() == ["id", "age", "turns", "model", "cost", "title"]
    assert row == "0123456789ab  5 min  12     claude-opus-4-5  $1.2345  Which of these logs shows the leak?"


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_no_line_is_wider_than_the_terminal(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = replace(INFO, title="日本語の長い題名 " * 20, models=("m" * 60,), pinned=True)
    lines = printed(INFO, wide, width=width, monkeypatch=monkeypatch)
    # Below that nothing is left to cut: the id is needed whole.
    assert max(map(cells, lines)) <= max(width, 60)
    assert all(line.startswith("0123456789ab") for line in lines[1:])


def test_a_title_that_fits_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    assert printed(INFO, width=120, monkeypatch=monkeypatch)[1].endswith(INFO.title)


def test_hostile_titles_are_visible_on_a_terminal_and_exact_in_a_pipe(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hostile = replace(INFO, title="\x1b[2J\u202eevil\x07\nsecond", models=("m\x1b]0;x\x07",))
    (_, row) = printed(hostile, width=200, monkeypatch=monkeypatch)
    assert "␛[2J�evil␇⏎second" in row
    assert row.isprintable()
    assert "\x1b[2J\u202eevil\x07" in "\n".join(printed(hostile))


def test_what_is_pinned_or_open_elsewhere_is_marked() -> None:
    marked = replace(INFO, pinned=True, is_open=True, title="")
    assert printed(marked)[1].endswith("[pinned, open] (untitled)")


def test_unknown_is_no_zero() -> None:
    row = printed(SessionInfo("0123456789ab", "t"))[1]
    assert row.split() == ["0123456789ab", "?", "0", "-", "?", "t"]


def test_nothing_found_is_nothing_in_a_pipe() -> None:
    assert printed() == []


@pytest.mark.parametrize(
    ("seconds", "says"),
    [
        (-5, "0 s"),
        (0, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (86_400, "1 d"),
    ],
)
def test_ages(seconds: float, says: str) -> None:
    assert age(seconds) == says


def test_what_is_long_ago_has_a_date_and_what_is_no_date_has_none() -> None:
    assert since(NOW - 400 * 86_400, NOW) == "2025-12-11"
    assert [since(at, NOW) for at in (0, -1e300, 1e300, float("nan"))] == ["?"] * 4


def test_one_json_object_a_line() -> None:
    out = io.StringIO()
    hits = [Hit(INFO, "a \x1b[1m leak", "thinking"), Hit(replace(INFO, id="b"))]
    assert sessions.run(hits, as_json=True, now=NOW, out=out) == 0
    first, second = map(json.loads, out.getvalue().splitlines())
    assert (first["session"], first["where"], first["snippet"]) == (
        "0123456789ab",
        "thinking",
        "a \x1b[1m leak",
    )
    assert (second["session"], second["where"], second["snippet"]) == ("b", None, None)
    assert "\x1b" not in out.getvalue()
