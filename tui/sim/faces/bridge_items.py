"""A request of ``/v1/responses`` as the proxy turns it into a chat request, for vendors without the endpoint.

Reasoning items become ``reasoning_content``, and where their encrypted content is the JSON of thinking
blocks, ``thinking_blocks`` of the assistant message that follows; all thinking ends up before all text.
"""

from __future__ import annotations

import json
from typing import Any

from tui.sim.faces.bridge_errors import own
from tui.sim.faces.responses_rules import type_of

_OWN_WORDS = frozenset(
    {
        "background",
        "context_management",
        "include",
        "input",
        "instructions",
        "max_output_tokens",
        "max_tool_calls",
        "previous_response_id",
        "prompt",
        "prompt_cache_key",
        "prompt_cache_retention",
        "reasoning",
        "service_tier",
        "store",
        "text",
        "tools",
        "tool_choice",
        "top_logprobs",
        "truncation",
    }
)
_PLAIN_TOOL = ("description", "parameters", "strict")


def translate(body: dict[str, Any]) -> dict[str, Any]:
    """The chat request; raises the proxy's refusal for an input without messages."""
    sent = {k: v for k, v in body.items() if k not in _OWN_WORDS and v is not None}
    sent["messages"] = _messages(body)
    if not sent["messages"]:
        raise own("litellm.BadRequestError: Invalid 'input': expected at least one message.")
    tools = [_tool(tool) for tool in body.get("tools") or () if tool.get("type") == "function"]
    if tools:
        sent["tools"] = tools
        if body.get("tool_choice") is not None:
            sent["tool_choice"] = _choice(body["tool_choice"])
    else:
        sent.pop("parallel_tool_calls", None)
    if body.get("max_output_tokens") is not None:
        sent["max_tokens"] = body["max_output_tokens"]
    reasoning = body.get("reasoning")
    effort = reasoning.get("effort") if isinstance(reasoning, dict) else reasoning
    if effort is not None:
        sent["reasoning_effort"] = effort
    wanted = _format(body.get("text"))
    if wanted is not None:
        sent["response_format"] = wanted
    if sent.get("stream"):
        sent["stream_options"] = {"include_usage": True}
    return sent


def _tool(tool: dict[str, Any]) -> dict[str, Any]:
    parameters = dict(tool.get("parameters") or {})
    parameters.setdefault("type", "object")
    function = {
        "name": tool.get("name") or "",
        "description": tool.get("description") or "",
        "parameters": parameters,
        "strict": bool(tool.get("strict")),
    }
    made: dict[str, Any] = {"type": "function", "function": function}
    return made | {k: v for k, v in tool.items() if k not in ("type", "name", *_PLAIN_TOOL)}


def _choice(choice: Any) -> Any:
    if not isinstance(choice, dict):
        return choice
    if choice.get("type") == "function" and choice.get("name"):
        return {"type": "function", "function": {"name": choice["name"]}}
    return {"auto": "auto", "none": "none"}.get(str(choice.get("type")), "required")


def _format(text: Any) -> dict[str, Any] | None:
    wanted = text.get("format") if isinstance(text, dict) else None
    if not isinstance(wanted, dict):
        return None
    if wanted.get("type") == "json_object":
        return {"type": "json_object"}
    if wanted.get("type") != "json_schema":
        return None
    schema = {"name": wanted.get("name", "response_schema"), "schema": wanted.get("schema", {})}
    return {"type": "json_schema", "json_schema": {**schema, "strict": wanted.get("strict", False)}}


def _messages(body: dict[str, Any]) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    if body.get("instructions"):
        made.append({"role": "system", "content": body["instructions"]})
    items = body["input"]
    if isinstance(items, str):
        return [*made, {"role": "user", "content": items}]
    thought: dict[str, Any] = {}
    for item in items if isinstance(items, list) else ():
        if not isinstance(item, dict):
            raise own("litellm.BadRequestError: Invalid 'input': expected a list of objects.")
        if type_of(item) == "reasoning":
            _remember(thought, item)
            continue
        message = _message(item)
        if message is None:
            continue
        if message["role"] == "assistant" and made and made[-1]["role"] == "assistant" and not thought:
            _merge(made[-1], message)
            continue
        if thought and message["role"] != "assistant":
            made.append({"role": "assistant", "content": None, **thought})
        made.append({**message, **thought} if message["role"] == "assistant" else message)
        thought = {}
    return [*made, {"role": "assistant", "content": None, **thought}] if thought else made


