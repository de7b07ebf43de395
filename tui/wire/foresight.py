"""What can be told about a request on any endpoint before it is sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tui.chat.conversation import Conversation, arguments_object
from tui.chat.finding import Finding
from tui.chat.messages import AssistantMessage
from tui.chat.parts import Json, Reasoning, ToolCall
from tui.chat.route import Route
from tui.chat.seals import is_returnable
from tui.chat.settings import Settings, ToolSpec
from tui.wire.acceptance import refusals, remarks
from tui.wire.offer import offered

_EXACT = 2**53
"""Beyond this the proxy's JSON handling does not keep whole numbers."""

_MAKERS = {
    "anthropic": "Claude",
    "bedrock": "Claude",
    "openai": "OpenAI",
    "azure": "OpenAI",
    "gemini": "Gemini",
    "xai": "Grok",
    "deepseek": "DeepSeek",
}


def common_findings(
    conversation: Conversation,
    seen: Conversation,
    route: Route,
    settings: Settings,
    tools: Sequence[ToolSpec],
) -> Iterator[Finding]:
    """Findings that hold on every endpoint; ``seen`` is the conversation repaired for the route."""
    yield from _foreign_reasoning(conversation, route)
    if tools and not offered(route, tools):
        says = f"{route.requested} takes no tools; none are offered and earlier calls are told as text."
        yield Finding("litellm-unsupported-params", says, "tools")
    yield from refusals(route, settings)
    yield from remarks(route, settings)
    if route.provider.startswith("litellm"):
        yield from _rewritten_numbers(seen)


def _foreign_reasoning(conversation: Conversation, route: Route) -> Iterator[Finding]:
    counts: dict[str, int] = {}
    target = route.target
    for number, message in enumerate(conversation.messages):
        if not isinstance(message, AssistantMessage):
            continue
        reader = conversation.reader(number, target)
        for index, part in enumerate(message.parts):
            if not isinstance(part, Reasoning) or index in message.unfinished:
                continue
            if not is_returnable(part, reader):
                maker = _MAKERS.get(message.origin.vendor, message.origin.vendor)
                counts[maker] = counts.get(maker, 0) + 1
    as_text = " as reasoning, only as text" if conversation.foreign_reasoning == "text" else ""
    for maker, count in counts.items():
        blocks = f"{count} {maker} block{'' if count == 1 else 's'}"
        says = f"{blocks} will not be sent to {route.requested}{as_text}."
        yield Finding(
            "anthropic-model-binding-drop",
            says,
            mend="they stay in the history and go back to who wrote them",
        )


def _rewritten_numbers(seen: Conversation) -> Iterator[Finding]:
    for number, message in enumerate(seen.messages):
        for part in message.parts if isinstance(message, AssistantMessage) else ():
            if isinstance(part, ToolCall) and _beyond_exact(arguments_object(part.arguments)):
                says = f"A number in the arguments of {part.name} is beyond 2^53; the proxy will round it."
                yield Finding("litellm-number-rewritten", says, f"messages.{number}")


def _beyond_exact(value: Json) -> bool:
    match value:
        case int():
            return abs(value) > _EXACT
        case list():
            return any(map(_beyond_exact, value))
        case dict():
            return any(map(_beyond_exact, value.values()))
    return False
