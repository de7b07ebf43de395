"""Through the real proxy, every block Claude sent goes back as it came, for as long as the talk lasts."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.proxy.drive import Talk
from tests.proxy.tap import Call
from tui.chat.settings import Settings

PROMPTS = (
    "What is 12*7? Use the calculator.",
    "redacted, please: what is 9*9?",
    "interleaved: what is 8*8, and then what time is it in UTC?",
    "parallel: what is 6*7, and what time is it in UTC?",
    "two thoughts: what is 3+4?",
    "thinking-text-thinking: what is 5*5?",
    "empty signed: what is 4*4?",
    "unicode, and what is 2*3?",
    "hostile, and what is 7*7?",
    "Thank you. What did I ask first?",
)
MODELS = (
    "anthropic/claude-sonnet-4-5-20250929",
    "gpt-killer",
    "anthropic/claude-sonnet-4-6",
    "anthropic/claude-opus-4-7",
    "anthropic/claude-fable-5-1",
)


def exact(value: Any) -> str:
    """JSON with the order of keys kept, so that equal text means equal blocks."""
    return json.dumps(value, ensure_ascii=False)


def sent_back(call: Call) -> list[str]:
    """The assistant's blocks a request carries."""
    return [
        exact(block)
        for message in call.body["messages"]
        if message["role"] == "assistant"
        for block in message["content"]
    ]


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize("model", MODELS)
async def test_ten_turns_with_tools(
    talk: Callable[..., Talk], calls: Callable[[], list[Call]], model: str, stream: bool
) -> None:
    thinking = None if "4-5-2025" in model else "on"
    settings = Settings(stream=stream, thinking=thinking)
    steps = 0
    async with talk(model, settings=settings) as session:
        for prompt in PROMPTS:
            seen = await session.say(prompt)
            assert seen.error is None, (prompt, seen.error)
            assert seen.end.stop == "end"
            steps += len(seen.steps)
    asked = calls()
    # A healed or repeated call would show as one more than ours.
    assert [c.status for c in asked] == [200] * steps
    assert steps >= 2 * len(PROMPTS) - 3
    earlier: list[str] = []
    for call in asked:
        assert sent_back(call) == earlier
        earlier += [exact(block) for block in call.blocks]
    kinds = {json.loads(block)["type"] for block in earlier}
    assert kinds == {"thinking", "redacted_thinking", "text", "tool_use"}
    assert [c.body["messages"][: len(asked[0].body["messages"])] for c in asked] == [
        asked[0].body["messages"]
    ] * len(asked)
