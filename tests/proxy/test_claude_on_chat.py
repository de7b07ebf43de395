"""Claude forced onto the chat endpoint: what can work does, and what cannot is told before and after."""

from collections.abc import Callable

import pytest

from tests.proxy.drive import Talk
from tests.proxy.tap import Call
from tests.proxy.test_verbatim import CALLS, MANUAL, MODELS, PROMPTS, STEPS
from tui.chat.events import Answering, Event, TurnFailed, Warned
from tui.chat.settings import Settings
from tui.errors import CallFailed

REORDERED = "litellm-thinking-blocks-lost-chat"
BREAKS = next(i for i, prompt in enumerate(PROMPTS) if "thinking-text-thinking" in prompt)
"""The first turn whose thinking this endpoint cannot bring back in its place."""


def settings_for(model: str, stream: bool) -> Settings:
    return Settings(stream=stream, thinking=None if MODELS[model] == MANUAL else "on")


def after_answers(events: list[Event]) -> list[Event]:
    """What happened after the last answer began."""
    last = max(i for i, e in enumerate(events) if isinstance(e, Answering))
    return events[last + 1 :]


@pytest.mark.parametrize(
    ("model", "stream"),
    [
        ("anthropic/claude-sonnet-4-5-20250929", True),
        ("anthropic/claude-opus-4-7", False),
    ],
)
async def test_the_long_talk_works(
    talk: Callable[..., Talk], calls: Callable[[], list[Call]], model: str, stream: bool
) -> None:
    async with talk(model, settings=settings_for(model, stream), endpoint="chat") as session:
        warned = []
        for prompt, tools in zip(PROMPTS, CALLS, strict=True):
            seen = await session.say(prompt)
            assert seen.error is None, (prompt, seen.error)
            assert (seen.end.stop, len(seen.tools)) == ("end", tools), prompt
            warned += seen.warnings
        # Said once, and no more than that: these models take their thinking in another order.
        assert [(w.cls, w.fatal) for w in warned] == [(REORDERED, False)]
    asked = calls()
    assert [c.status for c in asked] == [200] * STEPS
    assert {block["type"] for block in asked[-1].blocks} == {"thinking", "text"}
    sealed = [b for c in asked for b in c.blocks if b["type"] in ("thinking", "redacted_thinking")]
    given_back = [
        b
        for m in asked[-1].body["messages"]
        if m["role"] == "assistant"
        for b in m["content"]
        if b["type"] in ("thinking", "redacted_thinking")
    ]
    assert given_back == sealed[: len(given_back)]
    assert len(given_back) >= len(sealed) - 2


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
async def test_a_model_bound_to_its_history_is_warned_of_before_and_explained_after(
    talk: Callable[..., Talk], calls: Callable[[], list[Call]], stream: bool
) -> None:
    model = "anthropic/claude-fable-5-1"
    async with talk(model, settings=settings_for(model, stream), endpoint="chat") as session:
        warned = []
        for prompt in PROMPTS[:BREAKS]:
            seen = await session.say(prompt)
            assert seen.error is None, prompt
            warned += seen.warnings
        # A whole answer does not tell where its thoughts stood, so there the warning comes beforehand.
        assert [w.cls for w in warned] == [REORDERED] * (not stream)
        seen = await session.say(PROMPTS[BREAKS])
        error = seen.error
        assert isinstance(error, CallFailed)
        if stream:
            kinds = [type(e) for e in after_answers(seen.events)]
            assert kinds.index(Warned) < kinds.index(TurnFailed)
            assert [(w.cls, w.fatal) for w in seen.warnings] == [(REORDERED, True)]
        assert {w.mend for w in (*warned, *seen.warnings)} == {"use the messages endpoint"}
        assert (error.cls, error.layer, error.exit_code) == ("anthropic-prefix-bound", "vendor", 4)
        assert "bound to a different conversation" in (error.vendor_message or "")
        assert "--endpoint messages" in error.hint
        assert [c.status for c in calls()].count(400) == 1
        session.session.switch(model, "messages")
        for prompt, tools in zip(PROMPTS[BREAKS + 1 :], CALLS[BREAKS + 1 :], strict=True):
            seen = await session.say(prompt)
            assert seen.error is None, (prompt, seen.error)
            assert len(seen.tools) == tools
    # A whole answer lost its order for good, so there the proxy heals by leaving all thinking out.
    assert [c.status for c in calls()].count(400) == 1 or not stream
