"""What the chat screen is given, on a proxy over a real socket."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tui.chat.events import TurnFinished
from tui.chat.settings import Preset
from tui.cli import args
from tui.config.load import load_config
from tui.errors import CallFailed, ConfigError, UsageError
from tui.sim.server import SimServer
from tui.sim.state import SimState
from tui.ui.ports import Home, route_of
from tui.world.build import World, open_world
from tui.world.screen import connect, screen_deps


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    with open_world(args.parse(["--data-dir", str(tmp_path / "data")]), sim_speed=0) as opened:
        yield opened


async def test_the_home_reads_its_models_and_chooses_one(world: World) -> None:
    home = screen_deps(world).home
    assert home.simulated
    assert route_of(home.session) is None
    catalog = await home.load_catalog()
    route = route_of(home.session)
    assert route is not None
    assert route.requested in {card.id for card in catalog.cards}
    events = [event async for event in home.session.send("hello")]
    assert isinstance(events[-1], TurnFinished)
    home.session.switch("smart")
    renewed = home.renew()
    assert renewed.session.conversation.messages == ()
    assert renewed.session.route.requested == "smart"
    assert home.resolve("gpt-killer", catalog).endpoint == "/v1/messages"
    await world.link.gateway.aclose()


async def test_connecting_tests_the_address_and_writes_it_without_the_key(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SimServer(SimState(speed=0)) as server:
        found = await connect(world, f"{server.url}/v1/", "sk-simulated")
        assert found.server.startswith("LiteLLM 1.")
        assert found.models > 10
        assert found.home.simulated
        assert found.save is not None
        path = found.save()
        assert "sk-simulated" not in path.read_text()
        monkeypatch.setenv("LITELLM_PROXY_API_KEY", "sk-simulated")
        config = load_config({"LITELLM_PROXY_API_KEY": "sk-simulated"}, file=str(path))
        assert config.proxy("127.0.0.1").url == server.url


async def test_a_preset_is_saved_and_offered_at_once(world: World) -> None:
    home = screen_deps(world).home
    assert dict(home.presets) == {}
    assert home.save_preset is not None
    preset = Preset("smart", system="Be brief.", overrides={"temperature": 0.5})
    path = home.save_preset("brief", preset)
    assert home.presets == home.renew().presets == {"brief": preset}
    assert load_config({}, file=str(path)).preset("brief") == preset
    with pytest.raises(ConfigError, match="already there"):
        home.save_preset("brief", preset)


@pytest.mark.parametrize(
    ("path", "key", "cls"), [("", "sk-wrong", "proxy-key-refused"), (None, "", "proxy-unreachable")]
)
async def test_an_address_that_cannot_be_used_says_why(
    world: World, path: str | None, key: str, cls: str
) -> None:
    with SimServer(SimState(speed=0)) as server:
        url = "http://127.0.0.1:1" if path is None else server.url
        with pytest.raises(CallFailed) as caught:
            await connect(world, url, key)
    assert caught.value.cls == cls
    assert caught.value.hint


async def test_an_address_with_a_password_in_it_is_refused_before_it_is_asked(world: World) -> None:
    with pytest.raises(UsageError, match="must not hold a user or password") as caught:
        await connect(world, "http://me:hunter2@127.0.0.1:1", "")
    assert "hunter2" not in str(caught.value)


async def said(home: Home, text: str) -> None:
    async for _ in home.session.send(text):
        pass


def holding(directory: Path, *words: bytes) -> list[str]:
    """The files in which one of the words stands."""
    files = [path for path in directory.rglob("*") if path.is_file()]
    return [path.name for path in files if any(word in path.read_bytes() for word in words)]


async def test_a_session_is_kept_and_opens_as_it_was_left(world: World) -> None:
    home = screen_deps(world).home
    await home.load_catalog()
    assert home.shelf is not None
    home.session.switch("smart")
    await said(home, "Is quicksilver heavy?")
    id = home.session.id
    assert home.shelf.store.find("last").title == "Is quicksilver heavy?"
    home.shelf.store.set_draft(id, "draft")
    other = home.renew()
    home.leave()
    assert other.shelf is not None
    again = await other.shelf.open(id)
    assert again.opened is not None
    assert again.opened.draft == "draft"
    assert again.opened.remarks == ()
    assert again.session.id == id
    assert again.session.conversation == home.session.conversation
    assert again.session.totals == home.session.totals
    assert again.session.route.requested == "smart"
    await said(again, "And gold?")
    assert len(again.session.conversation.messages) == 4
    with pytest.raises(UsageError, match="there is no session"):
        await other.shelf.open("nothing")
    await world.link.gateway.aclose()


async def test_a_session_that_another_program_has_open_says_so(world: World) -> None:
    home = screen_deps(world).home
    await home.load_catalog()
    await said(home, "hello")
    await world.link.gateway.aclose()
    # Another program is another store on the same file.
    with open_world(args.parse(["--data-dir", str(world.data_dir)]), sim_speed=0) as second:
        there = screen_deps(second).home
        assert there.shelf is not None
        opened = (await there.shelf.open(home.session.id)).opened
        assert opened is not None
        assert "another branch" in opened.remarks[0]


async def test_a_temporary_session_leaves_nothing_behind(world: World, tmp_path: Path) -> None:
    home = screen_deps(world).home
    await home.load_catalog()
    assert home.shelf is not None
    hidden = home.shelf.temporary()
    assert hidden.is_temporary
    await said(hidden, "Is quicksilver heavy?")
    answer = hidden.session.conversation.last_answer
    assert answer is not None
    assert answer.text
    await said(home, "Is gold?")
    await world.link.gateway.aclose()
    world.store.close()
    words = answer.text.split(".")[0].encode()
    assert holding(tmp_path, b"quicksilver", words) == []
    assert holding(tmp_path, b"Is gold?")
    assert not hidden.renew().is_temporary


async def test_sessions_that_cannot_be_saved_stay_in_memory_and_it_is_said(world: World) -> None:
    world.data_dir.mkdir(parents=True, exist_ok=True)
    (world.data_dir / "sessions.db").write_bytes(b"no database at all, but long enough to be none" * 100)
    home = screen_deps(world).home
    assert home.shelf is not None
    assert home.shelf.problem
    assert home.shelf.store.path is None
    await home.load_catalog()
    await said(home, "hello")
    assert home.shelf.store.find("last").id == home.session.id
    await world.link.gateway.aclose()


async def test_a_header_somebody_set_is_a_secret_of_this_run_from_then_on(world: World) -> None:
    home = screen_deps(world).home
    await home.load_catalog()
    home.session.overrides = {"headers": {"x-token": "Bearer tea-at-nine", "x-team": "research-and-more"}}
    assert "tea-at-nine" in world.secrets()
    assert "research-and-more" not in world.secrets()
    home.session.switch("smart")
    [event async for event in home.session.send("hello")]
    home.session.overrides = {}
    assert "tea-at-nine" in world.secrets()
    world.log.write("model tea-at-nine, tea%2Dat-nine")
    assert "nine" not in world.log.path.read_text()
    route = route_of(home.session)
    assert route is not None
    assert home.is_ours(route.base_url)
    assert not home.is_ours("http://evil.example")
    await world.link.gateway.aclose()
