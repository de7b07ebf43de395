"""The form that asks: what it shows, at every size and of every text."""

import asyncio
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from tests.hostile.terminal import STEERING
from tests.ui.asking_form import asking, be_quick, readable
from tests.ui.asking_session import AskingSession, call, edit, shell
from tests.ui.pilots import NARROW, chat, ready, running, shown, until
from tests.ui.scripted_session import deps_for
from tui.chat.events import Ask
from tui.ui.screens.help import Help


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    be_quick(monkeypatch)


async def test_it_shows_what_would_run_and_what_the_session_would_cover(tmp_path: Path) -> None:
    async with asking(tmp_path, AskingSession(shell("make\nmake install"))) as (app, _, _approval):
        await readable(app)
        said = shown(app)
        for part in (
            "shell  run a command in ~/project",
            "│    make  ",
            "│    make install  ",
            "this session: every command that begins with make",
            "y once",
            "a tool waits for your yes",
        ):
            assert part in said
        assert "1 of" not in said


async def test_a_megabyte_of_arguments_can_be_read_to_its_end(tmp_path: Path) -> None:
    text = "".join(f"line {n}\n" for n in range(80_000)) + "rm -rf / # the end"
    ask = Ask("write 80,001 lines", "x", "x", "everything")
    async with asking(tmp_path, AskingSession((call("write_file", content=text), ask))) as (app, pilot, a):
        await readable(app)
        assert "line 0" in shown(app)
        assert "more rows below" in shown(app)
        await pilot.press("pagedown")
        await until(lambda: "line 4" in shown(app))
        await pilot.press("end")
        await until(lambda: "rm -rf / # the end" in shown(app))
        assert "more rows below" not in shown(app)
        await pilot.press("home")
        await until(lambda: "line 0" in shown(app))
        before = a.size.height
        await pilot.press("v")
        await until(lambda: a.size.height > before)
        assert "y once" in shown(app)
        await pilot.press("v")
        await until(lambda: a.size.height == before)


async def test_the_transcript_scrolls_while_the_form_waits(tmp_path: Path) -> None:
    session = AskingSession(shell("ls"))
    async with asking(tmp_path, session) as (app, pilot, _):
        await readable(app)
        for number in range(60):
            chat(app).transcript.notice(f"remark {number}")
        await until(lambda: "remark 59" in shown(app))
        await pilot.press("pageup", "pageup")
        await until(lambda: "remark 59" not in shown(app))
        assert "y once" in shown(app)


async def test_behind_another_screen_the_form_waits_and_must_be_read_again(tmp_path: Path) -> None:
    session = AskingSession(shell("ls"))
    async with running(deps_for(tmp_path, session), NARROW) as (app, pilot):
        await ready(app)
        await pilot.press("f1")
        await until(lambda: isinstance(app.screen, Help))
        chat(app).offer("Tidy up.")
        await until(lambda: chat(app).approval.waiting)
        await asyncio.sleep(0.2)
        assert not chat(app).approval.has_focus
        assert not chat(app).approval.keys.press("s", monotonic())
        await pilot.press("escape")
        await readable(app)
        await pilot.press("y")
        await until(lambda: session.answers)


@pytest.mark.parametrize("size", [(40, 12), (60, 16), (80, 24), (200, 60)])
async def test_the_answers_are_on_the_screen_at_every_size(tmp_path: Path, size: tuple[int, int]) -> None:
    asked, ask = shell("echo " + "long " * 500)
    session = AskingSession(
        (asked, replace(ask, says="run a command " * 30, grants="every command " * 30)), edit(2)
    )
    async with asking(tmp_path, session, size) as (app, pilot, _):
        await readable(app)
        for part in ("y once", "s session", "n no", "N never", "a all 2 once", "echo", "1 of 2"):
            assert part in shown(app)
        await pilot.resize_terminal(80, 24)
        await until(lambda: app.size.width == 80 and "a all 2 once" in shown(app))


async def test_hostile_text_is_shown_as_what_it_is(tmp_path: Path) -> None:
    evil = "\x1b]0;PWNED\x07\u202e[/x]\u200b\U000e0041\ud800\r"
    ask = Ask(f"run {evil}", evil, evil, f"all {evil}", f"--- a\n+++ b\n@@ -1 +1 @@\n-x\n+{evil}\n")
    hostile = call("shell", command=f"ls {evil}\nx", other=[evil], **{f"k{evil}": f"a\n{evil}"})
    async with asking(tmp_path, AskingSession((hostile, ask)), (200, 60)) as (app, _, _approval):
        await readable(app)
        said = shown(app)
        assert not STEERING.search(said.replace("\n", ""))
        assert said.count("⟨U+200B⟩") >= 5
        assert "[/x]" in said
        assert "⟨U+202E⟩" in said


@pytest.mark.parametrize("arguments", ["", "[1, 2]", '{"a": ', '{"a": NaN}', "[" * 100_000])
async def test_arguments_that_are_no_object_are_shown_as_they_came(tmp_path: Path, arguments: str) -> None:
    odd: Any = replace(call("shell"), arguments=arguments)
    async with asking(tmp_path, AskingSession((odd, shell("ls")[1]))) as (app, _, _approval):
        await readable(app)
        assert (arguments[:20] or "{}") in shown(app)


async def test_notices_do_not_cover_what_is_asked(tmp_path: Path) -> None:
    async with asking(tmp_path, AskingSession(shell("make test"), edit(2))) as (app, _, _approval):
        await readable(app)
        for number in range(6):
            app.say(f"notice {number} " * 12)
        await until(lambda: "notice 0" in shown(app))
        for part in ("run a command in ~/project", "make test", "this session: every", "a all 2 once"):
            assert part in shown(app)


@pytest.mark.parametrize(
    "command",
    [
        "echo hi " + "\u200b" * 300 + "; rm -rf /",
        "echo " + "中" * 400 + "; rm -rf /",
        "echo \t" * 200 + "; rm -rf /",
    ],
    ids=["hidden", "wide", "tabs"],
)
@pytest.mark.parametrize("size", [(80, 24), (61, 40)])
async def test_what_hidden_characters_push_down_is_either_seen_or_told_of(
    tmp_path: Path, command: str, size: tuple[int, int]
) -> None:
    async with asking(tmp_path, AskingSession(shell(command)), size) as (app, pilot, _approval):
        await readable(app)
        assert "rm -rf /" in shown(app).partition("May this run?")[2] or "more rows below" in shown(app)
        await pilot.press("end")
        await until(lambda: "; rm -rf /" in shown(app).replace(" │\n│    ", ""))
