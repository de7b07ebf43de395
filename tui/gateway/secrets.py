"""Takes the secrets we sent out of a failed call and everything that caused it.

A careless relay repeats the request's headers in its errors; from there a key would reach the
screen, the logs, JSON lines and the cache of the model list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tui.errors import CallFailed, SightlineError
from tui.secrets import secrets_in, without_known_shapes
from tui.spellings import kept_headers, masked

__all__ = ("hide", "kept_headers", "masked", "masking", "secrets_in", "without_known_shapes")


@contextmanager
def masking(secrets: Callable[[], tuple[str, ...]]) -> Iterator[None]:
    """Mask these secrets in a failed call that passes, and in everything that caused it."""
    try:
        yield
    except CallFailed as error:
        hide(error, secrets())
        raise


def hide(error: BaseException, secrets: tuple[str, ...]) -> None:
    """Mask these secrets in what ``error`` and its causes say."""
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        one.args = tuple(masked(arg, secrets) if isinstance(arg, str) else arg for arg in one.args)
        if isinstance(one, SightlineError):
            one.what, one.hint = masked(one.what, secrets), masked(one.hint, secrets)
            one.vendor_message = one.vendor_message and masked(one.vendor_message, secrets)
        waiting += [one.__cause__, one.__context__]
