"""The rules a request to OpenAI's ``/v1/responses`` must keep (R1 to R9), with the vendor's sentences."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tui.sim.faces.chat_params import reasons
from tui.sim.faces.chat_rules import check_function, json_object, kind, refuse
from tui.sim.faces.responses_ids import PREFIXES, parse

Verify = Callable[[str, str], bool]
"""Whether encrypted content, given first, may be read by a model, given second."""

_KNOWN_WORDS = """
    background conversation include input instructions max_output_tokens max_tool_calls metadata model
    parallel_tool_calls previous_response_id prompt prompt_cache_key prompt_cache_retention reasoning
    safety_identifier service_tier store stream stream_options temperature text tool_choice tools
    top_logprobs top_p truncation user
"""
_KNOWN = frozenset(_KNOWN_WORDS.split())
_INCLUDES = (
    "file_search_call.results",
    "message.input_image.image_url",
    "message.output_text.logprobs",
    "reasoning.encrypted_content",
    "web_search_call.action.sources",
)
_CONTEXTS = ("auto", "current_turn", "all_turns")
_ITEMS = ("message", "reasoning", "function_call", "function_call_output", "item_reference")
_INPUT_PARTS = ("input_text", "input_image", "input_file")
_OUTPUT_PARTS = ("output_text", "refusal")
_ID_CHARACTERS = re.compile(r"[A-Za-z0-9_-]+")


def check_request(body: dict[str, Any], verify: Verify) -> list[dict[str, Any]]:
    """Refuse a request that breaks a rule; give back its input as a list of items."""
    _check_params(body)
    items = body.get("input")
    if isinstance(items, str):
        items = [{"type": "message", "role": "user", "content": items}]
    if not isinstance(items, list) or not items:
        refuse("Missing required parameter: 'input'.", param="input", code="missing_required_parameter")
    for index, item in enumerate(items):
        _check_item(item, index)
    _check_ids(items)
    _check_pairing(items)
    _check_reasoning(items, body, verify)
    return items


def type_of(item: dict[str, Any]) -> str:
    """The item's type; an item with a role and no type is a message."""
    word = item.get("type") or ("message" if "role" in item else "")
    return str(word)


def _listed(words: tuple[str, ...]) -> str:
    head = ", ".join(f"'{word}'" for word in words[:-1])
    return f"{head}, and '{words[-1]}'" if len(words) > 2 else f"{head} and '{words[-1]}'"


def _check_params(body: dict[str, Any]) -> None:
    for word in body:
        if word not in _KNOWN:
            refuse(f"Unknown parameter: '{word}'.", param=word, code="unknown_parameter")
    model = body.get("model")
    if not isinstance(model, str) or not model:
        refuse("Missing required parameter: 'model'.", param="model", code="missing_required_parameter")
    previous = body.get("previous_response_id")
    if previous is not None:
        refuse(
            f"Previous response with id '{previous}' not found.",
            param="previous_response_id",
            code="previous_response_not_found",
        )
    for index, word in enumerate(body.get("include") or []):
        if word not in _INCLUDES:
            refuse(
                f"Invalid value: '{word}'. Supported values are: {_listed(_INCLUDES)}.",
                param=f"include[{index}]",
                code="invalid_value",
            )
    context = (body.get("reasoning") or {}).get("context")
    if context is not None and context not in _CONTEXTS:
        refuse(
            f"Invalid value: '{context}'. Supported values are: {_listed(_CONTEXTS)}.",
            param="reasoning.context",
            code="invalid_value",
        )
    for word in ("temperature", "top_p"):
        if reasons(model) and body.get(word) not in (None, 1):
            refuse(
                f"Unsupported parameter: '{word}' is not supported with this model.",
                param=word,
                code="unsupported_parameter",
            )
    for index, tool in enumerate(body.get("tools") or []):
        if tool.get("type") == "function":
            check_function(tool, f"tools[{index}]")


def _check_item(item: Any, index: int) -> None:
    path = f"input[{index}]"
    word = type_of(item) if isinstance(item, dict) else kind(item)
    if word not in _ITEMS:
        refuse(
            f"Invalid value: '{word}'. Supported values are: {_listed(_ITEMS)}.",
            param=path,
            code="invalid_value",
        )
    if word == "message":
        _check_content(item, path)
    elif word == "reasoning":
        if not isinstance(item.get("summary"), list):
            _missing(f"{path}.summary")
    elif word == "function_call":
        for key in ("call_id", "name", "arguments"):
            if not isinstance(item.get(key), str) or not item[key]:
                _missing(f"{path}.{key}")
        if not json_object(item["arguments"]):
            refuse(
                f"Invalid '{path}.arguments': expected a string that holds a JSON object.",
                param=f"{path}.arguments",
                code="invalid_value",
            )
    elif word == "function_call_output":
        if not isinstance(item.get("call_id"), str):
            _missing(f"{path}.call_id")
        if not isinstance(item.get("output"), str | list):
            _missing(f"{path}.output")


