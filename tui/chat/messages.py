"""Role-bearing units of a conversation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from tui.chat.parts import AssistantPart, Origin, Text, ToolCall, ToolResult, UserPart
from tui.chat.usage import Cost, Usage

Stop = Literal[
    "end",
    "tool_use",
    "max_tokens",
    "stop_sequence",
    "refusal",
    "pause",
    "context_full",
    "cancelled",
    "failed",
    "step_limit",
    "budget",
]


@dataclass(frozen=True, slots=True)
class UserMessage:
    """A prompt as the user sent it."""

    id: str
    parts: tuple[UserPart, ...]
    at: float
    """Unix time in seconds."""

    @property
    def text(self) -> str:
        """The text parts joined by newlines."""
        return "\n".join(p.text for p in self.parts if isinstance(p, Text))


@dataclass(frozen=True, slots=True)
class AssistantMessage:
    """What came back in one step, whole or cut; never edited afterwards."""

    id: str
    parts: tuple[AssistantPart, ...]
    origin: Origin
    stop: Stop
    stop_raw: str | None
    usage: Usage | None
    cost: Cost
    at: float
    unfinished: frozenset[int] = frozenset()
    """Indexes of parts whose end was never seen: the step was cut or stopped inside them."""

    @property
    def text(self) -> str:
        """The visible text, parts joined without separator."""
        return "".join(p.text for p in self.parts if isinstance(p, Text))

    @property
    def calls(self) -> tuple[ToolCall, ...]:
        """The finished tool calls, in order."""
        return tuple(
            p for i, p in enumerate(self.parts) if isinstance(p, ToolCall) and i not in self.unfinished
        )


@dataclass(frozen=True, slots=True)
class ToolMessage:
    """The results of one step's tool calls, in the order of the calls."""

    id: str
    results: tuple[ToolResult, ...]
    at: float


Message: TypeAlias = UserMessage | AssistantMessage | ToolMessage
