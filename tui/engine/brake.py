"""The cooperative stop: interrupts whatever a turn awaits, without cancelling the turn's task."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


class Stopped(Exception):
    """The user pressed stop while something was awaited."""


class Brake:
    """One per turn; ``press`` may be called at any time from the same event loop."""

    def __init__(self) -> None:
        self.pressed = False
        self._scope: asyncio.Timeout | None = None

    def press(self) -> None:
        """Stop: what is awaited under ``guard`` ends at once, and so does every later guard."""
        if self.pressed:
            return
        self.pressed = True
        if self._scope is not None and not self._scope.expired():
            self._scope.reschedule(asyncio.get_running_loop().time())

    async def guard(self, awaitable: Awaitable[T], seconds: float | None = None) -> T:
        """Await, at most ``seconds``; raises Stopped after a press and TimeoutError when time is up."""
        if self.pressed:
            if asyncio.iscoroutine(awaitable):
                awaitable.close()
            raise Stopped
        scope = asyncio.timeout(seconds)
        self._scope = scope
        try:
            async with scope:
                return await awaitable
        except TimeoutError:
            # A press expires the scope too; the inner code may also have a TimeoutError of its own.
            if scope.expired() and self._stopped():
                raise Stopped from None
            raise
        finally:
            self._scope = None

    def _stopped(self) -> bool:
        return self.pressed
