"""One set of simulated vendors, one tap and one real proxy for the whole run."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

import tui.sim.server
from tests.proxy.bedrock import Bedrock
from tests.proxy.drive import Talk, read_catalog
from tests.proxy.harness import RealProxy
from tests.proxy.tap import Call, Tap
from tui.chat.catalog import Catalog
from tui.sim.server import SimServer
from tui.sim.state import SimState

RACE = "dictionary changed size during iteration"
"""What LiteLLM says now and then: it copies an answer while its thread for the log still writes to it
(https://github.com/BerriAI/litellm/issues/20389)."""
CRASHED = ("the proxy is unreachable", "Connection refused")
"""What is said of a proxy whose interpreter crashed, as CPython 3.11.7 did once below LiteLLM."""
RUNNING = pytest.StashKey[RealProxy]()
_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run a test again that met the proxy's own race or crash, and no other."""
    for item in items:
        if item.path.is_relative_to(_HERE):
            item.add_marker(pytest.mark.flaky(reruns=2, only_rerun=[RACE, *CRASHED]))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A proxy that crashed costs one test a second run, not all that follow."""
    if (proxy := item.config.stash.get(RUNNING, None)) is not None:
        proxy.revive()


@pytest.fixture(scope="session")
def taps() -> list[Tap]:
    """Every tap opened so far; there is one."""
    return []


@pytest.fixture(scope="session")
def vendors(taps: list[Tap]) -> Iterator[SimServer]:
    """The simulated vendors, without waits, behind the tap."""
    build = tui.sim.server.build_app

    def tapped(state: SimState) -> Any:
        taps.append(Tap(Bedrock(build(state))))
        return taps[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tui.sim.server, "build_app", tapped)
        server = SimServer(SimState(speed=0.0))
    with server:
        yield server


@pytest.fixture(scope="session")
def proxy(
    vendors: SimServer, tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[RealProxy]:
    """The real proxy in front of ``vendors``."""
    with RealProxy(f"{vendors.url}/vendor", tmp_path_factory.mktemp("proxy")) as running:
        pytestconfig.stash[RUNNING] = running
        yield running


@pytest.fixture(scope="session")
def catalog(proxy: RealProxy) -> Catalog:
    """The proxy's models as the program reads them."""
    return read_catalog(proxy.url, proxy.key)


@pytest.fixture(scope="session")
def http(proxy: RealProxy) -> Iterator[httpx2.Client]:
    """A bare client of the proxy with its key."""
    headers = {"authorization": f"Bearer {proxy.key}"}
    with httpx2.Client(base_url=proxy.url, headers=headers, trust_env=False, timeout=60) as client:
        yield client


@pytest.fixture
def calls(vendors: SimServer, taps: list[Tap]) -> Callable[[], list[Call]]:
    """Gives the calls to vendors since the test began."""
    before = len(taps[0].calls)
    return lambda: taps[0].calls[before:]


@pytest.fixture
def talk(proxy: RealProxy, catalog: Catalog) -> Callable[..., Talk]:
    """Opens a session of the program with the proxy."""

    def opened(model: str, **options: Any) -> Talk:
        return Talk(proxy.url, proxy.key, catalog, model, **options)

    return opened
