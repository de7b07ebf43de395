"""The form of each content block, tool and cache mark in an Anthropic request."""

from __future__ import annotations

import re
from typing import Any

from tui.sim.faces.anthropic_request import refuse

_CACHE = frozenset({"cache_control"})
_KEYS: dict[str, frozenset[str]] = {
    "text": _CACHE | {"text", "citations"},
    "image": _CACHE | {"source"},
    "document": _CACHE | {"source", "title", "context", "citations"},
    "search_result": _CACHE | {"source", "title", "content", "citations"},
    "thinking": frozenset({"thinking", "signature"}),
    "redacted_thinking": frozenset({"data"}),
    "tool_use": _CACHE | {"id", "name", "input"},
    "tool_result": _CACHE | {"tool_use_id", "content", "is_error"},
    "server_tool_use": _CACHE | {"id", "name", "input"},
    "web_search_tool_result": _CACHE | {"tool_use_id", "content"},
}
_ASSISTANT_ONLY = ("thinking", "redacted_thinking", "tool_use", "server_tool_use", "web_search_tool_result")
_USER_ONLY = ("tool_result", "image", "document", "search_result")
_IDS = {
    "tool_use": r"^[a-zA-Z0-9_-]+$",
    "server_tool_use": r"^srvtoolu_[a-zA-Z0-9_]+$",
}
_TOOL_KEYS = frozenset(
    {
        "type",
        "name",
        "description",
        "input_schema",
        "cache_control",
        "strict",
        "eager_input_streaming",
        "defer_loading",
        "input_examples",
        "allowed_callers",
    }
)
_SCHEMA_TYPES = ("object", "array", "string", "number", "integer", "boolean", "null")


def check_block(block: Any, path: str, role: str) -> None:
    """Raise the vendor's refusal for a block that is malformed or in the wrong role's message."""
    if not isinstance(block, dict):
        refuse(f"{path}: Input should be a valid dictionary or object to extract fields from")
    kind = block.get("type")
    if kind is None:
        refuse(f"{path}: Unable to extract tag using discriminator 'type'")
    if kind not in _KEYS:
        known = ", ".join(repr(k) for k in _KEYS)
        refuse(
            f"{path}: Input tag {kind!r} found using 'type' does not match any of the expected tags: {known}"
        )
    for key in block:
        if key != "type" and key not in _KEYS[kind]:
            refuse(f"{path}.{kind}.{key}: Extra inputs are not permitted")
    if role != "assistant" and kind in _ASSISTANT_ONLY:
        refuse(f"{path}: `{kind}` blocks can only be in `assistant` messages")
    if role != "user" and kind in _USER_ONLY:
        refuse(f"{path}: `{kind}` blocks can only be in `user` messages")
    _CHECKS.get(kind, _nothing)(block, path)
    check_cache_mark(block, f"{path}.{kind}" if kind != "text" else path)


def check_system(system: Any) -> None:
    """Raise the vendor's refusal for a malformed system prompt."""
    if system is None or isinstance(system, str):
        return
    if not isinstance(system, list):
        refuse("system: Input should be a valid string or list")
    for index, block in enumerate(system):
        path = f"system.{index}"
        if not isinstance(block, dict) or block.get("type") != "text":
            refuse(f"{path}: Input should be a text block")
        for key in block:
            if key not in ("type", "text", "cache_control", "citations"):
                refuse(f"{path}.{key}: Extra inputs are not permitted")
        _text(block, path)
        check_cache_mark(block, path)


def check_tools(tools: Any) -> None:
    """Raise the vendor's refusal for malformed tools or a name used twice."""
    if tools is None:
        return
    if not isinstance(tools, list):
        refuse("tools: Input should be a valid list")
    seen: set[str] = set()
    for index, tool in enumerate(tools):
        if not isinstance(tool, dict):
            refuse(f"tools.{index}: Input should be a valid dictionary or object to extract fields from")
        if tool.get("type", "custom") == "custom":
            _custom_tool(tool, f"tools.{index}.custom")
        check_cache_mark(tool, f"tools.{index}.custom")
        name = str(tool.get("name"))
        if name in seen:
            refuse("tools: Tool names must be unique.")
        seen.add(name)
    if tools and all(tool.get("defer_loading") for tool in tools):
        refuse("tools: At least one tool must not have defer_loading set.")


def check_cache_mark(holder: dict[str, Any], path: str) -> None:
    """Raise the vendor's refusal for a malformed cache mark."""
    mark = holder.get("cache_control")
    if mark is None:
        return
    if not isinstance(mark, dict) or mark.get("type") != "ephemeral":
        refuse(f"{path}.cache_control: Input should be an object of type 'ephemeral'")
    for key in mark:
        if key not in ("type", "ttl"):
            refuse(f"{path}.cache_control.ephemeral.{key}: Extra inputs are not permitted")
    if mark.get("ttl", "5m") not in ("5m", "1h"):
        refuse(f"{path}.cache_control.ephemeral.ttl: Input should be '5m' or '1h'")


