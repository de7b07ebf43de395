"""One simulated set of vendors and one real proxy for the whole run."""

from collections.abc import Iterator

import httpx2
import pytest

from tests.proxy.harness import RealProxy
from tui.sim.server import SimServer
from tui.sim.state import SimState


@pytest.fixture(scope="session")
def vendors() -> Iterator[SimServer]:
    """The simulated vendors, without waits."""
    with SimServer(SimState(speed=0.0)) as server:
        yield server


@pytest.fixture(scope="session")
def proxy(vendors: SimServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealProxy]:
    """The real proxy in front of ``vendors``."""
    with RealProxy(f"{vendors.url}/vendor", tmp_path_factory.mktemp("proxy")) as running:
        yield running


@pytest.fixture
def http(proxy: RealProxy) -> Iterator[httpx2.Client]:
    """A bare client of the proxy with its key."""
    headers = {"authorization": f"Bearer {proxy.key}"}
    with httpx2.Client(base_url=proxy.url, headers=headers, trust_env=False, timeout=60) as client:
        yield client
