"""A write is asked about with its diff, made whole or not at all, and never over what changed meanwhile."""

import asyncio
import os
import stat
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.tools.builtin.trees import Trap, asked, call, raw
from tui.chat.parts import Json, ToolResult
from tui.tools.builtin.files import changes, writing
from tui.tools.toolbox import Toolbox


@pytest.fixture
def box(tmp_path: Path) -> Toolbox:
    return Trap(tmp_path, tmp_path, tmp_path / "ours").toolbox()


def write(path: str, content: str) -> dict[str, Json]:
    return {"path": path, "content": content}


async def test_a_new_file_in_new_directories(box: Toolbox, tmp_path: Path) -> None:
    ask = await asked(box, "write_file", **write("docs/deep/new.md", "one\ntwo\n"))
    assert ask.says == "create docs/deep/new.md with 2 lines"
    assert (ask.subject, ask.grants) == ("docs/deep/new.md", "every write_file to docs/deep/new.md")
    assert ask.diff == "--- /dev/null\n+++ b/docs/deep/new.md\n@@ -0,0 +1,2 @@\n+one\n+two\n"
    assert os.listdir(tmp_path) == []
    result = await call(box, "write_file", **write("docs/deep/new.md", "one\ntwo\n"))
    assert (result.is_error, result.text) == (False, "created docs/deep/new.md: 2 lines, 8 bytes")
    assert (tmp_path / "docs/deep/new.md").read_bytes() == b"one\ntwo\n"
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE((tmp_path / "docs/deep/new.md").stat().st_mode) == 0o666 & ~umask


async def test_an_existing_file_keeps_its_mode_and_leaves_other_names_alone(
    box: Toolbox, tmp_path: Path
) -> None:
    file = tmp_path / "run.sh"
    file.write_text("old\n")
    file.chmod(0o4750)
    (tmp_path / "other").hardlink_to(file)
    ask = await asked(box, "write_file", **write("run.sh", "new\nlines\n"))
    assert ask.says == "rewrite run.sh: 1 line become 2 lines"
    assert ask.diff == "--- a/run.sh\n+++ b/run.sh\n@@ -1 +1,2 @@\n-old\n+new\n+lines\n"
    assert (
        await call(box, "write_file", **write("run.sh", "new\nlines\n"))
    ).text == "rewrote run.sh: 2 lines, 10 bytes"
    assert file.read_text() == "new\nlines\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o750
    assert (tmp_path / "other").read_text() == "old\n"
    assert sorted(os.listdir(tmp_path)) == ["other", "run.sh"]


async def test_through_a_link_the_file_it_means_is_asked_about_and_written(
    box: Toolbox, tmp_path: Path
) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "f").write_text("old\n")
    (tmp_path / "alias").symlink_to("real/f")
    ask = await asked(box, "write_file", **write("alias", "new\n"))
    assert (ask.subject, ask.grant) == ("real/f", "change real/f")
    await call(box, "write_file", **write("alias", "new\n"))
    assert (tmp_path / "alias").is_symlink()
    assert (tmp_path / "real" / "f").read_text() == "new\n"


async def test_other_line_ends_and_encodings_are_said(box: Toolbox, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"caf\xe9\r\n")
    ask = await asked(box, "write_file", **write("f", "café\n"))
    assert "line ends change from CRLF to LF" in ask.says
    assert "the encoding changes (not UTF-8; read as Windows-1252)" in ask.says


@pytest.mark.parametrize("then", ["other\n", None])
async def test_nothing_is_written_over_what_changed_since_it_was_asked(
    box: Toolbox, tmp_path: Path, then: str | None
) -> None:
    file = tmp_path / "f"
    file.write_text("old\n")
    await asked(box, "write_file", **write("f", "new\n"))
    file.write_text(then) if then is not None else file.unlink()
    result = await call(box, "write_file", **write("f", "new\n"))
    assert result.is_error
    assert "f changed after this change of it was shown to the user" in result.text
    assert (file.read_text() if file.exists() else None) == then
    # The next call is another: asked about anew, or allowed by a rule without being asked.
    assert not (await call(box, "write_file", **write("f", "new\n"))).is_error


