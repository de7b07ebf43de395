"""What is typed before the chat is there goes on in it, and nothing of it is lost."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from textual import events
from textual.app import ComposeResult
from textual.pilot import Pilot
from textual.widgets import Input

from tests.ui.pilots import WIDE, chat, notices, ready, shown, type_text, until
from tests.ui.scripted_session import ScriptedSession, deps_for
from tests.ui.shelves import deps_with, filled, store_of
from tui.errors import UsageError
from tui.ui.app import SightlineApp
from tui.ui.draft import Draft, Unsent, draft_of_text, load_draft, save_draft, save_history, text_of_draft
from tui.ui.ports import Deps
from tui.ui.prompted import reattached
from tui.ui.screens.chat import ChatScreen
from tui.ui.screens.help import Help
from tui.ui.screens.models import ModelPicker
from tui.ui.screens.start import StartScreen
from tui.ui.session_ports import Opened
from tui.ui.start import Start


class Loading:
    """A start whose rest is there when it is told so; at the end of the test in any case."""

    def __init__(self, data_dir: Path, deps: Deps | Exception | None = None) -> None:
        self.data_dir = data_dir
        self.session = ScriptedSession()
        self.deps = deps or deps_for(data_dir, self.session)
        self.done = threading.Event()

    def prepare(self) -> Deps:
        self.done.wait(60)
        if isinstance(self.deps, Exception):
            raise self.deps
        return self.deps

    @property
    def start(self) -> Start:
        return Start(self.prepare, self.data_dir)


@asynccontextmanager
async def starting(
    loading: Loading, start: Start | None = None
) -> AsyncIterator[tuple[SightlineApp, Pilot[None]]]:
    app = SightlineApp(start or loading.start)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await until(lambda: isinstance(app.screen, StartScreen) and app.screen.focused)
        try:
            yield app, pilot
        finally:
            loading.done.set()


async def arrived(app: SightlineApp, loading: Loading) -> None:
    loading.done.set()
    await until(lambda: any(isinstance(screen, ChatScreen) for screen in app.screen_stack))
    await ready(app)


async def test_text_goes_on_in_the_chat_with_its_cursor(tmp_path: Path) -> None:
    loading = Loading(tmp_path)
    async with starting(loading) as (app, pilot):
        await type_text(pilot, "half a thought")
        await pilot.press("home")
        assert "❯ half a thought" in shown(app)
        assert "starting" in shown(app)
        await arrived(app, loading)
        await pilot.press("x")
        await until(lambda: chat(app).prompt.text == "xhalf a thought")
        assert chat(app).prompt.has_focus
        await until(lambda: load_draft(tmp_path).text == "xhalf a thought")


@pytest.mark.parametrize("hurry", [False, True])
async def test_a_prompt_sent_too_early_goes_out_when_it_can(tmp_path: Path, hurry: bool) -> None:
    """Also when Enter was pressed in the very moment the chat came."""
    loading = Loading(tmp_path)
    async with starting(loading) as (app, pilot):
        await type_text(pilot, "hello there")
        app.post_message(events.Key("enter", "\r"))
        if not hurry:
            await until(lambda: app.screen.prompt.text == "")  # type: ignore[attr-defined]
            await type_text(pilot, "and then")
        await arrived(app, loading)
        await until(lambda: loading.session.sent == ["hello there"])
        await until(lambda: chat(app).prompt.text == ("" if hurry else "and then"))


async def test_keys_for_the_chat_wait_for_it(tmp_path: Path) -> None:
    loading = Loading(tmp_path)
    async with starting(loading) as (app, pilot):
        await type_text(pilot, "ab")
        await pilot.press("ctrl+o", "g", "p", "t")
        await arrived(app, loading)
        await until(lambda: isinstance(app.screen, ModelPicker))
        await until(lambda: [field.value for field in app.screen.query(Input)] == ["gpt"])
        assert chat(app).prompt.text == "ab"


async def test_a_command_is_done_when_the_chat_is_there(tmp_path: Path) -> None:
    loading = Loading(tmp_path)
    async with starting(loading) as (app, pilot):
        await type_text(pilot, "/help")
        await pilot.press("enter")
        await until(lambda: app.screen.focused is None)
        await arrived(app, loading)
        await until(lambda: isinstance(app.screen, Help))
        assert loading.session.sent == []


async def test_a_dropped_file_is_attached(tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    file.write_text("a note")
    loading = Loading(tmp_path / "data")
    async with starting(loading) as (app, pilot):
        app.post_message(events.Paste(str(file)))
        await pilot.pause()
        await arrived(app, loading)
        await until(lambda: [f.attachment.name for f in chat(app).chips.attached] == ["note.txt"])


async def test_the_draft_and_earlier_prompts_are_there_at_once(tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    file.write_text("a note")
    save_draft(tmp_path, Draft(Unsent("left", (str(file),)), (Unsent("queued"),)))
    save_history(tmp_path, ["earlier"])
    loading = Loading(tmp_path)
    async with starting(loading) as (app, pilot):
        assert "❯ left" in shown(app)
        await pilot.press("home", "up")
        assert "❯ earlier" in shown(app)
        await pilot.press("down", "end", "x")
        await arrived(app, loading)
        await until(lambda: chat(app).prompt.text == "leftx")
        assert [f.attachment.name for f in chat(app).chips.attached] == ["note.txt"]
        assert chat(app).queue.texts == ("queued",)


async def test_in_a_reopened_session_it_stands_behind_the_draft_of_that(tmp_path: Path) -> None:
    save_draft(tmp_path, Draft(Unsent("of the fresh one")))
    sky = filled()[0]
    with store_of(*filled(), file=tmp_path / "sessions.db") as store:
        deps = deps_with(tmp_path, store, ScriptedSession(id=sky.info.id))
        opened = Opened(sky, text_of_draft(Draft(Unsent("own "))))
        loading = Loading(tmp_path, replace(deps, home=replace(deps.home, opened=opened)))
        async with starting(loading, replace(loading.start, is_fresh=False)) as (app, pilot):
            assert "of the fresh one" not in shown(app)
            await type_text(pilot, "typed")
            await arrived(app, loading)
            await until(lambda: chat(app).prompt.text == "own typed")
        assert draft_of_text(store.draft(sky.info.id)).text == "own typed"
    assert load_draft(tmp_path).text == "of the fresh one"


@pytest.mark.parametrize("key", ["ctrl+c", "ctrl+q", "ctrl+d"])
async def test_who_leaves_before_finds_it_at_the_next_start(tmp_path: Path, key: str) -> None:
    save_draft(tmp_path, Draft(Unsent("", ("/a/file",))))
    loading = Loading(tmp_path)
    async with starting(loading) as (app, pilot):
        await type_text(pilot, "sent")
        await pilot.press("enter")
        await until(lambda: app.screen.prompt.text == "")  # type: ignore[attr-defined]
        if key != "ctrl+d":
            await type_text(pilot, "typed")
        await pilot.press(key)
        await until(lambda: app._exit)
    typed = "" if key == "ctrl+d" else "typed"
    assert load_draft(tmp_path) == Draft(Unsent(typed, ("/a/file",)), (Unsent("sent"),))


async def test_who_leaves_as_the_chat_comes_finds_it_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Textual would go on with a screen without widgets; and files and queue of the draft may not be back."""
    draft = Draft(Unsent("left ", ("/a/file",)), (Unsent("queued"),))
    save_draft(tmp_path, draft)
    loading, gate = Loading(tmp_path), threading.Event()
    monkeypatch.setattr(
        "tui.ui.screens.drafting.reattached", lambda draft: gate.wait(60) and reattached(draft)
    )
    compose = ChatScreen.compose

    def leaving(self: ChatScreen) -> ComposeResult:
        self.app.exit(return_code=3)
        yield from compose(self)

    monkeypatch.setattr(ChatScreen, "compose", leaving)
    async with starting(loading) as (app, pilot):
        await type_text(pilot, "sent")
        await pilot.press("enter")
        await until(lambda: app.screen.prompt.text == "")  # type: ignore[attr-defined]
        await type_text(pilot, "typed")
        loading.done.set()
        await until(lambda: app._exit)
    # Not before the end: the files would be looked for, and be gone.
    gate.set()
    assert app.return_code == 3
    assert load_draft(tmp_path) == Draft(
        Unsent("typed", ("/a/file",)), (Unsent("queued"), Unsent("left sent"))
    )


