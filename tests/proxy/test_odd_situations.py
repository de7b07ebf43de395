"""Odd situations in the real proxy: each is named on the step it happens, and none where it is not."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.proxy import odd
from tests.proxy.drive import Talk, read_catalog
from tests.proxy.harness import RealProxy
from tests.proxy.proxy_config import STREAM_COST
from tui.chat.catalog import Catalog
from tui.chat.events import Observed, StepStarted
from tui.chat.record import Exchange
from tui.chat.settings import Settings
from tui.errors import UsageError
from tui.gateway.client import Endpoint
from tui.gateway.spend import fetch_prices
from tui.pricing import agree
from tui.truth.lookups import PriceList
from tui.truth.reconcile import Reconciliation, of

ASK, AGAIN = "Think about it: what is 12*7? Use the calculator.", "And what is 13*7? Use the calculator."
CONFIGURED = "anthropic/claude-sonnet-4-5-20250929"
HEAL = "litellm-silent-thinking-self-heal"
NOTHING: frozenset[str] = frozenset()
BY_CONFIG = frozenset({"config-thinking"})


@dataclass(frozen=True)
class Odd:
    """A group, two prompts of two steps each, and what must be observed on each of the four steps."""

    name: str
    model: str
    observed: tuple[frozenset[str], ...]
    fault: str = ""
    """What makes the vendor fail once, put before the first prompt."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    endpoints: tuple[str, ...] = ("messages", "chat")


def always(*classes: str) -> tuple[frozenset[str], ...]:
    return (frozenset(classes),) * 4


SITUATIONS = (
    Odd("ordinary", "openai/gpt-5.1", always(), endpoints=("messages", "chat", "responses")),
    # The first step of each turn is free to go anywhere; the second is held where the first went.
    Odd(
        "mixed",
        odd.UNLIKE,
        (
            frozenset({"mixed-group"}),
            NOTHING,
            frozenset({"mixed-group", "other-deployment"}),
            NOTHING,
        ),
    ),
    Odd(
        "twins",
        odd.TWINS,
        (NOTHING, *(frozenset({"other-deployment"}),) * 3),
        endpoints=("messages", "chat", "responses"),
    ),
    # Back where it was asked for, the answer comes from another deployment than the one before.
    Odd(
        "fallback",
        odd.FALLING,
        (*(frozenset({"fallback"}),) * 2, frozenset({"other-deployment"}), NOTHING),
        "error 529 once. ",
    ),
    Odd("retried", odd.RETRIED, (*(frozenset({"proxy-retried"}),) * 2, NOTHING, NOTHING), "error 500 once. "),
    # The last step is none: for a loop that begins without thinking the program itself says ``disabled``.
    Odd(
        "self-heal",
        odd.HEALED,
        (BY_CONFIG, frozenset({HEAL}), frozenset({HEAL}), NOTHING),
        endpoints=("messages",),
    ),
    # Said at the beginning of each turn, for it holds for all of it.
    Odd(
        "config-thinking",
        CONFIGURED,
        (BY_CONFIG, NOTHING, BY_CONFIG, NOTHING),
        endpoints=("messages", "chat", "responses"),
    ),
    Odd("own-thinking", CONFIGURED, always(), settings={"thinking": 2000}),
    Odd(
        "dropped",
        odd.DROPPED,
        always("params-dropped"),
        settings={"temperature": 0.3},
        endpoints=("messages", "chat", "responses"),
    ),
    Odd("nothing-to-drop", odd.DROPPED, always()),
    Odd("unknown-price", "mystery", always("unknown-price")),
)
WAYS = [
    pytest.param(case, endpoint, stream, id=f"{case.name}-{endpoint}-{'streamed' if stream else 'whole'}")
    for case in SITUATIONS
    for endpoint in case.endpoints
    for stream in (True, False)
]


@pytest.fixture(scope="session")
def listed(proxy: RealProxy, catalog: Catalog) -> PriceList:
    """The proxy's own price list, as the program reads it."""
    ids = frozenset(d.id for card in catalog.cards for d in card.deployments if d.id)
    found = asyncio.run(fetch_prices(proxy.url, Endpoint(key=lambda: proxy.key), ids, catalog.version))
    assert isinstance(found, PriceList)
    return found


