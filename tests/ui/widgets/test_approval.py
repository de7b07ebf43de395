"""The form that asks: which keys decide, and which never do."""

import asyncio
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest
from textual import events

from tests.ui.asking_form import asking, be_quick, readable
from tests.ui.asking_session import AskingSession, edit, shell
from tests.ui.pilots import NARROW, PATIENCE_S, WIDE, chat, ready, running, shown, type_text, until
from tests.ui.scripted_session import deps_for
from tui.chat.events import Answer
from tui.ui import deliberation
from tui.ui.widgets import asking_form
from tui.ui.widgets.answers import Answers


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    be_quick(monkeypatch)


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
        early = events.Key("y", "y")
        early.time = approval.keys._readable_at - 0.01
        app.post_message(early)
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


async def test_a_word_typed_on_goes_to_the_prompt_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (deliberation, asking_form):
        # However slowly this machine types, it is a word.
        monkeypatch.setattr(module, "MEANT_S", PATIENCE_S)
    session = AskingSession(shell("ls"))
    async with asking(tmp_path, session) as (app, pilot, approval):
        await readable(app)
        await pilot.press("s", "t", "o", "p")
        await until(lambda: chat(app).prompt.text == "stop" and chat(app).prompt.has_focus)
        approval._settle()
        assert session.answers == {}


async def test_a_paste_goes_to_the_prompt(tmp_path: Path) -> None:
    session = AskingSession(shell("ls"))
    async with asking(tmp_path, session) as (app, pilot, approval):
        await readable(app)
        approval.post_message(events.Paste("yes\ny\n"))
        await until(lambda: chat(app).prompt.text == "yes\ny\n")
        await pilot.pause()
        assert session.answers == {}


async def test_a_double_press_does_not_approve_the_next_call_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = AskingSession(shell("ls"), shell("rm -rf /", 2))
    async with asking(tmp_path, session) as (app, pilot, approval):
        await readable(app)
        # The first call can be decided now; the next one cannot be read so soon.
        be_quick(monkeypatch, read=PATIENCE_S)
        await pilot.press("y")
        await until(lambda: session.answers)
        await until(lambda: "rm -rf /" in shown(app))
        await pilot.press("y")
        await until(lambda: "too early" in shown(app))
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
        await until(lambda: "Nothing waits" in shown(app))


async def test_answers_can_be_clicked_once_they_could_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = AskingSession(shell("ls"), shell("make", 2))
    async with asking(tmp_path, session) as (app, pilot, approval):
        await readable(app)
        width = len("  y once    s")
        # The first answer can be given now; what is asked next cannot be read so soon.
        be_quick(monkeypatch, read=PATIENCE_S)
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