async def test_a_temporary_chat_leaves_nothing(tmp_path: Path) -> None:
    loading = Loading(tmp_path)
    async with starting(loading, replace(loading.start, keeps=False)) as (app, pilot):
        await type_text(pilot, "typed")
        app.exit()
    assert load_draft(tmp_path) == Draft()


@pytest.mark.parametrize("error", [UsageError("no session", "nothing goes by it"), PermissionError("/data")])
async def test_what_cannot_be_shown_ends_it_with_the_reason(tmp_path: Path, error: Exception) -> None:
    loading = Loading(tmp_path, error)
    async with starting(loading) as (app, pilot):
        await type_text(pilot, "typed")
        loading.done.set()
        await until(lambda: app._exit)
    assert app.failure is error
    assert load_draft(tmp_path).text == "typed"


async def test_what_is_configured_holds_from_the_first_frame(tmp_path: Path) -> None:
    loading = Loading(tmp_path)
    start = replace(loading.start, theme="nord", keymap={"prompt.newline": "ctrl+n", "no.such": "x"})
    async with starting(loading, start) as (app, pilot):
        assert app.theme == "nord"
        await pilot.press("a", "ctrl+n", "b")
        assert app.screen.prompt.text == "a\nb"  # type: ignore[attr-defined]
        await until(lambda: any("no.such" in notice for notice in notices(app)))
        await arrived(app, loading)
        await until(lambda: chat(app).prompt.text == "a\nb")
        assert app.theme == "nord"


async def test_a_file_dropped_before_a_prompt_is_sent_goes_with_it(tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    file.write_text("a note")
    loading = Loading(tmp_path / "data")
    async with starting(loading) as (app, pilot):
        app.post_message(events.Paste(str(file)))
        await type_text(pilot, "read it")
        await pilot.press("enter")
        await until(lambda: app.screen.prompt.text == "")  # type: ignore[attr-defined]
        await type_text(pilot, "next")
        await arrived(app, loading)
        await until(lambda: loading.session.sent == ["read it"])
        assert [file.name for file in loading.session.attached[0]] == ["note.txt"]
        await until(lambda: chat(app).prompt.text == "next")
