"""What is said of a limit that the next call may break; the same words wherever a person is asked."""

from __future__ import annotations

from decimal import Decimal

from tui.chat.budget import SCOPES, Budget
from tui.chat.events import Overrun
from tui.chat.figures import money, usd

SCOPE_WORDS = {"turn": "this turn", "session": "this session", "day": "today"}
"""What a limit is for."""


def limit_text(limit: Decimal) -> str:
    """A limit as people write it: cents, or as many decimals as it has."""
    return f"${limit:,.2f}" if limit == round(limit, 2) else usd(limit)


def call_text(overrun: Overrun) -> str:
    """What the next call may cost."""
    price = overrun.estimate.usd
    return "nobody knows how much" if price is None else f"~{usd(price)}"


def sentence(overrun: Overrun) -> str:
    """The limit, what is spent, and what the next call may cost."""
    where = SCOPE_WORDS[overrun.scope]
    return (
        f"the limit of {limit_text(overrun.limit)} for {where} may be broken: "
        f"{money(overrun.spent)} spent, the next call may cost {call_text(overrun)}"
    )


def budget_text(budget: Budget) -> str:
    """All limits in one line."""
    limits = [
        f"{limit_text(limit)} for {'a' if scope != 'day' else 'one'} {scope}"
        for scope in SCOPES
        if (limit := budget.limit(scope)) is not None
    ]
    return ", ".join(limits) or "no limit"
