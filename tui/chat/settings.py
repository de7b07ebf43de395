"""What the user set for the next requests, and the tools offered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

from tui.chat.parts import Json

CacheMode = Literal["off", "5m", "1h"]
Display = Literal["summarized", "omitted"]

Overrides: TypeAlias = Mapping[str, Any]
"""What the user set, by field name of ``Settings``; an absent name leaves it as configured for the model."""


@dataclass(frozen=True, slots=True)
class OutputSchema:
    """The JSON Schema the answer's text must follow."""

    name: str
    schema: Json


@dataclass(frozen=True, slots=True)
class Settings:
    """Knobs of a session; None always means: send nothing, so the proxy's or vendor's default applies."""

    thinking: str | int | None = None
    """off, on, an effort word, or a token budget."""
    effort: str | None = None
    """An effort word beside what ``thinking`` says; None leaves it to that."""
    display: Display | None = None
    """How thinking comes back: as a summary, or sealed without text."""
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    stop: tuple[str, ...] = ()
    """Texts at which the answer ends."""
    schema: OutputSchema | None = None
    stream: bool = True
    cache: CacheMode = "5m"
    """Top-level prompt caching asked of Claude."""
    extra: Mapping[str, Json] = field(default_factory=dict)
    """Further body fields, sent as given."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Further request headers, sent as given."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A model with everything around it, chosen by one name; None leaves a thing as it is."""

    model: str | None = None
    endpoint: str = "auto"
    system: str | None = None
    tools: tuple[str, ...] | None = None
    overrides: Overrides = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool as the model sees it; ``schema`` is a JSON Schema whose root is an object."""

    name: str
    description: str
    schema: Json


def fingerprint(specs: Sequence[ToolSpec]) -> str:
    """Equal for equal tools in the same order; never empty."""
    # By value and in their order: vendors compare the bytes of what they are sent.
    told = [[spec.name, spec.description, spec.schema] for spec in specs]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def is_set(settings: Settings, name: str) -> bool:
    """Whether anything but the default is said in the field ``name``."""
    return bool(getattr(settings, name) != getattr(_DEFAULT, name))


def layered(*layers: Overrides) -> Overrides:
    """``layers`` as one, later ones over earlier ones; body fields and headers are added one by one."""
    merged: dict[str, Any] = {}
    for layer in layers:
        entries = {
            name: {**merged.get(name, {}), **layer[name]} for name in ("extra", "headers") if name in layer
        }
        merged |= {**layer, **entries}
    return merged


def overlaid(settings: Settings, overrides: Overrides) -> Settings:
    """``settings`` with ``overrides`` laid over them; body fields and headers are added one by one."""
    merged = dict(overrides)
    for name in ("extra", "headers"):
        if name in merged:
            merged[name] = {**getattr(settings, name), **merged[name]}
    return replace(settings, **merged)


_DEFAULT = Settings()
