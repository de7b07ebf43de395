"""One server-sent event as it came."""

from __future__ import annotations

from dataclasses import dataclass

WHOLE_BODY = "(body)"
"""Event name of the single frame that stands for an answer that was not streamed."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Event name (empty when the server sent none), data text, arrival on the session's clock in seconds."""

    event: str
    data: str
    at: float
