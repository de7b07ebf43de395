"""What both sides of a request agree on: which tools are offered, and how many seals go out."""

from __future__ import annotations

from collections.abc import Sequence

from tui.chat.conversation import Conversation
from tui.chat.messages import AssistantMessage
from tui.chat.parts import Reasoning
from tui.chat.route import Route
from tui.chat.settings import ToolSpec


def offered(route: Route, tools: Sequence[ToolSpec]) -> Sequence[ToolSpec]:
    """The tools this route is sent: none where the model is known to take none."""
    return () if route.accepts.tools is False else tools


def takes_tools(route: Route, tools: Sequence[ToolSpec]) -> bool:
    """Whether calls in the history may go out as calls; vendors refuse them without tools beside."""
    return bool(offered(route, tools))


def seals_in(seen: Conversation) -> int:
    """Sealed parts in a repaired conversation."""
    return sum(
        isinstance(part, Reasoning) and part.state != "unsigned"
        for message in seen.messages
        if isinstance(message, AssistantMessage)
        for part in message.parts
    )
