"""The generation config a Gemini request may ask for, held against the model and the vendor's ranges."""

from __future__ import annotations

from typing import Any

from tui.sim.faces.gemini_refusal import camel, refuse
from tui.sim.generations import Generation

_KNOWN_WORDS = """
    audioTimestamp candidateCount enableAffectiveDialog enableEnhancedCivicAnswers frequencyPenalty
    imageConfig logprobs maxOutputTokens mediaResolution modelSelectionConfig presencePenalty
    responseJsonSchema responseLogprobs responseMimeType responseModalities responseSchema
    routingConfig seed speechConfig stopSequences temperature thinkingConfig topK topP
"""
_KNOWN = frozenset(_KNOWN_WORDS.split())
_RANGES: dict[str, tuple[float, float]] = {
    "temperature": (0.0, 2.0),
    "topP": (0.0, 1.0),
    "topK": (1, 1000),
}
_MOST_STOPS = 5
_MIME_TYPES = ("text/plain", "application/json", "text/x.enum")
_LEVELS = ("minimal", "low", "medium", "high")


def check_config(config: dict[str, Any], generation: Generation) -> None:
    """Refuse what the vendor or the model would not take; names in camel case."""
    for word in config:
        if word not in _KNOWN:
            refuse(
                f"Invalid JSON payload received. Unknown name \"{word}\" at 'generation_config': "
                "Cannot find field."
            )
    for word, (least, most) in _RANGES.items():
        value = config.get(word)
        if value is not None and not (_is_number(value) and least <= value <= most):
            name = {"topP": "top_p", "topK": "top_k"}.get(word, word)
            refuse(
                f"* GenerateContentRequest.generation_config.{name}: {name} must be in the range "
                f"[{least}, {most}].\n"
            )
    limit = config.get("maxOutputTokens")
    if limit is not None and not (_is_number(limit) and 1 <= limit <= generation.max_output):
        refuse(
            f"Unable to submit request because it has a maxOutputTokens value of {limit} but the supported "
            f"range is from 1 (inclusive) to {generation.max_output + 1} (exclusive). Update the value and "
            "try again."
        )
    stops = config.get("stopSequences") or []
    if len(stops) > _MOST_STOPS:
        refuse(f"The number of stop sequences is out of range. Valid range is 0..{_MOST_STOPS}.")
    _check_format(config)
    _check_thinking(camel(config.get("thinkingConfig") or {}), generation)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _check_format(config: dict[str, Any]) -> None:
    mime = config.get("responseMimeType", "text/plain")
    if mime not in _MIME_TYPES:
        refuse(
            "* GenerateContentRequest.generation_config.response_mime_type: allowed mimetypes are "
            "`text/plain`, `application/json`, `application/xml`, `application/yaml` and `text/x.enum`.\n"
        )
    schemas = [word for word in ("responseSchema", "responseJsonSchema") if config.get(word) is not None]
    if schemas and mime == "text/plain":
        refuse(
            "* GenerateContentRequest.generation_config.response_schema: only allowed when "
            "response_mime_type is `application/json` or `text/x.enum`.\n"
        )
    if len(schemas) > 1:
        refuse("Only one of response_schema and response_json_schema may be set.")
    if "responseSchema" in schemas:
        check_schema(config["responseSchema"], "generation_config.response_schema")
    if schemas and not isinstance(config[schemas[0]], dict):
        refuse(f"Invalid value at 'generation_config.{schemas[0]}'.")


def _check_thinking(thinking: dict[str, Any], generation: Generation) -> None:
    level = thinking.get("thinkingLevel")
    if level is not None and thinking.get("thinkingBudget") is not None:
        refuse("You can only set only one of thinking budget and thinking level.")
    if level is None:
        return
    if str(level).lower() not in _LEVELS:
        refuse(
            "Invalid value at 'generation_config.thinking_config.thinking_level' "
            f'(type.googleapis.com/google.ai.generativelanguage.v1beta.ThinkingLevel), "{level}"'
        )
    if generation.efforts and str(level).lower() not in generation.efforts:
        refuse(
            f"Thinking level {str(level).upper()} is not supported for this model. Please retry with other "
            "thinking level."
        )


_SCHEMA_WORDS = """
    type format title description nullable enum maxItems minItems properties required minProperties
    maxProperties minLength maxLength pattern example anyOf propertyOrdering default items minimum
    maximum
"""
_SCHEMA = frozenset(_SCHEMA_WORDS.split())


def check_schema(schema: Any, path: str) -> None:
    """Refuse a schema beyond the part of OpenAPI the vendor reads (rule G7)."""
    if not isinstance(schema, dict):
        refuse(f"Invalid value at '{path}'.")
    for word in schema:
        if camel({word: None}).keys() - _SCHEMA:
            refuse(f"Invalid JSON payload received. Unknown name \"{word}\" at '{path}': Cannot find field.")
    for key, value in (schema.get("properties") or {}).items():
        check_schema(value, f"{path}.properties[{key}]")
    if "items" in schema:
        check_schema(schema["items"], f"{path}.items")
