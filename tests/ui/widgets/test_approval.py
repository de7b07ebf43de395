"""The form that asks: what it shows, which keys decide, and which never do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from tests.hostile.terminal import STEERING
from tests.ui.asking_session import AskingSession, call, edit, shell
from tests.ui.pilots import NARROW, WIDE, chat, ready, running, shown, type_text, until
from tests.ui.scripted_session import deps_for
from tui.chat.events import Answer, Ask
from tui.ui import deliberation
from tui.ui.app import SightlineApp
from tui.ui.screens.help import Help
from tui.ui.widgets import approval as form
from tui.ui.widgets.answers import Answers
from tui.ui.widgets.approval import Approval


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading takes a moment, so that a test does."""
    for module in (deliberation, form):
        monkeypatch.setattr(module, "READ_S", 0.05)
    monkeypatch.setattr(form, "MEANT_S", 0.03)


@asynccontextmanager
async def asking(
    tmp_path: Path, session: AskingSession, size: tuple[int, int] = NARROW
) -> AsyncIterator[tuple[SightlineApp, Pilot[None], Approval]]:
    """The form with every call of the session waiting."""
    async with running(deps_for(tmp_path, session), size) as (app, pilot):
        await ready(app)
        chat(app).offer("Tidy up.")
        await until(lambda: chat(app).approval.waiting == len(session.calls))
        yield app, pilot, chat(app).approval


async def readable(app: SightlineApp) -> None:
    """Wait until the keys of the form work."""
    approval = chat(app).approval
    await until(lambda: approval.has_focus)
    # Time itself is what is waited for: the question has to stand on the screen for a while.
    await asyncio.sleep(deliberation.READ_S * 1.2)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("y", Answer("once", "user")),
        ("s", Answer("session", "user")),
        ("N", Answer("never", "user", lasting=True)),
    ],
)
async def test_a_key_decides(tmp_path: Path, key: str, answer: Answer) -> None:
    session = AskingSession(shell("make"))
    async with asking(tmp_path, session) as (app, pilot, approval):
        await readable(app)
        await pilot.press(key)
        await until(lambda: session.answers)
        assert session.answers == {"call_1": answer}
        await until(lambda: not chat(app).running)
        assert not approval.display
        assert chat(app).prompt.has_focus


@pytest.mark.usefixtures("quick")
async def test_a_rebound_key_decides_and_is_the_one_shown(tmp_path: Path) -> None:
    session = AskingSession(shell("make"))
    deps = replace(deps_for(tmp_path, session), keymap={"approval.once": "o"})
    async with running(deps, NARROW) as (app, pilot):
        await ready(app)
        chat(app).offer("Tidy up.")
        await until(lambda: chat(app).approval.waiting == 1)
        await readable(app)
        assert "o once" in shown(app)
        await pilot.press("o")
        await until(lambda: session.answers == {"call_1": Answer("once", "user")})


@pytest.mark.usefixtures("quick")
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


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("typed", "reason"), [("", ""), ("use make", "use make")])
async def test_no_takes_a_reason_and_the_model_hears_it(tmp_path: Path, typed: str, reason: str) -> None:
    session = AskingSession(shell("ls"))
    async with asking(tmp_path, session) as (app, pilot, _):
        await readable(app)
        await pilot.press("n")
        await until(lambda: "why not?" in shown(app))
        await type_text(pilot, typed)
        await pilot.press("enter")
        await until(lambda: session.answers)
        assert session.answers["call_1"] == Answer("never", "user", reason)


@pytest.mark.usefixtures("quick")
async def test_esc_leads_back_from_the_reason_and_stops_the_turn_from_the_form(tmp_path: Path) -> None:
    session = AskingSession(shell("ls"))
    async with asking(tmp_path, session) as (app, pilot, approval):
        await readable(app)
        await pilot.press("n", "escape")
        await until(lambda: approval.has_focus)
        assert "y once" in shown(app)
        assert chat(app).running
        await pilot.press("escape")
        await until(lambda: not chat(app).running)
        assert session.stopped.is_set()
        assert session.answers == {}
        assert not approval.display
        session.decides[0](Answer("once", "user"))
        assert session.answers == {}


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("key", ["y", "s", "N", "a", "enter"])
async def test_a_key_pressed_before_the_form_was_painted_decides_nothing_however_late_it_comes(
    tmp_path: Path, key: str
) -> None:
    session = AskingSession(shell("ls"), shell("make", 2))
    before = monotonic()
    async with asking(tmp_path, session) as (app, pilot, approval):
        await readable(app)
        late = events.Key(key, None if key == "enter" else key)
        late.time = before
        app.post_message(late)
        await pilot.pause(0.1)
        assert session.answers == {}
        assert approval.waiting == 2


