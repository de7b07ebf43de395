"""Frames, Answer and Timing in the viewer: what they show, their keys, and following what still runs."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.exchanges.streams import text_stream
from tests.ui.pilots import NARROW, WIDE, ready, running, shown, until
from tests.ui.scripted_session import ScriptedSession, deps_for
from tests.ui.wire.exchanges import failed, ok
from tests.wire.streams import frames as recorded
from tui.chat.frame import WHOLE_BODY, Frame
from tui.ui.app import SightlineApp
from tui.ui.wire.viewer import Viewer

COMMA, STOP = "comma", "full_stop"


def held(session: ScriptedSession, frames: Sequence[Frame], **more: Any) -> None:
    """An exchange whose answer were these frames."""
    exchange, wire = ok(session, "one", 1, 1)
    session.log["one"] = replace(exchange, **more)
    session.wires["one"] = replace(wire, frames=tuple(frames))


def stretched(name: str) -> list[Frame]:
    return [Frame(f.event, f.data, 0.5 + f.at * 0.13) for f in recorded(name)]


def tab(app: SightlineApp) -> str:
    """The name of the open page as the tabs show it."""
    found = re.search(r"\[(\w+)\]", shown(app))
    return found[1] if found else ""


def moved_on(app: SightlineApp, before: str) -> bool:
    """Whether another page than that is open."""
    return tab(app) not in ("", before)


@asynccontextmanager
async def page(
    tmp_path: Path, session: ScriptedSession, title: str, size: tuple[int, int] = WIDE
) -> AsyncIterator[tuple[SightlineApp, Pilot[None]]]:
    async with running(deps_for(tmp_path, session), size) as (app, pilot):
        await ready(app)
        await pilot.press("f12")
        await until(lambda: isinstance(app.screen, Viewer) and app.screen.page is not None)
        while (before := tab(app)) != title:
            await pilot.press("right")
            await until(partial(moved_on, app, before))
        viewer = app.screen
        assert isinstance(viewer, Viewer)
        await until(lambda: viewer.page is not None and title == viewer.page.TITLE)
        await pilot.pause()
        yield app, pilot


def copied(app: SightlineApp) -> str:
    assert isinstance(app.screen, Viewer)
    assert app.screen.page is not None
    return app.screen.page.copied


async def test_the_table_shows_every_frame_and_the_chosen_one_as_it_came(tmp_path: Path) -> None:
    session = ScriptedSession()
    held(session, stretched("messages_interleaved"))
    async with page(tmp_path, session, "Frames") as (app, pilot):
        assert "24 frames" in shown(app)
        assert "signature_delta" in shown(app)
        await pilot.press("down", "down")
        await until(lambda: 'data: {"type": "ping"}' in shown(app))
        assert copied(app) == 'event: ping\ndata: {"type": "ping"}'
        await pilot.press("end", "f")
        await until(lambda: "1 shown: message_stop" in shown(app))
        await pilot.press("f")
        await until(lambda: "shown:" not in shown(app))
        assert copied(app).startswith("event: message_stop"), "the cursor stays where it was"
        await pilot.press("v")
        await until(lambda: "table" in shown(app))


async def test_searching_the_frames_and_showing_only_what_was_found(tmp_path: Path) -> None:
    session = ScriptedSession()
    held(session, text_stream(f"word{n % 3} " for n in range(300)))
    async with page(tmp_path, session, "Frames") as (app, pilot):
        await pilot.press("slash", *"word2")
        await until(lambda: "1 of 100" in shown(app))
        assert "word2" in copied(app)
        await pilot.press("enter")
        await until(lambda: "2 of 100" in shown(app))
        assert isinstance(app.screen, Viewer)
        app.screen.set_focus(None)
        await pilot.press("w")
        await until(lambda: "100 shown: with “word2”" in shown(app))
        assert "word1" not in shown(app)


async def test_the_largest_gaps_are_visited_one_after_another(tmp_path: Path) -> None:
    session = ScriptedSession()
    frames = text_stream(["a", "b", "c", "d"])
    late = [
        replace(f, at=f.at + (3.0 if n >= 3 else 0.0) + (1.0 if n >= 5 else 0.0))
        for n, f in enumerate(frames)
    ]
    held(session, late)
    async with page(tmp_path, session, "Frames") as (app, pilot):
        await pilot.press("g")
        await until(lambda: '"b"' in copied(app))
        await pilot.press("g")
        await until(lambda: '"d"' in copied(app))


async def test_stepping_through_a_stream_shows_the_answer_as_it_was(tmp_path: Path) -> None:
    session = ScriptedSession()
    held(session, stretched("messages_interleaved"))
    async with page(tmp_path, session, "Answer") as (app, pilot):
        await until(lambda: "frame 24 of 24" in shown(app) and "stop tool_use" in shown(app))
        await pilot.press("home", *[STOP] * 4)
        await until(lambda: "frame 4 of 24" in shown(app) and "▾ thinking · open" in shown(app))
        assert "I should" in shown(app)
        assert "calculator" not in copied(app)
        await pilot.press(COMMA)
        await until(lambda: "frame 3 of 24" in shown(app))
        assert "I should" not in copied(app)
        await pilot.press("right_curly_bracket")
        await until(lambda: "frame 4 of 24" in shown(app))
        await pilot.press("right_curly_bracket")
        await until(lambda: "frame 7 of 24" in shown(app) and "signature_delta" in shown(app))
        await pilot.press("greater_than_sign")
        await until(lambda: "frame 9 of 24" in shown(app))


async def test_words_are_found_where_they_first_stood(tmp_path: Path) -> None:
    session = ScriptedSession()
    held(session, text_stream(["the sk", "y is bl", "ue, the SKY"]))
    async with page(tmp_path, session, "Answer") as (app, pilot):
        await pilot.press("slash", *"sky")
        await until(lambda: "1 of 2" in shown(app) and "frame 4 of 8" in shown(app))
        await pilot.press("enter")
        await until(lambda: "frame 5 of 8" in shown(app))


async def test_it_plays_at_the_speed_it_came_and_can_be_stopped(tmp_path: Path) -> None:
    session = ScriptedSession()
    frames = text_stream(["a"] * 20, every=0.02)
    held(session, [*frames[:-1], replace(frames[-1], at=600.0)])
    async with page(tmp_path, session, "Answer") as (app, pilot):
        await pilot.press("space")
        await until(lambda: "▶" in shown(app) and "Space stop" in shown(app))
        await until(lambda: "frame 24 of 25" in shown(app))
        await pilot.press("space")
        await until(lambda: "Space play" in shown(app))
        assert "▶" not in shown(app)


async def test_frames_without_times_are_not_played_and_not_timed(tmp_path: Path) -> None:
    session = ScriptedSession()
    held(session, [replace(f, at=0.0) for f in stretched("messages_interleaved")])
    async with page(tmp_path, session, "Answer") as (app, pilot):
        assert "Space" not in shown(app)
        await pilot.press("right")
        await until(lambda: "arrival times were not recorded" in shown(app))


async def test_the_waterfall_names_every_span_in_a_narrow_terminal(tmp_path: Path) -> None:
    session = ScriptedSession()
    held(session, stretched("messages_interleaved"), seconds=4.0)
    async with page(tmp_path, session, "Timing", NARROW) as (app, _):
        text = shown(app)
        for name in (
            "connect",
            "request sent",
            "headers",
            "first frame",
            "thinking",
            "call calculator",
            "end",
        ):
            assert name in text
        assert "4,000.0 ms in all" in text
        assert "thinking" in copied(app)
        assert all(len(line) <= 80 for line in text.splitlines())


async def test_the_waterfall_of_a_running_exchange_says_how_far_it_is(tmp_path: Path) -> None:
    session = ScriptedSession()
    held(session, stretched("messages_interleaved")[:20], state="open", seconds=None, ttft_s=None)
    last = session.wires["one"].frames[-1].at * 1000
    async with page(tmp_path, session, "Timing") as (app, _):
        await until(lambda: f"still running, {last:,.1f} ms so far" in shown(app))


async def test_a_running_exchange_is_followed_on_every_page(tmp_path: Path) -> None:
    session = ScriptedSession()
    whole = text_stream([f"{n} " for n in range(200)])
    held(session, whole[:50], state="open", seconds=None)
    async with page(tmp_path, session, "Frames") as (app, pilot):
        await until(lambda: "50 frames" in shown(app))
        held(session, whole[:120], state="open", seconds=None)
        await until(lambda: "120 frames" in shown(app))
        assert '"117 "' in copied(app), "the cursor follows the end"
        await pilot.press("right")
        await until(lambda: "frame 120 of 120" in shown(app))
        await pilot.press(COMMA)
        held(session, whole, state="done")
        await until(lambda: "frame 119 of 205" in shown(app))
        await pilot.press("right")
        await until(lambda: "in all" in shown(app))


async def test_a_refusal_and_an_exchange_that_nobody_kept(tmp_path: Path) -> None:
    session = ScriptedSession()
    exchange, wire = failed(session, "one", 1, 1)
    session.log["one"], session.wires["one"] = exchange, wire
    async with page(tmp_path, session, "Frames") as (app, pilot):
        assert "whole body" in shown(app)
        await pilot.press("right")
        await until(lambda: "✗ error: Invalid" in shown(app))
        await pilot.press("right")
        await until(lambda: "not streamed" in shown(app))
        del session.wires["one"]
        session.log["two"] = replace(exchange, id="two")
        await pilot.press("right_square_bracket")
        await until(lambda: "none came, or they were not kept" in shown(app))
        await pilot.press("left")
        await until(lambda: "No frames came" in shown(app))


@pytest.mark.parametrize(
    "data",
    ["\x1b]0;owned\x07" * 9, "[bold]x[/bold]" * 9, "\u202e" * 50, "x" * 400_000, ""],
    ids=["escapes", "markup", "bidi", "huge", "empty"],
)
async def test_hostile_frames_are_shown_as_what_they_are(tmp_path: Path, data: str) -> None:
    session = ScriptedSession()
    held(session, [Frame("\x1b[31m", data, 0.1), Frame(WHOLE_BODY, data, 0.2), *text_stream([data[:2000]])])
    async with page(tmp_path, session, "Frames", NARROW) as (app, pilot):
        assert "\x1b" not in shown(app)
        await pilot.press("right")
        await until(lambda: "frame 8 of 8" in shown(app))
        assert "⚠ frame" in shown(app) or not data
        assert "\x1b" not in copied(app)
