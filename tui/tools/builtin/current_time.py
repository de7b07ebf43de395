"""The present date and time in a named time zone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from tui.chat.parts import Json
from tui.chat.settings import ToolSpec
from tui.tools.toolbox import ToolError


class CurrentTime:
    """Tells the time; ``now`` must give a datetime with a time zone."""

    spec = ToolSpec(
        "current_time",
        "The current date and time, in UTC or in an IANA time zone such as Europe/Berlin.",
        {
            "type": "object",
            "properties": {
                "timezone": {"type": ["string", "null"], "description": "IANA name; null for UTC"},
            },
            "required": ["timezone"],
            "additionalProperties": False,
        },
    )

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    async def run(self, arguments: Mapping[str, Json]) -> str:
        """ISO date and time to the second with offset, and the weekday."""
        name = arguments.get("timezone") or "UTC"
        if not isinstance(name, str):
            raise ToolError("timezone must be a string")
        try:
            zone = ZoneInfo(name)
        except (OSError, ValueError, KeyError) as error:
            # ZoneInfo raises any of the three for names it does not know, paths among them.
            raise ToolError(f"unknown time zone {name!r}; use an IANA name such as Asia/Tokyo") from error
        local = self._now().astimezone(zone)
        return f"{local.isoformat(timespec='seconds')} {local:%A}"