async def test_nor_elsewhere_when_a_link_leads_elsewhere_by_now(box: Toolbox, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).write_text("the same\n")
    (tmp_path / "link").symlink_to("one")
    await asked(box, "write_file", **write("link", "new\n"))
    (tmp_path / "link").unlink()
    (tmp_path / "link").symlink_to("two")
    result = await call(box, "write_file", **write("link", "new\n"))
    assert "one changed after this change of it was shown" in result.text
    assert [(tmp_path / name).read_text() for name in ("one", "two")] == ["the same\n"] * 2


async def test_a_file_that_comes_into_being_after_the_ask_is_not_overwritten(
    box: Toolbox, tmp_path: Path
) -> None:
    await asked(box, "write_file", **write("f", "new\n"))
    (tmp_path / "f").write_text("came meanwhile\n")
    assert (await call(box, "write_file", **write("f", "new\n"))).is_error
    assert (tmp_path / "f").read_text() == "came meanwhile\n"


async def test_nor_one_that_comes_at_the_very_last_moment(
    box: Toolbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = writing.put

    def late(spot: Any, *rest: Any) -> None:
        (tmp_path / "f").write_text("came meanwhile\n")
        put(spot, *rest)

    monkeypatch.setattr(changes, "put", late)
    result = await call(box, "write_file", **write("f", "new\n"))
    assert "f came into being meanwhile" in result.text
    assert (tmp_path / "f").read_text() == "came meanwhile\n"
    assert os.listdir(tmp_path) == ["f"]


async def test_what_is_already_so_and_what_is_read_only_is_told(box: Toolbox, tmp_path: Path) -> None:
    (tmp_path / "f").write_text("same\n")
    same = await box.ask(raw("write_file", write("f", "same\n")))
    assert isinstance(same, ToolResult)
    assert same.text == "nothing to change: f is already exactly so"
    (tmp_path / "f").chmod(0o444)
    locked = await box.ask(raw("write_file", write("f", "new\n")))
    assert isinstance(locked, ToolResult)
    assert "f is marked read-only" in locked.text


@pytest.mark.parametrize("call_that_fails", ["fsync", "replace", "link"])
async def test_a_failure_leaves_nothing_behind(
    box: Toolbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call_that_fails: str
) -> None:
    (tmp_path / "f").write_text("old\n")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, call_that_fails, full)
    if call_that_fails != "link":
        assert (await call(box, "write_file", **write("f", "new\n"))).text == "f: the disk is full"
        assert (tmp_path / "f").read_text() == "old\n"
    result = await call(box, "write_file", **write("made/here/g", "new\n"))
    monkeypatch.undo()
    if call_that_fails == "fsync":
        assert result.text == "made/here/g: the disk is full"
        assert os.listdir(tmp_path) == ["f"]
    else:
        # Without hard links a new file is renamed into place.
        assert not result.is_error
        assert (tmp_path / "made/here/g").read_text() == "new\n"


async def test_a_stopped_write_does_not_happen(
    box: Toolbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on, over = threading.Event(), threading.Event(), threading.Event()
    put = writing.put

    def slow(*arguments: Any) -> None:
        begun.set()
        go_on.wait(20)
        try:
            put(*arguments)
        finally:
            over.set()

    monkeypatch.setattr(changes, "put", slow)
    task = asyncio.create_task(call(box, "write_file", **write("d/f", "new\n")))
    await asyncio.to_thread(begun.wait, 20)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go_on.set()
    await asyncio.to_thread(over.wait, 20)
    assert os.listdir(tmp_path) == []


async def test_many_writes_side_by_side_are_all_whole(box: Toolbox, tmp_path: Path) -> None:
    contents = [f"{number}\n" * 20_000 for number in range(8)]
    results = await asyncio.gather(*(call(box, "write_file", **write("f", content)) for content in contents))
    assert not any(result.is_error for result in results)
    assert (tmp_path / "f").read_text() in contents
    assert os.listdir(tmp_path) == ["f"]