def _remember(thought: dict[str, Any], item: dict[str, Any]) -> None:
    """Keep what a reasoning item holds for the assistant message that comes next."""
    told = _texts(item.get("content")) or _texts(item.get("summary"))
    if told:
        before = thought.get("reasoning_content")
        thought["reasoning_content"] = f"{before}\n{told}" if before else told
    blocks = _thinking_blocks(item.get("encrypted_content"))
    if blocks:
        thought["thinking_blocks"] = [*thought.get("thinking_blocks", ()), *blocks]


def _texts(parts: Any) -> str:
    if isinstance(parts, str):
        return parts.strip()
    texts = [str(p.get("text") or "").strip() for p in parts or () if isinstance(p, dict)]
    return "\n".join(text for text in texts if text)


def _thinking_blocks(sealed: Any) -> list[dict[str, Any]]:
    """The thinking blocks in encrypted content this bridge had made; nothing of anyone else's."""
    try:
        blocks = json.loads(sealed) if isinstance(sealed, str) else None
    except ValueError:
        return []
    found = blocks if isinstance(blocks, list) else []
    return [b for b in found if isinstance(b, dict) and (b.get("signature") or b.get("data"))]


def _message(item: dict[str, Any]) -> dict[str, Any] | None:
    match type_of(item):
        case "function_call":
            call = {
                "id": item.get("call_id") or item.get("id") or "",
                "type": "function",
                "function": {"name": item.get("name") or "", "arguments": item.get("arguments") or ""},
                "index": 0,
            }
            return {"role": "assistant", "content": None, "tool_calls": [call]}
        case "function_call_output":
            content = _output(item.get("output"))
            return {"role": "tool", "tool_call_id": item.get("call_id"), "content": content}
        case "message":
            content = _content(item.get("content"))
            return None if content is None else {"role": item.get("role") or "user", "content": content}
        case _:
            return None


def _merge(last: dict[str, Any], more: dict[str, Any]) -> None:
    """Put a call or a text on the assistant message before it, as one turn of the model."""
    if more.get("tool_calls"):
        last["tool_calls"] = [*last.get("tool_calls", ()), *more["tool_calls"]]
    elif not last.get("content"):
        last["content"] = more["content"]
    else:
        last["content"] = [*_parts(last["content"]), *_parts(more["content"])]


def _parts(content: Any) -> list[dict[str, Any]]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else list(content)


def _content(content: Any) -> Any:
    if not isinstance(content, list):
        return content
    return [made for part in content if (made := _part(part)) is not None]


def _part(part: Any) -> dict[str, Any] | None:
    match part.get("type") if isinstance(part, dict) else None:
        case "input_image":
            image = {"url": part.get("image_url") or "", "detail": part.get("detail") or "auto"}
            return {"type": "image_url", "image_url": image}
        case "input_file":
            id = part.get("file_id") or part.get("file_url")
            file = {"file_id": id, "file_data": part.get("file_data"), "filename": part.get("filename")}
            return {"type": "file", "file": {k: v for k, v in file.items() if v}}
        case None:
            return None
        case _:
            return {"type": "text", "text": part["text"]} if part.get("text") is not None else None


def _output(output: Any) -> Any:
    """A tool's output: text where there is only text, else parts; files do not come through."""
    if not isinstance(output, list):
        return output or ""
    kept = [p for p in output if isinstance(p, dict) and p.get("type") in ("input_text", "input_image")]
    parts = [made for part in kept if (made := _part(part)) is not None]
    if any(part["type"] == "image_url" for part in parts):
        return parts
    return "".join(part["text"] for part in parts) or json.dumps(output)
