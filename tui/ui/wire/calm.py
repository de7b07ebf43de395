"""Making very many values without the collector going through all of them again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_rests(*, rests: bool) -> Iterator[None]:
    """While a hundred thousand lasting values are made, and for them afterwards, where ``rests`` says so.

    A full collection over them holds the screen for a second and finds nothing: none of them is in a
    cycle. They go as soon as nobody refers to them, frozen or not.
    """
    if not rests:
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
