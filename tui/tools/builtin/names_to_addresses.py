"""Host names to addresses by the system's own means, without holding anything up."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Sequence

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Gives the addresses of a host; OSError when there are none."""


async def resolved(host: str, port: int) -> Sequence[str]:
    """The addresses the system knows for a host.

    In a thread that nobody waits for: a slow name server must hold up neither a stop nor the exit.
    """
    loop = asyncio.get_running_loop()
    answered: asyncio.Future[list[str]] = loop.create_future()

    def tell(found: list[str] | Exception) -> None:
        if answered.done():
            return
        if isinstance(found, Exception):
            answered.set_exception(found)
        else:
            answered.set_result(found)

    def look_up() -> None:
        found: list[str] | Exception
        try:
            found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        except Exception as error:
            found = error
        if not loop.is_closed():
            loop.call_soon_threadsafe(tell, found)

    threading.Thread(target=look_up, name=f"resolve {host}", daemon=True).start()
    return await answered
