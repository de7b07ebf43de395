"""A conversation as it happened, and the pure repair that makes any of it sendable.

Storage keeps everything; ``sendable`` decides what a target may see. Each repair depends only
on the message itself and what precedes it, so that for one target the messages of an earlier
request are a prefix of those of any later one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from operator import is_
from typing import Any, Literal, TypeVar

from tui.chat.messages import AssistantMessage, Message, ToolMessage, UserMessage
from tui.chat.parts import AssistantPart, Foreign, Json, Opaque, Reasoning, Text, ToolCall, ToolResult
from tui.chat.route import Target
from tui.chat.seals import is_own, is_returnable

Said = TypeVar("Said", UserMessage, AssistantMessage)
Sayable = TypeVar("Sayable", Text, ToolCall)

CANCELLED = "cancelled by the user"
BAD_ARGUMENTS = "the arguments were not a JSON object; nothing was run"


@dataclass(frozen=True, slots=True)
class Conversation:
    """What the models of one session saw and said; append only, an edit is a fork."""

    system: str | None = None
    messages: tuple[Message, ...] = ()
    foreign_reasoning: Literal["drop", "text"] = "drop"
    """What becomes of reasoning a target may not have back; fixed when the conversation starts."""
    bound_from: int = 0
    """Sealed reasoning in messages before this one was made under another system prompt or other tools."""

    def append(self, *messages: Message) -> Conversation:
        """The conversation with ``messages`` after everything else."""
        return replace(self, messages=(*self.messages, *messages))

    def fork(self, length: int) -> Conversation:
        """A conversation that shares the first ``length`` messages."""
        return replace(self, messages=self.messages[:length], bound_from=min(self.bound_from, length))

    def revised(self, system: str | None) -> Conversation:
        """A fork with another system prompt or, the prompt unchanged, for other tools."""
        return replace(self, system=system, bound_from=len(self.messages))

    def reader(self, index: int, target: Target) -> Target:
        """Who reads message ``index``: ``target``, or no known model where it would refuse its seals."""
        return replace(target, model="") if target.prefix_bound and index < self.bound_from else target

    @property
    def last_answer(self) -> AssistantMessage | None:
        """The newest assistant message."""
        return next((m for m in reversed(self.messages) if isinstance(m, AssistantMessage)), None)

    @property
    def in_tool_loop(self) -> bool:
        """Whether the next request continues a tool loop instead of opening a user turn."""
        return bool(self.messages) and isinstance(self.messages[-1], ToolMessage)

    def sendable(self, target: Target, *, tools_ok: bool = True) -> Conversation:
        """What ``target`` may see of this, repaired; every ``Opaque`` left in it may be sent."""
        return replace(self, messages=tuple(_repaired(self, target, tools_ok)))


def arguments_object(arguments: str) -> dict[str, Json] | None:
    """The JSON object in ``arguments``, or None when it is anything else; blank means no arguments."""
    if not arguments.strip():
        return {}
    try:
        value = json.loads(arguments, parse_constant=_refuse_constant)
        json.dumps(value, allow_nan=False)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _repaired(conversation: Conversation, target: Target, tools_ok: bool) -> Iterator[Message]:
    pending: tuple[ToolCall, ...] = ()
    owner = ""
    for index, message in enumerate(conversation.messages):
        if isinstance(message, ToolMessage):
            if pending:
                yield from _answered(message.id, pending, message, tools_ok)
            pending = ()
            continue
        if pending:
            yield from _answered(f"{owner}-cancelled", pending, None, tools_ok)
            pending = ()
        if isinstance(message, UserMessage):
            said = tuple(p for p in message.parts if not isinstance(p, Text) or p.text.strip())
            if said:
                yield _with_parts(message, said)
            continue
        seen = _assistant(message, conversation.reader(index, target), conversation.foreign_reasoning)
        pending, owner = seen.calls, seen.id
        if not tools_ok:
            seen = _with_parts(seen, tuple(_call_as_text(p) for p in seen.parts))
        if seen.parts:
            yield seen
    if pending:
        yield from _answered(f"{owner}-cancelled", pending, None, tools_ok)


def _assistant(
    message: AssistantMessage, target: Target, foreign_reasoning: Literal["drop", "text"]
) -> AssistantMessage:
    """The parts of an answer that ``target`` may see."""
    kept: list[AssistantPart] = []
    for index, part in enumerate(message.parts):
        if index in message.unfinished and not isinstance(part, Text):
            continue
        seen = _part(part, target, foreign_reasoning)
        if seen is not None:
            kept.append(seen)
    while kept and isinstance(kept[-1], Reasoning):
        # Vendors refuse an assistant message that ends in thinking.
        kept.pop()
    if message.unfinished:
        return replace(message, parts=tuple(kept), unfinished=frozenset())
    return _with_parts(message, tuple(kept))


def _with_parts(message: Said, parts: tuple[Any, ...]) -> Said:
    """``message`` with ``parts``; itself where they are its own, for in a long history nearly all are."""
    own = message.parts
    if len(parts) == len(own) and all(map(is_, parts, own)):
        return message
    return replace(message, parts=parts)


def _part(part: AssistantPart, target: Target, foreign_reasoning: str) -> AssistantPart | None:
    match part:
        case Text(text=text, opaque=opaque):
            # Vendors refuse blank text blocks, even those they sent themselves.
            return None if not text.strip() else _with_opaque(part, _own(opaque, target))
        case Reasoning(text=text):
            if is_returnable(part, target):
                return part
            return Text(text) if foreign_reasoning == "text" and text.strip() else None
        case ToolCall(opaque=opaque):
            return _with_opaque(part, _own(opaque, target))
        case Foreign(opaque=opaque):
            return part if _own(opaque, target) else None


def _with_opaque(part: Sayable, opaque: Opaque | None) -> Sayable:
    return part if part.opaque is opaque else replace(part, opaque=opaque)


def _own(opaque: Opaque | None, target: Target) -> Opaque | None:
    """The wire block if ``target`` speaks the dialect and is of the vendor that minted it."""
    return opaque if opaque is not None and is_own(opaque.origin, target) else None


def _answered(
    id: str, calls: tuple[ToolCall, ...], message: ToolMessage | None, tools_ok: bool
) -> Iterator[Message]:
    """One result for each of ``calls``, in their order; what never ran is answered by an error."""
    given: dict[str, list[ToolResult]] = {}
    for result in message.results if message else ():
        given.setdefault(result.call_id, []).append(result)
    results: list[ToolResult] = []
    for call in calls:
        # Some vendors give two calls of one answer the same id: their results stand in the calls' order.
        mine = given.get(call.id)
        result = mine.pop(0) if mine else ToolResult(call.id, (Text(CANCELLED),), is_error=True)
        if arguments_object(call.arguments) is None:
            result = ToolResult(call.id, (Text(BAD_ARGUMENTS),), is_error=True)
        results.append(result)
    at = message.at if message else 0.0
    if tools_ok:
        yield ToolMessage(id, tuple(results), at)
    else:
        yield UserMessage(id, tuple(Text(f"[tool result] {r.text}") for r in results), at)


def _call_as_text(part: AssistantPart) -> AssistantPart:
    if isinstance(part, ToolCall):
        return Text(f"[called the tool {part.name} with {part.arguments or '{}'}]")
    return part
