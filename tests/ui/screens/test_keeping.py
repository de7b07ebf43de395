"""Going from one session to another, and what is done to the present one."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.ui.pilots import NARROW, chat, heading, notices, ready, running, shown, type_text, until
from tests.ui.scripted_session import ScriptedSession
from tests.ui.shelves import deps_with, filled, kept, store_of
from tui.chat.messages import UserMessage
from tui.chat.parts import Image, Text
from tui.ui.app import SightlineApp
from tui.ui.draft import Draft, Unsent, draft_of_text, load_history, text_of_draft
from tui.ui.ports import Home
from tui.ui.widgets.header import HeaderBar

SKY, LEAK = (record.info.id for record in filled()[:2])
FRESH, TEMPORARY = "f7e540000000", "7e3707a7aaaa"


async def stands_at(app: SightlineApp, id: str) -> None:
    await until(lambda: chat(app).session.id == id and chat(app).query(HeaderBar))
    await ready(app)


def holding(directory: Path, *words: bytes) -> list[str]:
    """The files in which one of the words stands."""
    files = [path for path in directory.rglob("*") if path.is_file()]
    return [path.name for path in files if any(word in path.read_bytes() for word in words)]


async def says(pilot: Pilot[None], line: str) -> None:
    await type_text(pilot, line)
    await pilot.press("enter")


async def test_an_opened_session_stands_as_it_was_left(tmp_path: Path) -> None:
    waiting = Draft(Unsent("half a"), (Unsent("then this"),))
    with store_of(*filled()) as store:
        store.set_draft(SKY, text_of_draft(waiting))
        async with running(deps_with(tmp_path, store)) as (app, pilot):
            await ready(app)
            chat(app).open_session(SKY)
            await stands_at(app, SKY)
            await until(lambda: "Why is the sky blue?" in shown(app))
            assert "It scatters." in shown(app)
            assert heading(app).title == "Why is the sky blue?"
            await until(lambda: chat(app).queue.texts == ("then this",))
            assert chat(app).prompt.text == "half a"
            assert chat(app).queue.held
            assert chat(app).session.sent == []  # type: ignore[attr-defined]
            await pilot.press("end", "x")
            await until(lambda: draft_of_text(store.draft(SKY)).text == "half ax")


async def test_every_session_has_a_draft_of_its_own(tmp_path: Path) -> None:
    with store_of(*filled(), file=tmp_path / "sessions.db") as store:
        async with running(deps_with(tmp_path, store)) as (app, pilot):
            await ready(app)
            await type_text(pilot, "fresh")
            chat(app).open_session(SKY)
            await stands_at(app, SKY)
            assert chat(app).prompt.text == ""
            await type_text(pilot, "sky")
            chat(app).open_session(LEAK)
            await stands_at(app, LEAK)
            assert chat(app).prompt.text == ""
            assert json.loads((tmp_path / "draft.json").read_text())["text"] == "fresh"
            chat(app).open_session(SKY)
            await stands_at(app, SKY)
            await until(lambda: chat(app).prompt.text == "sky")
            chat(app).action_new()
            await stands_at(app, FRESH)
            await until(lambda: chat(app).prompt.text == "fresh")


async def test_what_is_worth_knowing_is_said_when_a_session_is_opened(tmp_path: Path) -> None:
    with store_of(*filled()) as store:
        deps = deps_with(tmp_path, store)
        shelf = deps.home.shelf
        assert shelf is not None
        plain = shelf.open

        async def elsewhere(id: str) -> Home:
            home = await plain(id)
            assert home.opened is not None
            return replace(home, opened=replace(home.opened, remarks=("It is open elsewhere.\x1b[2J",)))

        deps = replace(deps, home=replace(deps.home, shelf=replace(shelf, open=elsewhere)))
        async with running(deps, NARROW) as (app, _):
            await ready(app)
            chat(app).open_session(SKY)
            await stands_at(app, SKY)
            await until(lambda: "It is open elsewhere.␛[2J" in shown(app))


async def test_a_session_that_cannot_be_opened_leaves_everything_as_it_is(tmp_path: Path) -> None:
    with store_of(*filled()) as store:
        async with running(deps_with(tmp_path, store)) as (app, pilot):
            await ready(app)
            await type_text(pilot, "mine")
            chat(app).open_session("nothing")
            await until(lambda: any("there is no session nothing" in n for n in notices(app)))
            assert chat(app).prompt.text == "mine"


async def test_a_running_turn_is_not_left(tmp_path: Path) -> None:
    session = ScriptedSession()
    session.gate = asyncio.Event()
    with store_of(*filled()) as store:
        async with running(deps_with(tmp_path, store, session)) as (app, pilot):
            await ready(app)
            chat(app).offer("one")
            await until(lambda: chat(app).running)
            for line in ("/new", "/temporary", "/delete"):
                app.clear_notifications()
                await says(pilot, line)
                await until(lambda: any("Esc stops it" in n for n in notices(app)))
                assert chat(app).session is session
            session.gate.set()
            await until(lambda: not chat(app).running)


async def test_the_present_session_is_named_pinned_and_archived(tmp_path: Path) -> None:
    with store_of(*filled()) as store:
        async with running(deps_with(tmp_path, store), (160, 40)) as (app, pilot):
            await ready(app)
            chat(app).open_session(SKY)
            await stands_at(app, SKY)
            await says(pilot, "/rename Blue light")
            await until(lambda: store.find(SKY).title == "Blue light")
            await until(lambda: "Blue light" in shown(app).splitlines()[0])
            await says(pilot, "/rename")
            assert chat(app).prompt.text == "/rename Blue light "
            chat(app).prompt.put("half a thought")
            chat(app).action_rename()
            assert chat(app).prompt.text == "/rename Blue light "
            assert chat(app).prompt.history_prompts[-1] == "half a thought"
            chat(app).prompt.put("")
            await says(pilot, "/pin")
            await until(lambda: store.find(SKY).pinned)
            await says(pilot, "/pin")
            await until(lambda: not store.find(SKY).pinned)
            await says(pilot, "/archive")
            await until(lambda: store.find(SKY).archived)


async def test_delete_and_undelete(tmp_path: Path) -> None:
    with store_of(*filled()) as store:
        async with running(deps_with(tmp_path, store)) as (app, pilot):
            await ready(app)
            chat(app).open_session(SKY)
            await stands_at(app, SKY)
            await says(pilot, "/delete")
            await stands_at(app, FRESH)
            assert store.find(SKY).deleted_at is not None
            await says(pilot, "/undelete")
            await stands_at(app, SKY)
            assert store.find(SKY).deleted_at is None
    with store_of(*filled()) as store:
        store.delete(LEAK)
        async with running(deps_with(tmp_path, store)) as (app, pilot):
            await ready(app)
            await says(pilot, "/undelete")
            await stands_at(app, LEAK)
            await says(pilot, "/undelete")
            await until(lambda: any("nothing was deleted" in n for n in notices(app)))


async def test_what_is_not_stored_says_so(tmp_path: Path) -> None:
    with store_of() as store:
        async with running(deps_with(tmp_path, store)) as (app, pilot):
            await ready(app)
            await says(pilot, "/pin")
            await until(lambda: any("from its first prompt on" in n for n in notices(app)))
            await says(pilot, "/temporary")
            await stands_at(app, TEMPORARY)
            await says(pilot, "/rename x")
            await until(lambda: any("kept nowhere" in n for n in notices(app)))
            await says(pilot, "/new")
            await stands_at(app, FRESH)
            assert heading(app).keeping == ""


async def test_a_temporary_session_writes_no_draft_and_no_history(tmp_path: Path) -> None:
    with store_of() as store:
        async with running(deps_with(tmp_path, store), NARROW) as (app, pilot):
            await ready(app)
            await says(pilot, "/temporary")
            await stands_at(app, TEMPORARY)
            assert "temporary" in shown(app).splitlines()[0]
            await type_text(pilot, "hush")
            await chat(app).keep_draft()
            await pilot.press("enter")
            await until(lambda: chat(app).session.sent == ["hush"])  # type: ignore[attr-defined]
            await until(lambda: not chat(app).running)
            await says(pilot, "/copy")
            await until(lambda: any("Copied" in n for n in notices(app)))
            await type_text(pilot, "hush again")
    assert "hush" not in load_history(tmp_path)
    assert not holding(tmp_path, b"hush", b"sky is blue")


async def test_a_picture_pasted_in_a_temporary_session_is_in_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = Image("image/png", "aGVsbG8gaGVsbG8=", "pasted.png")
    monkeypatch.setattr("tui.attachments.clipboard.clipboard_image", lambda: [picture])
    with store_of() as store:
        async with running(deps_with(tmp_path, store), NARROW) as (app, pilot):
            await ready(app)
            await says(pilot, "/temporary")
            await stands_at(app, TEMPORARY)
            await says(pilot, "/paste")
            await until(lambda: len(chat(app).chips.attached) == 1)
            assert chat(app).chips.attached[0].attachment == picture
    assert not (tmp_path / "pasted").exists()


async def test_the_last_session_is_offered_and_gone_on_with(tmp_path: Path) -> None:
    with store_of(*filled()) as store:
        async with running(deps_with(tmp_path, store), NARROW) as (app, pilot):
            await ready(app)
            await until(lambda: "Go on with Why is the sky blue?" in shown(app))
            assert "F1            all keys" in shown(app)
            await pilot.press("tab", "enter")
            await stands_at(app, SKY)
    with store_of(kept("0c0ffee00009", "\x1b[2Jevil")) as store:
        async with running(deps_with(tmp_path, store, simulated=False), NARROW) as (app, pilot):
            await ready(app)
            await until(lambda: "Go on with ␛[2Jevil" in shown(app))
            await pilot.press("tab", "enter")
            await stands_at(app, "0c0ffee00009")


async def test_what_was_deleted_is_not_offered_any_more(tmp_path: Path) -> None:
    with store_of(*filled()[:1]) as store:
        async with running(deps_with(tmp_path, store), NARROW) as (app, pilot):
            await ready(app)
            await until(lambda: "Go on with Why is the sky blue?" in shown(app))
            await pilot.press("ctrl+r")
            await until(lambda: "1 found" in shown(app))
            await pilot.press("ctrl+d")
            await until(lambda: "bring back" in shown(app))
            await pilot.press("escape")
            await until(lambda: app.screen is chat(app) and "Go on with" not in shown(app))
            assert "See tools at work" in shown(app)


async def test_a_branch_becomes_a_session_of_its_own(tmp_path: Path) -> None:
    with store_of(*filled()) as store:
        async with running(deps_with(tmp_path, store)) as (app, pilot):
            await ready(app)
            await says(pilot, "/fork")
            await until(lambda: any("from its first prompt on" in n for n in notices(app)))
            chat(app).open_session(SKY)
            await stands_at(app, SKY)
            await says(pilot, "/fork")
            await until(lambda: chat(app).session.id not in (SKY, FRESH) and "It scatters." in shown(app))
            await until(lambda: any("^R leads back to: Why is the sky blue?" in n for n in notices(app)))
            forked = store.find(chat(app).session.id)
            assert forked.forked_from == SKY
            assert forked.messages == 2
            await ready(app)


async def test_a_session_whose_first_prompt_was_taken_back_says_where_the_rest_is(tmp_path: Path) -> None:
    (sky,) = filled()[:1]
    with store_of(replace(sky, state=replace(sky.state, leaf=None))) as store:
        async with running(deps_with(tmp_path, store)) as (app, _):
            await ready(app)
            chat(app).open_session(SKY)
            await stands_at(app, SKY)
            await until(lambda: any("other branches: F7" in n for n in notices(app)))


async def test_a_prompt_nobody_answered_was_not_taken_back(tmp_path: Path) -> None:
    (sky,) = filled()[:1]
    with store_of(replace(sky, state=replace(sky.state, leaf=None))) as store:
        deps = deps_with(tmp_path, store)
        shelf = deps.home.shelf
        assert shelf is not None
        plain = shelf.open

        async def refused(id: str) -> Home:
            home = await plain(id)
            home.session.refused = UserMessage("u2", (Text("Again?"),), 1.0)  # type: ignore[misc]
            return home

        deps = replace(deps, home=replace(deps.home, shelf=replace(shelf, open=refused)))
        async with running(deps) as (app, _):
            await ready(app)
            chat(app).open_session(SKY)
            await stands_at(app, SKY)
            assert not any("taken back" in n for n in notices(app))


async def test_a_title_is_read_once_the_store_made_one(tmp_path: Path) -> None:
    session = ScriptedSession(id="0c0ffee00001")
    with store_of() as store:
        async with running(deps_with(tmp_path, store, session), (160, 40)) as (app, _):
            await ready(app)
            store.add(filled()[0])
            chat(app).offer("Why is the sky blue?")
            await until(lambda: heading(app).title == "Why is the sky blue?")


async def test_without_a_store_the_commands_say_so(tmp_path: Path) -> None:
    with store_of() as store:
        deps = deps_with(tmp_path, store)
        async with running(replace(deps, home=replace(deps.home, shelf=None))) as (app, pilot):
            await ready(app)
            for line in ("/sessions", "/temporary"):
                app.clear_notifications()
                await says(pilot, line)
                await until(lambda: any("No sessions are stored" in n for n in notices(app)))
