"""The rules a request in the chat dialect must keep, whoever the vendor is, with OpenAI's sentences.

Rules O1 to O7: messages and roles, calls answered at once and exactly, ids of at most 40 characters,
arguments that are text holding a JSON object, and strict tool schemas that are really strict.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from tui.sim.faces.openai_media import MediaCheck
from tui.sim.faces.openai_refusal import missing, refuse, too_long, unknown, wrong_type, wrong_value
from tui.sim.faces.schema_rules import check_object_schema, check_strict

ROLES = ("system", "assistant", "user", "function", "tool", "developer")
NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
ID_LIMIT = 40
_BAD_SCHEMA = "invalid_function_parameters"
_PARTS = {
    "user": ("text", "image_url", "input_audio", "file"),
    "assistant": ("text", "refusal"),
    "tool": ("text",),
    "system": ("text",),
    "developer": ("text",),
}


def check_dialogue(body: dict[str, Any], vendor: str = "openai") -> None:
    """Refuse a request whose messages, media or tools break a rule."""
    names = check_tools(body.get("tools"))
    messages = body.get("messages")
    if messages is None:
        missing("messages")
    if not isinstance(messages, list):
        wrong_type("messages", "an array of objects", messages)
    if not messages:
        _empty("messages")
    media = MediaCheck(str(body.get("model")), vendor, texts=False)
    for index, message in enumerate(messages):
        _check_message(message, index, names)
        if isinstance(message.get("content"), list):
            _check_media(message["content"], index, media)
    _check_pairing(messages)


def json_object(text: Any) -> bool:
    """Whether a value is text that holds a JSON object."""
    if not isinstance(text, str):
        return False
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def check_tools(tools: Any) -> frozenset[str] | None:
    """Refuse faulty tool definitions; give back the offered names, None when no tools are offered."""
    if tools is None:
        return None
    if not isinstance(tools, list) or not tools:
        _empty("tools")
    names = set()
    for index, tool in enumerate(tools):
        function = tool.get("function") if isinstance(tool, dict) else None
        if not isinstance(function, dict) or tool.get("type") != "function":
            missing(f"tools[{index}].function")
        check_function(function, f"tools[{index}].function")
        names.add(function["name"])
    return frozenset(names)


def check_function(function: dict[str, Any], path: str) -> None:
    """Refuse one tool definition whose name or strict schema the vendor would not take."""
    _check_name(function.get("name"), f"{path}.name")
    schema = function.get("parameters")
    if schema is None:
        return
    label, where = f"function '{function['name']}'", f"{path}.parameters"
    check_object_schema(schema, label, where, _BAD_SCHEMA)
    if function.get("strict") is True:
        check_strict(schema, label, where, _BAD_SCHEMA)


def _empty(path: str) -> NoReturn:
    refuse(
        f"Invalid '{path}': empty array. Expected an array with minimum length 1, "
        "but got an empty array instead.",
        param=path,
        code="empty_array",
    )


def _check_name(name: Any, path: str) -> None:
    if not isinstance(name, str) or not name:
        missing(path)
    if len(name) > 64:
        too_long(path, name, 64)
    if not NAME.fullmatch(name):
        refuse(
            f"Invalid '{path}': string does not match pattern. Expected a string that matches the pattern "
            "'^[a-zA-Z0-9_-]+$'.",
            param=path,
            code="invalid_value",
        )


def _check_message(message: Any, index: int, names: frozenset[str] | None) -> None:
    path = f"messages[{index}]"
    role = message.get("role") if isinstance(message, dict) else None
    if role not in ROLES:
        wrong_value(role, ROLES, f"{path}.role")
    calls = message.get("tool_calls")
    content = message.get("content")
    if content is None and not (role == "assistant" and (calls or message.get("refusal"))):
        refuse(
            "Invalid value for 'content': expected a string, got null.",
            param=f"messages.[{index}].content",
        )
    _check_content(content, role, path)
    if role == "tool":
        _check_id(message.get("tool_call_id"), f"{path}.tool_call_id")
    if calls is not None:
        _check_calls(calls, role, path, names)


def _check_content(content: Any, role: str, path: str) -> None:
    if content is None or isinstance(content, str):
        return
    if not isinstance(content, list):
        wrong_type(f"{path}.content", "one of a string or array of objects", content)
    allowed = _PARTS.get(role, ("text",))
    for number, part in enumerate(content):
        word = part.get("type") if isinstance(part, dict) else None
        if word == "image_url" and role == "tool":
            refuse(
                f"Invalid '{path}'. Image URLs are only allowed for messages with role 'user', but this "
                f"message with role '{role}' contains an image URL.",
                param=path,
                code="invalid_value",
            )
        if word not in allowed:
            wrong_value(word, allowed, f"{path}.content[{number}].type")


def _check_media(parts: list[Any], index: int, media: MediaCheck) -> None:
    for number, part in enumerate(parts):
        path = f"messages[{index}].content[{number}]"
        if part["type"] == "image_url":
            param = f"messages.[{index}].content.[{number}].type"
            media.image(part.get("image_url"), f"{path}.image_url", param)
        elif part["type"] == "file":
            media.file(part.get("file"), f"{path}.file")
        elif part["type"] == "text" and not isinstance(part.get("text"), str):
            missing(f"{path}.text")


def _check_id(value: Any, path: str) -> None:
    if not isinstance(value, str) or not value:
        missing(path)
    if len(value) > ID_LIMIT:
        too_long(path, value, ID_LIMIT)


def _check_calls(calls: Any, role: str, path: str, names: frozenset[str] | None) -> None:
    if role != "assistant":
        unknown(f"{path}.tool_calls")
    if not isinstance(calls, list) or not calls:
        _empty(f"{path}.tool_calls")
    seen = set()
    for number, call in enumerate(calls):
        here = f"{path}.tool_calls[{number}]"
        function = call.get("function") if isinstance(call, dict) else None
        if not isinstance(function, dict) or call.get("type", "function") != "function":
            missing(f"{here}.function")
        _check_id(call.get("id"), f"{here}.id")
        if call["id"] in seen:
            refuse(f"Duplicate value for 'tool_call_id' of '{call['id']}' in message {path}.", param=path)
        seen.add(call["id"])
        _check_name(function.get("name"), f"{here}.function.name")
        _check_arguments(function.get("arguments"), f"{here}.function.arguments")
        if names is not None and function["name"] not in names:
            refuse(
                f"Invalid '{here}.function.name': '{function['name']}' is not among the offered tools.",
                param=f"{here}.function.name",
                code="invalid_value",
            )


def _check_arguments(arguments: Any, path: str) -> None:
    if not isinstance(arguments, str):
        wrong_type(path, "a string", arguments)
    if not json_object(arguments):
        refuse(
            f"Invalid '{path}': expected a string that holds a JSON object.", param=path, code="invalid_value"
        )


def _check_pairing(messages: list[dict[str, Any]]) -> None:
    pending: dict[str, int] = {}
    for index, message in enumerate(messages):
        if message["role"] == "tool":
            if message["tool_call_id"] not in pending:
                refuse(
                    "Invalid parameter: messages with role 'tool' must be a response to a preceeding message "
                    "with 'tool_calls'.",
                    param=f"messages.[{index}].role",
                )
            del pending[message["tool_call_id"]]
            continue
        _check_answered(pending)
        pending = {call["id"]: index for call in message.get("tool_calls") or []}
    _check_answered(pending)


def _check_answered(pending: dict[str, int]) -> None:
    if pending:
        refuse(
            "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
            "'tool_call_id'. The following tool_call_ids did not have response messages: "
            + ", ".join(pending),
            param=f"messages.[{next(iter(pending.values()))}].role",
        )
