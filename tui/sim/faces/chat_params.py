"""The parameters each vendor of the chat dialect takes, by model, and the reasoning it wants back.

Rules O8 and O9: what reasoning models refuse at OpenAI, what grok refuses at xAI, and the
``reasoning_content`` DeepSeek must see again in a tool loop.
"""

from __future__ import annotations

import re
from typing import Any

from tui.sim.faces.chat_rules import refuse

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


def check_params(body: dict[str, Any], vendor: str) -> None:
    """Refuse parameters the vendor or the model would not take."""
    model = body.get("model")
    if not isinstance(model, str) or not model:
        refuse("you must provide a model parameter")
    for word in body:
        if word not in _KNOWN | _VENDOR_WORDS[vendor]:
            refuse(f"Unrecognized request argument supplied: {word}")
    if body.get("stream_options") is not None and body.get("stream") is not True:
        refuse(
            "The 'stream_options' parameter is only allowed when 'stream' is enabled.", param="stream_options"
        )
    if vendor == "openai":
        _check_openai(body, model)
    elif vendor == "xai":
        _check_xai(body, model)
    else:
        _check_deepseek(body, model)


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


def thinks(model: str, body: dict[str, Any]) -> bool:
    """Whether a DeepSeek model runs in thinking mode for this request."""
    wanted = body.get("thinking")
    if isinstance(wanted, dict):
        return wanted.get("type") != "disabled"
    return "reasoner" in model or re.search(r"-v[4-9]", model) is not None


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
    if effort is not None and effort not in _EFFORTS:
        listed = ", ".join(f"'{word}'" for word in _EFFORTS[:-1])
        refuse(
            f"Invalid value: '{effort}'. Supported values are: {listed}, and '{_EFFORTS[-1]}'.",
            param="reasoning_effort",
            code="invalid_value",
        )
    if body.get("max_tokens") is not None:
        refuse(
            "Unsupported parameter: 'max_tokens' is not supported with this model. "
            "Use 'max_completion_tokens' instead.",
            param="max_tokens",
            code="unsupported_parameter",
        )
    _check_sampling(body)
    if body.get("tools") and refuses_tools_on_chat(model) and effort != "none":
        refuse(
            f"Function tools with reasoning_effort are not supported for {model} in /v1/chat/completions. "
            "To use function tools, use /v1/responses or set reasoning_effort to 'none'.",
            param="reasoning_effort",
        )


def _check_sampling(body: dict[str, Any]) -> None:
    for word in _SAMPLING:
        value = body.get(word)
        if value is not None and value != _NEUTRAL[word]:
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


def _check_xai(body: dict[str, Any], model: str) -> None:
    refused = {
        "presence_penalty": "presencePenalty",
        "frequency_penalty": "frequencyPenalty",
        "stop": "stop",
    }
    if not re.match(r"grok-(3-mini|[5-9])", model):
        refused["reasoning_effort"] = "reasoning_effort"
    for word, name in refused.items():
        if body.get(word) is not None:
            refuse(
                f"Argument not supported on this model: {name}", code="Client specified an invalid argument"
            )


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
