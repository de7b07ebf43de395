"""The codec of OpenAI's Responses format, as the proxy's ``/v1/responses`` speaks it for every vendor.

Nothing is stored with the vendor: each request carries the whole conversation, sealed reasoning
included. The system prompt goes as ``instructions``: every vendor behind a proxy gets it from
there, and the input holds nothing but what was said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tui.chat.conversation import Conversation, arguments_object
from tui.chat.finding import Finding
from tui.chat.messages import AssistantMessage, ToolMessage, UserMessage
from tui.chat.parts import Json, Origin, Reasoning, Text, ToolCall
from tui.chat.route import Route
from tui.chat.settings import Settings, ToolSpec
from tui.wire.acceptance import accepted, require
from tui.wire.body import dump
from tui.wire.call_ids import CallIds
from tui.wire.codec import Decoder, Request
from tui.wire.foresight import common_findings
from tui.wire.media import Shown, check_size, shown
from tui.wire.offer import offered, takes_tools, unreadable_arguments
from tui.wire.responses_decode import ResponsesDecoder
from tui.wire.responses_items import (
    blocks_sealed,
    is_sealed,
    item_of,
    result_item,
    told_reasoning,
    user_item,
)
from tui.wire.responses_params import parameters

_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")


class ResponsesCodec:
    """Requests to and answers from ``/v1/responses``."""

    def encode(
        self, conversation: Conversation, route: Route, settings: Settings, tools: Sequence[ToolSpec]
    ) -> Request:
        """The request for the next step; UsageError for a setting the model cannot take."""
        require(route, settings)
        media = _seen(conversation, route, tools)
        media.refuse()
        seen = media.conversation
        fields, findings = parameters(seen, route, settings)
        body: dict[str, Json] = {"model": route.wire_model, **fields}
        if conversation.system and conversation.system.strip():
            body["instructions"] = conversation.system
        if specs := offered(route, tools):
            body["tools"] = [_function(spec) for spec in specs]
        items = list(_Input(conversation, seen, route).items())
        body["input"] = items
        body |= settings.extra
        data, replaced = dump(body)
        check_size(data, route)
        foreseen = _foreseen(conversation, media, route, settings, tools, findings)
        sealed = sum(map(is_sealed, items))
        return Request(data, sealed, (*foreseen, *unreadable_arguments(seen), *replaced), body)

    def foresee(
        self, conversation: Conversation, route: Route, settings: Settings, tools: Sequence[ToolSpec]
    ) -> tuple[Finding, ...]:
        """What will not survive or will be refused on this route, before anything is sent."""
        media = _seen(conversation, route, tools)
        _, findings = parameters(media.conversation, route, accepted(route, settings))
        return _foreseen(conversation, media, route, settings, tools, findings)

    def decoder(self, origin: Origin) -> Decoder:
        """A fresh decoder whose parts carry ``origin``."""
        return ResponsesDecoder(origin)


def _seen(conversation: Conversation, route: Route, tools: Sequence[ToolSpec]) -> Shown:
    """What the route may see: repaired, and without what it cannot be shown."""
    return shown(conversation.sendable(route.target, tools_ok=takes_tools(route, tools)), route)


def _function(spec: ToolSpec) -> dict[str, Json]:
    # Without a word the vendor makes a schema strict, and every optional argument mandatory.
    described = {"name": spec.name, "description": spec.description, "parameters": spec.schema}
    return {"type": "function", **described, "strict": False}


@dataclass(slots=True)
class _Input:
    """The items of a request; ``seen`` is the repaired ``conversation``."""

    conversation: Conversation
    seen: Conversation
    route: Route

    def items(self) -> Iterator[dict[str, Json]]:
        """All items in order."""
        call_ids = CallIds(self.route.target, _ID)
        answers = (m for m in self.conversation.messages if isinstance(m, AssistantMessage))
        ids: tuple[str, ...] = ()
        for message in self.seen.messages:
            match message:
                case UserMessage(parts=parts):
                    yield user_item(parts)
                case ToolMessage(results=results):
                    for result, id in zip(results, ids, strict=True):
                        yield result_item(result, id)
                case AssistantMessage(id=name):
                    ids = call_ids.of(message)
                    original = next(answer for answer in answers if answer.id == name)
                    yield from self._answer(message, ids, as_came=self._is_whole(message, original))

    def _answer(
        self, message: AssistantMessage, ids: tuple[str, ...], *, as_came: bool
    ) -> Iterator[dict[str, Json]]:
        remaining = iter(ids)
        for part in message.parts:
            if isinstance(part, Reasoning) and part.state == "unsigned" and not as_came:
                item = told_reasoning(part) if self.route.accepts.returns_reasoning else None
            else:
                call_id = next(remaining) if isinstance(part, ToolCall) else ""
                item = item_of(part, call_id, as_came=as_came)
            if item is not None:
                yield item

    def _is_whole(self, message: AssistantMessage, original: AssistantMessage) -> bool:
        """Whether every item of an answer goes back: only then may their ids be said."""
        if len(message.parts) != len(original.parts):
            return False
        return all(part.opaque is not None and self._goes_unchanged(part) for part in message.parts)

    def _goes_unchanged(self, part: object) -> bool:
        match part:
            case Reasoning(state="unsigned"):
                return self.route.accepts.returns_reasoning
            case ToolCall(arguments=arguments):
                return arguments_object(arguments) is not None
        return True


def _foreseen(
    conversation: Conversation,
    media: Shown,
    route: Route,
    settings: Settings,
    tools: Sequence[ToolSpec],
    findings: Sequence[Finding],
) -> tuple[Finding, ...]:
    """What is known before sending, ``findings`` of the parameters included."""
    seen = media.conversation
    common = common_findings(conversation, seen, route, settings, tools)
    return (*common, *media.findings, *findings, *_lost_order(seen, route), *_missing_reasoning(seen, route))


def _lost_order(seen: Conversation, route: Route) -> Iterator[Finding]:
    """Several thoughts in one item: where they stood among text and calls is told by nothing."""
    if not route.accepts.thinking_moved_on_chat:
        return
    refuses = "; this model refuses them if they are." if route.accepts.prefix_bound else "."
    says = f"Thinking blocks may be reordered on this endpoint, which does not tell their order{refuses}"
    for number, message in enumerate(seen.messages):
        if not isinstance(message, AssistantMessage) or sum(map(blocks_sealed, message.parts)) < 2:
            continue
        if any(isinstance(part, Text) for part in message.parts) or len(message.calls) > 1:
            mend = "use the messages endpoint"
            yield Finding("litellm-thinking-blocks-lost-chat", says, f"messages.{number}", mend)


def _missing_reasoning(seen: Conversation, route: Route) -> Iterator[Finding]:
    """Calls without the thoughts before them, at a vendor who wants those back with every call."""
    if not route.accepts.returns_reasoning:
        return
    for number, message in enumerate(seen.messages):
        if not isinstance(message, AssistantMessage) or not message.calls:
            continue
        if not any(isinstance(part, Reasoning) and part.text.strip() for part in message.parts):
            says = (
                f"{route.requested} wants its reasoning back with every call; this endpoint has none to send."
            )
            mend = "use the chat endpoint"
            yield Finding("deepseek-reasoning-missing", says, f"messages.{number}", mend, fatal=True)
            return
