"""What the configuration says about tools, with the place of each rule."""

from pathlib import Path

import pytest

from tui.config.load import load_config, parse
from tui.config.tools import ApprovalTexts, ToolSettings
from tui.errors import ConfigError


def test_everything_about_tools_is_read() -> None:
    text = b"""
tools: [shell]
approval:
  allow:
    - shell(git status*)
    - read_file
  deny: [write_file]
http: {allow: [wiki.internal, 10.0.0.0/8, "[::1]:80"]}
shell: {seconds: 2.5}
"""
    tools = parse(text, "c", {}).tools
    allow = (("shell(git status*)", "c:5: approval.allow[0]"), ("read_file", "c:6: approval.allow[1]"))
    assert tools == ToolSettings(
        offered=("shell",),
        approval=ApprovalTexts(allow, (("write_file", "c:7: approval.deny[0]"),)),
        hosts=("wiki.internal", "10.0.0.0/8", "[::1]:80"),
        shell_seconds=2.5,
    )
    assert parse(b"approval:\nfiles:\nhttp:\nshell:\n", "c", {}).tools == ToolSettings()


def test_the_root_of_files_is_relative_to_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    file = tmp_path / "config.yaml"
    for written, meant in (("docs", str(tmp_path / "docs")), ("/srv", "/srv"), ("~/n", "/home/me/n")):
        file.write_text(f"files: {{root: {written}}}\n", encoding="utf-8")
        assert load_config({}, file=str(file)).tools.root == meant


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("approval: {alow: []}", "approval.alow: unknown key"),
        ("approval: [x]", "approval: must be a mapping"),
        ("approval: {allow: shell}", "approval.allow: must be a list"),
        ("approval: {deny: [1]}", "c.yaml:1: approval.deny[0]: must be a text"),
        ("files: {rot: x}", "files.rot: unknown key"),
        ("http: {allow: ['http://x']}", "http.allow[0]: must be a host"),
        ("http: {allow: ['a b']}", "http.allow[0]: must be a host"),
        ("shell: {seconds: 0}", "shell.seconds: must be a positive number of seconds"),
        ("shell: {second: 1}", "shell.second: unknown key"),
        ("ui: {motion: none}", "ui.motion: 'none' is not valid"),
        ("ui: {notify: toast}", "ui.notify: 'toast' is not valid"),
        ("ui: {plain: 1}", "ui.plain: must be true or false"),
    ],
)
def test_a_mistake_is_named_with_its_place(text: str, says: str) -> None:
    with pytest.raises(ConfigError) as failed:
        parse(text.encode(), "c.yaml", {})
    assert says in str(failed.value)
    assert failed.value.exit_code == 2


def test_the_screens_words() -> None:
    ui = parse(b"ui: {plain: true, motion: reduced, notify: off}", "c", {}).ui
    assert (ui.plain, ui.motion, ui.notify) == (True, "reduced", "off")
    ui = parse(b"", "c", {}).ui
    assert (ui.plain, ui.motion, ui.notify) == (False, "full", "bell")
