"""A chat request as the proxy rewrites it for Anthropic: only ``thinking_blocks`` brings thinking back."""

from __future__ import annotations

import json
from typing import Any

from tui.sim.deployments import Deployment
from tui.sim.faces.bridge_errors import own
from tui.sim.faces.bridge_media import claude_block
from tui.sim.faces.bridge_parts import bare_id, own_words
from tui.sim.faces.chat_rules import json_object
from tui.sim.faces.chat_scene import text_of
from tui.sim.faces.litellm_fit import BUDGETS, fitted
from tui.sim.faces.openai_refusal import refuse

DEFAULT_MAX_TOKENS = 4096
_LEVELS = {"minimal": "low"}
_CHOICES = {"auto": "auto", "required": "any", "none": "none"}
_TRANSLATED_WORDS = """
    max_completion_tokens max_tokens messages metadata model parallel_tool_calls reasoning_effort
    response_format stop stream_options thinking tool_choice tools user web_search_options
"""
_TRANSLATED = frozenset(_TRANSLATED_WORDS.split())


def translate(body: dict[str, Any], deployment: Deployment) -> dict[str, Any]:
    """The request of ``/v1/messages`` the proxy makes; raises its own refusal for tools left out."""
    messages = [m for m in body["messages"] if m["role"] not in ("system", "developer")]
    sent: dict[str, Any] = {"model": deployment.model, "messages": _messages(messages)}
    system = [
        b for m in body["messages"] if m["role"] in ("system", "developer") for b in _blocks(m["content"])
    ]
    if system:
        sent["system"] = system
    if body.get("tools"):
        sent["tools"] = [_tool(tool) for tool in body["tools"]]
    elif any(m.get("tool_calls") or m["role"] == "tool" for m in messages):
        refuse(
            "litellm.UnsupportedParamsError: Anthropic doesn't support tool calling without `tools=` param "
            "specified. Pass `tools=` param OR set `litellm.modify_params = True` // "
            "`litellm_settings::modify_params: True` to add dummy tool to the request."
        )
    # What the proxy has no word for goes on as it is, for the vendor to take or to refuse.
    sent |= {key: value for key, value in own_words(body).items() if key not in _TRANSLATED}
    if isinstance(body.get("user"), str):
        sent["metadata"] = {"user_id": body["user"]}
    _set_format(sent, body.get("response_format"))
    if body.get("stop") is not None:
        sent["stop_sequences"] = [body["stop"]] if isinstance(body["stop"], str) else body["stop"]
    _set_choice(sent, body)
    _set_thinking(sent, body, deployment)
    _set_limit(sent, body, deployment)
    return sent


def _set_format(sent: dict[str, Any], wanted: Any) -> None:
    """A wanted JSON schema, in the field the vendor had for it first; a mere JSON object is forgotten."""
    if isinstance(wanted, dict) and wanted.get("type") == "json_schema":
        schema = (wanted.get("json_schema") or {}).get("schema")
        sent["output_format"] = {"type": "json_schema", "schema": schema}


def _set_choice(sent: dict[str, Any], body: dict[str, Any]) -> None:
    choice = body.get("tool_choice")
    if isinstance(choice, dict):
        sent["tool_choice"] = {"type": "tool", "name": choice["function"]["name"]}
    elif choice in _CHOICES:
        sent["tool_choice"] = {"type": _CHOICES[choice]}
    if body.get("parallel_tool_calls") is False and sent.get("tools"):
        sent.setdefault("tool_choice", {"type": "auto"})["disable_parallel_tool_use"] = True


