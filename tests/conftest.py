"""What every test gets: no way past loopback, and property tests that repeat exactly in CI.

Workers compile the tests together: each begins at another file and finds the others' work on the disk.
"""

import gc
import importlib
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# Some machines forbid byte code; then every worker and every program a test starts would compile all anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

settings.register_profile(
    "ci", max_examples=20, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("dev", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci" if os.environ.get("CI") else "dev")

_LOOPBACK = ("127.", "::1", "localhost")

_HERE = Path(__file__).parent


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[Any]:
    """Collect without the garbage collector, which would find nothing and look at all of it each time."""
    gc.disable()
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        _compile_a_share(session.config, int(worker.removeprefix("gw")))
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def _compile_a_share(config: pytest.Config, worker: int) -> None:
    """Import what will be collected, beginning at a place of this worker's own."""
    skipped = set(config.getini("norecursedirs"))
    for folder in map(Path, config.args):
        found = sorted(folder.rglob("test_*.py")) if folder.resolve() == _HERE else []
        files = [file for file in found if not skipped & set(file.relative_to(folder).parts)]
        begin = worker * len(files) // int(os.environ["PYTEST_XDIST_WORKER_COUNT"])
        for file in files[begin:] + files[:begin]:
            # What cannot be imported is reported when it is collected.
            with suppress(Exception):
                importlib.import_module(".".join(("tests", *file.relative_to(folder).with_suffix("").parts)))


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(_LOOPBACK):
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name in ("LITELLM_PROXY_URL", "LITELLM_PROXY_API_KEY", "SIGHTLINE_CONFIG", "SIGHTLINE_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
