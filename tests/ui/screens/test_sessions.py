"""The session picker, by key and by mouse, on a real store."""

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.content import Content
from textual.pilot import Pilot
from textual.widgets import Input, Static

from tests.ui.pilots import NARROW, WIDE, chat, ready, running, shown, type_text, until
from tests.ui.scripted_session import ScriptedSession
from tests.ui.shelves import deps_with, filled, kept, store_of
from tests.ui.test_reachable import click_text
from tui.chat.finding import Finding
from tui.store import Hit, Store
from tui.ui.app import SightlineApp
from tui.ui.screens.sessions import SessionPicker
from tui.ui.widgets.header import HeaderBar
from tui.ui.widgets.session_list import SessionList, TitleField

SKY, LEAK, PRICES, EVIL, JAPAN, CODEX = (record.info.id for record in filled())


def listed(app: SightlineApp) -> list[str | None]:
    return [option.id for option in app.screen.query_one(SessionList).options]


def mark(app: SightlineApp) -> str | None:
    option = app.screen.query_one(SessionList).highlighted_option
    return option.id if option else None


async def stands_at(app: SightlineApp, id: str) -> None:
    await until(lambda: chat(app).session.id == id and chat(app).query(HeaderBar))


async def opened(app: SightlineApp, pilot: Pilot[None], count: int = 6) -> SessionPicker:
    await ready(app)
    await pilot.press("ctrl+r")
    await until(lambda: isinstance(app.screen, SessionPicker) and app.screen.painted)
    await until(lambda: len(listed(app)) == count)
    assert isinstance(app.screen, SessionPicker)
    return app.screen


async def test_pinned_first_then_the_newest_with_their_figures(tmp_path: Path) -> None:
    with store_of(*filled()) as store:
        async with running(deps_with(tmp_path, store), NARROW) as (app, pilot):
            await opened(app, pilot)
            assert listed(app) == [JAPAN, SKY, LEAK, PRICES, CODEX, EVIL]
            page = shown(app)
            assert "6 found" in page
            assert "≥$0.4211" in page
            assert "unknown" in page
            assert "\x1b" not in page
            assert "[bold]x[/]" in page


async def test_typing_searches_what_was_said_and_shows_where(tmp_path: Path) -> None:
    with store_of(*filled()) as store:
        async with running(deps_with(tmp_path, store), NARROW) as (app, pilot):
            picker = await opened(app, pilot)
            await type_text(pilot, "pool")
            await until(lambda: listed(app) == [LEAK])
            assert "said: " in shown(app)
            assert "while the pool stays at twelve" in " ".join(shown(app).split())
            preview = picker.query_one("#preview", Static).content
            assert isinstance(preview, Content)
            assert any("underline" in str(span.style) for span in preview.spans)
            picker.query_one(Input).value = "tyndall"
            await until(lambda: listed(app) == [SKY])
            assert "thought: Rayleigh, or Tyndall?" in shown(app)
            picker.query_one(Input).value = "model:gpt"
            await until(lambda: listed(app) == [PRICES])
            picker.query_one(Input).value = "cost>0.1 age<1d"
            await until(lambda: listed(app) == [LEAK])
            picker.query_one(Input).value = "nowhere to be seen"
            await until(lambda: listed(app) == [])
            assert "Nothing found" in shown(app)


async def test_enter_opens_and_what_was_said_is_there(tmp_path: Path) -> None:
    with store_of(*filled()) as store:
        async with running(deps_with(tmp_path, store)) as (app, pilot):
            await opened(app, pilot)
            await type_text(pilot, "leak")
            await until(lambda: listed(app) == [LEAK])
            await pilot.press("enter")
            await stands_at(app, LEAK)
            await until(lambda: "RSS grows 4 MB a minute" in shown(app))
            assert "Which of these logs" in shown(app).splitlines()[0]


async def test_a_click_marks_and_a_second_one_opens(tmp_path: Path) -> None:
    with store_of(*filled()) as store:
        async with running(deps_with(tmp_path, store), NARROW) as (app, pilot):
            await opened(app, pilot)
            await pilot.click("#sessions", offset=(5, 3))
            await until(lambda: mark(app) == PRICES)
            assert isinstance(app.screen, SessionPicker)
            await pilot.click("#sessions", offset=(5, 3))
            await stands_at(app, PRICES)


