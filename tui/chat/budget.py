"""Limits on spending as a person sets them: for one turn, for a session, for a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Literal, cast

from tui.errors import UsageError
from tui.nearest import nearest

Scope = Literal["turn", "session", "day"]
SCOPES: tuple[Scope, ...] = ("turn", "session", "day")

MOST = Decimal(1_000_000)
"""US dollars; a limit above that is a slip of the finger."""


@dataclass(frozen=True, slots=True)
class Budget:
    """US dollars that may be spent without being asked; None = no limit."""

    turn: Decimal | None = None
    session: Decimal | None = None
    day: Decimal | None = None

    def __bool__(self) -> bool:
        return any(self.limit(scope) is not None for scope in SCOPES)

    def limit(self, scope: Scope) -> Decimal | None:
        """The limit for ``scope``."""
        return cast("Decimal | None", getattr(self, scope))

    def limited(self, scope: Scope, limit: Decimal | None) -> Budget:
        """The same with another limit for ``scope``."""
        changed: Mapping[str, Decimal | None] = {scope: limit}
        return replace(self, **changed)


def amount(text: str) -> Decimal:
    """``5``, ``0.50`` or ``$5`` in US dollars; UsageError for anything else."""
    try:
        value = Decimal(text.strip().removeprefix("$").strip())
    except InvalidOperation:
        value = Decimal(0)
    if not value.is_finite() or not 0 < value <= MOST:
        raise UsageError("budget", f"{text!r} is no amount of US dollars", hint="such as 5 or 0.50")
    return value


def changed(budget: Budget, words: str) -> Budget:
    """``budget`` after ``[turn|session|day] USD|off``; without a scope the session is meant.

    ``off`` alone takes every limit away. UsageError with what is near.
    """
    parts = words.lower().split()
    if parts == ["off"]:
        return Budget()
    scope, value = parts if len(parts) == 2 else ("session", *parts) if len(parts) == 1 else ("", "")
    if value in SCOPES:
        raise UsageError("budget", f"how much for a {value}?", hint=f"{value} 5, or {value} off")
    if scope not in SCOPES:
        hint = nearest(scope, (*SCOPES, "off"), "such as: session 5; scopes")
        raise UsageError("budget", f"{words.strip()!r} is no limit", hint=hint)
    return budget.limited(scope, None if value == "off" else amount(value))