async def spoken(session: Talk, *prompts: str) -> list[Exchange]:
    """The exchanges of these turns, each with what was told of it while it ran."""
    for prompt in prompts:
        seen = await session.say(prompt)
        assert seen.error is None, seen.error
        told: list[set[str]] = []
        for event in seen.events:
            if isinstance(event, StepStarted):
                told.append(set())
            elif isinstance(event, Observed):
                told[-1] |= {finding.cls for finding in event.findings}
        assert told == [classes(e) for e in list(session.session.log.values())[-len(told) :]]
    return list(session.session.log.values())


def classes(exchange: Exchange) -> set[str]:
    return {finding.cls for finding in exchange.observed}


async def reconciled(session: Talk, catalog: Catalog, listed: PriceList) -> list[Reconciliation]:
    """The figures of each exchange held against each other, as the Cost page does."""
    found = []
    for id, exchange in session.session.log.items():
        wire = await session.session.wire(id)
        found.append(of(exchange, catalog, wire.headers if wire else (), listed))
    return found


@pytest.mark.parametrize(("case", "endpoint", "stream"), WAYS)
async def test_each_is_named_on_the_step_it_happens_and_on_no_other(
    talk: Callable[..., Talk], case: Odd, endpoint: str, stream: bool
) -> None:
    settings = Settings(stream=stream, **case.settings)
    async with talk(case.model, endpoint=endpoint, settings=settings) as session:
        # The vendor fails once for each prompt it has not seen yet.
        exchanges = await spoken(session, f"{case.fault}{ASK} ({endpoint}, {stream})", AGAIN)
        assert [classes(e) for e in exchanges] == list(case.observed)


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize("endpoint", ["messages", "chat"])
async def test_a_fallback_to_another_model(talk: Callable[..., Talk], endpoint: str, stream: bool) -> None:
    async with talk("flaky", endpoint=endpoint, settings=Settings(stream=stream)) as session:
        exchanges = await spoken(session, ASK)
        assert "fallback" in classes(exchanges[0])
        says = next(f.says for f in exchanges[0].observed if f.cls == "fallback")
        assert "smart answered in place of flaky" in says
        assert "claude-opus-4-5" in says


@pytest.mark.parametrize("endpoint", ["messages", "chat"])
async def test_a_stripped_name_is_caught_by_the_wildcard(talk: Callable[..., Talk], endpoint: str) -> None:
    async with talk("claude-sonnet-4-5", endpoint=endpoint) as session:
        exchanges = await spoken(session, ASK)
        assert [classes(e) for e in exchanges] == [{"wildcard-caught"}] * 2
        assert "its configured thinking" in exchanges[0].observed[0].says
        assert exchanges[0].observed[0].mend == f"ask for {CONFIGURED}"
    # With only the prefix missing the listed name is sent; what nobody listed otherwise is simply caught.
    for name, found in ((odd.WILDCARD_ID, {"config-thinking"}), ("claude-opus-4-6", set())):
        async with talk(name, endpoint=endpoint) as session:
            assert classes((await spoken(session, ASK))[0]) == found


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
async def test_a_cooldown(talk: Callable[..., Talk], stream: bool) -> None:
    async with talk(odd.COOLING, settings=Settings(stream=stream)) as session:
        for _ in range(2):
            seen = await session.say(ASK)
            assert seen.error is not None
        kinds = [(e.status, classes(e)) for e in session.session.log.values()]
        cooled = [found for status, found in kinds if status == 429]
        assert cooled
        assert all(found == {"cooldown"} for found in cooled)
        assert all(found == set() for status, found in kinds if status != 429)


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize("endpoint", ["messages", "chat", "responses"])
@pytest.mark.parametrize(
    ("model", "mismatches"),
    [(odd.SPOILT_PRICE, {"price-polluted"}), (odd.REPRICED, set()), ("smart", set()), (STREAM_COST, set())],
)
async def test_every_figure_agrees_to_the_last_digit_and_a_polluted_price_is_named(
    talk: Callable[..., Talk],
    catalog: Catalog,
    listed: PriceList,
    model: str,
    mismatches: set[str],
    endpoint: str,
    stream: bool,
) -> None:
    untold = stream and endpoint == "messages" and model != STREAM_COST
    expected = mismatches | ({"cost-not-told"} if untold else set())
    async with talk(model, endpoint=endpoint, settings=Settings(stream=stream)) as session:
        await spoken(session, ASK, AGAIN)
        for made in await reconciled(session, catalog, listed):
            assert {f.cls for f in made.mismatches} == expected
            assert made.counts is not None
            assert made.counts.usd is not None
            figures = {
                f.source: f.usd for f in made.figures if f.usd is not None and f.source != "price-list"
            }
            told = {"proxy-stream" if stream else "proxy-header"} - ({"proxy-stream"} if untold else set())
            assert set(figures) >= {"computed", *told}
            assert all(agree(usd, made.counts.usd) for usd in figures.values()), figures


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
async def test_no_price_is_no_cost(
    talk: Callable[..., Talk], catalog: Catalog, listed: PriceList, stream: bool
) -> None:
    async with talk("mystery", settings=Settings(stream=stream)) as session:
        await spoken(session, ASK)
        for made in await reconciled(session, catalog, listed):
            assert made.counts is None
            assert {f.cls for f in made.mismatches} == {"unknown-price"}


