"""Claude Code takes our settings as valid and keeps its thinking, under an alias too."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.outside.seals import brought_back, of_the_conversation, sealed
from tests.outside.tools import Home
from tests.proxy.tap import Call


@pytest.fixture
def settings(home: Home) -> Path:
    """Our file where Claude Code looks for it."""
    path = home.path / ".claude" / "settings.json"
    path.parent.mkdir()
    path.write_text(home.setup("claude-code"), encoding="utf-8")
    return path


def test_its_own_check_finds_nothing_wrong(home: Home, settings: Path) -> None:
    done = home.run("claude", "doctor")
    assert done.code == 0, done.err
    assert "Invalid settings" not in done.out
    settings.write_text('{"env": 5}', encoding="utf-8")
    assert "Invalid settings" in home.run("claude", "doctor").out


@pytest.mark.parametrize("model", ["anthropic/claude-sonnet-4-5-20250929", "gpt-killer"])
def test_two_turns_with_thinking_and_tools(
    home: Home, settings: Path, calls: Callable[[], list[Call]], model: str
) -> None:
    words = f"Please think, then use the `Read` tool on `{home.work / 'notes.txt'}`."
    for more in ([], ["--continue"]):
        argv = ["-p", "--tools", "Read", "--max-turns", "6", "--model", model, *more]
        done = home.run("claude", *argv, stdin=words)
        assert done.code == 0, done.out + done.err
    steps = of_the_conversation(calls())
    # The simulated vendor does not know each of its betas; Claude Code leaves out the one complained of.
    refused = [step for step in steps if step.status != 200]
    assert all(b"for the `anthropic-beta` header" in step.answer for step in refused)
    answered = [step for step in steps if step.status == 200]
    assert all(step.body["thinking"]["type"] == "enabled" for step in answered)
    made: list[str] = []
    for step in answered:
        assert brought_back(step) == made
        made += sealed(step.blocks)
    assert len(made) >= 2
