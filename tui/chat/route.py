"""The resolver's answer, and what the proxy later says about who answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tui.chat.catalog import Price
from tui.chat.media import NO_LIMITS, MediaRules
from tui.chat.parts import Dialect, Json

Provider = Literal[
    "litellm", "litellm-anthropic", "litellm-responses", "openai", "anthropic", "openai-responses"
]

DIALECTS: dict[Provider, Dialect] = {
    "litellm": "chat",
    "litellm-anthropic": "messages",
    "litellm-responses": "responses",
    "openai": "chat",
    "anthropic": "messages",
    "openai-responses": "responses",
}

ENDPOINTS: dict[Dialect, str] = {
    "messages": "/v1/messages",
    "chat": "/v1/chat/completions",
    "responses": "/v1/responses",
}

ThinkingDefault = Literal["always", "on", "off"]


@dataclass(frozen=True, slots=True)
class Accepts:
    """What a model generation takes and does; the defaults are those of a model we know nothing about."""

    thinking: frozenset[str] = frozenset()
    """Values of Anthropic's ``thinking.type`` the model takes."""
    thinking_default: ThinkingDefault = "off"
    efforts: tuple[str, ...] = ()
    """Effort words, lowest first; empty when the model takes none."""
    display_default: Literal["summarized", "omitted"] = "summarized"
    off_efforts: tuple[str, ...] | None = None
    """Effort words taken while thinking is disabled; None where that makes no difference."""
    sampling: bool = True
    """Whether temperature, top_p and top_k may be set at all."""
    one_sampling: bool = False
    """Takes temperature or top_p, not both."""
    hottest: float = 2.0
    """The highest temperature."""
    top_k: bool = True
    sampling_ignored: bool = False
    """Takes temperature and top_p without effect."""
    stops: int | None = None
    """How many texts that end the answer are taken; None is not known."""
    max_output: int | None = None
    starts_with_thinking: bool = False
    """In manual thinking a final assistant turn must begin with a thinking block."""
    prefix_bound: bool = False
    """Sealed blocks are refused after any change to what came before them."""
    effort_with_tools: bool = False
    """On chat completions with tools, ``reasoning_effort`` must be sent (the proxy bridges)."""
    returns_reasoning: bool = False
    """On chat completions, ``reasoning_content`` must be sent back inside tool loops."""
    cache_marker: bool = False
    """Prompt caching is asked for by a top-level ``cache_control``."""
    media_in_results: bool = False
    """On chat completions, tool results may hold images and documents."""
    thinking_moved_on_chat: bool = False
    """On chat completions the proxy moves all thinking blocks to the front of an answer."""
    tools: bool | None = None
    vision: bool | None = None
    """Whether images are taken; None is not known."""
    pdf: bool | None = None
    schema: bool | None = None
    """Whether answers can be held to a JSON Schema."""
    media: MediaRules = NO_LIMITS
    """What the vendor takes of images and documents."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence of why a route was taken, and which evidence it rests on."""

    text: str
    source: Literal["explicit", "rule", "catalog", "name", "pin", "default"]


@dataclass(frozen=True, slots=True)
class Target:
    """Who will read the history: decides which sealed parts may be sent."""

    dialect: Dialect
    vendor: str
    model: str
    deployment: str | None = None
    prefix_bound: bool = False
    """Sealed blocks are refused after any change to what came before them."""


@dataclass(frozen=True, slots=True)
class Route:
    """Where a model's requests go, and why; fixed for a turn."""

    requested: str
    provider: Provider
    base_url: str
    wire_model: str
    upstream: str | None
    vendor: str
    generation: str
    """Canonical generation id of the upstream model."""
    accepts: Accepts = Accepts()
    price: Price | None = None
    pinned: str | None = None
    """Deployment id sent instead of the group's name, if held."""
    why: tuple[Reason, ...] = ()
    configured_thinking: Json = None
    """Thinking the proxy adds from its own configuration when we send none."""
    context: int | None = None
    max_output: int | None = None
    """The smaller of what the catalog and the generation table allow, if either tells."""
    mixed: bool = False
    """The group's deployments differ in upstream model."""
    deployments: tuple[str, ...] = field(default=())
    """Deployment ids of the group, where told."""

    @property
    def dialect(self) -> Dialect:
        """The wire format spoken on this route."""
        return DIALECTS[self.provider]

    @property
    def endpoint(self) -> str:
        """The HTTP path as the proxy knows it."""
        return ENDPOINTS[self.dialect]

    @property
    def target(self) -> Target:
        """Who reads what we send; the deployment is known only while pinned or alone.

        While several models may answer the model is blank: a seal the wrong one gets is refused.
        """
        only = self.deployments[0] if len(self.deployments) == 1 else None
        model = "" if self.mixed and self.pinned is None else self.generation
        return Target(self.dialect, self.vendor, model, self.pinned or only, self.accepts.prefix_bound)


@dataclass(frozen=True, slots=True)
class Served:
    """What the answer's headers said about who answered; None = not told."""

    call_id: str | None = None
    model_id: str | None = None
    model: str | None = None
    group: str | None = None
    api_base: str | None = None
    attempted_retries: int | None = None
    attempted_fallbacks: int | None = None
    proxy_version: str | None = None
    response_cost: str | None = None
    """The text of ``x-litellm-response-cost``; absent on streams."""