async def test_no_figure_comes_after_a_fallback_or_a_retry_on_messages(
    talk: Callable[..., Talk], catalog: Catalog, listed: PriceList
) -> None:
    for model, fault in ((odd.FALLING, "error 529 once. "), (odd.RETRIED, "error 500 once. ")):
        async with talk(model, endpoint="messages", settings=Settings(stream=False)) as session:
            await spoken(session, f"{fault}{ASK} {model}", AGAIN)
            made = await reconciled(session, catalog, listed)
            told = [{f.cls for f in each.mismatches} for each in made]
            assert told == [{"cost-not-told"}] * 2 + [set()] * 2


@pytest.mark.parametrize("endpoint", ["messages", "chat"])
async def test_a_limited_key(proxy: RealProxy, catalog: Catalog, endpoint: str) -> None:
    async def told(key: str, model: str, times: int = 1) -> tuple[str, str, str]:
        async with Talk(proxy.url, key, catalog, model, endpoint=endpoint) as session:
            for _ in range(times):
                seen = await session.say("What is 2+3?")
            error = seen.error
            assert error is not None
            return error.cls, error.layer, error.what

    assert (await told(odd.NARROW_KEY, "gpt-killer"))[:2] == ("key-model-refused", "proxy")
    cls, layer, what = await told(odd.SPENT_KEY, "smart")
    assert (cls, layer) == ("key-budget-spent", "proxy")
    assert "0.0125" in what
    cls, layer, what = await told(odd.SLOW_KEY, "smart", times=2)
    assert (cls, layer) == ("rate-limited", "proxy"), what


async def test_the_models_of_a_narrow_key_are_all_it_sees_and_its_pin_is_let_go(proxy: RealProxy) -> None:
    seen = await asyncio.to_thread(read_catalog, proxy.url, odd.NARROW_KEY)
    assert {card.id for card in seen.cards} == set(odd.NARROW_MODELS)
    async with Talk(proxy.url, odd.NARROW_KEY, seen, "gpt-killer") as session:
        with pytest.raises(UsageError, match="does not list 'gpt-killer'"):
            await session.say(ASK)
    async with Talk(proxy.url, odd.NARROW_KEY, seen, odd.UNLIKE) as session:
        turn = await session.say(ASK)
        assert turn.error is None, turn.error
        found = [(e.status, classes(e)) for e in session.session.log.values()]
        assert found[:2] == [(200, {"mixed-group"}), (403, {"key-model-refused"})]
        assert found[2][0] == 200
        assert {"mixed-group", "other-deployment"} <= found[2][1]
