"""Through the real proxy over /v1/responses: sealed reasoning goes back and is taken, at every step.

In one talk every other turn is streamed: streamed and whole answers stand side by side in a history.
"""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from itertools import pairwise
from typing import Any

import httpx2
import pytest

from tests.proxy.drive import Seen, Talk
from tests.proxy.tap import Call
from tests.proxy.test_cost import from_prices, header_cost, info_of
from tests.proxy.test_stops import in_arguments, in_text, in_thinking
from tests.proxy.test_verbatim import answers_in, exact
from tui.chat.events import Answering
from tui.chat.parts import Reasoning
from tui.chat.settings import Settings
from tui.pricing import agree

PROMPTS = (
    "What is 12*7? Use the calculator.",
    "Hello there.",
    "parallel: what is 6*7, and what time is it in UTC?",
    "two thoughts: what is 3+4?",
    "Thank you.",
    "interleaved: what is 8*8, and then what time is it in UTC?",
    "Thank you again.",
    "What is 2*9? Then 3*9?",
    "Hello again.",
    "What did I ask first?",
)
STAND_IN = "c2tpcF90aG91Z2h0X3NpZ25hdHVyZV92YWxpZGF0b3I="
"""What the proxy gives Gemini in place of a signature it was not sent."""
OPENAI = {"openai/gpt-5.1": "low", "openai/gpt-5.5": None, "claude-cheap": "medium"}
"""OpenAI's models, one behind an alias that lies, and what their thinking is set to."""
CLAUDE = {
    "anthropic/claude-sonnet-4-5-20250929": None,
    "anthropic/claude-sonnet-4-6": "on",
    "anthropic/claude-opus-4-7": "on",
    "anthropic/claude-fable-5-1": None,
}


def items_of(call: Call) -> list[dict[str, Any]]:
    """The output items of OpenAI's answer, from its last event or its body."""
    text = call.answer.decode("utf-8")
    if not text.startswith("{"):
        events = [json.loads(line[5:]) for line in text.splitlines() if line.startswith("data:")]
        return list(events[-1]["response"]["output"])
    return list(json.loads(text)["output"])


def said(item: dict[str, Any]) -> dict[str, Any]:
    """An item without nulls; the proxy itself drops those of reasoning."""
    return {key: value for key, value in item.items() if value is not None}


def sealed(input: list[dict[str, Any]]) -> list[str]:
    """The encrypted reasoning of items, in their order."""
    return [item["encrypted_content"] for item in input if item.get("type") == "reasoning"]


def check_cost(seen: Seen, info: dict[str, Any], *, stream: bool) -> None:
    """Each step costs what the proxy says, and that is its tokens at the proxy's prices."""
    headers = [event.served.response_cost for event in seen.of(Answering)]
    for step, header in zip(seen.steps, headers, strict=True):
        cost = step.message.cost
        assert cost.source == ("proxy-stream" if stream else "proxy-header")
        assert cost.usd is not None
        assert agree(cost.usd, from_prices(info, step.message.usage))
        assert stream or agree(cost.usd, header_cost(header))


async def turns(session: Talk, prompts: Sequence[str]) -> AsyncIterator[tuple[Seen, bool]]:
    """The turns of these prompts, each ended well, and whether it was streamed."""
    for number, prompt in enumerate(prompts):
        stream = number % 2 == 0
        session.session.overrides = {"stream": stream}
        seen = await session.say(prompt)
        assert (seen.error, seen.end.stop) == (None, "end"), (prompt, seen.error)
        yield seen, stream


@pytest.mark.parametrize("model", OPENAI)
async def test_openai_has_every_item_back_as_it_was(
    talk: Callable[..., Talk], calls: Callable[[], list[Call]], http: httpx2.Client, model: str
) -> None:
    info = info_of(http, model)
    async with talk(model, settings=Settings(thinking=OPENAI[model]), endpoint="responses") as session:
        assert session.session.route.provider == "litellm-responses"
        async for seen, stream in turns(session, PROMPTS):
            assert seen.warnings == []
            check_cost(seen, info, stream=stream)
            thoughts = [p for s in seen.steps for p in s.message.parts if isinstance(p, Reasoning)]
            assert {thought.state for thought in thoughts} == {"signed"}
    asked = calls()
    assert {(c.status, c.path) for c in asked} == {(200, "/vendor/openai/v1/responses")}
    assert (asked[0].body["store"], asked[0].body["include"]) == (False, ["reasoning.encrypted_content"])
    made: list[str] = []
    for earlier, later in pairwise(asked):
        before, now = earlier.body["input"], later.body["input"]
        answer = [said(item) for item in items_of(earlier)]
        assert now[: len(before)] == before
        assert [said(item) for item in now[len(before) :][: len(answer)]] == answer
        made += sealed(items_of(earlier))
        assert sealed(now) == made
    assert len(made) >= len(PROMPTS)


@pytest.mark.parametrize("model", CLAUDE)
async def test_claude_has_its_thinking_back_in_front(
    talk: Callable[..., Talk], calls: Callable[[], list[Call]], http: httpx2.Client, model: str
) -> None:
    info = info_of(http, model)
    moved = "redacted, thinking-text-thinking: what is 5*5?"
    prompts = [*PROMPTS, *([] if "fable" in model else [moved, moved]), "Goodbye."]
    async with talk(model, settings=Settings(thinking=CLAUDE[model]), endpoint="responses") as session:
        async for seen, stream in turns(session, prompts):
            check_cost(seen, info, stream=stream)
            assert [w.cls for w in seen.warnings] in ([], ["litellm-thinking-blocks-lost-chat"])
    asked = calls()
    assert {c.status for c in asked} == {200}
    for earlier, later in pairwise(asked):
        assert answers_in(later) == [*answers_in(earlier), packed(earlier.blocks)]
    thoughts = sum("thinking" in block["type"] for call in asked for block in call.blocks)
    assert thoughts >= len(prompts)


