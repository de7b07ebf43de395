"""Files that go with a prompt: typed, picked, dropped, queued, kept in the draft, taken away."""

import base64
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual import events

from tests.ui.pilots import NARROW, chat, notices, ready, running, shown, type_text, until
from tests.ui.scripted_session import ScriptedSession, deps_for
from tui.chat.parts import Document, Image
from tui.ui.app import SightlineApp
from tui.ui.prompted import Attached, attach
from tui.ui.screens import attaching
from tui.ui.widgets.chips import Chips


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    import io

    from PIL import Image as Pictures

    directory = tmp_path / "files"
    directory.mkdir()
    out = io.BytesIO()
    Pictures.new("RGB", (20, 10), "red").save(out, "PNG")
    (directory / "photo.png").write_bytes(out.getvalue())
    (directory / "notes.txt").write_text("remember\n")
    monkeypatch.chdir(directory)
    return directory


async def test_a_file_typed_by_name_goes_with_the_prompt(tmp_path: Path, files: Path) -> None:
    session = ScriptedSession()
    async with running(deps_for(tmp_path, session), NARROW) as (app, pilot):
        await ready(app)
        await type_text(pilot, "/attach photo.png")
        await pilot.press("enter")
        await until(lambda: "photo.png · png 20×10" in shown(app))
        await type_text(pilot, "what is it")
        await pilot.press("enter")
        await until(lambda: session.sent == ["what is it"])
        (attachment,) = session.attached[0]
        assert isinstance(attachment, Image)
        assert base64.b64decode(attachment.data) == (files / "photo.png").read_bytes()
        await until(lambda: not chat(app).chips.attached)
        await until(lambda: "▣ photo.png" in shown(app))


async def test_the_popup_after_an_at_sign_picks_files(tmp_path: Path, files: Path) -> None:
    del files
    async with running(deps_for(tmp_path)) as (app, pilot):
        await ready(app)
        await type_text(pilot, "compare ")
        await pilot.press("at")
        await until(lambda: chat(app).completions.kind == "file" and chat(app).completions.open)
        await type_text(pilot, "pho")
        await until(lambda: chat(app).completions.chosen == "photo.png")
        await pilot.press("enter")
        await until(lambda: len(chat(app).chips.attached) == 1)
        assert chat(app).prompt.text == "compare photo.png "
        assert not chat(app).completions.open


async def test_a_dropped_path_attaches_and_any_other_paste_is_text(tmp_path: Path, files: Path) -> None:
    async with running(deps_for(tmp_path)) as (app, pilot):
        await ready(app)
        prompt = chat(app).prompt
        prompt.post_message(events.Paste(f"'{files / 'notes.txt'}'"))
        await until(lambda: len(chat(app).chips.attached) == 1)
        assert isinstance(chat(app).chips.attached[0].attachment, Document)
        prompt.post_message(events.Paste("/no/such/file.txt"))
        await until(lambda: prompt.text == "/no/such/file.txt")
        prompt.put("")
        (files / "odd.bin").write_bytes(b"\0\1\2" * 50)
        prompt.post_message(events.Paste(str(files / "odd.bin")))
        await until(lambda: any("Not attached" in n for n in notices(app)))
        await until(lambda: prompt.text == str(files / "odd.bin"))
        await pilot.pause()
        assert len(chat(app).chips.attached) == 1


