"""The parameters each vendor of the chat dialect takes, by model, and the reasoning it wants back.

Rules O8 and O9: what reasoning models refuse at OpenAI, what grok refuses at xAI, and the
``reasoning_content`` DeepSeek must see again in a tool loop.
"""

from __future__ import annotations

import re
from typing import Any

from tui.sim.faces.openai_refusal import (
    listed,
    missing,
    out_of_range,
    refuse,
    unknown,
    wrong_type,
    wrong_value,
)
from tui.sim.faces.schema_rules import check_object_schema, check_strict
from tui.sim.generations import generation_of

_KNOWN_WORDS = """
    audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens max_tokens
    messages metadata modalities model moderation n parallel_tool_calls prediction presence_penalty
    prompt_cache_key prompt_cache_retention reasoning_effort response_format safety_identifier seed
    service_tier stop store stream stream_options temperature tool_choice tools top_logprobs top_p user
    verbosity web_search_options
"""
_KNOWN = frozenset(_KNOWN_WORDS.split())
_VENDOR_WORDS = {
    "openai": frozenset[str](),
    "xai": frozenset({"search_parameters", "deferred"}),
    "deepseek": frozenset({"thinking"}),
}
_EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh")
_SAMPLING = ("temperature", "top_p", "presence_penalty", "frequency_penalty")
_NEUTRAL = {"temperature": 1, "top_p": 1, "presence_penalty": 0, "frequency_penalty": 0}
_RANGES = {
    "temperature": (0, 2),
    "top_p": (0, 1),
    "presence_penalty": (-2, 2),
    "frequency_penalty": (-2, 2),
}
_FORMATS = ("json_object", "json_schema", "text")
_NAMES = {"openai": r"gpt-|chatgpt-|o\d|codex", "xai": r"grok-", "deepseek": r"deepseek-"}
_MOST_STOPS = 4
_BAD_SCHEMA = "invalid_json_schema"


def check_params(body: dict[str, Any], vendor: str) -> None:
    """Refuse parameters the vendor or the model would not take."""
    model = body.get("model")
    if not isinstance(model, str) or not model:
        refuse("you must provide a model parameter")
    for word in body:
        if word not in _KNOWN | _VENDOR_WORDS[vendor]:
            refuse(f"Unrecognized request argument supplied: {word}")
    check_model(model, vendor)
    if body.get("stream_options") is not None and body.get("stream") is not True:
        refuse(
            "The 'stream_options' parameter is only allowed when 'stream' is enabled.", param="stream_options"
        )
    _check_numbers(body, model)
    _check_stop(body.get("stop"))
    _check_choice(body)
    _check_format(body, vendor)
    if vendor == "openai":
        _check_openai(body, model)
    elif vendor == "xai":
        _check_xai(body, model)
    else:
        _check_deepseek(body, model)


def check_model(model: str, vendor: str) -> None:
    """Refuse a model that is another vendor's, or nobody's."""
    if not re.match(_NAMES[vendor], model):
        refuse(
            f"The model `{model}` does not exist or you do not have access to it.",
            code="model_not_found",
            status=404,
        )


def check_effort(effort: Any, model: str, vendor: str, path: str) -> None:
    """Refuse an effort that is no word, or not one of the model's."""
    if effort is None:
        return
    if vendor == "xai" and not _takes_effort(model):
        _unsupported_at_xai(path.rpartition(".")[2])
    if effort not in _EFFORTS:
        wrong_value(effort, _EFFORTS, path)
    generation = generation_of(model)
    if generation is not None and generation.efforts and effort not in generation.efforts:
        refuse(
            f"Unsupported value: '{effort}' is not supported with the '{model}' model. Supported values are: "
            f"{listed(generation.efforts)}.",
            param=path,
            code="unsupported_value",
        )


def reasons(model: str) -> bool:
    """Whether an OpenAI model is a reasoning model."""
    return bool(re.match(r"(gpt-[5-9]|o\d)", model)) and "chat" not in model


