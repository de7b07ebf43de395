"""Headers of an imported call: names in lower case, values of telling names masked."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tui.chat.frame import Headers
from tui.chat.parts import Json
from tui.chat.route import Served

MASK = "…"
_TELLING = re.compile(r"auth|key|token|secret|pass|cookie|credential|signature|session", re.IGNORECASE)
_COUNTING = re.compile(r"ratelimit|tokens|spend|budget|limit$", re.IGNORECASE)
_SHAPED = re.compile(r"(?i)\b(Bearer|Basic)\s+\S+|\b(?:sk|rk|pk|gsk|xai|hf|ghp)[-_][\w.*-]{4,}")
"""What looks like a key, under whatever name."""


def kept(pairs: Iterable[tuple[str, str]]) -> Headers:
    """Headers as they may be kept."""
    return tuple((name.lower(), _value(name, value)) for name, value in pairs)


def header_pairs(value: Json) -> list[tuple[str, str]]:
    """Headers as an object of names and values, or as a list of objects with ``name`` and ``value``."""
    if isinstance(value, dict):
        return [(name, str(item)) for name, item in value.items() if isinstance(item, str | int | float)]
    if not isinstance(value, list):
        return []
    entries = [entry for entry in value if isinstance(entry, dict)]
    return [
        (entry["name"], entry["value"])
        for entry in entries
        if isinstance(entry.get("name"), str) and isinstance(entry.get("value"), str)
    ]


def served_in(headers: Headers) -> Served | None:
    """Who answered, as the proxy's headers tell it; None where no proxy speaks in them."""
    told = dict(headers)
    if not any(name.startswith("x-litellm-") for name in told):
        return None

    def count(name: str) -> int | None:
        found = told.get(name, "")
        return int(found) if found.isascii() and found.isdigit() and len(found) < 10 else None

    return Served(
        call_id=told.get("x-litellm-call-id"),
        model_id=told.get("x-litellm-model-id"),
        model=told.get("x-litellm-model-name"),
        group=told.get("x-litellm-model-group"),
        api_base=told.get("x-litellm-model-api-base"),
        attempted_retries=count("x-litellm-attempted-retries"),
        attempted_fallbacks=count("x-litellm-attempted-fallbacks"),
        proxy_version=told.get("x-litellm-version"),
        response_cost=told.get("x-litellm-response-cost"),
    )


def _value(name: str, value: str) -> str:
    telling = _TELLING.search(name) and not _COUNTING.search(name)
    return MASK if telling else _SHAPED.sub(MASK, value)