@pytest.fixture
def is_read(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Files are read once this is set, and not before."""
    gate = threading.Event()

    def slow(path: str, base: Path) -> Attached:
        assert gate.wait(60)
        return attach(path, base)

    monkeypatch.setattr(attaching, "attach", slow)
    yield gate
    gate.set()


async def test_a_prompt_waits_for_a_file_that_is_still_read(
    tmp_path: Path, files: Path, is_read: threading.Event
) -> None:
    session = ScriptedSession()
    async with running(deps_for(tmp_path, session)) as (app, pilot):
        await ready(app)
        chat(app).prompt.post_message(events.Paste(str(files / "notes.txt")))
        await type_text(pilot, "read it")
        await pilot.press("enter")
        await until(lambda: "submit" in groups(app))
        await type_text(pilot, " well")
        assert session.sent == []
        is_read.set()
        await until(lambda: session.sent == ["read it well"])
        assert [file.name for file in session.attached[0]] == ["notes.txt"]
        assert chat(app).prompt.text == ""


async def test_without_a_file_that_cannot_be_read_nothing_is_sent(
    tmp_path: Path, files: Path, is_read: threading.Event
) -> None:
    session = ScriptedSession()
    (files / "odd.bin").write_bytes(b"\0\1\2" * 50)
    async with running(deps_for(tmp_path, session)) as (app, pilot):
        await ready(app)
        chat(app).prompt.post_message(events.Paste(str(files / "odd.bin")))
        await type_text(pilot, "read it ")
        await pilot.press("enter")
        await until(lambda: "submit" in groups(app))
        is_read.set()
        await until(lambda: any("Not attached" in n for n in notices(app)))
        await until(lambda: not groups(app) & {"attach", "submit"})
        assert session.sent == []
        assert chat(app).prompt.text == f"read it {files / 'odd.bin'}"


def groups(app: SightlineApp) -> set[str]:
    """What is under way beside the screen."""
    return {worker.group for worker in app.workers if not worker.is_finished}


async def test_backspace_on_an_empty_prompt_and_a_click_take_files_away(tmp_path: Path, files: Path) -> None:
    del files
    async with running(deps_for(tmp_path)) as (app, pilot):
        await ready(app)
        chat(app).action_attach("photo.png")
        await until(lambda: len(chat(app).chips.attached) == 1)
        chat(app).action_attach("notes.txt")
        await until(lambda: len(chat(app).chips.attached) == 2)
        await pilot.pause()
        await pilot.click(Chips, offset=(3, 0))
        await until(lambda: [f.attachment.name for f in chat(app).chips.attached] == ["notes.txt"])
        await pilot.press("x", "backspace")
        assert len(chat(app).chips.attached) == 1
        await pilot.press("backspace")
        await until(lambda: chat(app).chips.attached == ())


async def test_files_wait_with_their_prompt_and_survive_a_restart(tmp_path: Path, files: Path) -> None:
    async with running(deps_for(tmp_path, ScriptedSession(""))) as (app, pilot):
        chat(app).action_attach("photo.png")
        await until(lambda: len(chat(app).chips.attached) == 1)
        await type_text(pilot, "later")
        await pilot.press("enter")
        await until(lambda: chat(app).queue.texts == ("later",))
        assert len(chat(app).queue.waiting[0].attached) == 1
        chat(app).action_attach("notes.txt")
        await until(lambda: len(chat(app).chips.attached) == 1)
    (files / "notes.txt").unlink()
    async with running(deps_for(tmp_path, ScriptedSession(""))) as (app, _):
        await until(lambda: chat(app).queue.texts == ("later",))
        assert [f.attachment.name for f in chat(app).queue.waiting[0].attached] == ["photo.png"]
        assert chat(app).chips.attached == ()
        await until(lambda: any("No longer attached" in n for n in notices(app)))


async def test_a_picture_alone_is_a_prompt(tmp_path: Path, files: Path) -> None:
    del files
    session = ScriptedSession()
    async with running(deps_for(tmp_path, session)) as (app, pilot):
        await ready(app)
        chat(app).action_attach("photo.png")
        await until(lambda: len(chat(app).chips.attached) == 1)
        await pilot.press("enter")
        await until(lambda: session.sent == [""])


async def test_without_a_picture_on_the_clipboard_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SSH_TTY", "/dev/pts/0")
    async with running(deps_for(tmp_path)) as (app, _):
        await ready(app)
        chat(app).action_paste_image()
        await until(lambda: any("clipboard" in n for n in notices(app)))
