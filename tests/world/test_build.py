"""What a command is built from: which proxy, which models, which settings."""

import os
from argparse import Namespace
from pathlib import Path

import pytest

from tui.chat.catalog import Catalog, ModelCard
from tui.chat.settings import Settings, overlaid
from tui.cli import args
from tui.cli.knob_flags import overrides_of
from tui.config.schema import Config
from tui.engine.session import Choice
from tui.errors import CallFailed, ConfigError, UsageError
from tui.sim.server import SimServer
from tui.sim.state import SimState
from tui.world.build import first_model, open_world

CONFIG = """\
proxies:
  team:
    url: {url}
    key: sk-simulated
models:
  "smart": {{system: Answer briefly., thinking: 2000, max_tokens: 4000}}
routing:
  foreign_reasoning: text
limits: {{steps: 3}}
"""


@pytest.fixture(autouse=True)
def _private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))


def parsed(*words: str) -> Namespace:
    return args.parse(["ask", *words, "hi"])


def test_without_configuration_it_is_the_simulated_gateway() -> None:
    with open_world(parsed(), sim_speed=0) as world:
        assert world.link.simulated
        assert world.link.proxy.name == "simulated"


async def test_a_configured_proxy_is_used_and_its_list_is_kept(tmp_path: Path) -> None:
    with SimServer(SimState(speed=0)) as server:
        file = tmp_path / "config.yaml"
        file.write_text(CONFIG.format(url=server.url))
        with open_world(parsed("--config", str(file)), sim_speed=0) as world:
            assert not world.link.simulated
            listed = await world.link.catalog()
            assert "smart" in {card.id for card in listed.cards}
    kept = world.link.cached_catalog()
    assert kept is not None
    assert kept.cards == listed.cards
    with pytest.raises(CallFailed) as caught:
        await world.link.catalog()
    assert caught.value.cls == "proxy-unreachable"


async def test_a_session_begins_with_what_is_configured_for_its_model(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    with SimServer(SimState(speed=0)) as server:
        file.write_text(CONFIG.format(url=server.url))
        with open_world(parsed("--config", str(file)), sim_speed=0) as world:
            session = world.session(world.link, Choice("smart"), await world.link.catalog())
            assert [event async for event in session.send("hello")]
            await world.link.gateway.aclose()
        (sent,) = [e.body for e in server.state.seen("litellm") if e.path.endswith("/messages")]
    assert sent["system"] == "Answer briefly."
    assert sent["thinking"] == {"type": "enabled", "budget_tokens": 2000}
    assert sent["max_tokens"] == 4000
    assert session.conversation.foreign_reasoning == "text"


def test_an_unknown_proxy_is_named() -> None:
    with pytest.raises(ConfigError, match="nowhere"), open_world(parsed("--proxy", "nowhere"), sim_speed=0):
        pass


def test_flags_lie_over_settings() -> None:
    configured = Settings(thinking="low", max_tokens=10)
    assert overlaid(configured, overrides_of(parsed())) == configured
    flags = parsed("--thinking", "high", "--max-tokens", "99", "--no-stream")
    assert overlaid(configured, overrides_of(flags)) == Settings(thinking="high", max_tokens=99, stream=False)


def test_the_model_to_begin_with() -> None:
    tools: dict[str, bool | None] = {"tools": True}
    cards = (
        ModelCard("embed", mode="embedding", supports=tools),
        ModelCard("any/*", supports=tools),
        ModelCard("plain", mode="chat"),
        ModelCard("able", mode="chat", supports=tools),
    )
    catalog = Catalog(cards)
    assert first_model(catalog, Config(), ("gone", "plain")) == "plain"
    assert first_model(catalog, Config(default_model="wished"), ("gone",)) == "wished"
    assert first_model(catalog, Config(), ()) == "able"
    assert first_model(Catalog(cards[:3]), Config(), ()) == "plain"
    assert first_model(Catalog(), Config(), ("gone",)) == ""


def test_a_route_is_found_once_for_each_list_of_models() -> None:
    first, second = (Catalog((ModelCard("smart"),), fetched_at=at) for at in (1.0, 2.0))
    with open_world(parsed(), sim_speed=0) as world:
        route_for = world.route_for(world.link)
        route = route_for("smart", "auto", first, None)
        assert route_for("smart", "auto", first, None) is route
        assert (
            route_for("smart", "chat", first, None).endpoint
            != route_for("smart", "messages", first, None).endpoint
        )
        assert route_for("smart", "auto", second, None) is not route
        with pytest.raises(UsageError):
            route_for("smarter", "auto", Catalog((ModelCard("smart"),), complete=True), None)


def test_the_data_directory_is_the_flags() -> None:
    with open_world(parsed("--data-dir", "/tmp/x"), sim_speed=0) as world:
        assert world.data_dir == Path("/tmp/x")
        assert "SIGHTLINE_DATA_DIR" not in os.environ