def packed(blocks: list[dict[str, Any]]) -> list[str]:
    """An answer of Claude's as the proxy has it in three kinds of items: thoughts, one text, calls."""
    thinking = [exact(block) for block in blocks if "thinking" in block["type"]]
    texts = [block["text"] for block in blocks if block["type"] == "text"]
    calls = [exact(block) for block in blocks if block["type"] == "tool_use"]
    return [*thinking, *([exact({"type": "text", "text": "".join(texts)})] if texts else []), *calls]


@pytest.mark.parametrize(
    "model", ["openai/gpt-5.1", "anthropic/claude-sonnet-4-6", "anthropic/claude-fable-5-1"]
)
async def test_the_next_prompt_works_after_every_stop(
    talk: Callable[..., Talk], calls: Callable[[], list[Call]], model: str
) -> None:
    settings = Settings(thinking="low" if "gpt" in model else "on")
    async with talk(model, settings=settings, endpoint="responses") as session:
        for prompt, at in (
            ("two thoughts: what is 3+4?", in_thinking),
            ("Tell me a story, long 100", in_text),
            ("What is 11*11?", in_arguments),
        ):
            if at is in_thinking and "fable" in model:
                # Its thinking has no text, and its seal comes with the last word.
                continue
            seen = await session.say(prompt, at)
            assert (seen.end.stop, seen.error) == ("cancelled", None), prompt
            assert seen.end.cost.at_least or seen.end.cost.usd is None
            again = await session.say("And what is 2*3? Use the calculator.")
            assert again.error is None, (prompt, again.error)
            assert (again.tools[-1], again.end.stop) == ("6", "end"), prompt
    assert {c.status for c in calls()} == {200}


@pytest.mark.parametrize("model", ["openai/gpt-5.1", "anthropic/claude-sonnet-4-6"])
async def test_a_talk_that_changes_the_endpoint(
    talk: Callable[..., Talk], calls: Callable[[], list[Call]], model: str
) -> None:
    minted = 0
    settings = Settings(thinking="low" if "gpt" in model else "on")
    async with talk(model, settings=settings, endpoint="messages") as session:
        ways = ("responses", "messages", "responses", "chat", "responses", "messages")
        for number, endpoint in enumerate(ways):
            session.session.overrides = {"stream": number % 3 == 0}
            _, findings = session.session.switch(model, endpoint)
            lost = [f.says for f in findings if f.cls == "anthropic-model-binding-drop"]
            seen = await session.say("parallel: what is 6*7, and what time is it in UTC?")
            assert (seen.error, seen.end.stop) == (None, "end"), (endpoint, seen.error)
            assert seen.tools[0] == "42"
            if endpoint == "responses":
                assert seen.steps[0].seals_sent == minted
                minted += sum(step.seals_received for step in seen.steps)
            elif minted:
                # The switch said what stays behind.
                assert len(lost) == 1
                assert f"will not be sent to {model}" in lost[0]
    assert {c.status for c in calls()} == {200}
    assert minted >= 3


@pytest.mark.parametrize("model", ["gemini/gemini-3-pro-preview", "deepseek/deepseek-reasoner"])
async def test_bridged_vendors_have_back_what_they_need(
    talk: Callable[..., Talk], calls: Callable[[], list[Call]], model: str
) -> None:
    async with talk(model, endpoint="responses") as session:
        async for seen, _ in turns(session, PROMPTS[:4]):
            assert seen.warnings == []
    asked = calls()
    assert {c.status for c in asked} == {200}
    wanted = "thoughtSignature" if "gemini" in model else "reasoning_content"
    sent = json.dumps(asked[-1].body)
    assert sent.count(wanted) >= 3
    assert STAND_IN not in sent


async def test_calls_of_others_are_refused_by_a_vendor_who_wants_thoughts_with_them(
    talk: Callable[..., Talk],
) -> None:
    async with talk("openai/gpt-5.1", endpoint="responses") as session:
        assert (await session.say("What is 2*3? Use the calculator.")).error is None
        _, found = session.session.switch("deepseek/deepseek-reasoner", "responses")
        assert [f.mend for f in found if f.cls == "deepseek-reasoning-missing"] == ["use the chat endpoint"]
        seen = await session.say("Thank you.")
        assert seen.error is not None
        assert seen.error.cls == "deepseek-reasoning-missing"
        _, found = session.session.switch("deepseek/deepseek-reasoner", "chat")
        assert [f for f in found if f.fatal] == []
        assert (await session.say("Thank you.")).error is None


@pytest.mark.parametrize(
    ("group", "prompt", "cls", "stream"),
    [
        ("error-400-openai", "error 400", "bad-request", True),
        ("error-429", "error 429", "rate-limited", False),
        ("error-midstream-openai", "error midstream", "overloaded", True),
        ("error-midstream", "error midstream", "overloaded", True),
        ("error-cut-openai", "upstream cut", "stream-cut", True),
        ("error-clean-cut-openai", "clean cut", "stream-cut", True),
    ],
)
async def test_trouble_is_told_as_on_the_other_endpoints(
    talk: Callable[..., Talk], group: str, prompt: str, cls: str, stream: bool
) -> None:
    async with talk(group, endpoint="responses", settings=Settings(stream=stream)) as session:
        seen = await session.say(f"{prompt}, please")
        assert seen.error is not None
        assert seen.error.cls == cls, seen.error
        again = await session.say("What is 2+3?")
        assert (again.error, again.tools) == (None, ["5"]), again.error
