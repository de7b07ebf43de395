"""The one table of who may have sealed or vendor-bound reasoning back."""

from __future__ import annotations

from typing import Literal

from tui.chat.parts import Origin, Reasoning
from tui.chat.route import Target

SealKind = Literal["claude", "openai", "gemini", "unsigned"]

CLAUDE_VENDORS = frozenset({"anthropic", "bedrock", "vertex"})
"""Vendors that run Claude; whether a model there is Claude, its generation says."""

_SAME: dict[SealKind, tuple[str, ...]] = {
    "claude": ("vendor", "model"),
    "openai": ("deployment", "model"),
    "gemini": ("vendor",),
    "unsigned": ("vendor",),
}
"""The fields of origin and target that must agree for a seal of this kind to be returned."""


def seal_kind(origin: Origin, state: str) -> SealKind:
    """Which rule a reasoning part or signed field minted by ``origin`` falls under."""
    if origin.model.startswith("claude") and state != "unsigned":
        return "claude"
    if origin.vendor in ("openai", "azure") and state != "unsigned":
        return "openai"
    if origin.vendor in ("gemini", "vertex"):
        return "gemini"
    return "unsigned"


def may_return(kind: SealKind, origin: Origin, target: Target) -> bool:
    """Whether a part under rule ``kind`` minted by ``origin`` may be sent to ``target``."""
    return all(getattr(origin, name) == getattr(target, name) for name in _SAME[kind])


def is_returnable(part: Reasoning, target: Target) -> bool:
    """Whether this reasoning part goes to ``target``; without its wire block it never does."""
    if part.opaque is None:
        return False
    return may_return(seal_kind(part.opaque.origin, part.state), part.opaque.origin, target)
