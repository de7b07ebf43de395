"""The rows of the tools screen, and what another choice of tools does to the conversation; pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from tui.chat.conversation import Conversation
from tui.chat.messages import AssistantMessage
from tui.chat.parts import Reasoning
from tui.chat.route import Route
from tui.chat.seals import is_returnable
from tui.tools.approval import Approvals
from tui.tools.toolbox import Toolbox


@dataclass(frozen=True, slots=True)
class ToolRow:
    """One tool as a person chooses it."""

    name: str
    description: str
    asks: bool
    offered: bool
    allowed: tuple[str, ...] = ()
    """What of it runs unasked for the rest of the session."""
    refused: tuple[str, ...] = ()
    """What of it is refused unasked for the rest of the session."""


def rows_of(tools: Toolbox, offered: Collection[str], approvals: Approvals) -> list[ToolRow]:
    """A row for each tool there is."""
    standing = approvals.standing
    return [
        ToolRow(
            spec.name,
            spec.description,
            tools.asks(spec.name),
            spec.name in offered,
            tuple(one.covers for one in standing if one.tool == spec.name and one.allowed),
            tuple(one.covers for one in standing if one.tool == spec.name and not one.allowed),
        )
        for spec in tools.specs
    ]


def takes_says(route: Route | None) -> str:
    """Whether the model takes tools at all."""
    if route is None:
        return "no model is chosen yet"
    if route.accepts.tools is None:
        return f"whether {route.requested} takes tools is not known"
    return f"{route.requested} takes {'tools' if route.accepts.tools else 'no tools: none are sent'}"


def change_says(conversation: Conversation, route: Route | None) -> str:
    """What other tools mean for what was said so far."""
    if not conversation.messages:
        return "Holds from the first prompt on."
    if route is None:
        return "A fork: the history stays, with other tools from the next prompt on."
    if not route.accepts.prefix_bound:
        return (
            f"A fork. The history goes along whole: {route.requested} does not bind its seals to the tools."
        )
    lost = _lost(conversation, route)
    if not lost:
        return f"A fork. {route.requested} binds its seals to the tools, but none would be lost."
    seals = f"{lost} sealed part{'s' if lost > 1 else ''}"
    return f"A fork. {route.requested} binds its seals to the tools: {seals} so far will not be sent to it."


def _lost(conversation: Conversation, route: Route) -> int:
    """Sealed parts the model gets back now, and would not after the fork."""
    target, revised = route.target, conversation.revised(conversation.system)
    count = 0
    for index, message in enumerate(conversation.messages):
        if isinstance(message, AssistantMessage):
            now, then = conversation.reader(index, target), revised.reader(index, target)
            thoughts = [part for part in message.parts if isinstance(part, Reasoning)]
            count += sum(is_returnable(part, now) and not is_returnable(part, then) for part in thoughts)
    return count
