"""Reads the knobs out of what a vendor was sent, in the words of the program's settings."""

import json
from collections.abc import Callable
from typing import Any

from tests.proxy.tap import Call


def settings_at(call: Call) -> dict[str, Any]:
    """Every knob the vendor got; ``thinking`` is the vendor's own object, without what is beside it."""
    for tail, read in _READERS.items():
        if tail in call.path:
            found = read(call.body)
            found["stream"] = "stream" in call.path.lower() or bool(call.body.get("stream"))
            return {name: value for name, value in found.items() if value not in (None, {}, [])}
    raise AssertionError(f"no rule for {call.path}")


def _anthropic(body: dict[str, Any]) -> dict[str, Any]:
    thinking = dict(body.get("thinking") or {})
    config = body.get("output_config") or {}
    return {
        "display": thinking.pop("display", None),
        "thinking": thinking,
        "effort": config.get("effort"),
        "schema": (config.get("format") or {}).get("schema"),
        "max_tokens": body.get("max_tokens"),
        "temperature": body.get("temperature"),
        "top_p": body.get("top_p"),
        "top_k": body.get("top_k"),
        "stop": body.get("stop_sequences"),
        "cache": (body.get("cache_control") or {}).get("ttl"),
    }


def _converse(body: dict[str, Any]) -> dict[str, Any]:
    plain = body.get("inferenceConfig") or {}
    form = ((body.get("outputConfig") or {}).get("textFormat") or {}).get("structure") or {}
    written = (form.get("jsonSchema") or {}).get("schema")
    return {
        **_anthropic(body.get("additionalModelRequestFields") or {}),
        "schema": json.loads(written) if written else None,
        "max_tokens": plain.get("maxTokens"),
        "temperature": plain.get("temperature"),
        "top_p": plain.get("topP"),
        "stop": plain.get("stopSequences"),
    }


def _chat(body: dict[str, Any]) -> dict[str, Any]:
    form = (body.get("response_format") or {}).get("json_schema") or {}
    return {
        "effort": body.get("reasoning_effort"),
        "thinking": body.get("thinking"),
        "schema": form.get("schema") if form.get("strict") is True and form.get("name") else None,
        "max_tokens": body.get("max_completion_tokens", body.get("max_tokens")),
        "temperature": body.get("temperature"),
        "top_p": body.get("top_p"),
        "top_k": body.get("top_k"),
        "stop": body.get("stop"),
    }


def _responses(body: dict[str, Any]) -> dict[str, Any]:
    form = (body.get("text") or {}).get("format") or {}
    reasoning = body.get("reasoning") or {}
    return {
        "effort": reasoning.get("effort"),
        "display": "summarized" if reasoning.get("summary") else "omitted",
        "schema": form.get("schema") if form.get("strict") is True and form.get("name") else None,
        "max_tokens": body.get("max_output_tokens"),
        "temperature": body.get("temperature"),
        "top_p": body.get("top_p"),
    }


def _gemini(body: dict[str, Any]) -> dict[str, Any]:
    config = body.get("generationConfig") or {}
    return {
        "effort": (config.get("thinkingConfig") or {}).get("thinkingLevel"),
        "schema": config.get("response_json_schema"),
        "max_tokens": config.get("max_output_tokens"),
        "temperature": config.get("temperature"),
        "top_p": config.get("top_p"),
        "top_k": config.get("top_k"),
        "stop": config.get("stop_sequences"),
    }


_READERS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "/converse": _converse,
    "/invoke": _anthropic,
    "/anthropic/v1/messages": _anthropic,
    "/chat/completions": _chat,
    "/v1/responses": _responses,
    "GenerateContent": _gemini,
    "generateContent": _gemini,
}
"""By a piece of the path."""
