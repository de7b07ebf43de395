"""An old proxy beside the new one, by the same configuration: less is told, and nothing is made up for it.

It has an environment of its own to install, so it runs only where SIGHTLINE_OLD_PROXY=1 asks for it.
"""

import os
from collections.abc import Callable, Iterator

import pytest

from tests.proxy import odd
from tests.proxy.drive import Talk, read_catalog
from tests.proxy.harness import RealProxy
from tests.proxy.test_odd_situations import AGAIN, ASK, classes, spoken
from tui.chat.catalog import Catalog
from tui.chat.settings import Settings
from tui.gateway.labels import CALL, Labels
from tui.sim.server import SimServer

pytestmark = pytest.mark.skipif(
    os.environ.get("SIGHTLINE_OLD_PROXY") != "1", reason="SIGHTLINE_OLD_PROXY=1 installs and starts it"
)
UNTOLD = "old-proxy"
WAYS = pytest.mark.parametrize(
    ("endpoint", "stream"), [(e, s) for e in ("messages", "chat") for s in (True, False)]
)


@pytest.fixture(scope="module")
def old(vendors: SimServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealProxy]:
    with RealProxy(f"{vendors.url}/vendor", tmp_path_factory.mktemp("old"), old=True) as running:
        yield running


@pytest.fixture(scope="module")
def old_catalog(old: RealProxy) -> Catalog:
    return read_catalog(old.url, old.key)


@pytest.fixture
def old_talk(old: RealProxy, old_catalog: Catalog) -> Callable[..., Talk]:
    def opened(model: str, endpoint: str, stream: bool, labels: Labels | None = None) -> Talk:
        settings = Settings(stream=stream)
        return Talk(old.url, old.key, old_catalog, model, endpoint=endpoint, settings=settings, labels=labels)

    return opened


@WAYS
async def test_that_the_model_is_not_told_is_all_there_is_to_say_of_an_ordinary_step(
    old_talk: Callable[..., Talk], endpoint: str, stream: bool
) -> None:
    async with old_talk("openai/gpt-5.1", endpoint, stream) as session:
        for exchange in await spoken(session, ASK):
            assert classes(exchange) == {UNTOLD}


@WAYS
async def test_a_fallback_is_named_by_its_deployment_alone(
    old_talk: Callable[..., Talk], endpoint: str, stream: bool
) -> None:
    async with old_talk("flaky", endpoint, stream) as session:
        first = (await spoken(session, ASK))[0]
        assert "fallback" in classes(first)
        assert first.served is not None
        assert first.served.model is None


@WAYS
async def test_a_price_of_nothing_is_no_price(
    old_talk: Callable[..., Talk], endpoint: str, stream: bool
) -> None:
    async with old_talk("mystery", endpoint, stream) as session:
        seen = await session.say("What is 12*7?")
        assert seen.error is None, seen.error
        assert seen.end.cost.usd is None
        assert "unknown-price" in classes(next(iter(session.session.log.values())))


@WAYS
async def test_another_deployment_is_told_as_on_a_new_one(
    old_talk: Callable[..., Talk], endpoint: str, stream: bool
) -> None:
    async with old_talk(odd.TWINS, endpoint, stream) as session:
        found = [classes(e) - {UNTOLD} for e in await spoken(session, ASK, AGAIN)]
        assert found == [set(), *({"other-deployment"},) * 3]


@WAYS
async def test_our_call_id_is_the_proxys(old_talk: Callable[..., Talk], endpoint: str, stream: bool) -> None:
    async with old_talk("smart", endpoint, stream, Labels("session-old")) as session:
        for exchange in await spoken(session, "What is 2+3?"):
            wire = await session.session.wire(exchange.id)
            assert wire is not None
            assert exchange.served is not None
            assert dict(wire.request_headers)[CALL] == exchange.served.call_id
