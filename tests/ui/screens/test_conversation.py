"""Prompt, queue, draft and turn, by the keys a person presses."""

import asyncio
import json
from pathlib import Path

import pytest
from textual import events
from textual.widgets import OptionList

from tests.ui.pilots import NARROW, chat, heading, notices, ready, running, shown, type_text, until
from tests.ui.scripted_session import ScriptedSession, deps_for, home_for
from tui.chat.route import Served
from tui.errors import CallFailed
from tui.ui.screens.models import ModelPicker
from tui.ui.widgets.header import HeaderBar
from tui.ui.widgets.queue import Queue
from tui.ui.widgets.welcome import Welcome


async def test_enter_sends_and_the_answer_stands_in_the_transcript(tmp_path: Path) -> None:
    session = ScriptedSession()
    async with running(deps_for(tmp_path, session)) as (app, pilot):
        await ready(app)
        await type_text(pilot, "why blue")
        await pilot.press("enter")
        await until(lambda: session.sent == ["why blue"])
        await until(lambda: not chat(app).running)
        await until(lambda: "scatter more than long ones." in shown(app))
        assert chat(app).prompt.text == ""
        assert "you" in shown(app)


@pytest.mark.parametrize("key", ["ctrl+j", "shift+enter"])
async def test_new_lines_by_key(tmp_path: Path, key: str) -> None:
    session = ScriptedSession()
    async with running(deps_for(tmp_path, session)) as (app, pilot):
        await type_text(pilot, "a")
        await pilot.press(key, "b")
        assert chat(app).prompt.text == "a\nb"
        assert session.sent == []


async def test_backslash_enter_is_a_new_line(tmp_path: Path) -> None:
    session = ScriptedSession()
    async with running(deps_for(tmp_path, session)) as (app, pilot):
        await type_text(pilot, "a\\")
        await pilot.press("enter")
        await until(lambda: chat(app).prompt.text == "a\n")
        await type_text(pilot, "b")
        assert chat(app).prompt.text == "a\nb"
        assert session.sent == []


async def test_a_paste_never_sends(tmp_path: Path) -> None:
    session = ScriptedSession()
    async with running(deps_for(tmp_path, session)) as (app, pilot):
        await ready(app)
        app.screen.post_message(events.Paste("line 1\r\nline \x1b[31m2\r"))
        await until(lambda: chat(app).prompt.text.startswith("line 1"))
        assert chat(app).prompt.text == "line 1\nline ␛[31m2\n"
        await pilot.pause(0.1)
        assert session.sent == []


async def test_a_paste_that_arrives_as_keys_never_sends(tmp_path: Path) -> None:
    session = ScriptedSession()
    async with running(deps_for(tmp_path, session)) as (app, pilot):
        await ready(app)
        for key in ("a", "enter", "b", "enter"):
            event = events.Key(key, "\r" if key == "enter" else key)
            event.time = 1000.0
            app.post_message(event)
        await until(lambda: chat(app).prompt.text == "a\nb\n")
        await pilot.pause(0.1)
        assert session.sent == []


async def test_the_prompt_grows_to_a_third_of_the_screen(tmp_path: Path) -> None:
    async with running(deps_for(tmp_path), NARROW) as (app, pilot):
        prompt = chat(app).prompt
        await until(lambda: prompt.size.height == 1)
        prompt.put("\n".join("abc"))
        await until(lambda: prompt.size.height == 3)
        prompt.put("\n".join("line" for _ in range(50)))
        await until(lambda: prompt.size.height > 3)
        await pilot.pause()
        assert prompt.size.height <= 8


async def test_typing_while_the_model_speaks_queues_and_the_queue_is_sent(tmp_path: Path) -> None:
    session = ScriptedSession()
    session.gate = asyncio.Event()
    async with running(deps_for(tmp_path, session)) as (app, pilot):
        await ready(app)
        await type_text(pilot, "one")
        await pilot.press("enter")
        await until(lambda: chat(app).running)
        await type_text(pilot, "two")
        await pilot.press("enter")
        await until(lambda: chat(app).queue.texts == ("two",))
        assert "queued 1 two" in shown(app)
        session.gate.set()
        await until(lambda: session.sent == ["one", "two"] and not chat(app).running)
        assert chat(app).queue.texts == ()


