"""What the Responses bridge of the simulated proxy gathers of a chat answer, and how it words the parts."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

_INCOMPLETE = {"length": "max_output_tokens", "content_filter": "content_filter"}
_KNOWN_DETAILS = {
    "prompt_tokens_details": "input_tokens_details",
    "completion_tokens_details": "output_tokens_details",
}
_NULL_DETAILS = {
    "prompt_tokens_details": (
        "audio_tokens",
        "cached_tokens_details",
        "image_tokens",
        "text_tokens",
        "video_tokens",
    ),
    "completion_tokens_details": ("audio_tokens", "text_tokens"),
}
_DETAILS = (
    "audio_tokens",
    "cache_write_tokens",
    "cached_tokens",
    "image_tokens",
    "reasoning_tokens",
    "text_tokens",
)
ECHOED = (
    "instructions",
    "metadata",
    "parallel_tool_calls",
    "temperature",
    "tools",
    "top_p",
    "max_output_tokens",
    "previous_response_id",
    "reasoning",
    "text",
    "truncation",
    "user",
    "store",
)
"""The request's fields an answer repeats."""


@dataclass(slots=True)
class CallSaid:
    """One tool call, with what came of its arguments."""

    name: str
    arguments: str = ""
    index: int = -1
    fields: dict[str, Any] | None = None
    """``provider_specific_fields``: what a vendor wants back with it."""


@dataclass(slots=True)
class Said:
    """Everything the model said, gathered in the three places this bridge has."""

    reasoning_id: str
    message_id: str
    text: str | None = None
    reasoning: str = ""
    blocks: list[dict[str, Any]] = field(default_factory=list)
    """Thinking blocks that can be verified."""
    calls: dict[str, CallSaid] = field(default_factory=dict)

    def items(self, status: str) -> list[dict[str, Any]]:
        """The output items: reasoning, then the message, then the calls, whatever order they came in."""
        items: list[dict[str, Any]] = []
        if self.reasoning or self.blocks:
            content = [text_part(self.reasoning)] if self.reasoning else []
            item = {"type": "reasoning", "id": self.reasoning_id, "status": status, "role": "assistant"}
            sealed = json.dumps(self.blocks, separators=(",", ":")) if self.blocks else None
            items.append({**item, "content": content, **({"encrypted_content": sealed} if sealed else {})})
        if self.text is not None:
            item = {"type": "message", "id": self.message_id, "status": status, "role": "assistant"}
            items.append({**item, "content": [text_part(self.text)]})
        for id, call in self.calls.items():
            made = call_item(id, call.name, call.arguments, "completed")
            items.append({**made, **({"provider_specific_fields": call.fields} if call.fields else {})})
        return items


def call_item(id: str, name: str, arguments: str, status: str) -> dict[str, Any]:
    """The item of one tool call."""
    return {
        "type": "function_call",
        "id": f"fc_{id}",
        "call_id": id,
        "name": name,
        "status": status,
        "arguments": arguments,
    }


def text_part(text: str) -> dict[str, Any]:
    """A part of visible text, or of reasoning as whole answers have it."""
    return {"type": "output_text", "text": text, "annotations": []}


def status_of(finish: str) -> str:
    """The response's status for a finish reason of the chat dialect."""
    return "incomplete" if finish in _INCOMPLETE else "completed"


def incomplete_of(finish: str) -> dict[str, str] | None:
    """Why a response is incomplete; None when it is not."""
    return {"reason": _INCOMPLETE[finish]} if finish in _INCOMPLETE else None


def usage_of(chat: dict[str, Any], *, nulls: bool) -> dict[str, Any]:
    """A usage of the chat dialect in the words of ``/v1/responses``; whole answers spell out nulls."""
    usage: dict[str, Any] = {
        "input_tokens": chat["prompt_tokens"],
        "output_tokens": chat["completion_tokens"],
        "total_tokens": chat["total_tokens"],
    }
    for theirs, ours in _KNOWN_DETAILS.items():
        given = {k: v for k, v in (chat.get(theirs) or {}).items() if k in _DETAILS}
        if not given:
            if nulls:
                usage[ours] = None
            continue
        counted = {"cached_tokens": 0} if ours == "input_tokens_details" else {"reasoning_tokens": 0}
        missing = dict.fromkeys(_NULL_DETAILS[theirs]) if nulls else {}
        usage[ours] = {**missing, **counted, **given}
    return usage
