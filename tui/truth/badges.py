"""Observations in two or three words, for the header and for the quiet line below a step."""

from __future__ import annotations

from collections.abc import Iterable

from tui.chat.finding import Finding
from tui.chat.parts import Origin
from tui.chat.route import Served
from tui.generations import canonical

_WORDS = {
    "litellm-silent-thinking-self-heal": "self-heal: thinking lost",
    "other-deployment": "other deployment",
    "other-group": "other group",
    "wildcard-caught": "caught by a wildcard",
    "config-thinking": "thinking by config",
    "params-dropped": "settings dropped",
    "params-rewritten": "settings rewritten",
    "proxy-retried": "retried by the proxy",
    "unknown-price": "no price",
    "price-polluted": "another's price",
    "cost-mismatch": "costs differ",
    "cooldown": "cooldown",
    "key-model-refused": "not held",
    "old-proxy": "model not told",
}
_LOUD = (
    "litellm-silent-thinking-self-heal",
    "fallback",
    "other-model",
    "mixed-group",
    "wildcard-caught",
    "other-deployment",
    "params-dropped",
)
"""What the header must shout, the gravest first."""


def badge_of(finding: Finding, served: Served | None, model: str | None) -> str:
    """An observation in short; ``model`` is the canonical model that answered, if known."""
    told = canonical(served.model) if served is not None and served.model else None
    who = model or told
    match finding.cls:
        case "fallback":
            group = served.group if served is not None else None
            return f"fallback → {who or group or 'another model'}"
        case "other-model" | "mixed-group":
            return f"answered by {who or 'another model'}"
    return _WORDS.get(finding.cls, finding.cls.replace("-", " "))


def known_model(origin: Origin) -> str | None:
    """The canonical model that answered, where the headers or the catalog told it."""
    return origin.model if origin.known_by in ("header", "catalog") else None


def badges(observed: Iterable[Finding], served: Served | None, model: str | None) -> tuple[str, ...]:
    """All observations of a step in short, each once, in their order."""
    return tuple(dict.fromkeys(badge_of(finding, served, model) for finding in observed))


def loudest(observed: Iterable[Finding], served: Served | None, model: str | None) -> str:
    """The badge for the header; empty where nothing must be shouted."""
    by_class = {finding.cls: finding for finding in reversed(tuple(observed))}
    cls = next((cls for cls in _LOUD if cls in by_class), None)
    return "" if cls is None else f"⚠ {badge_of(by_class[cls], served, model)}"