def _missing(path: str) -> None:
    refuse(f"Missing required parameter: '{path}'.", param=path, code="missing_required_parameter")


def _check_content(item: dict[str, Any], path: str) -> None:
    role, content = item.get("role"), item.get("content")
    if role not in ("user", "assistant", "system", "developer"):
        refuse(
            f"Invalid value: '{role}'. Supported values are: 'assistant', 'system', 'developer', and 'user'.",
            param=path,
            code="invalid_value",
        )
    if isinstance(content, str):
        return
    if not isinstance(content, list):
        _missing(f"{path}.content")
        return
    allowed = _OUTPUT_PARTS if role == "assistant" else _INPUT_PARTS
    for number, part in enumerate(content):
        if part.get("type") not in allowed:
            refuse(
                f"Invalid value: '{part.get('type')}'. Supported values are: {_listed(allowed)}.",
                param=f"{path}.content[{number}]",
                code="invalid_value",
            )


def _check_ids(items: list[dict[str, Any]]) -> None:
    seen = set()
    for index, item in enumerate(items):
        id, word = item.get("id"), type_of(item)
        if word == "item_reference":
            refuse(f"Item with id '{id}' not found.", param="input", status=404)
        if id is None:
            continue
        path = f"input[{index}].id"
        prefix = PREFIXES[word]
        if not str(id).startswith(f"{prefix}_"):
            refuse(
                f"Invalid '{path}': '{id}'. Expected an ID that begins with '{prefix}'.",
                param=path,
                code="invalid_value",
            )
        if len(id) > 64:
            refuse(
                f"Invalid '{path}': string too long. Expected a string with maximum length 64, "
                f"but got a string with length {len(id)} instead.",
                param=path,
                code="string_above_max_length",
            )
        if not _ID_CHARACTERS.fullmatch(id):
            refuse(
                f"Invalid '{path}': '{id}'. Expected an ID that contains letters, numbers, underscores, "
                "or dashes, but this value contained additional characters.",
                param=path,
                code="invalid_value",
            )
        if id in seen:
            refuse(
                f"Duplicate item found with id {id}. Remove duplicate items from your input and try again.",
                param="input",
            )
        seen.add(id)


def _check_pairing(items: list[dict[str, Any]]) -> None:
    open_calls: list[str] = []
    for item in items:
        word = type_of(item)
        if word == "function_call":
            open_calls.append(item["call_id"])
        elif word == "function_call_output":
            if item["call_id"] not in open_calls:
                refuse(
                    f"No tool call found for function call output with call_id {item['call_id']}.",
                    param="input",
                )
            open_calls.remove(item["call_id"])
    if open_calls:
        refuse(f"No tool output found for function call {open_calls[0]}.", param="input")


def _check_reasoning(items: list[dict[str, Any]], body: dict[str, Any], verify: Verify) -> None:
    earlier = set()
    for index, item in enumerate(items):
        word, id = type_of(item), item.get("id")
        known = parse(id) if isinstance(id, str) else None
        if word == "reasoning":
            _check_seal(item, index, body["model"], verify)
            if id is not None:
                _check_followed(items, index)
                earlier.add(id)
        elif known is not None and known.reasoning is not None and known.reasoning not in earlier:
            refuse(
                f"Item '{id}' of type '{word}' was provided without its required 'reasoning' item: "
                f"'{known.reasoning}'.",
                param="input",
            )


def _check_seal(item: dict[str, Any], index: int, model: str, verify: Verify) -> None:
    id, sealed = item.get("id"), item.get("encrypted_content")
    known = parse(id) if isinstance(id, str) else None
    if sealed is None:
        if id is None:
            refuse(
                f"Invalid 'input[{index}]': a reasoning item needs an 'id' or 'encrypted_content'.",
                param=f"input[{index}]",
                code="invalid_value",
            )
        if known is None or not known.stored:
            refuse(
                f"Item with id '{id}' not found. Items are not persisted when `store` is set to false. "
                "Try again with `store` set to true, or remove this item from your input.",
                param="input",
                status=404,
            )
        return
    if not isinstance(sealed, str) or not verify(sealed, model):
        short = f"{str(sealed)[:4]}...{str(sealed)[-4:]}"
        named = f"for item {id}" if id is not None else short
        reason = " Reason: Encrypted content could not be decrypted or parsed." if id is not None else ""
        refuse(
            f"The encrypted content {named} could not be verified.{reason}", code="invalid_encrypted_content"
        )


def _check_followed(items: list[dict[str, Any]], index: int) -> None:
    item = items[index]
    later = [entry for entry in items[index + 1 :] if type_of(entry) != "reasoning"]
    follows = later[0] if later else {}
    mine = parse(item["id"])
    other = parse(str(follows.get("id", "")))
    said = type_of(follows) == "function_call" or follows.get("role") == "assistant"
    same = mine is None or other is None or mine.token == other.token
    if not said or not same:
        refuse(
            f"Item '{item['id']}' of type 'reasoning' was provided without its required following item.",
            param="input",
        )
