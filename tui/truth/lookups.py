"""What a proxy tells about costs beside its answers: its price list, its spend logs, the key.

Values only; ``gateway/spend.py`` reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from tui.chat.catalog import Price, Refusal


@dataclass(frozen=True, slots=True)
class PriceList:
    """The proxy's public list of prices, by the names it is kept under."""

    prices: Mapping[str, Price] = field(default_factory=dict)
    as_loaded: bool = True
    """Without what was registered for deployments since; an older proxy mixes that in."""
    version: str | None = None

    def price_of(self, upstream: str | None) -> tuple[str | None, Price | None]:
        """The name and the price the list has for what the proxy calls; Nones where it has neither."""
        name = next((name for name in _spellings(upstream or "") if name in self.prices), None)
        return name, None if name is None else self.prices[name]


def _spellings(upstream: str) -> list[str]:
    """``upstream`` as given, then without the vendor's word in front, then without that of its interface."""
    names, rest = [upstream], upstream
    while "/" in rest:
        rest = rest.partition("/")[2]
        names.append(rest)
    return names


@dataclass(frozen=True, slots=True)
class LogRow:
    """What the spend logs hold about one call."""

    usd: Decimal | None
    says: str
    """Where it stood; else why there is no figure."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a key, a team or a user may spend, and has."""

    of: str
    """``key`` or ``team``."""
    name: str = ""
    spend: Decimal | None = None
    budget: Decimal | None = None
    """None where there is no limit, or none was told."""
    resets: str = ""
    """When the spend begins anew, as the proxy writes it."""
    period: str = ""
    """How often, such as ``30d``."""
    models: tuple[str, ...] = ()
    """The models allowed; empty for all."""
    tpm: int | None = None
    """Tokens and requests a minute; None where there is no limit."""
    rpm: int | None = None
    blocked: bool = False
    expires: str = ""


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """What the proxy says of the key in use, or why it does not."""

    allowances: tuple[Allowance, ...] = ()
    refusals: tuple[Refusal, ...] = ()
