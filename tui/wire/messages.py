"""The codec of Anthropic's Messages format, as the proxy's ``/v1/messages`` speaks it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tui.chat.conversation import Conversation
from tui.chat.finding import Finding
from tui.chat.messages import AssistantMessage, Message, ToolMessage, UserMessage
from tui.chat.parts import Json, Origin, ToolCall
from tui.chat.route import Route
from tui.chat.settings import Settings, ToolSpec
from tui.wire.acceptance import accepted, require
from tui.wire.body import dump
from tui.wire.call_ids import CallIds
from tui.wire.codec import Decoder, Request
from tui.wire.foresight import common_findings
from tui.wire.media import Shown, check_size, shown
from tui.wire.messages_blocks import assistant_block, is_sealed, result_block, user_block
from tui.wire.messages_decode import MessagesDecoder
from tui.wire.messages_params import parameters
from tui.wire.offer import offered, takes_tools, unreadable_arguments

_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")


class MessagesCodec:
    """Requests to and answers from ``/v1/messages``."""

    def encode(
        self, conversation: Conversation, route: Route, settings: Settings, tools: Sequence[ToolSpec]
    ) -> Request:
        """The request for the next step; UsageError for a setting the model cannot take."""
        require(route, settings)
        seen, media = _seen(conversation, route, tools)
        media.refuse()
        fields, findings = parameters(seen, route, settings)
        body: dict[str, Json] = {"model": route.wire_model, **fields}
        if conversation.system and conversation.system.strip():
            body["system"] = conversation.system
        if specs := offered(route, tools):
            body["tools"] = [
                {"name": t.name, "description": t.description, "input_schema": t.schema} for t in specs
            ]
        messages = _merged(seen, route)
        seals = sum(is_sealed(block) for message in messages for block in message["content"])
        body["messages"] = messages
        body |= settings.extra
        data, replaced = dump(body)
        check_size(data, route)
        foreseen = (*common_findings(conversation, seen, route, settings, tools), *media.findings, *findings)
        return Request(data, seals, (*foreseen, *unreadable_arguments(seen), *replaced), body)

    def foresee(
        self, conversation: Conversation, route: Route, settings: Settings, tools: Sequence[ToolSpec]
    ) -> tuple[Finding, ...]:
        """What will not survive on this route, before anything is sent."""
        seen, media = _seen(conversation, route, tools)
        _, findings = parameters(seen, route, accepted(route, settings))
        return (*common_findings(conversation, seen, route, settings, tools), *media.findings, *findings)

    def decoder(self, origin: Origin) -> Decoder:
        """A fresh decoder whose parts carry ``origin``."""
        return MessagesDecoder(origin)


def _seen(conversation: Conversation, route: Route, tools: Sequence[ToolSpec]) -> tuple[Conversation, Shown]:
    """What the route may see: repaired, and without what it cannot be shown."""
    media = shown(conversation.sendable(route.target, tools_ok=takes_tools(route, tools)), route)
    return media.conversation, media


def _merged(seen: Conversation, route: Route) -> list[dict[str, Json]]:
    """The wire messages; neighbours of one role are one, as the vendor itself would merge them."""
    merged: list[dict[str, Json]] = []
    for role, blocks in _turns(seen.messages, CallIds(route.target, _ID), route.accepts.media.documents):
        if merged and merged[-1]["role"] == role:
            merged[-1]["content"] += blocks
        elif blocks:
            merged.append({"role": role, "content": blocks})
    return merged


def _turns(
    messages: Sequence[Message], call_ids: CallIds, documents: bool
) -> Iterator[tuple[str, list[dict[str, Json]]]]:
    ids: tuple[str, ...] = ()
    for message in messages:
        match message:
            case UserMessage(parts=parts):
                yield "user", [user_block(part, documents=documents) for part in parts]
            case ToolMessage(results=results):
                answers = zip(results, ids, strict=True)
                yield "user", [result_block(r, id, documents=documents) for r, id in answers]
            case AssistantMessage(parts=parts):
                ids = call_ids.of(message)
                remaining = iter(ids)
                blocks = [
                    assistant_block(p, next(remaining) if isinstance(p, ToolCall) else "") for p in parts
                ]
                yield "assistant", [block for block in blocks if block is not None]
