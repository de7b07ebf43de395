"""opencode with our file keeps Claude's thinking through a real proxy, where a single provider fails."""

import json
from collections.abc import Callable

import pytest

from tests.outside.seals import brought_back, of_the_conversation, sealed
from tests.outside.tools import Home
from tests.proxy.tap import Call

THINKER = "anthropic/claude-sonnet-4-5-20250929"
"""Its thinking is configured at the proxy, with a budget of 8,000 tokens."""


def asked(home: Home) -> str:
    return f"Please think, then use the read tool on `{home.work / 'notes.txt'}` and tell me the secret word."


def again(home: Home) -> str:
    return f"Think again: read `{home.work / 'notes.txt'}` once more."


@pytest.fixture
def ours(home: Home) -> dict[str, str]:
    """The environment that names our file."""
    path = home.path / "ours.json"
    path.write_text(home.setup("opencode", "--model", THINKER), encoding="utf-8")
    return {"OPENCODE_CONFIG": str(path)}


def test_its_own_loader_takes_every_line(home: Home, ours: dict[str, str]) -> None:
    written = json.loads(home.setup("opencode", "--model", THINKER))
    shown = home.run("opencode", "debug", "config", environ=ours)
    assert shown.code == 0, shown.err
    loaded = json.loads(shown.out)
    for provider in (*written["provider"].values(), *loaded["provider"].values()):
        del provider["options"]["apiKey"]
    assert loaded["provider"] == written["provider"]
    assert loaded["model"] == written["model"] == f"litellm-anthropic/{THINKER}"
    listed = set(home.run("opencode", "models", environ=ours).out.splitlines())
    wanted = {f"{id}/{model}" for id, p in written["provider"].items() for model in p["models"]}
    assert wanted <= listed
    assert len(wanted) > 20


def test_two_turns_with_thinking_and_tools(
    home: Home, ours: dict[str, str], calls: Callable[[], list[Call]]
) -> None:
    for words, more in ((asked(home), []), (again(home), ["--continue"])):
        done = home.run("opencode", "run", "--auto", "--format", "json", *more, stdin=words, environ=ours)
        assert done.code == 0, done.out + done.err
        (tool,) = (e["part"] for e in done.events if e["type"] == "tool_use")
        assert (tool["tool"], tool["state"]["status"]) == ("read", "completed")
        assert "marmalade" in done.events[-2]["part"]["text"]
    seen = calls()
    assert {call.status for call in seen} == {200}
    steps = of_the_conversation(seen)
    assert len(steps) == 4
    made: list[str] = []
    for step in steps:
        assert step.body["thinking"] == {"type": "enabled", "budget_tokens": 8000}
        assert brought_back(step) == made
        made += sealed(step.blocks)
    assert len(made) == 2


def test_one_provider_for_everything_fails_in_the_second_step(
    home: Home, calls: Callable[[], list[Call]]
) -> None:
    options = {"baseURL": f"{home.proxy_url}/v1", "apiKey": "{env:LITELLM_PROXY_API_KEY}"}
    provider = {"npm": "@ai-sdk/openai-compatible", "name": "LiteLLM", "options": options}
    file = home.path / "usual.json"
    file.write_text(json.dumps({"provider": {"litellm": {**provider, "models": {THINKER: {}}}}}), "utf-8")
    model = ["--model", f"litellm/{THINKER}"]
    environ = {"OPENCODE_CONFIG": str(file)}
    done = home.run(
        "opencode", "run", "--auto", "--format", "json", *model, stdin=asked(home), environ=environ
    )
    assert done.code == 1
    steps = of_the_conversation(calls())
    assert [step.status for step in steps] == [200, 400]
    assert b"Expected `thinking` or `redacted_thinking`, but found `text`" in steps[1].answer
    assert sealed(steps[0].blocks)
    assert brought_back(steps[1]) == []


@pytest.mark.parametrize(
    "model",
    [
        "litellm-anthropic/anthropic/claude-fable-5-1",
        "litellm/openai/gpt-5.5",
        "litellm/deepseek/deepseek-reasoner",
    ],
)
def test_the_other_models_take_two_turns_with_tools_too(
    home: Home, ours: dict[str, str], calls: Callable[[], list[Call]], model: str
) -> None:
    for words, more in ((asked(home), []), (again(home), ["--continue"])):
        argv = ["run", "--auto", "--format", "json", "--model", model, *more]
        done = home.run("opencode", *argv, stdin=words, environ=ours)
        assert done.code == 0, done.out + done.err
        assert "marmalade" in done.events[-2]["part"]["text"]
    assert {call.status for call in calls()} == {200}
