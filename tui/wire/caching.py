"""Prompt caching asked of Claude by one marker for the whole request."""

from __future__ import annotations

from tui.chat.parts import Json
from tui.chat.route import Route
from tui.chat.settings import Settings


def caches(route: Route) -> bool:
    """Whether the marker is taken on this route."""
    # Bedrock's older interface refuses it; on messages it would break their equality.
    through = route.dialect == "messages" or route.provider.startswith("litellm")
    return route.accepts.cache_marker and route.vendor != "bedrock" and through


def cache_fields(route: Route, settings: Settings) -> dict[str, Json]:
    """The body's field that asks for caching, if any."""
    if settings.cache == "off" or not caches(route):
        return {}
    return {"cache_control": {"type": "ephemeral"} | ({"ttl": "1h"} if settings.cache == "1h" else {})}
