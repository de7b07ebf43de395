"""What a proxy told about its models, as values; unknown facts are None."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from tui.chat.parts import Json

ServerKind = Literal["litellm", "anthropic", "openai"]


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per token by bucket; a bucket without a price is None."""

    input: Decimal | None = None
    output: Decimal | None = None
    cache_read: Decimal | None = None
    cache_write_5m: Decimal | None = None
    cache_write_1h: Decimal | None = None
    above: tuple[tuple[int, Price], ...] = ()
    """Long-context tiers: (input tokens above which it applies, the prices there), ascending."""

    @property
    def known(self) -> bool:
        """Whether both directions have a price; without that no cost can be computed."""
        return self.input is not None and self.output is not None


@dataclass(frozen=True, slots=True)
class Deployment:
    """One upstream target of a model group."""

    id: str | None
    upstream: str | None
    """What the proxy calls, such as ``anthropic/claude-opus-4-5``; this, not the name, tells the vendor."""
    vendor: str | None
    api_base: str | None = None
    thinking: Json = None
    """Thinking the proxy's own configuration adds to each request."""
    price: Price | None = None
    own_price: bool = False
    """Its configuration names a price, where that can be seen."""
    base: str | None = None
    """The model an upstream name of the administrator's own making stands for, where the proxy says so."""
    drops: tuple[str, ...] = ()
    """Fields of a request that the proxy's own configuration takes out of it, as far as it says so."""


@dataclass(frozen=True, slots=True)
class ModelCard:
    """One model group as the proxy lists it."""

    id: str
    """The name to send, exactly as listed."""
    deployments: tuple[Deployment, ...] = ()
    mode: str | None = None
    context: int | None = None
    max_output: int | None = None
    price: Price | None = None
    supports: dict[str, bool | None] = field(default_factory=dict)
    """Capabilities by name: reasoning, vision, tools, caching, pdf, schema,
    native_schema. None or absent = not told."""

    @property
    def wildcard(self) -> bool:
        """Whether the id is a pattern such as ``anthropic/*``."""
        return "*" in self.id


@dataclass(frozen=True, slots=True)
class Refusal:
    """A discovery route that did not answer as hoped: normal for ordinary keys."""

    path: str
    status: int | None
    says: str


@dataclass(frozen=True, slots=True)
class Catalog:
    """All models of one proxy, where the list came from and what could not be read."""

    cards: tuple[ModelCard, ...] = ()
    complete: bool = False
    """Whether a name not listed is certainly unknown (no wildcard, list read in full)."""
    fetched_at: float = 0.0
    refusals: tuple[Refusal, ...] = ()
    source: str = ""
    """The path the list came from, such as ``/model/info``."""
    server: ServerKind = "litellm"
    version: str | None = None
