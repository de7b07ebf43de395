"""Where a session stands in its tree: the path of its messages, and the conversation it makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tui.chat.conversation import Conversation
from tui.chat.messages import AssistantMessage, Message, UserMessage
from tui.chat.record import CallFacts, Node

Foreign = Literal["drop", "text"]


_EMPTY = Conversation()


@dataclass(frozen=True, slots=True)
class Stand:
    """A path of the tree, and what its next message is made under."""

    nodes: tuple[Node, ...] = ()
    conversation: Conversation = _EMPTY
    tools: str = ""
    """The fingerprint of the tools the conversation is made with."""

    @staticmethod
    def at(nodes: Sequence[Node], foreign: Foreign | None) -> Stand:
        """The end of a path as it was made, with the system prompt and the tools of its last message."""
        path, foreign = tuple(nodes), foreign or "drop"
        if not path:
            return Stand((), Conversation(foreign_reasoning=foreign))
        last = path[-1]
        messages = tuple(node.message for node in path)
        return Stand(path, Conversation(last.system, messages, foreign, last.bound_from), last.tools)

    def fork(self, length: int) -> Stand:
        """The first ``length`` messages, as they were made."""
        return Stand.at(self.nodes[:length], self.conversation.foreign_reasoning)

    def under(self, system: str | None, tools: str) -> Stand:
        """The same under a system prompt and tools: revised where they are others, else unchanged."""
        if (system, tools) == (self.conversation.system, self.tools):
            return self
        if not self.nodes:
            return replace(self, conversation=replace(self.conversation, system=system), tools=tools)
        return replace(self, conversation=self.conversation.revised(system), tools=tools)

    def node(self, message: Message, calls: tuple[CallFacts, ...] = ()) -> Node:
        """``message`` at its place after everything else."""
        at = self.conversation
        return Node(message, self.leaf, at.system, at.bound_from, calls, self.tools)

    def then(self, node: Node) -> Stand:
        """The same with ``node`` after everything else."""
        return replace(self, nodes=(*self.nodes, node), conversation=self.conversation.append(node.message))

    @property
    def leaf(self) -> str | None:
        """The id of the last message; None while there is none."""
        return self.nodes[-1].message.id if self.nodes else None

    @property
    def context_used(self) -> int | None:
        """Tokens of the newest counted answer, in and out; None where nobody told them."""
        for message in reversed(self.conversation.messages):
            if isinstance(message, AssistantMessage) and message.usage is not None:
                total = message.usage.input_total
                return None if total is None else total + (message.usage.output or 0)
        return None

    @property
    def unanswered(self) -> UserMessage | None:
        """The prompt at the end, if one stands there."""
        last = self.nodes[-1].message if self.nodes else None
        return last if isinstance(last, UserMessage) else None

    def place(self, id: str) -> int | None:
        """Where on the path a message stands; None when it is not on it."""
        return next((place for place, node in enumerate(self.nodes) if node.message.id == id), None)
