"""The one table of who may have sealed or vendor-bound reasoning back."""

from __future__ import annotations

from tui.chat.parts import Origin, Reasoning, SealKind
from tui.chat.route import Target

_DIALECTS: dict[SealKind, frozenset[tuple[str, str]]] = {
    "claude": frozenset({("chat", "messages"), ("messages", "chat")}),
    "openai": frozenset(),
    "gemini": frozenset(),
    "unsigned": frozenset(
        {("messages", "chat"), ("responses", "chat"), ("messages", "responses"), ("chat", "responses")}
    ),
}
"""From which other dialect to which a kind survives: Claude's block is the same in two of them (in
the third the proxy packs all blocks of an answer into one item), and unsigned reasoning can be told
as plain text."""

_SAME: dict[SealKind, tuple[str, ...]] = {
    "claude": ("vendor", "model"),
    "openai": ("deployment", "model"),
    "gemini": ("vendor",),
    "unsigned": ("vendor",),
}
"""The fields of origin and target that must agree for a seal of this kind to be returned.

A deployment nobody told agrees only with another nobody told: so it is on a plain server, which has
but one. Where one side is known and the other is not, another account may answer, and refuse it.
"""


def seal_kind(origin: Origin, state: str) -> SealKind:
    """Which rule a reasoning part or signed field minted by ``origin`` falls under."""
    if state == "unsigned":
        # Gemini's signatures may sit on a neighbour, so its unsigned thoughts fall under the same rule.
        return "gemini" if origin.seals == "gemini" else "unsigned"
    # Who seals reasoning on responses without a way of their own follows the format's inventor.
    return "openai" if origin.dialect == "responses" and origin.seals == "unsigned" else origin.seals


def may_return(kind: SealKind, origin: Origin, target: Target) -> bool:
    """Whether a part under rule ``kind`` minted by ``origin`` may be sent to ``target``."""
    return all(getattr(origin, name) == getattr(target, name) for name in _SAME[kind])


def is_own(origin: Origin, target: Target) -> bool:
    """Whether a wire block that is not reasoning, but may hold some, goes back to ``target`` as it came."""
    if (origin.dialect, origin.vendor) != (target.dialect, target.vendor):
        return False
    # OpenAI's blocks may carry encrypted reasoning; the other vendors' are read by all of their models.
    return seal_kind(origin, "signed") != "openai" or may_return("openai", origin, target)


def is_returnable(part: Reasoning, target: Target) -> bool:
    """Whether this reasoning part goes to ``target``; without its wire block it never does."""
    if part.opaque is None:
        return False
    origin = part.opaque.origin
    kind = seal_kind(origin, part.state)
    if kind == "unsigned" and (origin.seals == "claude" or _needs_seal(origin, target)):
        # Claude refuses a thinking block that has lost its signature.
        return False
    across = (origin.dialect, target.dialect)
    return (origin.dialect == target.dialect or across in _DIALECTS[kind]) and may_return(
        kind, origin, target
    )


def _needs_seal(origin: Origin, target: Target) -> bool:
    """Whether reasoning is refused unsealed: OpenAI would look up what it never stored."""
    return origin.seals == "openai" and target.dialect == "responses"
