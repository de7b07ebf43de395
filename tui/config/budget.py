"""The configuration of limits on spending; pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from tui.chat.budget import SCOPES, Budget, amount
from tui.config.node import Place, optional
from tui.errors import UsageError

BUDGET_KEYS: dict[str, tuple[str, ...]] = {"budget": SCOPES}
"""The valid keys of ``budget``."""


def read_budget(top: Mapping[str, Place]) -> Budget:
    """The limits under ``budget``; none where it is absent."""
    return optional(top, "budget", _budget, Budget())


def _budget(place: Place) -> Budget:
    return Budget(**{scope: _amount(child) for scope, child in place.fields(SCOPES).items()})


def _amount(place: Place) -> Decimal:
    # As it was written: 0.10 as a binary fraction would be another amount.
    try:
        return amount(place.node.text if isinstance(place.node.value, int | float) else place.string())
    except UsageError:
        place.wrong(
            "must be a positive number of US dollars", hint="such as 5 or 0.50; no limit: leave it out"
        )