async def test_a_title_is_written_where_it_stands(tmp_path: Path) -> None:
    with store_of(*filled()) as store:
        async with running(deps_with(tmp_path, store), NARROW) as (app, pilot):
            await opened(app, pilot)
            row = next(n for n, text in enumerate(shown(app).splitlines()) if "Which of these" in text)
            await pilot.press("down", "down", "f2")
            await until(lambda: app.focused is app.screen.query_one(TitleField))
            assert app.screen.query_one(TitleField).region.y == row
            await pilot.press("home", "shift+end", "L", "e", "a", "k", "enter")
            await until(lambda: store.find(LEAK).title == "Leak")
            await until(lambda: "  Leak  " in shown(app).splitlines()[row])
            assert app.focused is app.screen.query_one("#search")
            await pilot.press("f2", "x", "escape")
            await until(lambda: app.focused is app.screen.query_one("#search"))
            assert isinstance(app.screen, SessionPicker)
            assert store.find(LEAK).title == "Leak"


async def test_a_pin_and_an_archive_can_be_taken_back_at_once(tmp_path: Path) -> None:
    with store_of(*filled()) as store:
        async with running(deps_with(tmp_path, store), WIDE) as (app, pilot):
            await opened(app, pilot)
            await pilot.press("down", "ctrl+p")
            await until(lambda: store.find(SKY).pinned)
            await until(lambda: "^P unpin" in shown(app))
            await pilot.press("ctrl+p")
            await until(lambda: not store.find(SKY).pinned)
            await pilot.press("ctrl+s")
            await until(lambda: "^S unarchive" in shown(app))
            assert store.find(SKY).archived
            assert mark(app) == SKY
            await pilot.press("tab")
            await until(lambda: listed(app) == [SKY])
            await pilot.press("ctrl+s")
            await until(lambda: not store.find(SKY).archived)
            await pilot.press("shift+tab")
            await until(lambda: len(listed(app)) == 6)


async def test_a_deleted_session_comes_back_by_the_same_key_by_undo_and_from_its_list(tmp_path: Path) -> None:
    with store_of(*filled()) as store:
        async with running(deps_with(tmp_path, store), NARROW) as (app, pilot):
            picker = await opened(app, pilot)
            await pilot.press("down", "ctrl+d")
            await until(lambda: "^D again brings it back" in shown(app))
            assert store.find(SKY).deleted_at is not None
            assert picker.deleted == [SKY]
            await pilot.press("ctrl+d")
            await until(lambda: store.find(SKY).deleted_at is None)
            assert picker.deleted == []
            await until(lambda: "^D delete" in shown(app))
            await pilot.press("ctrl+d")
            await until(lambda: store.find(SKY).deleted_at is not None)
            picker.query_one(Input).value = "leak"
            await until(lambda: listed(app) == [LEAK])
            await pilot.press("ctrl+underscore")
            await until(lambda: store.find(SKY).deleted_at is None)
            await pilot.press("ctrl+d")
            await until(lambda: store.find(LEAK).deleted_at is not None)
            await pilot.press("escape", "ctrl+r")
            await until(lambda: len(listed(app)) == 5)
            await click_text(app, pilot, "Deleted")
            await until(lambda: listed(app) == [LEAK])
            await pilot.press("enter")
            await stands_at(app, LEAK)
            assert store.find(LEAK).deleted_at is None


async def test_deleting_the_present_session_leads_to_a_fresh_one(tmp_path: Path) -> None:
    with store_of(*filled()) as store:
        async with running(deps_with(tmp_path, store)) as (app, pilot):
            await ready(app)
            chat(app).open_session(SKY)
            await stands_at(app, SKY)
            await opened(app, pilot)
            await until(lambda: "● Why is the sky" in shown(app))
            await pilot.press("down")
            await until(lambda: mark(app) == SKY)
            await pilot.press("ctrl+d")
            await until(lambda: store.find(SKY).deleted_at is not None)
            await pilot.press("escape")
            await stands_at(app, "f7e540000000")
            await type_text(pilot, "/undelete")
            await pilot.press("enter")
            await stands_at(app, SKY)
            assert store.find(SKY).deleted_at is None


async def test_while_a_turn_runs_nothing_is_opened_and_it_is_said(tmp_path: Path) -> None:
    session = ScriptedSession()
    session.gate = asyncio.Event()
    with store_of(*filled()) as store:
        async with running(deps_with(tmp_path, store, session), NARROW) as (app, pilot):
            await ready(app)
            chat(app).offer("one")
            await until(lambda: chat(app).running)
            await opened(app, pilot)
            await pilot.press("enter")
            await until(lambda: "Esc stops it" in shown(app))
            assert isinstance(app.screen, SessionPicker)
            session.gate.set()
            await until(lambda: not chat(app).running)
            await pilot.press("enter")
            await stands_at(app, JAPAN)


