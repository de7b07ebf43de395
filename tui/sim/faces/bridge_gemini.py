"""The chat bridge to Gemini: thought signatures travel inside the ids of tool calls."""

from __future__ import annotations

import base64
import json
from typing import Any

from tui.sim.faces import gemini
from tui.sim.faces.bridge_errors import own
from tui.sim.faces.bridge_media import gemini_part
from tui.sim.faces.bridge_parts import (
    SEPARATOR,
    Bits,
    Delta,
    Opening,
    Spent,
    Whole,
    bare_id,
    billed,
    recorded,
    streamed,
    whole,
)
from tui.sim.faces.chat_rules import json_object
from tui.sim.faces.chat_scene import text_of
from tui.sim.faces.gemini_rules import DUMMIES
from tui.sim.faces.openai_refusal import refuse
from tui.sim.refusal import Refusal
from tui.sim.seals import digest
from tui.sim.state import SimState
from tui.sim.transport import Reply, StreamReply

_DUMMY = base64.b64encode(DUMMIES[0].encode()).decode()
_FINISH = {
    "STOP": "stop",
    "MAX_TOKENS": "length",
    "SAFETY": "content_filter",
    "MALFORMED_FUNCTION_CALL": "malformed_function_call",
}
_NOT_SCHEMA = ("$schema", "additionalProperties", "strict", "$id", "$defs", "const")
_DROP = (
    "To drop this param, set `litellm.drop_params = True` or pass in `(.., drop_params=True)` in the "
    "request - https://docs.litellm.ai/docs/completion/drop_params"
)
_TIERS = {"auto": "priority", "default": "standard"}
_LEVELS = {"none": "low", "minimal": "low", "low": "low", "medium": "medium", "high": "high"}


def translate(body: dict[str, Any]) -> dict[str, Any]:
    """The request as generateContent gets it; raises a refusal for a result without its call."""
    sent: dict[str, Any] = {"contents": _contents(body["messages"])}
    system = [text_of(m.get("content")) for m in body["messages"] if m["role"] in ("system", "developer")]
    if system:
        sent["system_instruction"] = {"parts": [{"text": text} for text in system]}
    functions = [tool["function"] for tool in body.get("tools") or ()]
    if functions:
        declared = [
            {**f, "parameters": _schema(f["parameters"])} if "parameters" in f else f for f in functions
        ]
        sent["tools"] = [{"function_declarations": [_schema(f) for f in declared]}]
    choice = _choice(body.get("tool_choice"))
    if choice is not None:
        sent["toolConfig"] = {"functionCallingConfig": choice}
    sent["generationConfig"] = _config(body)
    if body.get("service_tier") is not None:
        sent["serviceTier"] = _TIERS.get(body["service_tier"], body["service_tier"])
    return sent | (body.get("extra_body") or {})


def _choice(choice: Any) -> dict[str, Any] | None:
    if isinstance(choice, dict):
        return {"mode": "ANY", "allowed_function_names": [(choice.get("function") or {}).get("name")]}
    mode = {"none": "NONE", "required": "ANY"}.get(str(choice))
    return None if mode is None else {"mode": mode}


def _config(body: dict[str, Any]) -> dict[str, Any]:
    config: dict[str, Any] = {"temperature": body.get("temperature", 1.0)}
    config |= {word: body[word] for word in ("top_p", "top_k", "seed") if body.get(word) is not None}
    stop = body.get("stop") or body.get("stop_sequences")
    if stop:
        config["stop_sequences"] = [stop] if isinstance(stop, str) else stop
    limit = body.get("max_completion_tokens") or body.get("max_tokens")
    if limit is not None:
        config["max_output_tokens"] = limit
    wanted = body.get("response_format") or {}
    if wanted.get("type") in ("json_object", "json_schema"):
        config["response_mime_type"] = "application/json"
    if wanted.get("type") == "json_schema":
        config["response_json_schema"] = (wanted.get("json_schema") or {}).get("schema")
    effort = body.get("reasoning_effort")
    if isinstance(effort, str):
        if effort not in _LEVELS:
            words = "'minimal', 'low', 'medium', 'high', 'none', 'disable'"
            said = f"Invalid `reasoning_effort`: {effort!r}. Must be one of: {words}. {_DROP}"
            raise own(f"litellm.UnsupportedParamsError: {said}")
        config["thinkingConfig"] = {"thinkingLevel": _LEVELS[effort], "includeThoughts": effort != "none"}
    elif isinstance(body.get("thinking"), dict):
        config["thinkingConfig"] = {"includeThoughts": body["thinking"].get("type") == "enabled"}
    return config


