"""Which parameters of its chat endpoint the proxy passes to each provider, and which it refuses by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui.sim.deployments import Deployment
from tui.sim.faces.chat_params import thinks_at

_BOTH_CLAUDES = """
    cache_control context_management extra_headers max_completion_tokens max_tokens parallel_tool_calls
    reasoning_effort response_format speed stop stream temperature thinking tool_choice tools top_p user
    web_search_options
"""
_SUPPORTED = {
    "anthropic": _BOTH_CLAUDES,
    "bedrock": _BOTH_CLAUDES,
    "openai": """
        extra_headers function_call functions logprobs max_completion_tokens max_retries max_tokens n
        parallel_tool_calls prompt_cache_key prompt_cache_retention reasoning_effort response_format
        safety_identifier seed service_tier store stream stream_options temperature tool_choice tools
        top_logprobs top_p verbosity
    """,
    "gemini": """
        frequency_penalty functions include_server_side_tool_invocations logprobs max_completion_tokens
        max_tokens modalities n parallel_tool_calls presence_penalty reasoning_effort response_format seed
        service_tier stop stream temperature thinking tool_choice tools top_p web_search_options
    """,
    "xai": """
        logit_bias logprobs max_completion_tokens max_tokens n parallel_tool_calls presence_penalty
        response_format seed stream stream_options temperature tool_choice tools top_logprobs top_p user
        web_search_options
    """,
    "deepseek": """
        audio extra_headers frequency_penalty function_call functions logit_bias logprobs
        max_completion_tokens max_retries max_tokens modalities n parallel_tool_calls prediction
        presence_penalty prompt_cache_key prompt_cache_retention reasoning_effort response_format
        safety_identifier seed service_tier stop store stream stream_options temperature thinking tool_choice
        tools top_logprobs top_p web_search_options
    """,
}
_JUDGED_WORDS = """
    audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens max_tokens
    modalities n parallel_tool_calls prediction presence_penalty prompt_cache_key prompt_cache_retention
    reasoning_effort response_format safety_identifier seed service_tier stop store temperature thinking
    tool_choice tools top_logprobs top_p verbosity web_search_options
"""
_JUDGED = frozenset(_JUDGED_WORDS.split())
"""What the proxy refuses where a provider does not have it; any other word it passes on unread."""
_UNTIL = (
    "resolves to 'none', either set explicitly on the request or declared as the model's "
    "default_reasoning_effort."
)
_DROP = "To drop unsupported params set `litellm.drop_params = True`"
_DROP_TOO = "To drop unsupported params, set `litellm.drop_params = True`."


def supported(deployment: Deployment) -> list[str]:
    """The parameters the catalogue lists for a deployment."""
    return _SUPPORTED.get(deployment.provider, "").split()


def unsupported(body: dict[str, Any], deployment: Deployment) -> str | None:
    """What the proxy says to a chat request with words the provider lacks; None when it passes.

    Where the client asks for it the words are dropped from ``body`` instead.
    """
    provider, model = deployment.provider, deployment.model
    known = supported(deployment)
    refused = [w for w in body if w in _JUDGED and w not in known and body[w] is not None]
    if refused and body.get("drop_params"):
        for word in refused:
            del body[word]
        return None
    if refused:
        return (
            f"litellm.UnsupportedParamsError: {provider} does not support parameters: {refused}, for "
            f"model={model}. To drop these, set `litellm.drop_params=True` or for proxy:\n\n"
            "`litellm_settings:\n drop_params: true`\n. \n If you want to use these params dynamically send "
            f"allowed_openai_params={refused} in your request."
        )
    if deployment.is_claude:
        return claude_lacks(body, deployment) or _forced(body, deployment)
    if provider == "openai":
        return gpt_lacks(body, deployment, body.get("reasoning_effort"), "reasoning_effort")
    return None


def claude_lacks(body: Mapping[str, Any], deployment: Deployment) -> str | None:
    """What the proxy says to sampling a newer Claude does not take, on every endpoint."""
    generation = deployment.generation
    if generation is None or generation.free_sampling:
        return None
    for word in ("temperature", "top_p", "top_k"):
        value = body.get(word)
        if value is None or (word == "temperature" and value == 1):
            continue
        only = " Only temperature=1 is supported." if word == "temperature" else ""
        said = f"{deployment.model} does not support {word}={value}.{only} {_DROP_TOO}"
        return f"litellm.UnsupportedParamsError: {said}"
    return None


def _forced(body: Mapping[str, Any], deployment: Deployment) -> str | None:
    choice, generation = body.get("tool_choice"), deployment.generation
    if generation is None or generation.forced_tools or choice in (None, "auto", "none"):
        return None
    return (
        f"litellm.UnsupportedParamsError: {deployment.model} does not support forced tool use "
        "(tool_choice='required' or a named tool). Use tool_choice='auto' and tell the model in the prompt "
        "when to call the tool, or set `litellm.drop_params = True` to downgrade to 'auto' automatically."
    )


def gpt_lacks(body: Mapping[str, Any], deployment: Deployment, effort: Any, path: str) -> str | None:
    """What the proxy says to an effort or sampling a GPT does not take; ``path`` names the effort."""
    model, generation = deployment.model, deployment.generation
    levels = generation.efforts if generation else ()
    if effort in ("minimal", "xhigh") and levels and effort not in levels:
        return f"litellm.UnsupportedParamsError: {path}={effort} is not supported for {model}. {_DROP}"
    if not thinks_at(model, effort):
        return None
    temperature = body.get("temperature")
    if temperature is not None and temperature != 1:
        return (
            f"litellm.UnsupportedParamsError: {model} doesn't support temperature={temperature} while "
            f"reasoning is active. Only temperature=1 is supported unless {path} {_UNTIL} {_DROP}"
        )
    if body.get("top_p") is None:
        return None
    if path == "reasoning_effort":
        what, now = "logprobs, top_p, top_logprobs", f" Current reasoning_effort={effort!r}."
    else:
        what, now = "top_p", ""
    return f"litellm.UnsupportedParamsError: {model} only supports {what} when {path} {_UNTIL}{now} {_DROP}"
