"""Takes secrets out of text for people: those we sent, whatever their shape, and all of known shapes.

A careless relay repeats the request's headers in its errors; from there a key would reach the
screen, the logs, JSON lines and the cache of the model list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from tui.errors import CallFailed, SightlineError

_MASK = "…"
_SHORTEST = 6
"""Characters from which a value is taken for a secret; a shorter one stands in too many words."""
_TELLING = re.compile(r"auth|key|token|secret|pass|cookie|credential", re.IGNORECASE)
"""Names of headers whose values are secrets; a team's name in another header is none."""
_COUNTING = re.compile(r"ratelimit|tokens|spend|budget|limit$", re.IGNORECASE)
"""Names of headers that count something, whatever else they name."""
_SHAPES = (
    (re.compile(r"\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{4,}", re.IGNORECASE), r"\1 …"),
    (re.compile(r"\b(sk|rk|pk|gsk|xai|hf|ghp|glpat)([-_])[A-Za-z0-9_*.-]{4,}"), r"\1\2…"),
    (re.compile(r"\bAIza[A-Za-z0-9_-]{8,}"), "AIza…"),
    (re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{8,}"), r"\1…"),
    (re.compile(r"\beyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_.-]{4,}"), "eyJ…"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "…"),
    (
        re.compile(
            r"(?i)\b(api[-_ ]?key|(?:access|auth|refresh)[-_ ]?token|password|secret)"
            r"(['\"]?\s*[:=]\s*['\"]?)[^\s'\",;}]{6,}"
        ),
        r"\1\2…",
    ),
)


def without_known_shapes(text: str) -> str:
    """``text`` with everything that looks like a key or a token masked."""
    for pattern, mask in _SHAPES:
        text = pattern.sub(mask, text)
    return text


def secrets_in(headers: Mapping[str, str]) -> tuple[str, ...]:
    """The secret values of a request's headers, without their scheme, the longest first."""
    values = (value.rpartition(" ")[2] for name, value in headers.items() if _TELLING.search(name))
    return tuple(sorted({value for value in values if len(value) >= _SHORTEST}, key=len, reverse=True))


def masked(text: str, secrets: tuple[str, ...]) -> str:
    """``text`` without these secrets."""
    for secret in secrets:
        text = text.replace(secret, _MASK)
    return text


def kept_headers(headers: Mapping[str, str], secrets: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Headers as they may be kept: values of telling names and these secrets masked."""
    return tuple(
        (name.lower(), _MASK if _is_telling(name) else masked(value, secrets))
        for name, value in headers.items()
    )


def _is_telling(name: str) -> bool:
    return bool(_TELLING.search(name)) and not _COUNTING.search(name)


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
