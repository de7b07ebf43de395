"""File work in a thread that hears when nobody waits for it any more."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def in_thread(work: Callable[[Callable[[], bool]], T]) -> T:
    """What ``work`` returns; it is given a function that tells whether the result is still wanted.

    A thread cannot be ended from outside: work that takes long, or changes something, asks now and then.
    """
    given_up = threading.Event()
    try:
        return await asyncio.to_thread(work, lambda: not given_up.is_set())
    except asyncio.CancelledError:
        given_up.set()
        raise