def refuses_tools_on_chat(model: str) -> bool:
    """Whether an OpenAI model takes tools on chat only when told not to reason (GPT-5.4 and later)."""
    found = re.match(r"gpt-(\d+)(?:\.(\d+))?", model)
    return bool(found) and (int(found[1]), int(found[2] or 0)) >= (5, 4) if found else False


def thinks_at(model: str, effort: str | None) -> bool:
    """Whether an OpenAI model reasons at an effort, None being its default; that of GPT-5.1 is none."""
    if effort is None:
        effort = "none" if model.startswith("gpt-5.1") else "medium"
    return reasons(model) and effort != "none"


def samples_at(model: str, effort: str | None, vendor: str) -> bool:
    """Whether a model takes temperature and top_p: OpenAI's do not while they reason."""
    return vendor != "openai" or not thinks_at(model, effort)


def thinks(model: str, body: dict[str, Any]) -> bool:
    """Whether a DeepSeek model runs in thinking mode for this request."""
    wanted = body.get("thinking")
    if isinstance(wanted, dict):
        return wanted.get("type") != "disabled"
    return "reasoner" in model or re.search(r"-v[4-9]", model) is not None


def _check_numbers(body: dict[str, Any], model: str) -> None:
    for word, (least, most) in _RANGES.items():
        value = body.get(word)
        if value is None:
            continue
        if not isinstance(value, int | float) or isinstance(value, bool):
            wrong_type(word, "a decimal", value)
        out_of_range(word, float(value), below=least, above=most)
    generation = generation_of(model)
    for word in ("max_tokens", "max_completion_tokens"):
        limit = body.get(word)
        if limit is None:
            continue
        if not isinstance(limit, int) or isinstance(limit, bool):
            wrong_type(word, "an integer", limit)
        out_of_range(word, limit, below=1)
        if generation is not None and limit > generation.max_output:
            refuse(
                f"{word} is too large: {limit}. This model supports at most {generation.max_output} "
                f"completion tokens, whereas you provided {limit}.",
                param=word,
                code="invalid_value",
            )


def _check_stop(stop: Any) -> None:
    if isinstance(stop, list) and len(stop) > _MOST_STOPS:
        refuse(
            f"Invalid 'stop': array too long. Expected an array with maximum length {_MOST_STOPS}, "
            f"but got an array with length {len(stop)} instead.",
            param="stop",
            code="array_above_max_length",
        )


def _check_choice(body: dict[str, Any]) -> None:
    choice = body.get("tool_choice")
    if choice is None:
        return
    tools = body.get("tools") or []
    if not tools and choice != "none":
        refuse(
            "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
            param="tool_choice",
        )
    if isinstance(choice, str):
        if choice not in ("none", "auto", "required"):
            wrong_value(choice, ("none", "auto", "required"), "tool_choice")
        return
    named = (choice.get("function") or {}).get("name") if isinstance(choice, dict) else None
    if named not in [(t.get("function") or {}).get("name") for t in tools if isinstance(t, dict)]:
        refuse(
            f"Invalid value for 'tool_choice': no function named '{named}' was specified in the 'tools' "
            "parameter.",
            param="tool_choice",
        )


def _check_format(body: dict[str, Any], vendor: str) -> None:
    wanted = body.get("response_format")
    if wanted is None:
        return
    if not isinstance(wanted, dict):
        wrong_type("response_format", "an object", wanted)
    if wanted.get("type") not in _FORMATS:
        wrong_value(wanted.get("type"), _FORMATS, "response_format.type")
    if vendor == "deepseek" and wanted["type"] == "json_schema":
        refuse("This response_format type is unavailable now")
    if wanted["type"] == "json_object" and "json" not in str(body.get("messages")).lower():
        refuse(
            "'messages' must contain the word 'json' in some form, to use 'response_format' of type "
            "'json_object'.",
            param="messages",
        )
    if wanted["type"] == "json_schema":
        check_json_schema(wanted.get("json_schema"), "response_format.json_schema", "response_format")


