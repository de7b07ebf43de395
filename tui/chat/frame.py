"""What comes over the line: headers, and server-sent events one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Headers: TypeAlias = tuple[tuple[str, str], ...]
"""Names in lower case and values, in their order; secrets are masked before they get here."""

WHOLE_BODY = "(body)"
"""Event name of the single frame that stands for an answer that was not streamed."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Event name (empty when the server sent none), data text, arrival on the session's clock in seconds."""

    event: str
    data: str
    at: float