@pytest.mark.usefixtures("quick")
async def test_beside_a_draft_the_form_does_not_take_the_focus_and_the_footer_leads_there(
    tmp_path: Path,
) -> None:
    session = AskingSession(shell("ls"))
    async with running(deps_for(tmp_path, session), NARROW) as (app, pilot):
        await ready(app)
        await type_text(pilot, "y")
        chat(app).offer("Tidy up.")
        await until(lambda: "Tab F9 answer" in shown(app))
        await asyncio.sleep(0.2)
        assert chat(app).prompt.has_focus
        await pilot.press("tab")
        await until(lambda: chat(app).approval.has_focus)
        assert "Tab F9 answer" not in shown(app)
        await pilot.press("y")
        await until(lambda: session.answers)
        assert chat(app).prompt.text == "y"


async def test_a_key_right_after_the_form_took_the_focus_decides_nothing(tmp_path: Path) -> None:
    session = AskingSession(shell("ls"))
    async with asking(tmp_path, session) as (app, pilot, approval):
        await until(lambda: approval.has_focus)
        await pilot.press("y")
        await until(lambda: "too early" in shown(app))
        await asyncio.sleep(deliberation.MEANT_S + deliberation.READ_S)
        assert session.answers == {}
        await pilot.press("y")
        await until(lambda: session.answers)


@pytest.mark.usefixtures("quick")
async def test_enter_and_space_decide_nothing(tmp_path: Path) -> None:
    session = AskingSession(shell("ls"))
    async with asking(tmp_path, session) as (app, pilot, _):
        await readable(app)
        await pilot.press("enter", "ctrl+j")
        await asyncio.sleep(0.1)
        assert session.answers == {}
        assert chat(app).prompt.text == ""


async def test_a_word_typed_on_goes_to_the_prompt_whole(tmp_path: Path) -> None:
    session = AskingSession(shell("ls"))
    async with asking(tmp_path, session) as (app, pilot, _):
        await readable(app)
        await pilot.press("s", "t", "o", "p")
        await until(lambda: chat(app).prompt.text == "stop")
        assert chat(app).prompt.has_focus
        await asyncio.sleep(deliberation.MEANT_S * 1.5)
        assert session.answers == {}


async def test_a_paste_goes_to_the_prompt(tmp_path: Path) -> None:
    session = AskingSession(shell("ls"))
    async with asking(tmp_path, session) as (app, pilot, approval):
        await readable(app)
        approval.post_message(events.Paste("yes\ny\n"))
        await until(lambda: chat(app).prompt.text == "yes\ny\n")
        await pilot.pause()
        assert session.answers == {}


async def test_a_double_press_does_not_approve_the_next_call_too(tmp_path: Path) -> None:
    session = AskingSession(shell("ls"), shell("rm -rf /", 2))
    async with asking(tmp_path, session) as (app, pilot, approval):
        await readable(app)
        await pilot.press("y")
        await until(lambda: session.answers)
        await until(lambda: "rm -rf /" in shown(app))
        await pilot.press("y")
        await asyncio.sleep(deliberation.MEANT_S + 0.1)
        assert list(session.answers) == ["call_1"]
        assert approval.waiting == 1


@pytest.mark.usefixtures("quick")
async def test_a_draft_is_not_disturbed_and_can_be_sent_meanwhile(tmp_path: Path) -> None:
    session = AskingSession(shell("ls"))
    async with running(deps_for(tmp_path, session), NARROW) as (app, pilot):
        await ready(app)
        await type_text(pilot, "next idea")
        chat(app).offer("Tidy up.")
        await until(lambda: chat(app).approval.waiting)
        await asyncio.sleep(0.2)
        assert chat(app).prompt.has_focus
        await pilot.press("enter")
        await until(lambda: chat(app).queue.texts == ("next idea",))
        assert session.answers == {}


