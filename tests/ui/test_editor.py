"""The person's own editor: which one, what it gets, what comes back, what goes wrong."""

import os
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from tests.ui.pilots import chat, notices, ready, running, until
from tests.ui.scripted_session import deps_for
from tui.errors import UsageError
from tui.ui.editor import PROMPT_FILE, edit, editor_command


def _script(tmp_path: Path, body: str) -> list[str]:
    path = tmp_path / "editor.py"
    path.write_text(f"import sys, pathlib\npath = pathlib.Path(sys.argv[1])\n{body}\n")
    return [sys.executable, str(path)]


def test_visual_goes_before_editor_and_may_have_arguments() -> None:
    assert editor_command({"VISUAL": "code --wait", "EDITOR": "nano"}) == ["code", "--wait"]
    assert editor_command({"EDITOR": "nano"}) == ["nano"]
    assert editor_command({}) == ["notepad" if sys.platform == "win32" else "vi"]
    with pytest.raises(UsageError, match="cannot be read"):
        editor_command({"EDITOR": "'half"})


def test_what_the_editor_wrote_comes_back(tmp_path: Path) -> None:
    command = _script(tmp_path, "path.write_text(path.read_text() + ' and more\\n')")
    assert edit("text", tmp_path, command) == "text and more"
    assert not (tmp_path / PROMPT_FILE).exists()


def test_an_editor_that_fails_leaves_the_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="code 3") as caught:
        edit("precious", tmp_path, _script(tmp_path, "sys.exit(3)"))
    assert PROMPT_FILE in caught.value.hint
    assert (tmp_path / PROMPT_FILE).read_text() == "precious"
    assert (tmp_path / PROMPT_FILE).stat().st_mode & 0o077 == 0


def test_an_editor_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no-such-editor does not start"):
        edit("text", tmp_path, ["no-such-editor"])
    assert not list(tmp_path.iterdir()), "nobody wrote anything that would have to be kept"


async def test_ctrl_x_ctrl_e_takes_the_prompt_there_and_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = _script(tmp_path, "path.write_text(path.read_text().upper())")
    monkeypatch.setenv("VISUAL", " ".join(map(os.fspath, words)))
    async with running(deps_for(tmp_path)) as (app, pilot):
        await ready(app)
        monkeypatch.setattr(app, "suspend", nullcontext)
        chat(app).prompt.put("loud")
        await pilot.press("ctrl+x", "ctrl+e")
        await until(lambda: chat(app).prompt.text == "LOUD")


async def test_ctrl_x_alone_still_cuts_and_other_keys_are_not_eaten(tmp_path: Path) -> None:
    async with running(deps_for(tmp_path)) as (app, pilot):
        await ready(app)
        prompt = chat(app).prompt
        prompt.put("ab")
        await pilot.press("ctrl+x", "c")
        assert prompt.text == "abc"
        prompt.select_all()
        await pilot.press("ctrl+x")
        await until(lambda: prompt.text == "")


async def test_without_an_editor_the_prompt_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "no-such-editor")
    async with running(deps_for(tmp_path)) as (app, _):
        await ready(app)
        monkeypatch.setattr(app, "suspend", nullcontext)
        chat(app).prompt.put("kept")
        chat(app).action_edit()
        await until(lambda: any("does not start" in notice for notice in notices(app)))
        assert chat(app).prompt.text == "kept"
