"""How the proxy fits a request to the generation of Claude it goes to, without a word to the client."""

from __future__ import annotations

from typing import Any

from tui.sim.deployments import Deployment


def fitted(sent: dict[str, Any], deployment: Deployment) -> dict[str, Any]:
    """Rewrite a thinking type the generation does not take, silently, as the proxy does since 1.106."""
    generation = deployment.generation
    kind = sent["thinking"].get("type") if isinstance(sent.get("thinking"), dict) else None
    if generation is None or kind is None or kind in generation.thinking:
        return sent
    if kind == "adaptive":
        del sent["thinking"]
    elif kind == "enabled" and "adaptive" in generation.thinking:
        budget = sent["thinking"].get("budget_tokens") or 0
        effort = "low" if budget < 10_000 else "medium" if budget < 30_000 else "high"
        sent["thinking"] = {"type": "adaptive"}
        sent["output_config"] = {"effort": effort, **(sent.get("output_config") or {})}
    return sent
