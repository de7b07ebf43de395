"""A little HTTP server for discovery tests: what each path answers, and what was asked."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

DATA = Path(__file__).parent / "data"
Answer = tuple[int, str]
"""Status and body text."""


@dataclass
class Server:
    url: str
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def paths(self) -> set[str]:
        return {path for path, _ in self.asked}


def recorded(name: str) -> Answer:
    return 200, (DATA / name).read_text(encoding="utf-8")


LITELLM: dict[str, Answer] = {
    "/health/liveliness": (200, '"I\'m alive!"'),
    "/.well-known/litellm-ui-config": (200, '{"server_root_path": "", "proxy_base_url": null}'),
    "/health/readiness/details": (200, '{"status": "healthy", "litellm_version": "1.106.2"}'),
    "/model/info": recorded("model_info.json"),
    "/model_group/info": recorded("model_group_info.json"),
    "/v1/models": recorded("models.json"),
}
"""A real proxy's answers, shortened; it lists ``anthropic/*`` model by model."""


@contextmanager
def answering(
    answers: dict[str, Answer], *, headers: dict[str, str] | None = None, hang: frozenset[str] = frozenset()
) -> Iterator[Server]:
    """Serve ``answers`` on a free port; every other path is 404, those in ``hang`` never answer."""
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    served = Server(f"http://127.0.0.1:{bound.getsockname()[1]}")

    async def endpoint(request: Request) -> Response:
        path = request.url.path
        served.asked.append((path, dict(request.headers)))
        if path in hang:
            await asyncio.Event().wait()
        status, text = answers.get(path, (404, '{"detail": "Not Found"}'))
        return Response(text, status, headers=headers, media_type="application/json")

    with _running(endpoint, bound):
        yield served


@contextmanager
def _running(endpoint: Callable[[Request], Awaitable[Response]], bound: socket.socket) -> Iterator[None]:
    config = uvicorn.Config(
        Starlette(routes=[Route("/{path:path}", endpoint, methods=["GET", "POST"])]),
        log_config=None,
        lifespan="off",
        timeout_graceful_shutdown=0,
    )
    server = uvicorn.Server(config)
    bound.listen()
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(10)
        bound.close()
