"""What a simulated proxy with a database keeps: the spend of its one key, call by call, and its budget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tui.sim.refusal import Refusal

MOST_ROWS = 10_000
"""Of so many newest rows a real proxy tells."""


@dataclass(eq=False)
class Ledger:
    """The key's budget in US dollars (None has none) and a row for each call that was billed."""

    budget: Decimal | None = None
    spend: Decimal = Decimal(0)
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By the proxy's call id."""

    def book(self, call_id: str, model: str, usage: Mapping[str, Any], cost: Decimal | None) -> None:
        """Note a call with its usage in Anthropic's words; one without a price is booked as 0.0."""
        cached = ("cache_read_input_tokens", "cache_creation_input_tokens")
        tokens_in = sum(int(usage.get(name) or 0) for name in ("input_tokens", *cached))
        tokens_out = int(usage.get("output_tokens") or 0)
        self.spend += cost or Decimal(0)
        self.rows[call_id] = {
            "request_id": call_id,
            "litellm_call_id": call_id,
            "call_type": "acompletion",
            "spend": float(cost or 0),
            "total_tokens": tokens_in + tokens_out,
            "prompt_tokens": tokens_in,
            "completion_tokens": tokens_out,
            "model": model,
            "status": "success",
        }
        while len(self.rows) > MOST_ROWS:
            del self.rows[next(iter(self.rows))]

    def check(self) -> None:
        """Raise the proxy's refusal once the budget is spent."""
        if self.budget is None or self.spend < self.budget:
            return
        said = (
            f"Budget has been exceeded! Current cost: {float(self.spend)}, Max budget: {float(self.budget)}"
        )
        error = {"message": said, "type": "budget_exceeded", "param": None, "code": "422"}
        raise Refusal(422, {"error": error})

    def headers(self) -> dict[str, str]:
        """What the proxy tells of the key with an answer."""
        told = {"x-litellm-key-spend": str(float(self.spend))}
        if self.budget is not None:
            told["x-litellm-key-max-budget"] = str(float(self.budget))
        return told

    def info(self) -> dict[str, Any]:
        """The answer of ``/key/info``."""
        info = {
            "key_name": "sk-...ated",
            "key_alias": "simulated",
            "spend": float(self.spend),
            "max_budget": None if self.budget is None else float(self.budget),
            "models": [],
            "tpm_limit": None,
            "rpm_limit": None,
            "team_id": None,
            "blocked": None,
            "expires": None,
        }
        return {"key": "simulated", "info": info}

    def found(self, request_id: str | None) -> list[dict[str, Any]]:
        """The rows of ``/spend/logs``, the newest first; of one call where its id is given."""
        if request_id is not None:
            return [self.rows[request_id]] if request_id in self.rows else []
        return list(reversed(self.rows.values()))
