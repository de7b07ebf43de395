"""The rules a generateContent request must keep (G1 to G7), with Gemini's sentences."""

from __future__ import annotations

import base64
import re
from typing import Any

from tui.sim.faces.gemini_config import check_schema
from tui.sim.faces.gemini_media import check_media
from tui.sim.faces.gemini_refusal import camel, refuse
from tui.sim.seals import Seals

DUMMIES = ("skip_thought_signature_validator", "context_engineering_is_the_way_to_go")
_KNOWN_WORDS = """
    contents tools toolConfig systemInstruction generationConfig safetySettings cachedContent labels
    model serviceTier store
"""
_KNOWN = frozenset(_KNOWN_WORDS.split())
_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}")
_MISSING = (
    "Function call is missing a thought_signature in functionCall parts. This is required for tools to work "
    "correctly, and missing thought_signature may lead to degraded model performance. Additional data, "
    "function call `default_api:{name}` , position {position}. Please refer to "
    "https://ai.google.dev/gemini-api/docs/thought-signatures for more details."
)


def check_request(body: Any, model: str, seals: Seals) -> tuple[dict[str, Any], bool]:
    """Refuse what breaks a rule.

    Gives the request with its names in camel case, and whether a dummy signature stood in for a real one.
    """
    if not isinstance(body, dict):
        refuse("Invalid JSON payload received. Expected an object.")
    for word in body:
        if word not in _KNOWN and camel({word: None}).keys() - _KNOWN:
            refuse(f'Invalid JSON payload received. Unknown name "{word}": Cannot find field.')
    body = camel(body)
    body["contents"] = _contents(body.get("contents"))
    _check_tools(body.get("tools") or [])
    check_media(body["contents"])
    _check_order(body["contents"])
    _check_responses(body["contents"])
    degraded = _check_signatures(body["contents"], seals) if _is_three(model) else False
    return body, degraded


def calls_of(content: dict[str, Any]) -> list[dict[str, Any]]:
    """The parts of a content that are function calls."""
    return [part for part in content["parts"] if "functionCall" in part]


def responses_of(content: dict[str, Any]) -> list[dict[str, Any]]:
    """The function responses of a content."""
    return [part["functionResponse"] for part in content["parts"] if "functionResponse" in part]


def _is_three(model: str) -> bool:
    found = re.match(r"gemini-(\d+)", model)
    return found is not None and int(found[1]) >= 3 and "image" not in model


def _contents(contents: Any) -> list[dict[str, Any]]:
    if not isinstance(contents, list) or not contents:
        refuse("* GenerateContentRequest.contents: contents is not specified\n")
    found = []
    for index, content in enumerate(contents):
        parts = content.get("parts")
        if not parts:
            refuse(f"* GenerateContentRequest.contents[{index}].parts: contents.parts must not be empty.\n")
        role = content.get("role", "user")
        if role not in ("user", "model", "function"):
            refuse("Please use a valid role: user, model.")
        found.append({"role": "model" if role == "model" else "user", "parts": [camel(p) for p in parts]})
    return found


def _check_tools(tools: list[Any]) -> None:
    for number, tool in enumerate(tools):
        for index, declared in enumerate(camel(tool).get("functionDeclarations") or []):
            path = f"tools[{number}].function_declarations[{index}]"
            if not _NAME.fullmatch(str(declared.get("name", ""))):
                refuse(
                    f"* GenerateContentRequest.{path}.name: Invalid function name. Must start with a letter "
                    "or an underscore.\n"
                )
            if declared.get("parameters") is not None:
                check_schema(declared["parameters"], f"{path}.parameters")


def _check_order(contents: list[dict[str, Any]]) -> None:
    for index, content in enumerate(contents):
        before = contents[index - 1]["role"] if index else None
        if calls_of(content) and before != "user":
            refuse(
                "Please ensure that function call turn comes immediately after a user turn or after a "
                "function response turn."
            )
    if contents[0]["role"] == "model":
        refuse("Please ensure that multiturn requests alternate between user and model.")
    if contents[-1]["role"] == "model":
        refuse("Requests ending with a model turn are not supported")


def _check_responses(contents: list[dict[str, Any]]) -> None:
    calls: list[dict[str, Any]] = []
    for index, content in enumerate(contents):
        answers = responses_of(content)
        if len(answers) != len(calls):
            refuse(
                "Please ensure that the number of function response parts is equal to the number of function "
                "call parts of the function call turn."
            )
        for number, (call, response) in enumerate(zip(calls, answers, strict=True)):
            if not response.get("name"):
                refuse(
                    f"* GenerateContentRequest.contents[{index}].parts[{number}].function_response.name: "
                    "Name cannot be empty.\n"
                )
            wanted, given = call.get("id"), response.get("id")
            if response["name"] != call["name"] or (wanted and given and wanted != given):
                refuse(
                    "Please ensure that function response parts match the function call parts of the "
                    "function call turn in name, id and order."
                )
        calls = [part["functionCall"] for part in calls_of(content)]


def _check_signatures(contents: list[dict[str, Any]], seals: Seals) -> bool:
    """Check every signature of the current turn; true when a dummy stood in for one."""
    asked = [
        i for i, c in enumerate(contents) if c["role"] == "user" and len(responses_of(c)) < len(c["parts"])
    ]
    degraded = False
    for index in range(asked[-1] + 1 if asked else 0, len(contents)):
        content = contents[index]
        calls = calls_of(content)
        if calls and not calls[0].get("thoughtSignature"):
            refuse(_MISSING.format(name=calls[0]["functionCall"]["name"], position=index + 1))
        for part in content["parts"]:
            signature = part.get("thoughtSignature")
            if not signature:
                continue
            if is_dummy(signature) and calls and part is calls[0]:
                degraded = True
            elif not seals_part(seals, part, calls, signature):
                refuse("Corrupted thought signature.")
    return degraded


def is_dummy(signature: str) -> bool:
    """Whether this is one of the documented stand-ins, as it is or as base64."""
    return signature in DUMMIES or any(
        signature == base64.b64encode(dummy.encode()).decode() for dummy in DUMMIES
    )


def facts_of(part: dict[str, Any], place: int = 0) -> dict[str, Any]:
    """What a signature binds: the function called and its place among parallel calls, or plain text."""
    call = part.get("functionCall")
    return {"call": call["name"] if call else None, "place": place}


def seals_part(seals: Seals, part: dict[str, Any], calls: list[dict[str, Any]], signature: str) -> bool:
    """Whether a signature is genuine and still on the part it came with."""
    found = seals.open("gemini", signature)
    place = next((n for n, call in enumerate(calls) if call is part), 0)
    wanted = facts_of(part, place)
    return (
        found is not None
        and "functionResponse" not in part
        and {key: found.get(key) for key in wanted} == wanted
    )