def _schema(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_schema(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    return {key: _schema(value) for key, value in schema.items() if key not in _NOT_SCHEMA}


def _contents(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    contents: list[dict[str, Any]] = []
    names: dict[str, str] = {}
    for message in messages:
        role = message["role"]
        if role in ("system", "developer"):
            continue
        if role == "tool":
            parts = [_response(message, names)]
        elif role == "assistant":
            names = {c["id"]: c["function"]["name"] for c in message.get("tool_calls") or ()}
            parts = _said(message)
        else:
            parts = _asked(message.get("content"))
        wanted = "model" if role == "assistant" else "user"
        last = contents[-1] if contents else {"role": None, "parts": []}
        mixed = role == "user" and "function_response" in (last["parts"] or [{}])[-1]
        if last["role"] == wanted and not mixed:
            last["parts"].extend(parts)
        elif parts:
            contents.append({"role": wanted, "parts": parts})
    return contents


def _response(message: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    id = message["tool_call_id"]
    if id not in names:
        refuse("Missing corresponding tool call for tool response message.")
    content = message.get("content")
    told = {"name": names[id], "response": {"content": text_of(content)}, "id": bare_id(id)}
    shown = (
        [gemini_part(p) for p in content if p.get("type") == "image_url"] if isinstance(content, list) else []
    )
    return {"function_response": {**told, **({"parts": shown} if shown else {})}}


def _asked(content: Any) -> list[dict[str, Any]]:
    """The user's words and files as parts."""
    if not isinstance(content, list):
        return [{"text": text_of(content)}]
    shown = ("image_url", "file")
    return [gemini_part(p) if p.get("type") in shown else {"text": str(p.get("text", ""))} for p in content]


def _said(message: dict[str, Any]) -> list[dict[str, Any]]:
    thought, text = message.get("reasoning_content"), text_of(message.get("content"))
    parts: list[dict[str, Any]] = [{"thought": True, "text": thought}] if thought else []
    parts += [{"text": text}] if text else []
    for number, call in enumerate(message.get("tool_calls") or ()):
        arguments = call["function"]["arguments"] or "{}"
        args = json.loads(arguments) if json_object(arguments) else {}
        entry = {"name": call["function"]["name"], "args": args, "id": bare_id(call["id"])}
        part: dict[str, Any] = {"function_call": entry}
        fields = call.get("provider_specific_fields") or {}
        signature = fields.get("thought_signature") or call["id"].partition(SEPARATOR)[2]
        if signature or number == 0:
            part["thoughtSignature"] = signature or _DUMMY
        parts.append(part)
    return parts


async def ask(state: SimState, body: dict[str, Any], model: str) -> Bits | Whole:
    """Ask the vendor; raises its ``Refusal``."""
    sent = translate(body)
    method = "streamGenerateContent" if body.get("stream") else "generateContent"
    exchange = state.record("gemini", f"/vendor/gemini/v1beta/models/{model}:{method}", {}, sent)
    reply: Reply = await recorded(exchange, gemini.answer(state, model, method, exchange))
    if isinstance(reply, StreamReply):
        return _bits(streamed(reply))
    return _whole(whole(reply))


def _call(part: dict[str, Any], index: int, mark: str) -> dict[str, Any]:
    """A tool call whose id carries the signature, if there is one."""
    signature = part.get("thoughtSignature")
    id = f"call_{digest([mark, index])[:28]}"
    call: dict[str, Any] = {
        "id": f"{id}{SEPARATOR}{signature}" if signature else id,
        "function": {
            "arguments": json.dumps(part["functionCall"]["args"], ensure_ascii=False),
            "name": part["functionCall"]["name"],
        },
        "type": "function",
        "index": index,
    }
    if signature:
        call["provider_specific_fields"] = {"thought_signature": signature}
    return call


async def _bits(reply: StreamReply) -> Bits:
    opened, calls = False, 0
    async for event in reply.events:
        chunk = event.data
        if "error" in chunk:
            raise Refusal(chunk["error"]["code"], chunk)
        if not opened:
            yield Opening(chunk["responseId"], {})
            yield _spent(chunk["usageMetadata"])
            opened = True
        candidate = chunk["candidates"][0]
        for part in candidate["content"]["parts"]:
            fields: dict[str, Any] = {}
            if part.get("thoughtSignature"):
                fields["provider_specific_fields"] = {"thought_signatures": [part["thoughtSignature"]]}
            if "functionCall" in part:
                fields["tool_calls"] = [_call(part, calls, chunk["responseId"])]
                calls += 1
            elif part.get("text"):
                fields["reasoning_content" if part.get("thought") else "content"] = part["text"]
            if fields:
                yield Delta(fields)
        if candidate.get("finishReason"):
            yield Delta({}, _finish(candidate["finishReason"], calls))
            yield _spent(chunk["usageMetadata"])


def _whole(body: dict[str, Any]) -> Whole:
    candidate = body["candidates"][0]
    if candidate["finishReason"] == "SAFETY":
        return _withheld(body)
    parts = candidate["content"]["parts"]
    calls = [part for part in parts if "functionCall" in part]
    thoughts = "".join(part["text"] for part in parts if part.get("thought"))
    text = "".join(part.get("text", "") for part in parts if not part.get("thought"))
    message: dict[str, Any] = {"content": text or None, "role": "assistant", "images": []}
    if calls:
        message["tool_calls"] = [_call(part, n, body["responseId"]) for n, part in enumerate(calls)]
    message["thinking_blocks"] = []
    if thoughts:
        message["reasoning_content"] = thoughts
        message["thinking_blocks"] = [{"type": "thinking", "thinking": thoughts}]
    signatures = [part["thoughtSignature"] for part in parts if part.get("thoughtSignature")]
    if signatures:
        message["provider_specific_fields"] = {"thought_signatures": signatures}
    finish = _finish(candidate["finishReason"], len(calls))
    return Whole(Opening(body["responseId"], {}), message, finish, _spent(body["usageMetadata"]))


def _withheld(body: dict[str, Any]) -> Whole:
    """A whole answer the vendor took back: the proxy leaves nothing of it, and little of its usage."""
    spent = _spent(body["usageMetadata"])
    told = {
        "completion_tokens": body["usageMetadata"]["candidatesTokenCount"],
        "prompt_tokens": spent.usage["prompt_tokens"],
        "total_tokens": spent.usage["total_tokens"],
    }
    message = {"content": None, "role": "assistant"}
    return Whole(Opening(body["responseId"], {}), message, "content_filter", Spent(told, spent.billed))


def _finish(word: str, calls: int) -> str:
    return "tool_calls" if calls and word == "STOP" else _FINISH[word]


def _spent(usage: dict[str, Any]) -> Spent:
    prompt, cached = usage["promptTokenCount"], usage.get("cachedContentTokenCount", 0)
    thoughts, said = usage.get("thoughtsTokenCount", 0), usage["candidatesTokenCount"]
    told: dict[str, Any] = {
        "completion_tokens": said + thoughts,
        "prompt_tokens": prompt,
        "total_tokens": usage["totalTokenCount"],
        "completion_tokens_details": {"reasoning_tokens": thoughts, "text_tokens": said},
        "prompt_tokens_details": {"text_tokens": prompt - cached},
    }
    if cached:
        told["prompt_tokens_details"]["cached_tokens"] = cached
    return Spent(told, billed(prompt - cached, said + thoughts, cached))
