"""Reading values of hostile JSON: the wished type or nothing, never an exception."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from tui.chat.parts import Json

_LATEST = 253_402_300_799.0
"""The last second of the year 9999."""


def obj(holder: Json, key: str) -> dict[str, Json]:
    """The object at ``key``; empty for anything else."""
    value = holder.get(key) if isinstance(holder, dict) else None
    return value if isinstance(value, dict) else {}


def text(holder: Json, key: str) -> str:
    """The string at ``key``; empty for anything else."""
    value = holder.get(key) if isinstance(holder, dict) else None
    return value if isinstance(value, str) else ""


def objects(holder: Json, key: str) -> Iterator[dict[str, Json]]:
    """The objects of the list at ``key``."""
    value = holder.get(key) if isinstance(holder, dict) else None
    return (item for item in value if isinstance(item, dict)) if isinstance(value, list) else iter(())


def whole(holder: Json, key: str) -> int | None:
    """The count at ``key``; None for anything else."""
    value = holder.get(key) if isinstance(holder, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def number(value: Json) -> float | None:
    """A finite number; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def decimal(value: Json) -> Decimal | None:
    """An amount that is not negative; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = Decimal(str(value))
    except (InvalidOperation, ValueError):
        return None
    return found if found.is_finite() and found >= 0 else None


def unix_time(value: Json) -> float | None:
    """Unix seconds of ISO text, seconds or milliseconds; None for what is no date."""
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value.strip())
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=UTC)
            value = moment.timestamp()
        except (ValueError, OverflowError):
            return None
    found = number(value)
    if found is None:
        return None
    # No log is older than 1973 in milliseconds, nor younger than 5138 in seconds.
    found = found / 1000 if found > 1e11 else found
    return found if 0 < found <= _LATEST else None