async def test_up_takes_a_queued_prompt_back_for_editing(tmp_path: Path) -> None:
    session = ScriptedSession()
    session.gate = asyncio.Event()
    async with running(deps_for(tmp_path, session)) as (app, pilot):
        await ready(app)
        chat(app).offer("one")
        await until(lambda: chat(app).running)
        chat(app).offer("two")
        chat(app).offer("three")
        await pilot.press("up")
        assert chat(app).prompt.text == "three"
        assert chat(app).queue.texts == ("two",)
        await until(lambda: chat(app).queue.region.height == 1)
        # The second click finds the line gone.
        chat(app).queue.post_message(Queue.Picked(chat(app).queue, 5))
        await pilot.click("Queue", offset=(12, 0))
        await until(lambda: chat(app).prompt.text == "two")
        assert chat(app).queue.texts == ("three",)


async def test_escape_stops_and_what_is_queued_is_held(tmp_path: Path) -> None:
    session = ScriptedSession()
    session.gate = asyncio.Event()
    async with running(deps_for(tmp_path, session)) as (app, pilot):
        await ready(app)
        chat(app).offer("one")
        await until(lambda: chat(app).running)
        chat(app).offer("two")
        await pilot.press("escape")
        await until(lambda: not chat(app).running)
        assert session.sent == ["one"]
        assert chat(app).queue.held
        await pilot.press("enter")
        await until(lambda: session.sent == ["one", "two"])
        session.gate.set()
        await until(lambda: not chat(app).running)


async def test_earlier_prompts_come_back_and_the_typed_text_too(tmp_path: Path) -> None:
    async with running(deps_for(tmp_path)) as (app, pilot):
        await ready(app)
        for text in ("first", "second"):
            chat(app).offer(text)
            await until(lambda: not chat(app).running)
        prompt = chat(app).prompt
        await pilot.press("up")
        assert prompt.text == "second"
        await pilot.press("up", "up")
        assert prompt.text == "first"
        await pilot.press("down")
        assert prompt.text == "second"
        await pilot.press("down")
        assert prompt.text == ""
        await type_text(pilot, "new")
        await pilot.press("home", "up")
        assert prompt.text == "second"
        await pilot.press("down")
        assert prompt.text == "new"


async def test_the_draft_and_the_queue_survive_a_crash(tmp_path: Path) -> None:
    session = ScriptedSession()
    session.gate = asyncio.Event()
    async with running(deps_for(tmp_path, session)) as (app, pilot):
        await ready(app)
        chat(app).offer("one")
        await until(lambda: chat(app).running)
        chat(app).offer("two")
        await type_text(pilot, "half a tho")
        stored = tmp_path / "draft.json"
        await until(lambda: stored.exists() and json.loads(stored.read_text())["text"] == "half a tho")
        assert json.loads(stored.read_text())["queue"] == [{"text": "two", "files": []}]
        session.gate.set()
        crash = stored.read_text()
        await until(lambda: not chat(app).running)
    stored.write_text(crash)
    again = ScriptedSession()
    async with running(deps_for(tmp_path, again)) as (app, pilot):
        await ready(app)
        assert chat(app).prompt.text == "half a tho"
        assert chat(app).queue.texts == ("two",)
        assert chat(app).queue.held
        assert again.sent == []


async def test_a_prompt_sent_before_the_models_are_read_waits_for_them(tmp_path: Path) -> None:
    session, gate = ScriptedSession(), asyncio.Event()
    home = home_for(session, gate=gate.wait)
    async with running(deps_for(tmp_path, session, home=home)) as (app, pilot):
        await type_text(pilot, "early")
        await pilot.press("enter")
        await until(lambda: chat(app).queue.texts == ("early",))
        gate.set()
        await until(lambda: session.sent == ["early"])
        await until(lambda: not chat(app).running)


async def test_a_proxy_that_does_not_answer_is_said_and_the_prompt_kept(tmp_path: Path) -> None:
    session = ScriptedSession()

    async def fails() -> None:
        raise CallFailed("proxy unreachable", "connection refused", hint="is it running?", layer="proxy")

    home = home_for(session, gate=fails)
    async with running(deps_for(tmp_path, session, home=home)) as (app, pilot):
        await until(lambda: heading(app).reachable is False)
        await until(lambda: any("connection refused" in n for n in notices(app)))
        await type_text(pilot, "kept")
        await pilot.press("enter")
        await until(lambda: chat(app).queue.texts == ("kept",))
        assert session.sent == []


