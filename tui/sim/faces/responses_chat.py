"""A conversation of ``/v1/responses`` in the chat dialect, for the scene and the count of tokens."""

from __future__ import annotations

from typing import Any

from tui.sim.faces.responses_rules import Items, type_of


def as_chat(items: Items, body: dict[str, Any]) -> dict[str, Any]:
    """The same conversation and tools as a chat request; sealed reasoning becomes text of its length."""
    messages: list[dict[str, Any]] = []
    if body.get("instructions"):
        messages.append({"role": "system", "content": body["instructions"]})
    for item in items:
        word = type_of(item)
        if word == "message":
            messages.append({"role": item["role"], "content": item["content"]})
        elif word == "function_call":
            call = {
                "id": item["call_id"],
                "function": {"name": item["name"], "arguments": item["arguments"]},
            }
            last = messages[-1] if messages else {}
            if last.get("tool_calls"):
                last["tool_calls"].append(call)
            else:
                messages.append({"role": "assistant", "content": None, "tool_calls": [call]})
        elif word == "function_call_output":
            messages.append({"role": "tool", "tool_call_id": item["call_id"], "content": item["output"]})
        else:
            # Sealed reasoning fills the window like anything else.
            messages.append({"role": "assistant", "content": str(item.get("encrypted_content") or "")})
    return {
        "model": body["model"],
        "messages": messages,
        "tools": [t for t in body.get("tools") or () if t.get("type") == "function"] or None,
        "tool_choice": body.get("tool_choice"),
        "parallel_tool_calls": body.get("parallel_tool_calls"),
        "response_format": _format(body),
    }


def _format(body: dict[str, Any]) -> dict[str, Any] | None:
    """The wanted format in the chat dialect's shape."""
    wanted = (body.get("text") or {}).get("format")
    if not isinstance(wanted, dict) or wanted.get("type") != "json_schema":
        return wanted if isinstance(wanted, dict) else None
    return {"type": "json_schema", "json_schema": {k: v for k, v in wanted.items() if k != "type"}}
