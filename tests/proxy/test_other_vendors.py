"""Other vendors on their default routes, switches between vendors, mixed groups, fallbacks."""

import json
from collections.abc import Callable
from typing import Any

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


ROUND = (
    "anthropic/claude-fable-5-1",
    "openai/gpt-5.1",
    "gemini/gemini-3-pro-preview",
    "xai/grok-4",
    "deepseek/deepseek-reasoner",
    "anthropic/claude-sonnet-4-5-20250929",
    "openai/gpt-5.5",
    "gemini/gemini-3-pro-preview",
    "anthropic/claude-fable-5-1",
    "anthropic/claude-sonnet-4-5-20250929",
)


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
async def test_a_conversation_that_goes_round_the_vendors(
    talk: Callable[..., Talk], calls: Callable[[], list[Call]], stream: bool
) -> None:
    made: dict[str, list[str]] = {}
    async with talk(ROUND[0], settings=Settings(stream=stream)) as session:
        for number, model in enumerate(ROUND):
            session.session.switch(model)
            prompt, results = PROMPTS[number % 3]
            seen = await session.say(f"Two thoughts. {prompt}")
            assert (seen.error, seen.end.stop) == (None, "end"), (number, model, seen.error)
            assert len(seen.tools) == len(results)
            if "claude" not in model:
                continue
            # Claude has its own sealed thinking back, of all its visits, and nobody else's.
            known = made.setdefault(model, [])
            for call in calls()[-len(seen.steps) :]:
                assert sealed_in(call.body["messages"]) == known, (number, model)
                known += sealed_in([{"role": "assistant", "content": call.blocks}])
    assert {c.status for c in calls()} == {200}
    assert [len(blocks) >= 4 for blocks in made.values()] == [True, True]


def sealed_in(messages: list[dict[str, Any]]) -> list[str]:
    """The sealed thinking of the assistant's messages, as text with the order of keys kept."""
    return [
        json.dumps(block)
        for message in messages
        if message["role"] == "assistant"
        for block in message["content"]
        if block["type"] in ("thinking", "redacted_thinking")
    ]


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
