"""The simulated gateway as a running server: all faces in one application, on a loopback port."""

from __future__ import annotations

import socket
import threading
import time
from types import TracebackType

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from tui.sim.faces import (
    anthropic,
    bridge,
    litellm_discovery,
    litellm_messages,
    litellm_responses,
    vendor_routes,
)
from tui.sim.state import SimState

_START_SECONDS = 20.0


def build_app(state: SimState | None = None) -> Starlette:
    """The application with every face, LiteLLM's at ``/`` and the vendors' below ``/vendor``."""
    app = Starlette(routes=_routes())
    app.state.sim = state or SimState()
    return app


def _routes() -> list[BaseRoute]:
    """Each face brings its own routes; the first match answers."""
    return [
        *litellm_discovery.ROUTES,
        *litellm_messages.ROUTES,
        *bridge.ROUTES,
        *litellm_responses.ROUTES,
        *anthropic.ROUTES,
        *vendor_routes.ROUTES,
    ]


class SimServer:
    """The simulated gateway in a background thread; a context manager that stops it.

    ``port`` 0 takes a free one. Raises ``OSError`` when the port is taken.
    """

    def __init__(self, state: SimState | None = None, port: int = 0) -> None:
        self.state = state or SimState()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind(("127.0.0.1", port))
        except OSError:
            self._socket.close()
            raise
        self.port = int(self._socket.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        config = uvicorn.Config(
            build_app(self.state),
            log_config=None,
            log_level=60,
            access_log=False,
            lifespan="off",
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=0,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, name="simulated-gateway", daemon=True)

    def start(self) -> SimServer:
        """Begin to serve; returns once connections are answered."""
        self._socket.listen(128)
        self._thread.start()
        deadline = time.monotonic() + _START_SECONDS
        while not self._server.started:
            if time.monotonic() > deadline or not self._thread.is_alive():
                raise OSError("the simulated gateway did not start")
            time.sleep(0.005)
        return self

    def stop(self) -> None:
        """Cancel what is being answered and close the port; may be called twice."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(10)
        self._socket.close()

    def _run(self) -> None:
        # Off the main thread uvicorn leaves the process's signal handlers alone.
        self._server.run(sockets=[self._socket])

    def __enter__(self) -> SimServer:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
