"""The Route page: facts with their sources at any width, what was odd above them, no hostile text."""

from pathlib import Path

import pytest

from tests.ui.pilots import ready, running, shown, until
from tests.ui.scripted_session import ScriptedSession, deps_for
from tests.ui.wire.exchanges import failed, ok
from tui.chat.finding import Finding
from tui.truth.route import Fact
from tui.ui.transcript.palette import Palette
from tui.ui.wire.pages import PAGES
from tui.ui.wire.route_page import RoutePage, draw_fact, draw_odd, sections_of

LONG = Fact("deployment", "d" * 64, "header", "x-litellm-model-id")
UNTOLD = Fact("group", None, "not told", "no x-litellm-model-group in the answer's headers")
HOSTILE = Fact("model", "evil\x1b[2J\u202e[b]", "header", "x\x07")


@pytest.mark.parametrize("width", [30, 80, 120, 200])
@pytest.mark.parametrize("fact", [LONG, UNTOLD, HOSTILE])
def test_a_fact_fits_and_obeys_nobody(fact: Fact, width: int) -> None:
    rows = [row.text for row in draw_fact(fact, width, Palette())]
    text = "".join(rows)
    assert fact.source in " ".join(" ".join(rows).split())
    assert all(len(row) <= width for row in rows)
    assert not any(sign in text for sign in "\x1b\x07\u202e")
    assert len(rows) > 1 or width >= 120


def test_what_is_odd_says_where_its_evidence_is_and_what_helps() -> None:
    finding = Finding("fallback", "The proxy fell back.", "headers", "look into its log")
    assert [row.text for row in draw_odd(finding, 60, Palette())] == [
        "⚠ The proxy fell back. (headers)",
        "  → look into its log",
    ]
    first, second = sections_of((finding,), (LONG,))
    assert (first.said, second.gap) == ("fallback: The proxy fell back.", 1)


async def test_the_page_in_the_viewer(tmp_path: Path) -> None:
    session = ScriptedSession()
    exchange, wire = ok(session, "one", 1, 1)
    odd, its_wire = failed(session, "two", 2, 2)
    session.log |= {"one": exchange, "two": odd}
    session.wires |= {"one": wire, "two": its_wire}
    async with running(deps_for(tmp_path, session)) as (app, pilot):
        await ready(app)
        await pilot.press("f12")
        for _ in range(PAGES.index(RoutePage)):
            await pilot.press("right")
        await until(lambda: "⚠ Another group answered" in shown(app))
        await pilot.press("left_square_bracket")
        await until(lambda: "x-litellm-model-name" in shown(app))
        assert "Another group" not in shown(app)
