"""Answers of a file through the decoders of the wire: there is no second reading of a format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tui.chat.frame import WHOLE_BODY, Frame
from tui.chat.json_text import dump_text
from tui.chat.messages import AssistantMessage
from tui.chat.parts import AssistantPart, Dialect, Foreign, Json, Origin, Reasoning, Text, ToolCall
from tui.chat.usage import UNKNOWN_COST
from tui.wire.chat_completions import ChatCodec
from tui.wire.codec import Codec, Reply
from tui.wire.messages import MessagesCodec
from tui.wire.responses import ResponsesCodec

CODECS: dict[Dialect, Codec] = {
    "messages": MessagesCodec(),
    "chat": ChatCodec(),
    "responses": ResponsesCodec(),
}
TRUNCATED = "litellm_truncated"
"""LiteLLM's word within a text that its log has cut."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer as decoded: whole, cut, or refused."""

    reply: Reply
    done: bool
    error: Json = None
    broken: str = ""
    """Why the decoding stopped early; empty when it did not."""


def heard(frames: Sequence[Frame], origin: Origin) -> Heard:
    """What ``frames`` say; what comes behind a broken frame is not read."""
    decoder = CODECS[origin.dialect].decoder(origin)
    broken = ""
    try:
        for frame in frames:
            for _ in decoder.feed(frame):
                pass
    except (ValueError, RecursionError) as error:
        broken = str(error) or "nested too deeply"
    return Heard(decoder.finish(), decoder.done and not broken, decoder.error, broken)


def said(body: dict[str, Json], origin: Origin) -> Reply:
    """The reply in a whole answer of the origin's format; ValueError when it is none."""
    found = heard((Frame(WHOLE_BODY, dump_text(body), 0.0),), origin)
    if found.broken or found.error is not None:
        raise ValueError(found.broken or "an error stands where an answer should")
    # The history tells neither why an answer ended nor what it took.
    parts = tuple(p for p in map(_uncut, found.reply.parts) if p is not None)
    return replace(found.reply, stop=None, stop_raw=None, usage=None, parts=parts)


def answer_in(body: Json) -> Dialect | None:
    """The format a whole answer is in, by its shape; None when it is no answer."""
    if not isinstance(body, dict):
        return None
    if isinstance(body.get("choices"), list):
        return "chat"
    if isinstance(body.get("output"), list):
        return "responses"
    return "messages" if isinstance(body.get("content"), list) else None


def message_of(id: str, reply: Reply, origin: Origin, at: float, *, done: bool = True) -> AssistantMessage:
    """The message of a recorded answer; its cost is the caller's to add."""
    stop = reply.stop
    if stop is None:
        stop = "failed" if not done else "tool_use" if _has_calls(reply) else "end"
    return AssistantMessage(
        id, reply.parts, origin, stop, reply.stop_raw, reply.usage, UNKNOWN_COST, at, reply.unfinished
    )


def _has_calls(reply: Reply) -> bool:
    return any(isinstance(part, ToolCall) for part in reply.parts)


def _uncut(part: AssistantPart) -> AssistantPart | None:
    """A part without its wire block where a log cut a text in it: nobody would take that back."""
    if part.opaque is None or TRUNCATED not in dump_text(part.opaque.data):
        return part
    match part:
        case Foreign():
            return None
        case Reasoning(text=text):
            return Reasoning(text, "unsigned")
        case Text(text=text):
            return Text(text)
    return replace(part, opaque=None)
