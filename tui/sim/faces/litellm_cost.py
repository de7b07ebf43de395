"""What the simulated proxy bills: tokens times the price it lists."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tui.sim.deployments import Deployment
from tui.sim.faces.litellm import Served


def booked(served: Served, usage: Mapping[str, Any]) -> Decimal | None:
    """What one call costs by its usage in Anthropic's words, noted in the proxy's database if it has one."""
    cost = cost_of(usage, served.deployment)
    if served.ledger is not None:
        served.ledger.book(served.call_id, served.deployment.upstream, usage, cost)
    return cost


def cost_of(usage: Mapping[str, Any], deployment: Deployment) -> Decimal | None:
    """US dollars for a usage in Anthropic's words; None when the model has no price.

    The dearer one-hour cache writes are told apart only where ``cache_creation`` is present.
    """
    generation = deployment.generation
    rates = generation.rates if generation else None
    if rates is None:
        return None
    writes = usage.get("cache_creation") or {}
    long = int(writes.get("ephemeral_1h_input_tokens") or 0)
    short = int(usage.get("cache_creation_input_tokens") or 0) - long
    return (
        int(usage.get("input_tokens") or 0) * rates.input
        + int(usage.get("output_tokens") or 0) * rates.output
        + int(usage.get("cache_read_input_tokens") or 0) * (rates.cache_read or Decimal(0))
        + short * (rates.cache_write or Decimal(0))
        + long * (rates.cache_write_1h or Decimal(0))
    )
