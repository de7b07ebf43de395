"""Through the real proxy, every block Claude sent goes back as it came, for as long as the talk lasts."""

import json
from collections.abc import Callable
from itertools import pairwise
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
    "What is 2+3? Then 4+5, then 6*8, then what time is it in UTC?",
    "redacted, interleaved, two thoughts: what is 2*9, then 3*9, then 4*9?",
    "Thank you. What did I ask first?",
)
CALLS = (1, 1, 2, 2, 1, 1, 1, 1, 1, 4, 3, 0)
"""Tools that run in each turn; those of one turn are steps of their own, but for the parallel ones."""
STEPS = sum(CALLS) - 1 + len(PROMPTS)
MANUAL = {"type": "enabled", "budget_tokens": 8000}
ADAPTIVE = {"type": "adaptive"}
MODELS = {
    "anthropic/claude-sonnet-4-5-20250929": MANUAL,
    "anthropic/claude-sonnet-4-6": ADAPTIVE,
    "anthropic/claude-opus-4-7": ADAPTIVE,
    "anthropic/claude-fable-5-1": ADAPTIVE,
}
"""What thinking reaches the vendor; the first model's is the proxy's own configuration."""
OMITTED = ("anthropic/claude-opus-4-7", "anthropic/claude-fable-5-1")
"""Models that seal their thinking and keep its text to themselves."""


def exact(value: Any) -> str:
    """JSON with the order of keys kept, so that equal text means equal blocks."""
    return json.dumps(value, ensure_ascii=False)


def answers_in(call: Call) -> list[list[str]]:
    """The assistant messages a request carries, block by block."""
    return [[exact(b) for b in m["content"]] for m in call.body["messages"] if m["role"] == "assistant"]


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize("model", MODELS)
async def test_a_long_talk_with_tools(
    talk: Callable[..., Talk], calls: Callable[[], list[Call]], model: str, stream: bool
) -> None:
    settings = Settings(stream=stream, thinking=None if MODELS[model] == MANUAL else "on")
    async with talk(model, settings=settings) as session:
        for prompt, tools in zip(PROMPTS, CALLS, strict=True):
            seen = await session.say(prompt)
            assert seen.error is None, (prompt, seen.error)
            assert (seen.end.stop, len(seen.tools)) == ("end", tools), prompt
    asked = calls()
    # A healed or repeated call would show as one more than ours.
    assert [c.status for c in asked] == [200] * STEPS
    for earlier, later in pairwise(asked):
        said = earlier.body["messages"]
        assert later.body["messages"][: len(said)] == said
        assert answers_in(later) == [*answers_in(earlier), [exact(block) for block in earlier.blocks]]
        assert {k: v for k, v in later.body.items() if k != "messages"} == {
            k: v for k, v in earlier.body.items() if k != "messages"
        }
    made = [block for call in asked for block in call.blocks]
    assert {block["type"] for block in made} == {"thinking", "redacted_thinking", "text", "tool_use"}
    assert asked[0].body["thinking"] == MODELS[model]
    if model in OMITTED:
        assert {block["thinking"] for block in made if block["type"] == "thinking"} == {""}
    thoughts = [sum("thinking" in block["type"] for block in call.blocks) for call in asked]
    assert max(thoughts) == 3
    # Without interleaving a model that thinks by budget thinks once a loop, and its later answers not at all.
    assert (0 in thoughts) == (MODELS[model] == MANUAL)
