"""File work in a thread that hears when nobody waits for it any more."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

_POOL = ThreadPoolExecutor(4, thread_name_prefix="files")
"""Threads of our own: a model that asks for fifty searches at once keeps nothing else waiting."""


async def in_thread(work: Callable[[Callable[[], bool]], T]) -> T:
    """What ``work`` returns; it is given a function that tells whether the result is still wanted.

    A thread cannot be ended from outside: work that takes long, or changes something, asks now and then.
    """
    given_up = threading.Event()
    try:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(_POOL, work, lambda: not given_up.is_set())
    except asyncio.CancelledError:
        given_up.set()
        raise
