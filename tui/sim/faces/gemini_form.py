"""The form of a generateContent request: which fields are texts, lists and objects, as its proto has it."""

from __future__ import annotations

import json
from typing import Any

from tui.sim.faces.gemini_refusal import camel, refuse

Form = type | list[Any] | dict[str, Any]
"""A type; a list of one form; or the forms of an object's known fields, names in camel case."""

_INLINE: Form = {"mimeType": str, "data": str, "displayName": str}
_PART: Form = {
    "text": str,
    "thought": bool,
    "thoughtSignature": str,
    "inlineData": _INLINE,
    "fileData": dict,
    "functionCall": {"id": str, "name": str, "args": dict},
    "functionResponse": {"id": str, "name": str, "response": dict, "parts": [{"inlineData": _INLINE}]},
}
_FUNCTION: Form = {
    "name": str,
    "description": str,
    "parameters": dict,
    "parametersJsonSchema": dict,
    "response": dict,
}
REQUEST: Form = {
    "contents": [{"role": str, "parts": [_PART]}],
    "systemInstruction": {"role": str, "parts": [_PART]},
    "tools": [{"functionDeclarations": [_FUNCTION]}],
    "toolConfig": {"functionCallingConfig": {"mode": str, "allowedFunctionNames": [str]}},
    "generationConfig": {
        "stopSequences": [str],
        "responseMimeType": str,
        "responseSchema": dict,
        "responseJsonSchema": dict,
        "thinkingConfig": {"thinkingLevel": str, "includeThoughts": bool},
    },
    "safetySettings": list,
    "serviceTier": str,
    "cachedContent": str,
}
_NAMES = {str: "TYPE_STRING", bool: "TYPE_BOOL", dict: "TYPE_MESSAGE", list: "TYPE_LIST"}


def check_form(value: Any, form: Form = REQUEST, path: str = "") -> None:
    """Refuse the first value that is not of its field's type; fields without a form are let pass."""
    if isinstance(form, type):
        if not isinstance(value, form):
            _invalid(value, path, form)
    elif isinstance(form, list):
        if not isinstance(value, list):
            _invalid(value, path, list)
        for index, entry in enumerate(value):
            check_form(entry, form[0], f"{path}[{index}]")
    else:
        if not isinstance(value, dict):
            _invalid(value, path, dict)
        for (key, entry), name in zip(value.items(), camel(value), strict=False):
            if name in form:
                check_form(entry, form[name], f"{path}.{key}".removeprefix("."))


def _invalid(value: Any, path: str, wanted: type) -> None:
    refuse(f"Invalid value at '{path}' ({_NAMES[wanted]}), {json.dumps(value)}")