def _set_thinking(sent: dict[str, Any], body: dict[str, Any], deployment: Deployment) -> None:
    """The client's thinking, else what its effort means, else the configured thinking."""
    effort = body.get("reasoning_effort")
    generation = deployment.generation
    adaptive = generation is not None and "adaptive" in generation.thinking
    given = body.get("thinking")
    if given is None and effort is None:
        given = deployment.thinking
    if given is not None:
        limit = body.get("max_completion_tokens") or body.get("max_tokens")
        sent["thinking"] = dict(given)
        fitted(sent, deployment, limit)
    if effort in (None, "none") or not isinstance(effort, str):
        return
    level = _LEVELS.get(effort, effort)
    if adaptive:
        if generation is not None and level not in generation.efforts:
            said = f"effort='{level}' is not supported by this model. Got model: {deployment.model}"
            raise own(f"litellm.BadRequestError: {said}")
        # An effort asks for words of the thinking, which newer models leave out by themselves.
        sent.setdefault("thinking", {"type": "adaptive", "display": "summarized"})
        sent["output_config"] = {"effort": level, **(sent.get("output_config") or {})}
    elif given is None and effort in BUDGETS:
        sent["thinking"] = {"type": "enabled", "budget_tokens": BUDGETS[effort]}


def _set_limit(sent: dict[str, Any], body: dict[str, Any], deployment: Deployment) -> None:
    """The client's limit as it is, else the most there is, or some more than the thinking budget."""
    limit = body.get("max_completion_tokens") or body.get("max_tokens")
    budget = (sent.get("thinking") or {}).get("budget_tokens")
    generation = deployment.generation
    most = generation.max_output if generation else DEFAULT_MAX_TOKENS
    if limit is None:
        limit = most if budget is None else DEFAULT_MAX_TOKENS + budget
    sent["max_tokens"] = limit


def _tool(tool: dict[str, Any]) -> dict[str, Any]:
    function = tool["function"]
    made = {
        "name": function["name"],
        "input_schema": function.get("parameters") or {"type": "object"},
        "type": "custom",
    }
    if function.get("description") is not None:
        made["description"] = function["description"]
    if function.get("strict"):
        made["strict"] = True
    if tool.get("cache_control"):
        made["cache_control"] = tool["cache_control"]
    return made


def _messages(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for message in messages:
        if message["role"] == "assistant":
            role, blocks = "assistant", _assistant(message)
        elif message["role"] == "tool":
            role, blocks = "user", [_result(message)]
        else:
            role, blocks = "user", _blocks(message.get("content"))
        if made and made[-1]["role"] == role:
            made[-1]["content"].extend(blocks)
        elif blocks:
            made.append({"role": role, "content": blocks})
    return made


def _result(message: dict[str, Any]) -> dict[str, Any]:
    content: Any = message.get("content")
    shows = isinstance(content, list) and any(part.get("type") == "image_url" for part in content)
    told = _blocks(content) if shows else text_of(content)
    return {"type": "tool_result", "tool_use_id": bare_id(message["tool_call_id"]), "content": told}


def _assistant(message: dict[str, Any]) -> list[dict[str, Any]]:
    """All thinking first, then text, then calls: whatever order the model had spoken in."""
    content = message.get("content")
    blocks = [
        {k: v for k, v in block.items() if k != "index"} for block in message.get("thinking_blocks") or ()
    ]
    blocks += _blocks(content, keep=("thinking", "redacted_thinking"))
    for call in message.get("tool_calls") or ():
        arguments = call["function"].get("arguments") or "{}"
        if not json_object(arguments):
            refuse(f"litellm.BadRequestError: tool call arguments are not a JSON object: {arguments}")
        blocks.append(
            {
                "type": "tool_use",
                "id": bare_id(call["id"]),
                "name": call["function"]["name"],
                "input": json.loads(arguments),
            }
        )
    return blocks


def _blocks(content: Any, keep: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    if isinstance(content, str):
        return [{"type": "text", "text": content}] if content else []
    made: list[dict[str, Any]] = []
    for part in content or ():
        if part.get("type") == "text" and part.get("text"):
            made.append({k: v for k, v in part.items() if k in ("type", "text", "cache_control")})
        elif part.get("type") in ("image_url", "file"):
            made.append(claude_block(part))
        elif part.get("type") in keep:
            made.append(part)
    return made