class Slow:
    """A store whose answer to one query waits."""

    def __init__(self, store: Store, word: str) -> None:
        self._store, self._word = store, word
        self.gate = threading.Event()
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def sessions(self, query: str = "", **how: Any) -> Sequence[Hit]:
        self.asked.append(query)
        if query == self._word:
            self.gate.wait(10)
        return self._store.sessions(query, **how)


async def test_typing_never_waits_and_late_answers_are_dropped(tmp_path: Path) -> None:
    with store_of(*filled()) as store:
        slow = Slow(store, "l")
        deps = deps_with(tmp_path, store)
        assert deps.home.shelf is not None
        shelf = replace(deps.home.shelf, store=slow)
        async with running(replace(deps, home=replace(deps.home, shelf=shelf)), NARROW) as (app, pilot):
            picker = await opened(app, pilot)
            await type_text(pilot, "l")
            await until(lambda: "l" in slow.asked)
            await type_text(pilot, "eak")
            assert picker.query_one(Input).value == "leak"
            assert len(listed(app)) == 6
            slow.gate.set()
            await until(lambda: listed(app) == [LEAK])
            assert slow.asked[-2:] == ["l", "leak"]


async def test_an_empty_store_and_a_broken_one_explain_themselves(tmp_path: Path) -> None:
    with store_of() as store:
        async with running(deps_with(tmp_path, store), NARROW) as (app, pilot):
            await opened(app, pilot, 0)
            await until(lambda: "Nothing is stored yet" in shown(app))
            assert "/temporary" in shown(app)
            await pilot.press("f2", "ctrl+p", "ctrl+d", "ctrl+s", "ctrl+underscore", "enter")
            assert isinstance(app.screen, SessionPicker)
            await pilot.press("tab")
            await until(lambda: "Nothing is archived" in shown(app))
            await pilot.press("ctrl+r")
            await until(lambda: app.screen is chat(app))
    with store_of(problem="the disk is full: free some space") as store:
        async with running(deps_with(tmp_path, store), NARROW) as (app, pilot):
            await until(lambda: "not saved" in shown(app).splitlines()[0])
            await until(lambda: "the disk is full" in shown(app))
            await opened(app, pilot, 0)
            await until(lambda: "Sessions are not saved: the disk is full" in shown(app))
    with store_of(*filled(), problem="the disk is full: free some space") as store:
        async with running(deps_with(tmp_path, store), NARROW) as (app, pilot):
            await opened(app, pilot)
            await until(lambda: "Sessions are not saved: the disk is full: free some space" in shown(app))


async def test_why_nothing_is_saved_any_more_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trouble = Finding("store-failed", "Not kept. The disk is full.", mend="free some space")
    monkeypatch.setattr(Store, "trouble", property(lambda _: trouble))
    with store_of() as store:
        async with running(deps_with(tmp_path, store), NARROW) as (app, pilot):
            await opened(app, pilot, 0)
            await until(lambda: "Not kept. The disk is full. free some space" in shown(app))


async def test_a_thousand_sessions_are_found_as_one_types(tmp_path: Path) -> None:
    many = (kept(f"{n:012x}", f"Prompt number {n}", f"word{n} " * 20, ago=60.0 * n + 1) for n in range(1000))
    with store_of(*many) as store:
        async with running(deps_with(tmp_path, store), NARROW) as (app, pilot):
            picker = await opened(app, pilot, 200)
            assert "200+ found" in shown(app)
            for query in ("w", "wo", "word", "word4", "word49", "word499"):
                picker.query_one(Input).value = query
                await pilot.pause()
            await until(lambda: listed(app) == [f"{499:012x}"])
            picker.query_one(Input).value = ""
            await until(lambda: len(listed(app)) == 200)
            picker.query_one(SessionList).highlighted = 199
            await until(lambda: len(listed(app)) == 400)
            assert mark(app) == f"{199:012x}"


async def test_every_width_shows_title_cost_and_age(tmp_path: Path) -> None:
    with store_of(*filled()) as store:
        for width in (60, 80, 100, 120, 160, 200):
            async with running(deps_with(tmp_path, store), (width, 24)) as (app, pilot):
                await opened(app, pilot)
                lines = shown(app).splitlines()
                (line,) = (line for line in lines if "Compare prices" in line)
                assert "unknown" in line
                assert " 3d" in line
                assert not any(len(text) > width for text in lines if text.isascii())
                assert "Esc close" in shown(app)