async def test_the_header_changes_when_the_headers_tell_a_fallback(tmp_path: Path) -> None:
    session = ScriptedSession()
    session.gate = asyncio.Event()
    session.served = Served("c", "dep-2", "openai/gpt-5.1", "cheap", None, 1, 1, "1.106.2")
    async with running(deps_for(tmp_path, session)) as (app, _):
        await ready(app)
        assert heading(app).badge == ""
        chat(app).offer("one")
        await until(lambda: heading(app).badge == "⚠ fallback → gpt-5.1")
        assert chat(app).running
        assert "fallback → gpt-5.1" in shown(app)
        session.gate.set()
        await until(lambda: not chat(app).running)


async def test_a_failure_is_a_card_and_retry_sends_again(tmp_path: Path) -> None:
    session = ScriptedSession()
    session.fail = CallFailed(
        "overloaded", "the vendor is busy", hint="try again", layer="vendor", status=529
    )
    async with running(deps_for(tmp_path, session)) as (app, pilot):
        await ready(app)
        chat(app).offer("one")
        await until(lambda: "the vendor is busy" in shown(app))
        await until(lambda: not chat(app).running)
        await type_text(pilot, "/retry")
        await pilot.press("enter")
        await until(lambda: session.retries == 1)
        await until(lambda: "scatter more than long ones." in shown(app))


async def test_a_retry_of_nothing_is_a_notice_and_no_failed_turn(tmp_path: Path) -> None:
    async with running(deps_for(tmp_path)) as (app, pilot):
        await ready(app)
        await type_text(pilot, "/retry")
        await pilot.press("enter")
        await until(lambda: any("nothing to retry" in n for n in notices(app)))
        await until(lambda: not chat(app).running)
        assert chat(app).turn.error is None
        assert len(chat(app).transcript.page) == 0


async def test_a_model_that_fails_can_be_left_for_another_from_its_card(tmp_path: Path) -> None:
    session = ScriptedSession()
    session.fail = CallFailed("the model is unknown", "no such model", layer="proxy", cls="unknown-model")
    async with running(deps_for(tmp_path, session)) as (app, pilot):
        await ready(app)
        chat(app).offer("one")
        await until(lambda: "another model" in shown(app) and not chat(app).running)
        await pilot.press("tab", "o")
        await until(lambda: isinstance(app.screen, ModelPicker))
        await pilot.press("escape")
        await until(lambda: app.screen is chat(app))
        assert session.retries == 0
        chat(app).offer("two")
        await until(lambda: not chat(app).running and "scatter more than" in shown(app))
        assert "another model" not in shown(app)


async def test_after_a_retry_from_the_card_the_prompt_has_the_focus(tmp_path: Path) -> None:
    session = ScriptedSession()
    session.fail = CallFailed("overloaded", "the vendor is busy", layer="vendor", status=529)
    async with running(deps_for(tmp_path, session)) as (app, pilot):
        await ready(app)
        chat(app).offer("one")
        await until(lambda: "the vendor is busy" in shown(app) and not chat(app).running)
        await pilot.press("tab", "r")
        await until(lambda: session.retries == 1)
        assert chat(app).prompt.has_focus
        await type_text(pilot, "error")
        assert chat(app).prompt.text == "error"
        assert session.retries == 1


async def test_what_is_typed_or_pasted_over_the_transcript_goes_to_the_prompt(tmp_path: Path) -> None:
    async with running(deps_for(tmp_path)) as (app, pilot):
        await ready(app)
        chat(app).offer("one")
        await until(lambda: not chat(app).running)
        await pilot.press("tab")
        assert chat(app).transcript.has_focus
        await type_text(pilot, "this now")
        await until(lambda: chat(app).prompt.text == "this now")
        await pilot.press("tab")
        chat(app).transcript.post_message(events.Paste(" then\n"))
        await until(lambda: chat(app).prompt.text == "this now then\n" and chat(app).prompt.has_focus)


async def test_a_new_conversation_starts_with_an_empty_prompt(tmp_path: Path) -> None:
    async with running(deps_for(tmp_path)) as (app, pilot):
        await ready(app)
        before = chat(app)
        await type_text(pilot, "/new")
        await pilot.press("enter")
        await until(lambda: chat(app) is not before and chat(app).is_mounted)
        assert chat(app).prompt.text == ""