def check_json_schema(wanted: Any, path: str, schema_path: str) -> None:
    """Refuse a JSON schema format without its parts, or with a schema the vendor cannot hold a model to."""
    if not isinstance(wanted, dict):
        missing(path)
    for key in wanted:
        if key not in ("type", "name", "schema", "strict", "description"):
            unknown(f"{path}.{key}")
    name, schema = wanted.get("name"), wanted.get("schema")
    if not isinstance(name, str) or not name:
        missing(f"{path}.name")
    if not isinstance(schema, dict):
        missing(f"{path}.schema")
    label = f"response_format '{name}'"
    check_object_schema(schema, label, schema_path, _BAD_SCHEMA)
    if wanted.get("strict") is True:
        check_strict(schema, label, schema_path, _BAD_SCHEMA)


def _check_openai(body: dict[str, Any], model: str) -> None:
    effort = body.get("reasoning_effort")
    if not reasons(model):
        if effort is not None:
            refuse(
                "Unrecognized request argument supplied: reasoning_effort",
                param="reasoning_effort",
                code="unsupported_parameter",
            )
        return
    check_effort(effort, model, "openai", "reasoning_effort")
    if body.get("max_tokens") is not None:
        refuse(
            "Unsupported parameter: 'max_tokens' is not supported with this model. "
            "Use 'max_completion_tokens' instead.",
            param="max_tokens",
            code="unsupported_parameter",
        )
    _check_sampling(body, model, effort)
    if body.get("tools") and refuses_tools_on_chat(model) and effort != "none":
        refuse(
            f"Function tools with reasoning_effort are not supported for {model} in /v1/chat/completions. "
            "To use function tools, use /v1/responses or set reasoning_effort to 'none'.",
            param="reasoning_effort",
        )


def _check_sampling(body: dict[str, Any], model: str, effort: str | None) -> None:
    for word in _SAMPLING:
        value = body.get(word)
        free = samples_at(model, effort, "openai") and not word.endswith("penalty")
        if value is not None and value != _NEUTRAL[word] and not free:
            refuse(
                f"Unsupported value: '{word}' does not support {value} with this model. "
                f"Only the default ({_NEUTRAL[word]}) value is supported.",
                param=word,
                code="unsupported_value",
            )
    if body.get("stop") is not None:
        refuse(
            "Unsupported parameter: 'stop' is not supported with this model.",
            param="stop",
            code="unsupported_parameter",
        )


def _takes_effort(model: str) -> bool:
    return bool(re.match(r"grok-(3-mini|[5-9])", model))


def _check_xai(body: dict[str, Any], model: str) -> None:
    refused = {
        "presence_penalty": "presencePenalty",
        "frequency_penalty": "frequencyPenalty",
        "stop": "stop",
    }
    if not _takes_effort(model):
        refused["reasoning_effort"] = "reasoning_effort"
    for word, name in refused.items():
        if body.get(word) is not None:
            _unsupported_at_xai(name)


def _unsupported_at_xai(name: str) -> None:
    refuse(f"Argument not supported on this model: {name}", code="Client specified an invalid argument")


def _check_deepseek(body: dict[str, Any], model: str) -> None:
    wanted = body.get("thinking")
    disabled = isinstance(wanted, dict) and wanted.get("type") == "disabled"
    if disabled and body.get("reasoning_effort") is not None:
        refuse("thinking options type cannot be disabled when reasoning_effort is set")
    if not thinks(model, body):
        return
    for index, message in enumerate(body.get("messages") or []):
        if (
            message.get("role") == "assistant"
            and message.get("tool_calls")
            and not isinstance(message.get("reasoning_content"), str)
        ):
            refuse(
                f"Missing `reasoning_content` field in the assistant message at message index {index}. "
                "For more information, please refer to "
                "https://api-docs.deepseek.com/guides/thinking_mode#tool-calls"
            )
