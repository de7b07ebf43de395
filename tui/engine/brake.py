"""The cooperative stop: interrupts whatever a turn awaits, without cancelling the turn's task."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Generator
from types import coroutine
from typing import Any, TypeVar

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
        steps = awaitable.__await__()
        try:
            awaited = steps.send(None)
        except StopIteration as done:
            # Of an answer that comes fast most frames are there already, and arming a timer for each
            # took a quarter as long as the SDK takes to read it.
            return done.value  # type: ignore[no-any-return]  # what it returns is T
        # It may have been pressed from within.
        scope = asyncio.timeout(0 if self._stopped() else seconds)
        self._scope = scope
        try:
            async with scope:
                return await _rest(steps, awaited)
        except TimeoutError:
            # A press expires the scope too; the inner code may also have a TimeoutError of its own.
            if scope.expired() and self._stopped():
                raise Stopped from None
            raise
        finally:
            self._scope = None

    def _stopped(self) -> bool:
        return self.pressed


@coroutine
def _rest(steps: Generator[Any, Any, T], awaited: Any) -> Generator[Any, Any, T]:
    """The rest of what was begun and now waits for ``awaited``, as if it had been awaited from the start."""
    while True:
        error: BaseException | None = None
        sent = None
        try:
            sent = yield awaited
        except GeneratorExit:
            steps.close()
            raise
        except BaseException as thrown:
            error = thrown
        try:
            awaited = steps.send(sent) if error is None else steps.throw(error)
        except StopIteration as done:
            return done.value  # type: ignore[no-any-return]  # what it returns is T
        finally:
            error = None  # its traceback holds this frame