async def test_keys_that_come_in_one_read_keep_their_order(tmp_path: Path) -> None:
    async with running(deps_for(tmp_path)) as (app, _):
        await ready(app)
        keys = [("t", "t"), ("g", "g"), ("backspace", None), ("e", "e"), ("ctrl+j", None), ("h", "h")]
        for key, character in [*keys, ("left", None), ("x", "x")]:
            app.post_message(events.Key(key, character))
        await until(lambda: "x" in chat(app).prompt.text)
        assert chat(app).prompt.text == "te\nxh"


async def test_the_first_start_says_simulated_and_offers_prompts(tmp_path: Path) -> None:
    session = ScriptedSession()
    async with running(deps_for(tmp_path, session), NARROW) as (app, pilot):
        await ready(app)
        assert "simulated" in shown(app).splitlines()[0]
        assert chat(app).query_one(Welcome).display
        await pilot.press("shift+tab", "down", "enter")
        await until(lambda: len(session.sent) == 1)
        assert "17 * 23" in session.sent[0]
        await until(lambda: not chat(app).query_one(Welcome).display)
        await until(lambda: not chat(app).running)


async def test_a_suggested_prompt_can_be_clicked(tmp_path: Path) -> None:
    session = ScriptedSession()
    async with running(deps_for(tmp_path, session)) as (app, pilot):
        await ready(app)
        assert app.screen.query_one("#suggestions", OptionList).option_count == 3
        await pilot.click("#suggestions", offset=(5, 1))
        await until(lambda: session.sent != [])
        await until(lambda: not chat(app).running)


async def test_slash_completion_by_tab_and_by_enter(tmp_path: Path) -> None:
    async with running(deps_for(tmp_path)) as (app, pilot):
        await ready(app)
        await type_text(pilot, "/mo")
        await until(lambda: chat(app).completions.open)
        assert chat(app).completions.chosen == "model"
        await pilot.press("tab")
        assert chat(app).prompt.text == "/model "
        assert not chat(app).completions.open
        await type_text(pilot, "openai/gpt-5.1")
        await pilot.press("enter")
        await until(lambda: "openai/gpt-5.1" in shown(app).splitlines()[0])
        await type_text(pilot, "/he")
        await pilot.press("enter")
        await until(lambda: type(app.screen).__name__ == "Help")


async def test_an_unknown_slash_command_is_said_and_kept(tmp_path: Path) -> None:
    session = ScriptedSession()
    async with running(deps_for(tmp_path, session)) as (app, pilot):
        await ready(app)
        await type_text(pilot, "/nosuch")
        await pilot.press("enter")
        await until(lambda: any("/nosuch" in n for n in notices(app)))
        assert chat(app).prompt.text == "/nosuch"
        assert session.sent == []


async def test_page_keys_scroll_the_transcript_from_the_prompt(tmp_path: Path) -> None:
    async with running(deps_for(tmp_path), NARROW) as (app, pilot):
        await ready(app)
        for number in range(6):
            chat(app).offer(f"prompt {number}")
            await until(lambda: not chat(app).running)
        await until(lambda: chat(app).transcript.max_scroll_y > 10)
        before = chat(app).transcript.scroll_y
        await pilot.press("pageup")
        await until(lambda: chat(app).transcript.scroll_y < before)
        assert chat(app).prompt.has_focus


async def test_hostile_names_reach_the_screen_harmless(tmp_path: Path) -> None:
    session = ScriptedSession("smart")
    evil = "\x1b]0;owned\x07[/nope][@click=app.exit]x[/]"
    session.served = Served("c", evil, evil, evil, None, 0, 1, evil)
    async with running(deps_for(tmp_path, session)) as (app, _):
        await ready(app)
        chat(app).offer("one")
        await until(lambda: not chat(app).running)
        text = shown(app)
        assert "\x1b" not in text
        assert "\x07" not in text
        assert "fallback" in app.screen.query_one(HeaderBar).heading.badge


async def test_the_gauge_and_the_session_total_follow(tmp_path: Path) -> None:
    async with running(deps_for(tmp_path)) as (app, _):
        await ready(app)
        assert "ctx ?" in shown(app)
        chat(app).offer("one")
        await until(lambda: "ctx 10%" in shown(app))
