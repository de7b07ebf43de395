"""A chat answer as the proxy turns it into a whole one of ``/v1/responses``, with a null for all not said."""

from __future__ import annotations

import uuid
from typing import Any

from tui.sim.faces.bridge_parts import Whole
from tui.sim.faces.bridge_said import ECHOED, CallSaid, Said, incomplete_of, status_of, usage_of
from tui.sim.faces.chat_dialect import CREATED
from tui.sim.faces.litellm import Served
from tui.sim.faces.litellm_ids import packed

_TOOL_NULLS: dict[str, Any] = {"allowed_callers": None, "defer_loading": None, "output_schema": None}


def minted(prefix: str) -> str:
    """An item id of the proxy's own: other vendors have none."""
    return f"{prefix}_{uuid.uuid4()}"


def whole(answer: Whole, body: dict[str, Any], served: Served) -> dict[str, Any]:
    """The response object; reasoning keeps its text in ``content`` and its seals as JSON."""
    message = answer.message
    said = Said(minted("rs"), minted("msg"), message.get("content"), message.get("reasoning_content") or "")
    said.blocks = [b for b in message.get("thinking_blocks") or () if b.get("signature") or b.get("data")]
    for call in message.get("tool_calls") or ():
        function = call["function"]
        fields = call.get("provider_specific_fields")
        said.calls[call["id"]] = CallSaid(function["name"], function["arguments"], fields=fields)
    fields = message.get("provider_specific_fields") or {}
    return {
        "id": packed(served, answer.opening.id),
        "created_at": CREATED,
        "error": None,
        "object": "response",
        **{word: body.get(word) for word in ECHOED},
        "incomplete_details": incomplete_of(answer.finish),
        "metadata": body.get("metadata") or {},
        "model": served.deployment.model if served.fallbacks else served.requested,
        "output": [_with_nulls(item) for item in said.items(status_of(answer.finish))],
        "parallel_tool_calls": body.get("parallel_tool_calls", False),
        "status": status_of(answer.finish),
        "text": body.get("text") or {},
        "tool_choice": body.get("tool_choice") or "auto",
        "tools": [{**tool, **_TOOL_NULLS} for tool in body.get("tools") or []],
        "usage": {**usage_of(answer.spent.usage, nulls=True), "cost": None},
        **({"provider_specific_fields": fields} if "thinking_blocks" in fields else {}),
    }


def _with_nulls(item: dict[str, Any]) -> dict[str, Any]:
    if item["type"] == "function_call":
        return {**item, "caller": None, "namespace": None}
    return {**item, "phase": None}
