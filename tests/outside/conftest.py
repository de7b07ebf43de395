"""The real proxy and the simulated vendors of tests/proxy, and a home for the tools."""

from pathlib import Path

import pytest

from tests.outside.tools import Home
from tests.proxy.conftest import calls, proxy, taps, vendors
from tests.proxy.harness import RealProxy

__all__ = ["calls", "proxy", "taps", "vendors"]


@pytest.fixture
def home(tmp_path: Path, proxy: RealProxy) -> Home:
    """A home that knows the proxy."""
    return Home(tmp_path, proxy.url, proxy.key)
