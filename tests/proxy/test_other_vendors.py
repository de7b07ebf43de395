"""Other vendors on their default routes, switches between vendors, and Claude where its seals cannot live."""

import json
from collections.abc import Callable

import pytest

from tests.proxy.drive import Talk
from tests.proxy.tap import Call
from tui.chat.settings import Settings
from tui.sim.server import SimServer

OTHERS = {
    "openai/gpt-5.1": "openai",
    "openai/gpt-5.5": "openai",
    "claude-cheap": "openai",
    "gemini/gemini-3-pro-preview": "gemini",
    "xai/grok-4": "xai",
    "mystery": "xai",
    "deepseek/deepseek-reasoner": "deepseek",
}
PROMPTS: tuple[tuple[str, list[str]], ...] = (
    ("What is 12*7? Use the calculator.", ["84"]),
    ("parallel: what is 6*7, and what time is it in UTC?", ["42", "2026-11-22"]),
    ("interleaved: what is 8*8, and then what time is it in UTC?", ["64", "2026-11-22"]),
    ("unicode, and what is 2*3?", ["6"]),
    ("Thank you. What did I ask first?", []),
)


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize("model", OTHERS)
async def test_turns_with_tools(
    talk: Callable[..., Talk],
    calls: Callable[[], list[Call]],
    vendors: SimServer,
    model: str,
    stream: bool,
) -> None:
    before = len(vendors.state.exchanges)
    async with talk(model, settings=Settings(stream=stream)) as session:
        assert session.session.route.vendor == OTHERS[model]
        for prompt, results in PROMPTS:
            seen = await session.say(prompt)
            assert seen.error is None, (prompt, seen.error)
            assert [t[: len(r)] for t, r in zip(seen.tools, results, strict=True)] == results
            assert seen.end.text
    assert {c.status for c in calls()} == {200}
    notes = [note for e in vendors.state.exchanges[before:] for note in e.notes]
    assert notes == []


async def test_a_conversation_that_goes_round_the_vendors(
    talk: Callable[..., Talk], calls: Callable[[], list[Call]]
) -> None:
    async with talk("smart", settings=Settings(thinking="on")) as session:
        for model in ("smart", "openai/gpt-5.1", "gemini/gemini-3-pro-preview", "xai/grok-4", "smart"):
            if model != "smart":
                session.session.settings = Settings()
            else:
                session.session.settings = Settings(thinking="on")
            session.session.switch(model)
            seen = await session.say("What is 12*7? Use the calculator, and two thoughts.")
            assert seen.error is None, (model, seen.error)
            assert seen.tools == ["84"]
        final = calls()[-1].body
    sealed = [
        block["type"]
        for message in final["messages"]
        for block in message["content"]
        if isinstance(block, dict) and block["type"] in ("thinking", "redacted_thinking")
    ]
    # Claude has its own thinking back, of both its visits, and nobody else's.
    assert len(sealed) >= 2
    assert {c.status for c in calls()} == {200}


CHAT_KEEPS = ("anthropic/claude-sonnet-4-5-20250929", "gpt-killer", "anthropic/claude-opus-4-7")


@pytest.mark.parametrize("model", CHAT_KEEPS)
async def test_claude_on_chat_works_while_thinking_comes_first(
    talk: Callable[..., Talk], calls: Callable[[], list[Call]], model: str
) -> None:
    async with talk(model, endpoint="chat") as session:
        for prompt in ("What is 12*7? Use the calculator.", "And what is 5*5?"):
            seen = await session.say(prompt)
            assert seen.error is None, seen.error
    assert {c.status for c in calls()} == {200}


async def test_claude_on_chat_is_warned_of_before_and_explained_after(talk: Callable[..., Talk]) -> None:
    async with talk("anthropic/claude-fable-5-1", endpoint="chat") as session:
        seen = await session.say("thinking-text-thinking: what is 5*5, and then what is 6*6?")
        warned = {f.cls: f.mend for f in seen.warnings}
        assert warned["litellm-thinking-blocks-lost-chat"] == "use the messages endpoint"
        error = seen.error
        assert error is not None
        assert (error.cls, error.layer, error.exit_code) == ("anthropic-prefix-bound", "vendor", 4)
        assert "bound to a different conversation" in (error.vendor_message or "")
        assert "--endpoint messages" in error.hint
        session.session.switch("anthropic/claude-fable-5-1", "messages")
        again = await session.say("What is 2+3?")
        assert again.error is None, again.error
        assert again.tools == ["5"]


async def test_a_mixed_group_keeps_to_the_deployment_whose_seals_it_holds(
    talk: Callable[..., Talk], calls: Callable[[], list[Call]]
) -> None:
    async with talk("mixed", settings=Settings(thinking=2000)) as session:
        for number in range(4):
            seen = await session.say(f"interleaved: what is {number}+3, and then what time is it in UTC?")
            assert seen.error is None, seen.error
    asked = calls()
    assert {c.status for c in asked} == {200}
    assert len({c.body["model"] for c in asked}) == 1
    assert all("thinking" in json.dumps(c.body["messages"]) for c in asked[1:])


async def test_a_fallback_is_told_as_what_it_is(talk: Callable[..., Talk]) -> None:
    async with talk("flaky") as session:
        seen = await session.say("What is 12*7? Use the calculator.")
        assert seen.error is None, seen.error
        assert {s.message.origin.model for s in seen.steps} == {"claude-opus-4-5"}
