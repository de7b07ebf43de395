"""The system clipboard is used where it is the person's own."""

from typing import Any

import pyperclip
import pytest

from tui.ui.clipboard import system_copy


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
