"""The cost shown is the proxy's own figure to the last digit, or its tokens at its prices, or unknown."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx2
import pytest

from tests.proxy.drive import Talk
from tui.chat.events import Answering
from tui.chat.settings import Settings
from tui.pricing import agree

PRICED = (
    "smart",
    "anthropic/claude-sonnet-4-5-20250929",
    "anthropic/claude-fable-5-1",
    "openai/gpt-5.1",
    "deepseek/deepseek-reasoner",
)
LONG_PROMPT = "Remember this. " + "All work and no play makes a dull test. " * 700 + "What is 12*7?"


def header_cost(text: str | None) -> Decimal:
    """The proxy's figure of one answer that was not streamed."""
    assert text is not None
    return Decimal(text)


def from_prices(info: dict[str, Any], usage: Any) -> Decimal:
    """Tokens at the prices of /model/info, reckoned here once more from the raw figures."""
    pairs = (
        (usage.input, "input_cost_per_token"),
        (usage.cache_read, "cache_read_input_token_cost"),
        (usage.cache_write_5m, "cache_creation_input_token_cost"),
        (usage.cache_write_1h, "cache_creation_input_token_cost_above_1hr"),
        (usage.output, "output_cost_per_token"),
    )
    return sum((Decimal(str(info[name])) * tokens for tokens, name in pairs if tokens), Decimal(0))


def info_of(http: httpx2.Client, model: str) -> dict[str, Any]:
    entries = http.get("/model/info").json()["data"]
    return next(e["model_info"] for e in entries if e["model_name"] == model)


@pytest.mark.parametrize("endpoint", ["messages", "chat"])
@pytest.mark.parametrize("model", PRICED)
async def test_a_whole_answer_costs_what_its_header_says(
    talk: Callable[..., Talk], http: httpx2.Client, model: str, endpoint: str
) -> None:
    if (model, endpoint) == ("deepseek/deepseek-reasoner", "messages"):
        endpoint = "auto"
    async with talk(model, endpoint=endpoint, settings=Settings(stream=False)) as session:
        for _ in range(2):
            seen = await session.say(LONG_PROMPT)
            assert seen.error is None, seen.error
            told = [header_cost(e.served.response_cost) for e in seen.of(Answering)]
            assert len(told) == len(seen.steps) == 2
            for step, figure in zip(seen.steps, told, strict=True):
                assert step.message.cost.source == "proxy-header"
                assert step.message.cost.usd is not None
                assert agree(step.message.cost.usd, figure)
                assert agree(from_prices(info_of(http, model), step.message.usage), figure)
            assert seen.end.cost.usd is not None
            assert agree(seen.end.cost.usd, sum(told, Decimal(0)))
    assert session.session.totals.cost.usd is not None
    assert not session.session.totals.cost.at_least


@pytest.mark.parametrize("cache", ["5m", "1h"])
async def test_cached_tokens_of_a_stream_are_reckoned_at_their_own_prices(
    talk: Callable[..., Talk], http: httpx2.Client, cache: Any
) -> None:
    info = info_of(http, "smart")
    kinds: set[str] = set()
    async with talk("smart", settings=Settings(cache=cache)) as session:
        for _ in range(2):
            seen = await session.say(f"{cache} {LONG_PROMPT}")
            assert seen.error is None, seen.error
            for step in seen.steps:
                usage, cost = step.message.usage, step.message.cost
                assert usage is not None
                kinds |= {n for n in ("cache_read", "cache_write_5m", "cache_write_1h") if getattr(usage, n)}
                assert cost.source == "computed"
                assert cost.usd is not None
                assert agree(cost.usd, from_prices(info, usage))
    assert kinds == {"cache_read", f"cache_write_{cache}"}


async def test_a_chat_stream_tells_its_cost_in_the_last_chunk(talk: Callable[..., Talk]) -> None:
    async with talk("openai/gpt-5.1") as session:
        seen = await session.say("What is 12*7? Use the calculator.")
    assert seen.error is None, seen.error
    assert {s.message.cost.source for s in seen.steps} == {"proxy-stream"}
    assert seen.end.cost.source == "proxy-stream"


@pytest.mark.parametrize("model", ["gpt-killer", "openai/gpt-5.1"])
async def test_a_stream_costs_the_same_as_the_whole(talk: Callable[..., Talk], model: str) -> None:
    figures = []
    for stream in (True, False):
        async with talk(model, settings=Settings(stream=stream, cache="off")) as session:
            seen = await session.say("What is 13*7? Use the calculator.")
            assert seen.error is None, seen.error
            figures.append(seen.end.cost.usd)
    assert figures[0] is not None
    assert figures[1] is not None
    assert agree(figures[0], figures[1])


@pytest.mark.parametrize("stream", [True, False])
async def test_an_unknown_price_is_not_free(talk: Callable[..., Talk], stream: bool) -> None:
    async with talk("mystery", settings=Settings(stream=stream)) as session:
        seen = await session.say("What is 12*7? Use the calculator.")
    assert seen.error is None, seen.error
    assert seen.end.cost.usd is None
    assert seen.end.cost.source == "unknown"
    assert seen.end.usage.output
