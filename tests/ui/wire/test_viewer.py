"""The viewer of exchanges: opened, leafed through, followed."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from textual.command import CommandPalette

from tests.ui.pilots import chat, ready, running, shown, until
from tests.ui.scripted_session import ScriptedSession, deps_for
from tests.ui.wire.exchanges import failed, ok
from tui.ui.app import SightlineApp
from tui.ui.wire.nothing_yet import SHOWS, NothingYet
from tui.ui.wire.pages import PAGES
from tui.ui.wire.rows import Row, line
from tui.ui.wire.viewer import Viewer


async def test_f12_opens_the_newest_exchange_and_brackets_leaf(tmp_path: Path) -> None:
    session = ScriptedSession()
    for exchange, wire in (ok(session, "one", 1, 1), failed(session, "two", 2, 2)):
        session.log[exchange.id], session.wires[exchange.id] = exchange, wire
    async with running(deps_for(tmp_path, session)) as (app, pilot):
        await ready(app)
        await pilot.press("f12")
        await until(lambda: isinstance(app.screen, Viewer) and "2.1" in shown(app))
        assert "✗ 400" in shown(app)
        await pilot.press("left_square_bracket")
        await until(lambda: "✓ 200" in shown(app))
        await pilot.press("escape")
        assert app.screen is chat(app)


async def test_w_on_a_step_and_on_its_prompt_opens_its_exchange(tmp_path: Path) -> None:
    session = ScriptedSession()
    exchange, wire = ok(session, "one", 1, 1, answer="a1", after="u1")
    later, _ = ok(session, "two", 2, 2, answer="a2", after="u2")
    session.log.update(one=exchange, two=later)
    session.wires.update(one=wire, two=wire)
    session.exchanges.update(a1=exchange, a2=later)
    async with running(deps_for(tmp_path, session)) as (app, pilot):
        await ready(app)
        chat(app).offer("why?")
        await until(lambda: not chat(app).running)
        chat(app).transcript.focus()
        await pilot.press("w")
        await until(lambda: isinstance(app.screen, Viewer) and "1.1" in shown(app))
        assert app.screen.exchange == "one"  # type: ignore[attr-defined]


async def test_f12_before_anything_was_sent_tells_what_it_will_show(tmp_path: Path) -> None:
    assert [page for page, _ in SHOWS] == [page.TITLE for page in PAGES]
    async with running(deps_for(tmp_path), (80, 24)) as (app, pilot):
        await ready(app)
        await pilot.press("f12")
        await until(lambda: isinstance(app.screen, NothingYet) and "who really answered" in shown(app))
        await pilot.press("f12")
        await until(lambda: app.screen is chat(app))


async def test_the_keys_of_the_viewer_come_first_in_its_help(tmp_path: Path) -> None:
    session = ScriptedSession()
    session.log["one"], session.wires["one"] = ok(session, "one", 1, 1)
    async with running(deps_for(tmp_path, session), (80, 24)) as (app, pilot):
        await ready(app)
        await pilot.press("f12")
        await until(lambda: isinstance(app.screen, Viewer) and "1.1" in shown(app))
        # Few keys at the foot of a narrow terminal; all where there is room.
        assert "? keys" in shown(app)
        assert "r replay" not in shown(app)
        await pilot.press("question_mark")
        await until(lambda: "send it again, edited" in shown(app))
        await pilot.press("escape")
        await until(lambda: isinstance(app.screen, Viewer))
        await pilot.press("ctrl+p")
        await until(lambda: isinstance(app.screen, CommandPalette) and len(app.screen_stack) == 3)


def test_a_narrow_row_keeps_what_tells_models_apart() -> None:
    session = ScriptedSession()
    exchange, _ = ok(session, "one", 1, 1)
    named = replace(exchange, route=replace(exchange.route, wire_model="anthropic/claude-opus-4-5"))
    for width in (34, 44):
        text = "".join(piece for piece, _ in line(Row(named), width, 0.0))
        assert "claud" in text
        assert "anthropic" not in text
        assert len(text) <= width


@pytest.mark.parametrize("title", [page.TITLE for page in PAGES])
async def test_it_can_be_closed_while_a_page_is_opened(tmp_path: Path, title: str) -> None:
    session = ScriptedSession()
    session.log["one"], session.wires["one"] = ok(session, "one", 1, 1)
    async with running(deps_for(tmp_path, session)) as (app, _):
        await ready(app)
        for moment in range(0, 60, 6):
            await opened_and_closed(app, title, moment)


async def opened_and_closed(app: SightlineApp, title: str, moment: int) -> None:
    """Closed so many rounds of the event loop after the page was asked for."""
    titles = [page.TITLE for page in PAGES]
    viewer = Viewer(chat(app), "one", titles[titles.index(title) - 1])
    await app.push_screen(viewer)
    await until(lambda: viewer.page is not None and viewer.page.is_mounted)
    viewer.action_page(1)
    for _ in range(moment):
        await asyncio.sleep(0)
    viewer.dismiss()
    await until(lambda: app.screen is chat(app))
