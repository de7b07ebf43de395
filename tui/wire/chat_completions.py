"""The codec of OpenAI's chat format, with the fields the proxy adds to carry other vendors' reasoning."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tui.chat.conversation import Conversation
from tui.chat.finding import Finding
from tui.chat.messages import AssistantMessage, ToolMessage, UserMessage
from tui.chat.parts import Foreign, Json, Origin, Reasoning, Text, ToolCall
from tui.chat.route import Route
from tui.chat.settings import Settings, ToolSpec
from tui.wire.acceptance import accepted, require
from tui.wire.body import dump
from tui.wire.call_ids import CallIds
from tui.wire.chat_completions_blocks import call_entry, thinking_block, tool_message, user_content
from tui.wire.chat_completions_decode import ChatDecoder
from tui.wire.chat_completions_params import parameters
from tui.wire.chat_completions_slots import EXTRAS
from tui.wire.codec import Decoder, Request
from tui.wire.foresight import common_findings
from tui.wire.media import check_size, shown
from tui.wire.offer import offered, takes_tools, unreadable_arguments

_ID = re.compile(r"[a-zA-Z0-9_-]{1,40}")


class ChatCodec:
    """Requests to and answers from ``/v1/chat/completions``."""

    def encode(
        self, conversation: Conversation, route: Route, settings: Settings, tools: Sequence[ToolSpec]
    ) -> Request:
        """The request for the next step; UsageError for a setting the model cannot take."""
        require(route, settings)
        media = shown(conversation.sendable(route.target, tools_ok=takes_tools(route, tools)), route)
        media.refuse()
        seen = media.conversation
        specs = offered(route, tools)
        fields, findings = parameters(seen, route, settings, has_tools=bool(specs))
        body: dict[str, Json] = {"model": route.wire_model, **fields}
        if specs:
            body["tools"] = [_function(spec) for spec in specs]
        messages = list(_wire_messages(seen, route))
        if conversation.system and conversation.system.strip():
            messages.insert(0, {"role": "system", "content": conversation.system})
        seals = sum(len(message.get("thinking_blocks", ())) for message in messages)
        body["messages"] = messages
        body |= settings.extra
        data, replaced = dump(body)
        check_size(data, route)
        findings += media.findings
        foreseen = _foreseen(conversation, seen, route, settings, tools, findings)
        return Request(data, seals, (*foreseen, *unreadable_arguments(seen), *replaced), body)

    def foresee(
        self, conversation: Conversation, route: Route, settings: Settings, tools: Sequence[ToolSpec]
    ) -> tuple[Finding, ...]:
        """What will not survive or will be refused on this route, before anything is sent."""
        media = shown(conversation.sendable(route.target, tools_ok=takes_tools(route, tools)), route)
        seen = media.conversation
        taken = accepted(route, settings)
        _, findings = parameters(seen, route, taken, has_tools=bool(offered(route, tools)))
        return _foreseen(conversation, seen, route, settings, tools, [*findings, *media.findings])

    def decoder(self, origin: Origin) -> Decoder:
        """A fresh decoder whose parts carry ``origin``."""
        return ChatDecoder(origin)


def _foreseen(
    conversation: Conversation,
    seen: Conversation,
    route: Route,
    settings: Settings,
    tools: Sequence[ToolSpec],
    findings: Sequence[Finding],
) -> tuple[Finding, ...]:
    """What is known before sending, ``findings`` of the parameters included; ``seen`` is repaired."""
    common = common_findings(conversation, seen, route, settings, tools)
    return (*common, *findings, *_lost_order(seen, route, streamed=settings.stream))


def _function(spec: ToolSpec) -> dict[str, Json]:
    function = {"name": spec.name, "description": spec.description, "parameters": spec.schema}
    return {"type": "function", "function": function}


def _wire_messages(seen: Conversation, route: Route) -> Iterator[dict[str, Json]]:
    call_ids = CallIds(route.target, _ID)
    ids: tuple[str, ...] = ()
    tools_used = False
    for message in seen.messages:
        match message:
            case UserMessage(parts=parts):
                yield {"role": "user", "content": user_content(parts)}
            case ToolMessage(results=results):
                for result, id in zip(results, ids, strict=True):
                    yield tool_message(result, id)
            case AssistantMessage():
                ids = call_ids.of(message)
                tools_used = tools_used or bool(ids)
                # Depends on what precedes only, so that no earlier message ever changes.
                wants_reasoning = route.accepts.returns_reasoning and tools_used
                said = _assistant(message, route, ids, wants_reasoning)
                if said is not None:
                    yield said


def _assistant(
    message: AssistantMessage, route: Route, ids: tuple[str, ...], wants_reasoning: bool
) -> dict[str, Json] | None:
    """One answer as the format has it; None when nothing in it may be said."""
    said: dict[str, Json] = {"role": "assistant", "content": _content(message)}
    thoughts = [part for part in message.parts if isinstance(part, Reasoning)]
    calls = [part for part in message.parts if isinstance(part, ToolCall)]
    extras: dict[str, Json] = {}
    for part in message.parts:
        if isinstance(part, Text | Foreign) and part.opaque is not None:
            data = part.opaque.data
            extras |= data.get(EXTRAS) or {}
            if "refusal" in data:
                said["refusal"] = data["refusal"]
    if said["content"] is None and not calls and "refusal" not in said:
        return None
    if wants_reasoning and (thoughts or calls):
        said["reasoning_content"] = "".join(thought.text for thought in thoughts)
    if blocks := [block for part in thoughts if (block := thinking_block(part)) is not None]:
        said["thinking_blocks"] = blocks
    if calls:
        own = (message.origin.dialect, message.origin.vendor) == ("chat", route.vendor)
        said["tool_calls"] = [call_entry(call, id, own=own) for call, id in zip(calls, ids, strict=True)]
    return {**said, **{field: value for field, value in extras.items() if field not in said}}


def _content(message: AssistantMessage) -> Json:
    """The visible text; pieces another format kept apart are parted by a blank line."""
    texts = [(i, p) for i, p in enumerate(message.parts) if isinstance(p, Text) and not _is_refusal(p)]
    if not texts:
        return None
    if len(texts) == 1:
        only = texts[0][1]
        return only.opaque.data.get("content", only.text) if only.opaque else only.text
    separator = "" if message.origin.dialect == "chat" else "\n\n"
    joined, before = "", texts[0][0]
    for index, part in texts:
        joined += (separator if index - before > 1 else "") + part.text
        before = index
    return joined


def _is_refusal(part: Text) -> bool:
    return part.opaque is not None and "refusal" in part.opaque.data


def _lost_order(seen: Conversation, route: Route, *, streamed: bool) -> Iterator[Finding]:
    """Thoughts after text or a call: for some models this endpoint moves them all to the front."""
    if not route.accepts.thinking_moved_on_chat:
        return
    refuses = route.accepts.prefix_bound
    mend = "use the messages endpoint"
    for number, message in enumerate(seen.messages):
        if not isinstance(message, AssistantMessage):
            continue
        kinds = [isinstance(part, Reasoning) for part in message.parts]
        certain = kinds != sorted(kinds, reverse=True)
        if certain:
            says = "Thinking blocks will be reordered on this endpoint"
            says += "; this model will refuse them." if refuses else "."
        elif not streamed and _may_hide_order(message):
            says = "Thinking blocks may be reordered on this endpoint: whole answers do not tell the order"
            says += "; this model refuses them if they are." if refuses else "."
        else:
            continue
        fatal = certain and refuses
        yield Finding("litellm-thinking-blocks-lost-chat", says, f"messages.{number}", mend, fatal)


def _may_hide_order(message: AssistantMessage) -> bool:
    """Whether an answer that came whole on this endpoint may have had something between its thoughts."""
    thoughts = sum(isinstance(part, Reasoning) for part in message.parts)
    said = any(isinstance(part, Text) for part in message.parts) or len(message.calls) > 1
    return message.origin.dialect == "chat" and thoughts > 1 and said
