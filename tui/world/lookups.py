"""What one proxy tells of costs beside its answers, read when somebody asks and kept for the run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui.chat.catalog import Catalog, Refusal
from tui.config import paths
from tui.world.build import Link

if TYPE_CHECKING:
    from tui.truth.lookups import KeyInfo, LogRow, PriceList


@dataclass(slots=True)
class Lookups:
    """Free GETs of one proxy; nothing is asked before one of the methods is called."""

    link: Link
    catalog: Callable[[], Catalog]
    prices: PriceList | Refusal | None = None
    """The price list, or why there is none; None until it was asked for."""
    key: KeyInfo | None = None
    rows: dict[str, LogRow] = field(default_factory=dict)
    """The spend logs' rows, by the id of the exchange they were asked for."""

    async def read_prices(self, version: str | None) -> PriceList | Refusal:
        """The price list, from memory or disk where this version's was read before."""
        from tui.gateway.price_cache import load_prices, save_prices
        from tui.gateway.spend import fetch_prices
        from tui.truth.lookups import PriceList

        if isinstance(self.prices, PriceList) and self.prices.version == version:
            return self.prices
        url, directory = self.link.proxy.url, paths.cache_dir()
        kept = None
        if not self.link.simulated:
            kept = await asyncio.to_thread(load_prices, directory, url, version)
        if kept is None:
            ids = frozenset(d.id for card in self.catalog().cards for d in card.deployments if d.id)
            self.prices = await fetch_prices(url, self.link.endpoint, ids, version)
            if isinstance(self.prices, PriceList) and not self.link.simulated:
                await asyncio.to_thread(save_prices, directory, url, self.prices)
        else:
            self.prices = kept
        return self.prices

    async def read_row(self, exchange: str, ids: Sequence[str]) -> LogRow:
        """What the spend logs hold of an exchange, known there by one of ``ids``; never kept when absent."""
        from tui.gateway.spend import fetch_log

        row = await fetch_log(self.link.proxy.url, self.link.endpoint, ids)
        self.rows[exchange] = row
        return row

    async def read_key(self) -> KeyInfo:
        """What the key in use may spend and has spent, as it is now."""
        from tui.gateway.spend import fetch_key

        self.key = await fetch_key(self.link.proxy.url, self.link.endpoint)
        return self.key
