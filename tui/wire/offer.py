"""What every endpoint asks of a request: which tools it offers, and calls nobody can read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tui.chat.conversation import Conversation, arguments_object
from tui.chat.finding import Finding
from tui.chat.messages import AssistantMessage
from tui.chat.parts import ToolCall
from tui.chat.route import Route
from tui.chat.settings import ToolSpec


def offered(route: Route, tools: Sequence[ToolSpec]) -> Sequence[ToolSpec]:
    """The tools this route is sent: none where the model is known to take none."""
    return () if route.accepts.tools is False else tools


def takes_tools(route: Route, tools: Sequence[ToolSpec]) -> bool:
    """Whether calls in the history may go out as calls; vendors refuse them without tools beside."""
    return bool(offered(route, tools))


def unreadable_arguments(seen: Conversation) -> Iterator[Finding]:
    """A finding for each call whose arguments no vendor would take back."""
    for number, message in enumerate(seen.messages):
        for part in message.parts if isinstance(message, AssistantMessage) else ():
            if isinstance(part, ToolCall) and arguments_object(part.arguments) is None:
                says = (
                    f"The arguments of {part.name} are not a JSON object; an empty object goes out instead."
                )
                yield Finding("tool-input-not-object", says, f"messages.{number}")
