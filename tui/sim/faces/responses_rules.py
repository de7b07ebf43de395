"""The rules the input of ``/v1/responses`` must keep (R1 to R8), with OpenAI's sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from tui.sim.faces.chat_rules import json_object
from tui.sim.faces.openai_media import MediaCheck
from tui.sim.faces.openai_refusal import kind, missing, refuse, too_long, unknown, wrong_value
from tui.sim.faces.responses_ids import PREFIXES, parse
from tui.sim.faces.responses_params import check_params

Items = list[dict[str, Any]]
Verify = Callable[[str, str], str | None]
"""Why encrypted content, given first, may not be read by a model, given second; None when it may."""

UNREADABLE = "Encrypted content could not be decrypted or parsed."
_ITEMS = ("message", "reasoning", "function_call", "function_call_output", "item_reference")
_INPUT_PARTS = ("input_text", "input_image", "input_file")
_OUTPUT_PARTS = ("output_text", "refusal")
_ID_CHARACTERS = re.compile(r"[A-Za-z0-9_-]+")
_FIELDS = {
    "message": {"role", "content", "phase"},
    "reasoning": {"summary", "content", "encrypted_content"},
    "function_call": {"call_id", "name", "arguments", "caller", "namespace"},
    "function_call_output": {"call_id", "output", "caller"},
    "item_reference": set[str](),
}
_PART_FIELDS = {
    "input_text": {"text"},
    "input_image": {"image_url", "file_id", "detail"},
    "input_file": {"file_data", "file_id", "file_url", "filename"},
    "output_text": {"text", "annotations", "logprobs"},
    "refusal": {"refusal"},
}


def check_request(
    body: dict[str, Any], verify: Verify, stored: Mapping[str, Items], vendor: str = "openai"
) -> Items:
    """Refuse a request that breaks a rule; give back the whole conversation as a list of items.

    ``stored`` holds the conversation of every response that was kept, by id.
    """
    check_params(body, vendor)
    given = body.get("input")
    if isinstance(given, str):
        given = [{"type": "message", "role": "user", "content": given}]
    if not isinstance(given, list) or not given:
        missing("input")
    media = MediaCheck(str(body["model"]), vendor, texts=True)
    for index, item in enumerate(given):
        _check_item(item, index, media)
    earlier = _earlier(body.get("previous_response_id"), stored)
    _check_ids(given, earlier)
    items: Items = [*earlier, *given]
    _check_pairing(items)
    _check_reasoning(given, {item["id"] for item in earlier if "id" in item}, body, verify)
    return items


def _earlier(previous: Any, stored: Mapping[str, Items]) -> Items:
    if previous is None:
        return []
    if previous not in stored:
        refuse(
            f"Previous response with id '{previous}' not found.",
            param="previous_response_id",
            code="previous_response_not_found",
        )
    return stored[previous]


def type_of(item: dict[str, Any]) -> str:
    """The item's type; an item with a role and no type is a message."""
    word = item.get("type") or ("message" if "role" in item else "")
    return str(word)


def _check_item(item: Any, index: int, media: MediaCheck) -> None:
    path = f"input[{index}]"
    word = type_of(item) if isinstance(item, dict) else kind(item)
    if word not in _ITEMS:
        wrong_value(word, _ITEMS, path)
    for key in item:
        if key not in _FIELDS[word] and key not in ("type", "id", "status"):
            unknown(f"{path}.{key}")
    if word == "message":
        _check_content(item, path, media)
    elif word == "reasoning":
        if not isinstance(item.get("summary"), list):
            missing(f"{path}.summary")
        _check_summary(item["summary"], path)
    elif word == "function_call":
        for key in ("call_id", "name", "arguments"):
            if not isinstance(item.get(key), str) or not item[key]:
                missing(f"{path}.{key}")
        _check_call_id(item["call_id"], path)
        if not json_object(item["arguments"]):
            refuse(
                f"Invalid '{path}.arguments': expected a string that holds a JSON object.",
                param=f"{path}.arguments",
                code="invalid_value",
            )
    elif word == "function_call_output":
        if not isinstance(item.get("call_id"), str):
            missing(f"{path}.call_id")
        _check_call_id(item["call_id"], path)
        if not isinstance(item.get("output"), str | list):
            missing(f"{path}.output")
        if isinstance(item["output"], list):
            _check_parts(item["output"], _INPUT_PARTS, f"{path}.output", media)


def _check_call_id(id: str, path: str) -> None:
    if len(id) > 64:
        too_long(f"{path}.call_id", id, 64)


def _check_summary(summary: list[Any], path: str) -> None:
    for number, part in enumerate(summary):
        word = part.get("type") if isinstance(part, dict) else None
        if word != "summary_text":
            wrong_value(word, ("summary_text",), f"{path}.summary[{number}].type")
        if not isinstance(part.get("text"), str):
            missing(f"{path}.summary[{number}].text")


def _check_content(item: dict[str, Any], path: str, media: MediaCheck) -> None:
    role, content = item.get("role"), item.get("content")
    if role not in ("user", "assistant", "system", "developer"):
        wrong_value(role, ("assistant", "system", "developer", "user"), path)
    if isinstance(content, str):
        return
    if not isinstance(content, list):
        missing(f"{path}.content")
    allowed = _OUTPUT_PARTS if role == "assistant" else _INPUT_PARTS
    _check_parts(content, allowed, f"{path}.content", media)


def _check_parts(parts: list[Any], allowed: tuple[str, ...], path: str, media: MediaCheck) -> None:
    for number, part in enumerate(parts):
        where = f"{path}[{number}]"
        word = part.get("type") if isinstance(part, dict) else None
        if word not in allowed:
            wrong_value(word, allowed, where)
        for key in part:
            if key != "type" and key not in _PART_FIELDS[word]:
                unknown(f"{where}.{key}")
        if word in ("input_text", "output_text") and not isinstance(part.get("text"), str):
            missing(f"{where}.text")
        if word == "input_image":
            media.detail(part.get("detail"), f"{where}.detail")
            media.image(part.get("image_url"), f"{where}.image_url", where)
        elif word == "input_file":
            media.file({k: v for k, v in part.items() if k != "type"}, where)


def _check_ids(items: Items, earlier: Items) -> None:
    seen = {str(item["id"]) for item in earlier if "id" in item}
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
            too_long(path, id, 64)
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


def _check_pairing(items: Items) -> None:
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


def _check_reasoning(items: Items, earlier: set[str], body: dict[str, Any], verify: Verify) -> None:
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
    reason = verify(sealed, model) if isinstance(sealed, str) else UNREADABLE
    if reason is not None:
        short = f"{str(sealed)[:4]}...{str(sealed)[-4:]}"
        named = f"for item {id}" if id is not None else short
        because = f" Reason: {reason}" if id is not None else ""
        refuse(
            f"The encrypted content {named} could not be verified.{because}", code="invalid_encrypted_content"
        )


def _check_followed(items: Items, index: int) -> None:
    """What followed the reasoning follows it again; only stored reasoning knows it without its id."""
    item = items[index]
    later = [entry for entry in items[index + 1 :] if type_of(entry) != "reasoning"]
    follows = later[0] if later else {}
    mine = parse(item["id"])
    other = parse(str(follows.get("id", "")))
    said = type_of(follows) == "function_call" or follows.get("role") == "assistant"
    same = mine is None or (mine.stored if other is None else mine.token == other.token)
    if not said or not same:
        refuse(
            f"Item '{item['id']}' of type 'reasoning' was provided without its required following item.",
            param="input",
        )
