"""The cost shown is the proxy's own figure to the last digit, or its tokens at its prices, or unknown."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx2
import pytest

from tests.proxy.drive import Talk
from tests.proxy.proxy_config import STREAM_COST
from tui.chat.events import Answering
from tui.chat.settings import Settings
from tui.pricing import agree

PRICED = (
    "smart",
    "anthropic/claude-sonnet-4-5-20250929",
    "anthropic/claude-fable-5-1",
    "openai/gpt-5.1",
    "gemini/gemini-3-pro-preview",
    "xai/grok-4",
    "deepseek/deepseek-reasoner",
)
LONG_PROMPT = "Remember this. " + "All work and no play makes a dull test. " * 450 + "What is 12*7?"


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


def from_wire(info: dict[str, Any], told: dict[str, Any]) -> Decimal:
    """Tokens at the prices of /model/info, from what the stream told, not as the program read it."""
    read = told.get("cache_read_input_tokens") or 0
    write = told.get("cache_creation_input_tokens") or 0
    if "prompt_tokens" in told:
        read = read or (told.get("prompt_tokens_details") or {}).get("cached_tokens") or 0
        fresh, output = told["prompt_tokens"] - read - write, told["completion_tokens"]
    else:
        fresh, output = told["input_tokens"], told["output_tokens"]
    pairs = (
        (fresh, "input_cost_per_token"),
        (read, "cache_read_input_token_cost"),
        (write, "cache_creation_input_token_cost"),
        (output, "output_cost_per_token"),
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


@pytest.mark.parametrize("endpoint", ["messages", "chat"])
@pytest.mark.parametrize("model", [*PRICED, STREAM_COST])
async def test_a_stream_costs_what_it_tells_or_its_tokens_at_the_prices(
    talk: Callable[..., Talk], http: httpx2.Client, model: str, endpoint: str
) -> None:
    if (model, endpoint) == ("deepseek/deepseek-reasoner", "messages"):
        endpoint = "auto"
    info, cached = info_of(http, model), 0
    async with talk(model, endpoint=endpoint) as session:
        for _ in range(2):
            seen = await session.say(f"{endpoint} {LONG_PROMPT}")
            assert seen.error is None, seen.error
            for step, heard in zip(seen.steps, session.gateway.heard[-2:], strict=True):
                told, cost, usage = heard.usage, step.message.cost, step.message.usage
                assert cost.usd is not None
                assert usage is not None
                assert agree(cost.usd, from_wire(info, told)), (told, usage)
                assert (cost.source == "proxy-stream") == ("cost" in told)
                if "cost" in told:
                    assert agree(cost.usd, Decimal(str(told["cost"])))
                cached += usage.cache_read or 0
            assert {s.message.cost.source for s in seen.steps} == {SOURCES[model == STREAM_COST, endpoint]}
    if session.session.route.accepts.cache_marker:
        assert cached


SOURCES = {
    (False, "messages"): "computed",
    (False, "chat"): "proxy-stream",
    (False, "auto"): "proxy-stream",
    (True, "messages"): "proxy-stream",
    (True, "chat"): "proxy-stream",
}
"""Where the figure of a stream comes from: by whether the proxy's switch for it is on, and the endpoint."""


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
