"""How the proxy fits a request to the generation of Claude it goes to, without a word to the client."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui.sim.deployments import Deployment

BUDGETS = {"minimal": 1024, "low": 1024, "medium": 2048, "high": 4096, "xhigh": 8192, "max": 16_384}
"""Tokens an effort means to a generation that thinks by budgets only."""
_LEAST = 1024
_FROM = ((8192, "xhigh"), (4096, "high"), (2048, "medium"), (0, "low"))
"""The effort a budget means to a generation that knows no budgets, by the least such budget."""


def fitted(sent: dict[str, Any], deployment: Deployment, limit: int | None) -> dict[str, Any]:
    """Rewrite a thinking type the generation does not take, silently, as the proxy does since 1.106."""
    generation = deployment.generation
    thinking = sent.get("thinking")
    if generation is None or not isinstance(thinking, dict) or thinking.get("type") in generation.thinking:
        return sent
    match thinking.get("type"):
        case "adaptive":
            _set_budget(sent, BUDGETS["medium"], limit)
        case "disabled":
            del sent["thinking"]
        case "enabled" if "adaptive" in generation.thinking:
            budget = thinking.get("budget_tokens") or 0
            effort = next(word for least, word in _FROM if budget >= least)
            kept = {key: value for key, value in thinking.items() if key == "display"}
            sent["thinking"] = {"type": "adaptive", **kept}
            sent["output_config"] = {"effort": effort, **(sent.get("output_config") or {})}
    return sent


def fitted_messages(sent: dict[str, Any], deployment: Deployment, *, configured: bool) -> dict[str, Any]:
    """The same for a request in Anthropic's own words; ``configured`` tells whose thinking it has.

    An effort the generation does not know becomes a budget and takes the place of all thinking asked for.
    """
    generation, limit = deployment.generation, sent.get("max_tokens")
    if generation is None or "adaptive" in generation.thinking:
        return fitted(sent, deployment, limit)
    config = sent.get("output_config")
    effort = config.get("effort") if isinstance(config, dict) else None
    if (effort is not None or configured) and sent.get("temperature") != 1:
        sent.pop("temperature", None)
    if generation.efforts:
        if (sent.get("thinking") or {}).get("type") == "adaptive":
            del sent["thinking"]
        return fitted(sent, deployment, limit)
    if isinstance(config, dict) and effort is not None:
        rest = {key: value for key, value in config.items() if key != "effort"}
        sent.pop("output_config")
        sent |= {"output_config": rest} if rest else {}
        _set_budget(sent, BUDGETS.get(effort, 0), limit)
    return fitted(sent, deployment, limit)


def unmapped(body: Mapping[str, Any], deployment: Deployment) -> str | None:
    """What the proxy says to an effort it has no budget for, where the generation knows budgets only."""
    generation, config = deployment.generation, body.get("output_config")
    effort = config.get("effort") if isinstance(config, dict) else None
    if effort in (None, "none", *BUDGETS) or generation is None or generation.efforts:
        return None
    words = ", ".join(repr(word) for word in (*BUDGETS, "none"))
    said = f"Unmapped reasoning effort: {effort!r}. Must be one of: {words}."
    return f"litellm.BadRequestError: AnthropicException - litellm.BadRequestError: {said}"


def _set_budget(sent: dict[str, Any], budget: int, limit: Any) -> None:
    """Think by ``budget``, or less below a lower limit; not at all where too little is left."""
    budget = min(budget, limit - 1) if isinstance(limit, int) else budget
    sent.pop("thinking", None)
    if budget >= _LEAST:
        sent["thinking"] = {"type": "enabled", "budget_tokens": budget}
