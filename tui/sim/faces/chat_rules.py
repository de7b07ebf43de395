"""The rules a request in the chat dialect must keep, whoever the vendor is, with OpenAI's sentences.

Rules O1 to O7: messages and roles, calls answered at once and exactly, ids of at most 40 characters,
arguments that are text holding a JSON object, and strict tool schemas that are really strict.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from tui.sim.refusal import Refusal

ROLES = ("system", "assistant", "user", "function", "tool", "developer")
NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
ID_LIMIT = 40
_PARTS = {
    "user": ("text", "image_url", "input_audio", "file"),
    "assistant": ("text", "refusal"),
    "tool": ("text",),
    "system": ("text",),
    "developer": ("text",),
}


def refuse(message: str, *, param: str | None = None, code: str | None = None, status: int = 400) -> NoReturn:
    """Raise the vendor's refusal in OpenAI's words and fields."""
    raise Refusal(status, error_body(message, "invalid_request_error", param=param, code=code))


def error_body(
    message: str, type: str, *, param: str | None = None, code: str | None = None
) -> dict[str, Any]:
    """An error in the shape every vendor of the chat dialect answers with."""
    return {"error": {"message": message, "type": type, "param": param, "code": code}}


def check_dialogue(body: dict[str, Any]) -> None:
    """Refuse a request whose messages or tools break rules O1 to O7."""
    names = check_tools(body.get("tools"))
    messages = body.get("messages")
    if messages is None:
        refuse("Missing required parameter: 'messages'.", param="messages", code="missing_required_parameter")
    if not isinstance(messages, list):
        refuse(
            f"Invalid type for 'messages': expected an array of objects, but got {kind(messages)} instead.",
            param="messages",
            code="invalid_type",
        )
    if not messages:
        refuse(
            "Invalid 'messages': empty array. Expected an array with minimum length 1, "
            "but got an empty array instead.",
            param="messages",
            code="empty_array",
        )
    for index, message in enumerate(messages):
        _check_message(message, index, names)
    _check_pairing(messages)


def kind(value: Any) -> str:
    """The vendor's words for the JSON type of a value."""
    words = {
        dict: "an object",
        list: "an array",
        str: "a string",
        bool: "a boolean",
        int: "an integer",
        float: "a decimal",
    }
    return words.get(type(value), "null")


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
        refuse(
            "Invalid 'tools': empty array. Expected an array with minimum length 1, "
            "but got an empty array instead.",
            param="tools",
            code="empty_array",
        )
    names = set()
    for index, tool in enumerate(tools):
        function = tool.get("function") if isinstance(tool, dict) else None
        if not isinstance(function, dict) or tool.get("type") != "function":
            refuse(
                f"Missing required parameter: 'tools[{index}].function'.",
                param=f"tools[{index}].function",
                code="missing_required_parameter",
            )
        check_function(function, f"tools[{index}].function")
        names.add(function["name"])
    return frozenset(names)


def check_function(function: dict[str, Any], path: str) -> None:
    """Refuse one tool definition whose name or strict schema the vendor would not take."""
    _check_name(function.get("name"), f"{path}.name")
    schema = function.get("parameters")
    if schema is None:
        return
    if not isinstance(schema, dict) or schema.get("type") != "object":
        found = schema.get("type") if isinstance(schema, dict) else None
        refuse(
            f"Invalid schema for function '{function['name']}': schema must be a JSON Schema of "
            f"'type: \"object\"', got 'type: \"{found}\"'.",
            param=f"{path}.parameters",
            code="invalid_function_parameters",
        )
    if function.get("strict") is True:
        _check_strict(schema, function["name"], (), f"{path}.parameters")


