"""One step as its observers see it, and what was before it in its conversation; values only."""

from __future__ import annotations

from dataclasses import dataclass, field

from tui import resolver
from tui.chat.catalog import Catalog
from tui.chat.messages import AssistantMessage
from tui.chat.parts import Origin, Reasoning
from tui.chat.record import Exchange
from tui.chat.route import Route, Served
from tui.truth.asked import Asked
from tui.truth.deployments import Found, found


@dataclass(frozen=True, slots=True)
class Prefix:
    """What an earlier answer of the same conversation tells about the tokens of this request."""

    tokens: int
    """That went in there, and surely out beside thinking; all of it stands in this request, too."""
    whole: int = 0
    """The same with its sealed thinking, as much as that surely counts for."""
    sealed: int = 0
    """The least that sealed thinking counts for."""
    old: int = 0
    """Tokens of thinking of earlier turns, which some vendors stop counting with the next prompt."""
    added: int = 0
    """Characters that came since: prompts and results of tools."""
    model: str = ""
    """Canonical; another model counts otherwise."""


@dataclass(frozen=True, slots=True)
class Step:
    """A request and its answer, as far as it has come."""

    route: Route
    catalog: Catalog
    served: Served
    asked: Asked = field(default_factory=Asked)
    seals_sent: int = 0
    before: Exchange | None = None
    """The newest answer of this conversation before it."""
    begins_turn: bool = True
    """Whether it answers a prompt, not the results of tools."""
    prefix: Prefix | None = None
    message: AssistantMessage | None = None
    """None until the answer has ended."""

    @property
    def proxied(self) -> bool:
        """Whether a LiteLLM proxy stands in between."""
        return self.route.provider.startswith("litellm")

    @property
    def origin(self) -> Origin:
        """Who answered, as the headers and the catalog tell."""
        return resolver.origin_of(self.served, self.catalog, self.route)

    @property
    def here(self) -> Found:
        """The catalog's entry of the deployment that answered."""
        return found(self.served, self.catalog, self.route)

    @property
    def thought(self) -> bool:
        """Whether the answer holds reasoning, or tokens of it were told."""
        message = self.message
        if message is None:
            return False
        told = message.usage.reasoning if message.usage else None
        return bool(told) or any(isinstance(part, Reasoning) for part in message.parts)

    @property
    def whole(self) -> bool:
        """Whether the answer came to an end of its own and holds anything."""
        message = self.message
        cut = ("cancelled", "failed", "refusal")
        return message is not None and bool(message.parts) and message.stop not in cut