def _custom_tool(tool: dict[str, Any], path: str) -> None:
    for key in tool:
        if key not in _TOOL_KEYS:
            refuse(f"{path}.{key}: Extra inputs are not permitted")
    for key in ("name", "input_schema"):
        if key not in tool:
            refuse(f"{path}.{key}: Field required")
    if not re.fullmatch(r"[a-zA-Z0-9_-]{1,128}", str(tool["name"])):
        refuse(f"{path}.name: String should match pattern '^[a-zA-Z0-9_-]{{1,128}}$'")
    schema = tool["input_schema"]
    if not isinstance(schema, dict):
        refuse(f"{path}.input_schema: Input should be a valid dictionary")
    if any(k in schema for k in ("oneOf", "allOf", "anyOf")):
        refuse(f"{path}.input_schema: input_schema does not support oneOf, allOf, or anyOf at the top level")
    if schema.get("type") != "object":
        refuse(f"{path}.input_schema.type: Input should be 'object'")
    if not _is_schema(schema):
        refuse(
            f"{path}.input_schema: JSON schema is invalid. It must match JSON Schema draft 2020-12 "
            "(https://json-schema.org/draft/2020-12)."
        )


def _is_schema(schema: Any) -> bool:
    if isinstance(schema, bool):
        return True
    if not isinstance(schema, dict):
        return False
    kinds = schema.get("type", [])
    kinds = kinds if isinstance(kinds, list) else [kinds]
    properties = schema.get("properties", {})
    required = schema.get("required", [])
    return (
        all(kind in _SCHEMA_TYPES for kind in kinds)
        and isinstance(properties, dict)
        and all(_is_schema(p) for p in properties.values())
        and isinstance(required, list)
        and all(isinstance(r, str) for r in required)
        and _is_schema(schema.get("items", True))
    )


def _text(block: dict[str, Any], path: str) -> None:
    text = block.get("text")
    if not isinstance(text, str):
        refuse(f"{path}.text: {'Field required' if text is None else 'Input should be a valid string'}")
    if not text.strip():
        if block.get("cache_control"):
            refuse(f"{path}.text: cache_control cannot be set for empty text blocks")
        which = "non-empty" if not text else "contain non-whitespace text"
        refuse(f"messages: text content blocks must {'be ' if not text else ''}{which}")


def _thinking(block: dict[str, Any], path: str) -> None:
    if "thinking" not in block:
        refuse(f"{path}.thinking.thinking: Field required")
    if "signature" not in block:
        refuse(f"{path}.thinking.signature: Field required")
    for key in ("thinking", "signature"):
        if not isinstance(block[key], str):
            refuse(f"{path}.thinking.{key}.str: Input should be a valid string")
    if not block["signature"] and not block["thinking"].strip():
        refuse(f"{path}.thinking: each thinking block must contain thinking")


def _redacted(block: dict[str, Any], path: str) -> None:
    if not isinstance(block.get("data"), str):
        said = "Field required" if "data" not in block else "Input should be a valid string"
        refuse(f"{path}.redacted_thinking.data: {said}")


def _tool_use(block: dict[str, Any], path: str) -> None:
    kind = str(block["type"])
    for key in ("id", "name", "input"):
        if key not in block:
            refuse(f"{path}.{kind}.{key}: Field required")
    if not isinstance(block["id"], str) or not re.fullmatch(_IDS[kind], block["id"]):
        refuse(f"{path}.{kind}.id: String should match pattern '{_IDS[kind]}'")
    if not isinstance(block["name"], str) or not block["name"]:
        refuse(f"{path}.{kind}.name: String should have at least 1 character")
    if not isinstance(block["input"], dict):
        refuse(f"{path}.{kind}.input: Input should be a valid dictionary")


def _tool_result(block: dict[str, Any], path: str) -> None:
    if not isinstance(block.get("tool_use_id"), str):
        refuse(f"{path}.tool_result.tool_use_id: Field required")
    content = block.get("content", "")
    if isinstance(content, str):
        return
    if not isinstance(content, list):
        refuse(f"{path}.tool_result.content: Input should be a valid string or list")
    for index, inner in enumerate(content):
        kind = inner.get("type") if isinstance(inner, dict) else None
        where = f"{path}.tool_result.content.{index}"
        if kind not in ("text", "image", "document", "search_result"):
            refuse(f"{where}: Input tag {kind!r} found using 'type' does not match any of the expected tags")
        check_block(inner, where, "user")


def _source(block: dict[str, Any], path: str) -> None:
    source = block.get("source")
    if not isinstance(source, dict) or source.get("type") not in ("base64", "url", "file", "text", "content"):
        refuse(f"{path}.{block['type']}.source: Field required")
    if source["type"] == "base64" and not (source.get("media_type") and source.get("data")):
        refuse(f"{path}.{block['type']}.source.base64.data: Field required")


def _nothing(block: dict[str, Any], path: str) -> None:
    """Blocks whose inner form is not checked here."""


_CHECKS = {
    "text": _text,
    "thinking": _thinking,
    "redacted_thinking": _redacted,
    "tool_use": _tool_use,
    "server_tool_use": _tool_use,
    "tool_result": _tool_result,
    "image": _source,
    "document": _source,
}
