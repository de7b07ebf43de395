"""The chat bridge to OpenAI's ``/v1/responses``, which the proxy takes for tools with a reasoning effort.

Reasoning comes out as ``reasoning_items``, which a client of the plain chat dialect does not send back.
"""

from __future__ import annotations

from typing import Any

from tui.sim.faces import responses
from tui.sim.faces.bridge_media import responses_part
from tui.sim.faces.bridge_parts import (
    Bits,
    Delta,
    Opening,
    Spent,
    Whole,
    bare_id,
    recorded,
    spent_openai,
    streamed,
    whole,
)
from tui.sim.faces.chat_params import refuses_tools_on_chat
from tui.sim.faces.chat_scene import text_of
from tui.sim.refusal import Refusal
from tui.sim.state import SimState
from tui.sim.transport import Reply, StreamReply


def wanted(body: dict[str, Any], model: str) -> bool:
    """Whether the proxy takes this road: a model that needs it, tools, and an effort that is sent."""
    effort = body.get("reasoning_effort")
    return refuses_tools_on_chat(model) and bool(body.get("tools")) and effort not in (None, "none")


def translate(body: dict[str, Any], model: str) -> dict[str, Any]:
    """The request as ``/v1/responses`` gets it."""
    instructions, items = _items(body["messages"])
    effort = body["reasoning_effort"]
    tools = []
    for tool in body["tools"]:
        function = tool.get("function") or {}
        tools.append({"type": "function", "strict": None, **function})
    sent = {
        "model": model,
        "input": items,
        "reasoning": effort if isinstance(effort, dict) else {"effort": effort},
        "stream": bool(body.get("stream")),
        "tools": tools,
    }
    if instructions:
        sent["instructions"] = instructions
    limit = body.get("max_completion_tokens") or body.get("max_tokens")
    if limit is not None:
        sent["max_output_tokens"] = limit
    if isinstance(body.get("tool_choice"), str):
        sent["tool_choice"] = body["tool_choice"]
    return sent


def _items(messages: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """System text, and input items of the other messages."""
    system: list[str] = []
    items: list[dict[str, Any]] = []
    for message in messages:
        role, text = message["role"], text_of(message.get("content"))
        if role in ("system", "developer"):
            system.append(text)
        elif role == "tool":
            output = _parts(message.get("content"))
            call_id = bare_id(message["tool_call_id"])
            items.append({"type": "function_call_output", "call_id": call_id, "output": output})
        elif role == "assistant":
            items.extend(message.get("reasoning_items") or [])
            if text:
                items.append(_said("assistant", "output_text", text))
            items.extend(
                {
                    "type": "function_call",
                    "call_id": bare_id(call["id"]),
                    "name": call["function"]["name"],
                    "arguments": call["function"]["arguments"],
                }
                for call in message.get("tool_calls") or ()
            )
        else:
            asked = {"type": "message", "role": "user", "content": _parts(message.get("content"))}
            items.append(asked)
    return "\n".join(system), items


def _parts(content: Any) -> list[dict[str, Any]]:
    """Words, images and files as input parts."""
    if not isinstance(content, list):
        return [{"type": "input_text", "text": text_of(content)}]
    shown = ("image_url", "file")
    return [
        responses_part(p)
        if p.get("type") in shown
        else {"type": "input_text", "text": str(p.get("text", ""))}
        for p in content
    ]


def _said(role: str, type: str, text: str) -> dict[str, Any]:
    return {"type": "message", "role": role, "content": [{"type": type, "text": text}]}


async def ask(state: SimState, body: dict[str, Any], model: str) -> Bits | Whole:
    """Ask the vendor; raises its ``Refusal``."""
    sent = translate(body, model)
    exchange = state.record("openai", "/vendor/openai/v1/responses", {}, sent)
    reply: Reply = await recorded(exchange, responses.answer(state, sent))
    if isinstance(reply, StreamReply):
        return _bits(streamed(reply))
    return _whole(whole(reply))


async def _bits(reply: StreamReply) -> Bits:
    calls = -1
    async for event in reply.events:
        data = event.data
        match data["type"]:
            case "response.created":
                yield _opening(data["response"])
            case "response.output_text.delta":
                yield Delta({"content": data["delta"]})
            case "response.reasoning_summary_text.delta":
                yield Delta({"reasoning_content": data["delta"]})
            case "response.output_item.added" if data["item"]["type"] == "function_call":
                calls += 1
                function = {"arguments": "", "name": data["item"]["name"]}
                call = {"id": data["item"]["call_id"], "function": function}
                yield Delta({"tool_calls": [{**call, "type": "function", "index": calls}]})
            case "response.function_call_arguments.delta":
                function = {"arguments": data["delta"]}
                yield Delta({"tool_calls": [{"function": function, "type": "function", "index": calls}]})
            case "response.failed":
                raise Refusal(500, {"error": data["response"]["error"]})
            case "response.completed" | "response.incomplete":
                final = data["response"]
                reasoning = _reasoning(final)
                if reasoning:
                    yield Delta({"reasoning_items": reasoning, "content": ""})
                yield Delta({}, _finish(final))
                yield _spent(final)


def _whole(body: dict[str, Any]) -> Whole:
    output = body["output"]
    text = "".join(item["content"][0]["text"] for item in output if item["type"] == "message")
    calls = [
        {
            "index": 0,
            "function": {"arguments": item["arguments"], "name": item["name"]},
            "id": item["call_id"],
            "type": "function",
        }
        for item in output
        if item["type"] == "function_call"
    ]
    message: dict[str, Any] = {"content": text or None, "role": "assistant"}
    if calls:
        message["tool_calls"] = calls
    summary = "".join(part["text"] for item in _reasoning(body) for part in item["summary"])
    if summary:
        message["reasoning_content"] = summary
    if _reasoning(body):
        message["reasoning_items"] = _reasoning(body)
    return Whole(_opening(body), message, _finish(body), _spent(body))


def _opening(body: dict[str, Any]) -> Opening:
    return Opening(body["id"], {"service_tier": body["service_tier"]})


def _reasoning(body: dict[str, Any]) -> list[dict[str, Any]]:
    return [item for item in body["output"] if item["type"] == "reasoning"]


def _finish(body: dict[str, Any]) -> str:
    if body["status"] == "incomplete":
        return "length" if body["incomplete_details"]["reason"] == "max_output_tokens" else "content_filter"
    return "tool_calls" if any(item["type"] == "function_call" for item in body["output"]) else "stop"


def _spent(body: dict[str, Any]) -> Spent:
    usage = body["usage"]
    return spent_openai(
        {
            "completion_tokens": usage["output_tokens"],
            "prompt_tokens": usage["input_tokens"],
            "total_tokens": usage["total_tokens"],
            "completion_tokens_details": dict(usage["output_tokens_details"]),
            "prompt_tokens_details": dict(usage["input_tokens_details"]),
        }
    )
