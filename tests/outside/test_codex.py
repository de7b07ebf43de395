"""Codex takes our file with its strict reader and keeps OpenAI's encrypted reasoning."""

import json
from collections.abc import Callable

import pytest

from tests.outside.tools import Home
from tests.proxy.tap import Call

WORDS = "Please think, then call exec_command with `cat notes.txt`."
FLAGS = ("--json", "--skip-git-repo-check")


@pytest.fixture
def configured(home: Home) -> None:
    """Our file where Codex looks for it."""
    (home.path / ".codex").mkdir()
    file = home.setup("codex", "--model", "openai/gpt-5.5")
    (home.path / ".codex" / "config.toml").write_text(file, encoding="utf-8")


@pytest.mark.usefixtures("configured")
def test_two_turns_with_reasoning_and_tools(home: Home, calls: Callable[[], list[Call]]) -> None:
    first = home.run("codex", "--strict-config", "exec", *FLAGS, "--sandbox", "read-only", WORDS)
    assert first.code == 0, first.out + first.err
    second = home.run("codex", "--strict-config", "exec", "resume", "--last", *FLAGS, WORDS)
    assert second.code == 0, second.out + second.err
    for done in (first, second):
        assert any(
            e.get("item", {}).get("type") == "command_execution" and e["type"] == "item.completed"
            for e in done.events
        )
    steps = [call for call in calls() if call.path.endswith("/v1/responses")]
    assert [step.status for step in steps] == [200] * 4
    kept = [json.dumps(item) for item in steps[-1].body["input"] if item.get("encrypted_content")]
    assert len(set(kept)) == len(kept) == 3


def test_its_strict_reader_is_strict(home: Home) -> None:
    (home.path / ".codex").mkdir()
    (home.path / ".codex" / "config.toml").write_text("no_such_key = 1\n", encoding="utf-8")
    done = home.run("codex", "--strict-config", "exec", *FLAGS, WORDS)
    assert done.code != 0
    assert "no_such_key" in done.out + done.err