@pytest.mark.usefixtures("quick")
async def test_f9_goes_there_and_back_and_says_when_nothing_waits(tmp_path: Path) -> None:
    session = AskingSession(shell("ls"))
    async with asking(tmp_path, session) as (app, pilot, approval):
        await readable(app)
        await pilot.press("f9")
        await until(lambda: chat(app).prompt.has_focus)
        await pilot.press("f9")
        await until(lambda: approval.has_focus)
        await pilot.press("tab")
        await until(lambda: chat(app).prompt.has_focus)
        await pilot.press("escape")
        await until(lambda: not chat(app).running)
        await pilot.press("f9")
        await until(lambda: "No tool waits" in shown(app))


async def test_answers_can_be_clicked_once_they_could_be_read(tmp_path: Path) -> None:
    session = AskingSession(shell("ls"), shell("make", 2))
    async with asking(tmp_path, session) as (app, pilot, approval):
        await readable(app)
        width = len("  y once    s")
        await pilot.click(Answers, offset=(width - 1, 0))
        await until(lambda: session.answers)
        assert session.answers == {"call_1": Answer("session", "user")}
        app.post_message(events.Key("y", "y"))
        await pilot.click(Answers, offset=(1, 0))
        assert approval.waiting == 1


@pytest.mark.usefixtures("quick")
async def test_all_that_wait_are_approved_at_once_except_one_nobody_saw(tmp_path: Path) -> None:
    session = AskingSession(*(shell(f"echo {n}", n) for n in range(30)))
    async with asking(tmp_path, session) as (app, pilot, approval):
        await readable(app)
        assert "1 of 30" in shown(app)
        assert "a all 30 once" in shown(app)
        came = approval._asking._came
        came[-1] = came[-1] + 60
        await pilot.press("a")
        await until(lambda: len(session.answers) == 29)
        assert {a.decision for a in session.answers.values()} == {"once"}
        assert approval.waiting == 1


@pytest.mark.usefixtures("quick")
async def test_the_others_can_be_looked_at_and_decided_in_any_order(tmp_path: Path) -> None:
    session = AskingSession(shell("ls"), edit(2), shell("make", 3))
    async with asking(tmp_path, session, WIDE) as (app, pilot, _):
        await readable(app)
        await pilot.press("right")
        await until(lambda: "2 of 3" in shown(app) and "-buy milk" in shown(app))
        assert "+buy oat milk" in shown(app)
        await asyncio.sleep(0.1)
        await pilot.press("y")
        await until(lambda: session.answers)
        assert list(session.answers) == ["call_2"]
        await until(lambda: "2 of 2" in shown(app))
        await pilot.press("right")
        await until(lambda: "1 of 2" in shown(app) and "ls" in shown(app))


@pytest.mark.usefixtures("quick")
async def test_a_call_decided_elsewhere_leaves_the_form(tmp_path: Path) -> None:
    session = AskingSession(shell("make a"), shell("ls", 2), shell("make b", 3))
    async with asking(tmp_path, session) as (app, pilot, approval):
        await readable(app)
        await pilot.press("n")
        await until(lambda: "why not?" in shown(app))
        session.decides[0](Answer("session", "user"))
        session.decides[2](Answer("session", "user"))
        await until(lambda: approval.waiting == 1)
        # The reason was about a call that is gone: the keys belong to the next one.
        await until(lambda: approval.has_focus)
        assert "ls" in shown(app)


@pytest.mark.usefixtures("quick")
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


@pytest.mark.usefixtures("quick")
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


@pytest.mark.usefixtures("quick")
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


@pytest.mark.usefixtures("quick")
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


@pytest.mark.usefixtures("quick")
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


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("arguments", ["", "[1, 2]", '{"a": ', '{"a": NaN}', "[" * 100_000])
async def test_arguments_that_are_no_object_are_shown_as_they_came(tmp_path: Path, arguments: str) -> None:
    odd: Any = replace(call("shell"), arguments=arguments)
    async with asking(tmp_path, AskingSession((odd, shell("ls")[1]))) as (app, _, _approval):
        await readable(app)
        assert (arguments[:20] or "{}") in shown(app)
