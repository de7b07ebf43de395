"""Recorded streams, routes and small conversations that the codec tests share."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from tui.chat.conversation import Conversation
from tui.chat.frame import WHOLE_BODY, Frame
from tui.chat.messages import AssistantMessage, Message, ToolMessage, UserMessage
from tui.chat.parts import Dialect, Origin, Text, ToolResult
from tui.chat.route import Provider, Route
from tui.chat.settings import ToolSpec
from tui.chat.usage import UNKNOWN_COST
from tui.generations import accepts, canonical, family_vendor, seals_of
from tui.media_rules import media_rules
from tui.wire.chat_completions import ChatCodec
from tui.wire.codec import Codec, Decoded, Decoder, Reply
from tui.wire.messages import MessagesCodec
from tui.wire.responses import ResponsesCodec

DATA = Path(__file__).parent / "data"
NAMES = sorted(path.stem for path in DATA.glob("*.sse"))
CODECS: dict[Dialect, Codec] = {
    "messages": MessagesCodec(),
    "chat": ChatCodec(),
    "responses": ResponsesCodec(),
}
TOOLS = tuple(
    ToolSpec(name, f"does {name}", {"type": "object", "properties": {}})
    for name in ("calculator", "current_time", "note")
)


def frames(name: str) -> list[Frame]:
    """The frames of a recorded stream, arriving one a second."""
    found = []
    for at, chunk in enumerate((DATA / f"{name}.sse").read_text(encoding="utf-8").split("\n\n")):
        lines = [line for line in chunk.split("\n") if line]
        event = "".join(line[7:] for line in lines if line.startswith("event: "))
        data = "\n".join(line[6:] for line in lines if line.startswith("data: "))
        if lines:
            found.append(Frame(event, data, float(at)))
    return found


def whole(name: str) -> dict[str, Any]:
    """The body the same answer has when it is not streamed."""
    body: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return body


def whole_frame(body: Any) -> Frame:
    """The single frame that stands for a whole body."""
    return Frame(WHOLE_BODY, json.dumps(body, ensure_ascii=False), 1.0)


def dialect_of(name: str) -> Dialect:
    """The format a recording is in."""
    return next(dialect for dialect in CODECS if name.startswith(dialect))


def model_of(name: str) -> str:
    """The generation that gave a recorded answer."""
    return canonical(str(whole(name)["model"]))


def origin_of(dialect: Dialect, model: str, deployment: str | None = "d1") -> Origin:
    """The origin of an answer by ``model``."""
    vendor = family_vendor(model)
    return Origin(dialect, vendor, model, deployment, seals=seals_of(vendor, model))


def route_to(dialect: Dialect, model: str, *, plain: bool = False, **fields: Any) -> Route:
    """A route to ``model`` through a proxy, or through a plain server."""
    providers: dict[Dialect, Provider] = {
        "messages": "litellm-anthropic",
        "chat": "litellm",
        "responses": "litellm-responses",
    }
    bare: dict[Dialect, Provider] = {
        "messages": "anthropic",
        "chat": "openai",
        "responses": "openai-responses",
    }
    vendor = family_vendor(model)
    taken = replace(accepts(model), media=media_rules(vendor, model))
    fields = {"accepts": taken, "max_output": taken.max_output, "deployments": ("d1",), **fields}
    provider = (bare if plain else providers)[dialect]
    return Route(model, provider, "http://localhost", model, model, vendor, model, **fields)


def fed(decoder: Decoder, taken: Iterable[Frame]) -> list[Decoded]:
    """All events of ``taken``."""
    return [event for frame in taken for event in decoder.feed(frame)]


def reply_of(name: str, how: Literal["stream", "whole"] = "stream") -> Reply:
    """What the decoder makes of a recording."""
    dialect = dialect_of(name)
    decoder = CODECS[dialect].decoder(origin_of(dialect, model_of(name)))
    fed(decoder, frames(name) if how == "stream" else [whole_frame(whole(name))])
    assert decoder.done
    return decoder.finish()


def asked(text: str = "hello", id: str = "u") -> UserMessage:
    """A prompt."""
    return UserMessage(id, (Text(text),), 0.0)


def answered(reply: Reply, origin: Origin, id: str = "a") -> AssistantMessage:
    """The message the engine makes of a reply."""
    stop = reply.stop or "cancelled"
    return AssistantMessage(
        id, reply.parts, origin, stop, reply.stop_raw, reply.usage, UNKNOWN_COST, 0.0, reply.unfinished
    )


def results_for(message: AssistantMessage) -> ToolMessage:
    """A result for every finished call."""
    results = tuple(ToolResult(call.id, (Text(f"result of {call.id}"),)) for call in message.calls)
    return ToolMessage(f"t-{message.id}", results, 0.0)


def talk(*messages: Message) -> Conversation:
    """A conversation of these messages."""
    return Conversation(messages=messages)
