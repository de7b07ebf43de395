"""The models the simulated proxy lists, and what stands behind each name."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from tui.sim.generations import Generation, generation_of


@dataclass(frozen=True, slots=True)
class Deployment:
    """One upstream target behind a listed name."""

    name: str
    """The listed name, which may lie."""
    upstream: str
    """``litellm_params.model``: provider prefix and the vendor's model id."""
    thinking: dict[str, Any] | None = None
    """Thinking the configuration adds when the client sends none."""
    broken: bool = False
    """Its vendor always answers 500, so that fallbacks show."""
    fallback: str | None = None
    """The listed name that answers instead when this one fails."""

    @property
    def id(self) -> str:
        """The deployment id, 64 hex digits, the same at every start."""
        target = self.name if self.name.endswith("*") else self.upstream
        return hashlib.sha256(f"{self.name}\n{target}".encode()).hexdigest()

    @property
    def provider(self) -> str:
        """LiteLLM's word for the road upstream, such as ``anthropic`` or ``bedrock``."""
        return self.upstream.split("/", 1)[0]

    @property
    def model(self) -> str:
        """The model id as the vendor gets it."""
        return self.upstream.split("/", 1)[1]

    @property
    def generation(self) -> Generation | None:
        """What the vendor knows about the model; None for a wildcard or a made-up id."""
        return generation_of(self.upstream)

    @property
    def vendor(self) -> str:
        """Whose face answers upstream; a Bedrock Claude is answered by Anthropic's here."""
        return "anthropic" if self.is_claude else self.provider

    @property
    def is_claude(self) -> bool:
        """Whether Anthropic's format is spoken upstream."""
        return self.provider == "anthropic" or "anthropic.claude" in self.upstream


LISTED: tuple[Deployment, ...] = (
    Deployment(
        "anthropic/claude-sonnet-4-5-20250929",
        "anthropic/claude-sonnet-4-5-20250929",
        thinking={"type": "enabled", "budget_tokens": 8000},
    ),
    Deployment("smart", "anthropic/claude-opus-4-5"),
    Deployment("gpt-killer", "anthropic/claude-opus-4-5"),
    Deployment("anthropic/claude-sonnet-4-6", "anthropic/claude-sonnet-4-6"),
    Deployment("anthropic/claude-opus-4-7", "anthropic/claude-opus-4-7", thinking={"type": "adaptive"}),
    Deployment("anthropic/claude-fable-5-1", "anthropic/claude-fable-5-1"),
    Deployment("bedrock-claude", "bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0"),
    Deployment("claude-cheap", "openai/gpt-5.1"),
    Deployment("openai/gpt-5.1", "openai/gpt-5.1"),
    Deployment("openai/gpt-5.5", "openai/gpt-5.5"),
    Deployment("gemini/gemini-3-pro-preview", "gemini/gemini-3-pro-preview"),
    Deployment("xai/grok-4", "xai/grok-4"),
    Deployment("deepseek/deepseek-reasoner", "deepseek/deepseek-reasoner"),
    Deployment("mixed", "anthropic/claude-sonnet-4-5-20250929"),
    Deployment("mixed", "anthropic/claude-opus-4-5"),
    Deployment("flaky", "anthropic/claude-opus-4-1", broken=True, fallback="smart"),
    Deployment("mystery", "xai/grok-unpriced"),
    Deployment("anthropic/*", "anthropic/*"),
)


def deployments_of(name: str) -> tuple[Deployment, ...]:
    """What the proxy may call for ``name``: an exact name, a deployment id, or a match of the wildcard.

    Empty when there are no healthy deployments for it.
    """
    exact = tuple(d for d in LISTED if d.name == name and not name.endswith("*"))
    if exact:
        return exact
    by_id = tuple(d for d in LISTED if d.id == name)
    if by_id:
        return by_id
    bare = name.removeprefix("anthropic/")
    generation = generation_of(bare)
    inferred = generation is not None and generation.vendor == "anthropic"
    if "/" not in bare and bare and (name != bare or inferred):
        return (Deployment("anthropic/*", f"anthropic/{bare}"),)
    return ()
