"""Starts one real LiteLLM proxy in front of the simulated vendors and ends it with everything it started."""

import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx2
import yaml

from tests.proxy.install import installed_proxy
from tests.proxy.odd import LIMITS, LOGGED, ODD_HOOKS
from tests.proxy.proxy_config import HOOKS, MASTER_KEY, proxy_config

START_SECONDS = 120.0
_LOG_TAIL = 6000
_KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE", "SYSTEMROOT")


class ProxyFailedError(RuntimeError):
    """The proxy did not come up; carries the end of its log."""


class RealProxy:
    """A running proxy; a context manager that ends its whole process group."""

    def __init__(self, vendors: str, directory: Path, *, old: bool = False) -> None:
        self.key = MASTER_KEY
        self._old = old
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = directory / "proxy.log"
        self._config = directory / "config.yaml"
        self._home = directory
        self._config.write_text(yaml.safe_dump(proxy_config(vendors)), encoding="utf-8")
        for name, code in (("hooks", HOOKS), ("odd_hooks", ODD_HOOKS), ("limits", LIMITS)):
            (directory / f"{name}.py").write_text(code, encoding="utf-8")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> "RealProxy":
        """Install if need be, start, and wait until the proxy says it is alive."""
        program = installed_proxy(self._old)
        command = [
            str(program),
            "--config",
            str(self._config),
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
        ]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env=self._environment(),
                cwd=self._home,
                start_new_session=True,
            )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise
        return self

    def revive(self) -> None:
        """Start it again on its port where it has crashed; its log goes on."""
        if self._process is not None and self._process.poll() is not None:
            self.start()

    def stop(self) -> None:
        """End the proxy and its children; may be called twice."""
        process, self._process = self._process, None
        if process is None:
            return
        for sign, seconds in ((signal.SIGTERM, 1), (signal.SIGKILL, 10)):
            try:
                os.killpg(process.pid, sign)
                process.wait(seconds)
            except ProcessLookupError:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                continue

    def logged(self) -> list[dict[str, Any]]:
        """What the proxy's own loggers were given so far: one record a call, in the order the calls ended."""
        file = self._home / LOGGED
        # A line without its end is still being written.
        lines = file.read_bytes().split(b"\n")[:-1] if file.exists() else []
        return [json.loads(line) for line in lines]

    def log_tail(self) -> str:
        """The end of what the proxy printed."""
        return self._log.read_bytes()[-_LOG_TAIL:].decode("utf-8", "replace") if self._log.exists() else ""

    def _environment(self) -> dict[str, str]:
        """No proxy variables, no keys, no settings of the machine; and no price list from the internet."""
        return {
            **{name: os.environ[name] for name in _KEPT if name in os.environ},
            "HOME": str(self._home),
            "LITELLM_LOCAL_MODEL_COST_MAP": "True",
            "LITELLM_MASTER_KEY": MASTER_KEY,
            "LITELLM_TELEMETRY": "False",
            "NO_PROXY": "*",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        # Made once: a client reads all certificates of the machine, on the cores the proxy needs.
        with httpx2.Client(trust_env=False, timeout=5) as http:
            while time.monotonic() < deadline:
                assert self._process is not None
                if self._process.poll() is not None:
                    ended = f"the proxy ended with {self._process.returncode}"
                    raise ProxyFailedError(f"{ended}:\n{self.log_tail()}")
                try:
                    if http.get(f"{self.url}/health/liveliness").status_code == 200:
                        return
                except httpx2.HTTPError:
                    pass
                # The one condition to wait for is on the other side of a socket that may not exist yet.
                time.sleep(0.1)
        raise ProxyFailedError(f"the proxy was not ready after {START_SECONDS:.0f} s:\n{self.log_tail()}")

    def __enter__(self) -> "RealProxy":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
