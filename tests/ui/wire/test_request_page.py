"""The Request and Headers pages, the list, in the viewer on a screen."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from textual.pilot import Pilot

from tests.ui.pilots import NARROW, ready, running, shown, type_text, until
from tests.ui.scripted_session import ScriptedSession, deps_for
from tests.ui.wire.exchanges import failed, ok, request
from tui.ui.app import SightlineApp
from tui.ui.wire.picker import ExchangePicker
from tui.ui.wire.request_page import RequestPage
from tui.ui.wire.viewer import Viewer

SAID = ("Why is the sky blue?", "Short waves scatter more.", "And at sunset?")


@asynccontextmanager
async def viewed(
    tmp_path: Path, size: tuple[int, int] = NARROW
) -> AsyncIterator[tuple[SightlineApp, Pilot[None], RequestPage]]:
    session = ScriptedSession()
    first, wire = ok(session, "one", 1, 1, answer="a1")
    second, _ = ok(session, "two", 2, 2)
    session.log.update(one=first, two=second)
    session.wires.update(one=replace(wire, body=request(SAID[0])), two=replace(wire, body=request(*SAID)))
    deps = deps_for(tmp_path, session)
    home = replace(deps.home, key_for=lambda url: "sk-known" if url == first.route.base_url else None)
    async with running(replace(deps, home=home), size) as (app, pilot):
        await ready(app)
        await pilot.press("f12")
        await until(lambda: isinstance(app.screen, Viewer) and "And at sunset?" in shown(app))
        assert isinstance(app.screen, Viewer)
        page = app.screen.page
        assert isinstance(page, RequestPage)
        yield app, pilot, page


async def test_what_the_request_before_held_is_one_line_until_it_is_unfolded(tmp_path: Path) -> None:
    async with viewed(tmp_path) as (app, pilot, page):
        assert "3 pieces as in the request before (turn 1)" in shown(app)
        assert SAID[1] in shown(app)
        assert SAID[0] not in shown(app)
        door = page.pretty.sections[1]
        page.pretty.put_cursor(door.first)
        await pilot.press("enter")
        await until(lambda: "tool read_file" in shown(app))


async def test_a_search_unfolds_what_it_finds_and_a_piece_is_copied_as_it_is(tmp_path: Path) -> None:
    async with viewed(tmp_path) as (app, pilot, page):
        await pilot.press("slash")
        await type_text(pilot, "reads a")
        await until(lambda: "1 of 1" in shown(app))
        assert "Reads a file" in shown(app)
        await pilot.press("escape")
        assert json.loads(page.copied)["name"] == "read_file"


async def test_tree_and_raw(tmp_path: Path) -> None:
    async with viewed(tmp_path) as (app, pilot, page):
        await pilot.press("v")
        await until(lambda: "messages  3 items" in shown(app))
        await pilot.press("end", "enter", "down", "enter")
        await until(lambda: "[0]" in shown(app))
        page.find("sunset")
        await until(lambda: page.found == "1 of 1")
        assert '"And at sunset?"' in shown(app)
        page.find("")
        await pilot.press("v")
        await until(lambda: '{"model": "smart"' in shown(app))
        assert page.copied.encode() == request(*SAID)


async def test_the_key_is_shown_only_when_asked_for_and_never_copied(tmp_path: Path) -> None:
    async with viewed(tmp_path) as (app, pilot, _):
        await pilot.press("right")
        await until(lambda: "authorization" in shown(app))
        assert "sk-known" not in shown(app)
        await pilot.press("u")
        await until(lambda: "sk-known" in shown(app))
        assert isinstance(app.screen, Viewer)
        assert app.screen.page is not None
        assert "sk-known" not in app.screen.page.copied
        await pilot.press("u")
        await until(lambda: "sk-known" not in shown(app))


async def test_the_list_filters_marks_and_opens(tmp_path: Path) -> None:
    async with viewed(tmp_path) as (app, pilot, _):
        await pilot.press("l")
        await until(lambda: isinstance(app.screen, ExchangePicker) and "2 of 2" in shown(app))
        await type_text(pilot, "1.1")
        await until(lambda: "1 of 2" in shown(app))
        await pilot.press("ctrl+s")
        await until(lambda: "1 marked" in shown(app))
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, Viewer) and app.screen.exchange == "one")
        assert isinstance(app.screen, Viewer)
        assert app.screen.marked == ("one",)


async def test_a_body_that_is_no_json_is_shown_as_it_is(tmp_path: Path) -> None:
    session = ScriptedSession()
    exchange, wire = failed(session, "odd", 1, 1)
    session.log["odd"], session.wires["odd"] = exchange, replace(wire, body=b"\x1b[31mno json\xff")
    async with running(deps_for(tmp_path, session), NARROW) as (app, pilot):
        await ready(app)
        await pilot.press("f12")
        await until(lambda: "This is no JSON object" in shown(app) and "no json\\xff" in shown(app))