def _check_strict(schema: Any, name: str, context: tuple[str, ...], path: str) -> None:
    if not isinstance(schema, dict):
        return
    where = f"Invalid schema for function '{name}': In context=({_context(context)}), "
    if schema.get("type") == "object" or "properties" in schema:
        if schema.get("additionalProperties") is not False:
            refuse(
                f"{where}'additionalProperties' is required to be supplied and to be false.",
                param=path,
                code="invalid_function_parameters",
            )
        properties = schema.get("properties") or {}
        missing = [key for key in properties if key not in (schema.get("required") or [])]
        if missing:
            refuse(
                f"{where}'required' is required to be supplied and to be an array including every key "
                f"in properties. Missing '{missing[0]}'.",
                param=path,
                code="invalid_function_parameters",
            )
        for key, value in properties.items():
            _check_strict(value, name, (*context, "properties", key), path)
    if "items" in schema:
        _check_strict(schema["items"], name, (*context, "items"), path)


def _context(context: tuple[str, ...]) -> str:
    if len(context) == 1:
        return f"'{context[0]}',"
    return ", ".join(f"'{word}'" for word in context)


def _check_name(name: Any, path: str) -> None:
    if not isinstance(name, str) or not name:
        refuse(f"Missing required parameter: '{path}'.", param=path, code="missing_required_parameter")
    if len(name) > 64:
        _too_long(path, name, 64)
    if not NAME.fullmatch(name):
        refuse(
            f"Invalid '{path}': string does not match pattern. Expected a string that matches the pattern "
            "'^[a-zA-Z0-9_-]+$'.",
            param=path,
            code="invalid_value",
        )


def _too_long(path: str, text: str, limit: int) -> NoReturn:
    refuse(
        f"Invalid '{path}': string too long. Expected a string with maximum length {limit}, "
        f"but got a string with length {len(text)} instead.",
        param=path,
        code="string_above_max_length",
    )


def _check_message(message: Any, index: int, names: frozenset[str] | None) -> None:
    path = f"messages[{index}]"
    role = message.get("role") if isinstance(message, dict) else None
    if role not in ROLES:
        listed = ", ".join(f"'{word}'" for word in ROLES[:-1])
        refuse(
            f"Invalid value: '{role}'. Supported values are: {listed}, and '{ROLES[-1]}'.",
            param=f"{path}.role",
            code="invalid_value",
        )
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
        refuse(
            f"Invalid type for '{path}.content': expected one of a string or array of objects, "
            f"but got {kind(content)} instead.",
            param=f"{path}.content",
            code="invalid_type",
        )
    allowed = _PARTS.get(role, ("text",))
    for number, part in enumerate(content):
        word = part.get("type") if isinstance(part, dict) else None
        if word not in allowed:
            listed = ", ".join(f"'{name}'" for name in allowed)
            refuse(
                f"Invalid value: '{word}'. Supported values are: {listed}.",
                param=f"{path}.content[{number}].type",
                code="invalid_value",
            )


def _check_id(value: Any, path: str) -> None:
    if not isinstance(value, str) or not value:
        refuse(f"Missing required parameter: '{path}'.", param=path, code="missing_required_parameter")
    if len(value) > ID_LIMIT:
        _too_long(path, value, ID_LIMIT)


def _check_calls(calls: Any, role: str, path: str, names: frozenset[str] | None) -> None:
    if role != "assistant":
        refuse(
            f"Unknown parameter: '{path}.tool_calls'.", param=f"{path}.tool_calls", code="unknown_parameter"
        )
    if not isinstance(calls, list) or not calls:
        refuse(
            f"Invalid '{path}.tool_calls': empty array. Expected an array with minimum length 1, "
            "but got an empty array instead.",
            param=f"{path}.tool_calls",
            code="empty_array",
        )
    seen = set()
    for number, call in enumerate(calls):
        here = f"{path}.tool_calls[{number}]"
        function = call.get("function") if isinstance(call, dict) else None
        if not isinstance(function, dict) or call.get("type", "function") != "function":
            refuse(
                f"Missing required parameter: '{here}.function'.",
                param=f"{here}.function",
                code="missing_required_parameter",
            )
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
        refuse(
            f"Invalid type for '{path}': expected a string, but got {kind(arguments)} instead.",
            param=path,
            code="invalid_type",
        )
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
