"""The simulated gateway is discovered like a real proxy, and each of its models takes its road."""

from collections.abc import Iterator

import pytest

from tui.chat.catalog import Catalog
from tui.chat.route import Provider
from tui.errors import SightlineError
from tui.gateway.catalog import fetch_catalog
from tui.gateway.client import Endpoint
from tui.gateway.detect import detect
from tui.resolver import resolve
from tui.sim.server import SimServer


@pytest.fixture(scope="module")
def sim() -> Iterator[SimServer]:
    with SimServer() as server:
        yield server


def endpoint(sim: SimServer, key: str | None = None) -> Endpoint:
    return Endpoint(key=lambda: key or sim.state.master_key)


async def catalog_of(sim: SimServer) -> Catalog:
    found = await detect(sim.url, endpoint(sim))
    assert (found.kind, found.simulated) == ("litellm", True)
    assert found.version
    return await fetch_catalog(sim.url, endpoint(sim), found)


async def test_every_listed_model_takes_the_road_its_upstream_asks_for(sim: SimServer) -> None:
    catalog = await catalog_of(sim)
    roads: dict[str, Provider] = {
        card.id: resolve(card.id, catalog, base_url=sim.url).provider
        for card in catalog.cards
        if not card.wildcard
    }
    native = {name for name, provider in roads.items() if provider == "litellm-anthropic"}
    assert native >= {"smart", "gpt-killer", "bedrock-claude", "mixed", "anthropic/claude-fable-5-1", "flaky"}
    assert {
        "claude-cheap",
        "openai/gpt-5.1",
        "xai/grok-4",
        "mystery",
        "deepseek/deepseek-reasoner",
    }.isdisjoint(native)
    assert not catalog.complete
    assert resolve("mixed", catalog, base_url=sim.url).mixed
    thinking = resolve("claude-sonnet-4-5-20250929", catalog, base_url=sim.url).configured_thinking
    assert thinking == {"type": "enabled", "budget_tokens": 8000}


@pytest.mark.parametrize(("path", "kind"), [("/vendor/anthropic", "anthropic"), ("/vendor/openai", "openai")])
async def test_its_vendors_are_plain_servers(sim: SimServer, path: str, kind: str) -> None:
    found = await detect(sim.url + path, endpoint(sim, "sk-any"))
    assert found.kind == kind
    catalog = await fetch_catalog(sim.url + path, endpoint(sim, "sk-any"), found)
    assert (catalog.server, catalog.complete) == (kind, False)


async def test_a_wrong_key_is_refused(sim: SimServer) -> None:
    found = await detect(sim.url, endpoint(sim, "sk-wrong"))
    with pytest.raises(SightlineError) as failed:
        await fetch_catalog(sim.url, endpoint(sim, "sk-wrong"), found)
    assert failed.value.cls == "proxy-key-refused"
