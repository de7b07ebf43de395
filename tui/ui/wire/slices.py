"""Long work on the event loop in slices short enough that nobody notices."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

SLICE_S = 0.008
"""How long work goes on before others get their turn."""
HEAVY = 200_000
"""Characters from which a step of reading one text belongs in a thread, for no slice is short enough."""


async def in_slices(step: Callable[[], bool]) -> None:
    """Call ``step`` until it says that all is done, letting others in between; a step is short itself."""
    began = time.monotonic()
    while not step():
        if time.monotonic() - began >= SLICE_S:
            await asyncio.sleep(0)
            began = time.monotonic()
