"""The system clipboard is used where it is the person's own."""

from pathlib import Path
from typing import Any

import pyperclip
import pytest

from tests.ui.pilots import notices, ready, running, until
from tests.ui.scripted_session import deps_for
from tui.ui.clipboard import system_copy
from tui.ui.host import TERMINAL_TAKES


def test_text_reaches_the_system_clipboard(monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []
    monkeypatch.setattr(pyperclip, "copy", copied.append)
    assert system_copy("hello", {})
    assert copied == ["hello"]


@pytest.mark.parametrize("name", ["SSH_CONNECTION", "SSH_TTY"])
def test_over_ssh_the_far_clipboard_is_left_alone(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyperclip, "copy", pytest.fail)
    assert not system_copy("hello", {name: "1"})


@pytest.mark.parametrize("error", [pyperclip.PyperclipException("none"), FileNotFoundError("xclip")])
def test_a_system_without_a_clipboard_is_no_error(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Any) -> None:
        raise error

    monkeypatch.setattr(pyperclip, "copy", fail)
    assert not system_copy("hello", {})


async def test_what_is_too_long_for_the_terminal_is_in_the_file_and_that_is_said(tmp_path: Path) -> None:
    async with running(deps_for(tmp_path)) as (app, _):
        await ready(app)
        app.copy_text("x" * TERMINAL_TAKES)
        await until(lambda: len(app.clipboard) == TERMINAL_TAKES)
        app.copy_text("y" * (TERMINAL_TAKES + 1))
        await until(lambda: any("too many for the terminal's clipboard; also in" in n for n in notices(app)))
        assert app.clipboard.startswith("x")
        assert (tmp_path / "copied.txt").read_text() == "y" * (TERMINAL_TAKES + 1)
