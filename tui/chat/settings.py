"""What the user set for the next requests, and the tools offered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tui.chat.parts import Json

CacheMode = Literal["off", "5m", "1h"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Knobs of a session; None always means: send nothing, so the proxy's or vendor's default applies."""

    thinking: str | int | None = None
    """off, on, an effort word, or a token budget."""
    max_tokens: int | None = None
    stream: bool = True
    cache: CacheMode = "5m"
    """Top-level prompt caching asked of Claude."""
    extra: dict[str, Json] = field(default_factory=dict)
    """Further body fields, sent as given."""


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool as the model sees it; ``schema`` is a JSON Schema whose root is an object."""

    name: str
    description: str
    schema: Json
