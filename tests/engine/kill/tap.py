"""A simulated gateway that notes every frame it has sent, and when."""

import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from tui.sim import server as sim_server
from tui.sim.server import SimServer
from tui.sim.state import SimState

Message = MutableMapping[str, Any]


@dataclass
class Sent:
    """One answer as it went out."""

    body: bytes = b""
    """The request."""
    frames: list[tuple[float, str, str]] = field(default_factory=list)
    """When it was given to the socket, on the clock of this machine; event name and data."""


class Tap:
    """Stands around the application of a gateway."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []

    def around(self, app: Any) -> Any:
        async def tapped(
            scope: Message,
            receive: Callable[[], Awaitable[Message]],
            send: Callable[[Message], Awaitable[None]],
        ) -> None:
            if scope["type"] != "http" or scope["method"] != "POST":
                await app(scope, receive, send)
                return
            this = Sent()
            self.sent.append(this)

            async def heard() -> Message:
                message = await receive()
                this.body += message.get("body", b"")
                return message

            async def said(message: Message) -> None:
                await send(message)
                text = bytes(message.get("body", b"")).decode()
                if text:
                    this.frames.append((time.monotonic(), *_event(text)))

            await app(scope, heard, said)

        return tapped


def _event(text: str) -> tuple[str, str]:
    name, data = "", []
    for line in text.splitlines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            data.append(line.removeprefix("data: "))
    return name, "\n".join(data)


@contextmanager
def tapped_gateway(speed: float) -> Iterator[tuple[SimServer, Tap]]:
    tap = Tap()
    build = sim_server.build_app
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sim_server, "build_app", lambda state: tap.around(build(state)))
        server = SimServer(SimState(speed=speed))
    with server:
        yield server, tap
