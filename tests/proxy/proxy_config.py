"""Writes the configuration of the real proxy: the simulated gateway's model list, and a group for each error.

One group per error case, because a proxy puts a failing deployment into cooldown and would answer
the next case with that instead; the ``cooling`` group is for that very behaviour.
"""

from typing import Any

from tests.proxy.odd import FALLING, FALLS_TO, odd_models

MASTER_KEY = "sk-Sightline-9f3c1a7e5b2d4860aa17"
ERROR_CASES = (
    "error-400",
    "error-401",
    "error-429",
    "error-500",
    "error-529",
    "error-long",
    "error-midstream",
    "error-cut",
    "error-clean-cut",
    "error-hang",
    "error-html",
)
COOLING_KEY = "cooling-key"
STREAM_COST = "stream-cost"
PRICES = {
    "gemini/gemini-3-pro-preview": (2e-06, 1.2e-05, 2e-07),
    "xai/grok-4": (3e-06, 1.5e-05, 7.5e-07),
}
"""Dollars a token in, out and read from the cache, of models the proxy's own list does not price."""
HOOKS = f'''"""Throws the proxy's switch for costs in streams: it is global, and here wanted for one group."""

import litellm
from litellm.integrations.custom_logger import CustomLogger


class StreamCost(CustomLogger):
    async def async_pre_call_hook(self, user_api_key_dict, cache, data, call_type):
        litellm.include_cost_in_streaming_usage = data.get("model") == "{STREAM_COST}"


stream_cost = StreamCost()
'''
"""A module beside the configuration; it spares the start of a second proxy."""


def proxy_config(vendors: str) -> dict[str, Any]:
    """The YAML document as values; ``vendors`` is the base URL the simulated vendors live below."""

    def anthropic(name: str, model: str, **more: Any) -> dict[str, Any]:
        return _entry(name, f"anthropic/{model}", f"{vendors}/anthropic", **more)

    def openai(name: str, model: str, **more: Any) -> dict[str, Any]:
        return _entry(name, f"openai/{model}", f"{vendors}/openai/v1", **more)

    models = [
        anthropic(
            "anthropic/claude-sonnet-4-5-20250929",
            "claude-sonnet-4-5-20250929",
            thinking={"type": "enabled", "budget_tokens": 8000},
        ),
        anthropic("smart", "claude-opus-4-5"),
        anthropic("gpt-killer", "claude-opus-4-5"),
        anthropic("anthropic/claude-sonnet-4-6", "claude-sonnet-4-6"),
        anthropic("anthropic/claude-opus-4-7", "claude-opus-4-7", thinking={"type": "adaptive"}),
        anthropic("anthropic/claude-fable-5-1", "claude-fable-5-1"),
        openai("claude-cheap", "gpt-5.1"),
        openai("openai/gpt-5.1", "gpt-5.1"),
        openai("openai/gpt-5.5", "gpt-5.5"),
        _entry("gemini/gemini-3-pro-preview", "gemini/gemini-3-pro-preview", f"{vendors}/gemini/v1beta"),
        _entry("xai/grok-4", "xai/grok-4", f"{vendors}/xai/v1"),
        _entry("deepseek/deepseek-reasoner", "deepseek/deepseek-reasoner", f"{vendors}/deepseek"),
        _bedrock("bedrock-claude", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", vendors),
        _bedrock("bedrock-opus", "us.anthropic.claude-opus-4-7", vendors),
        anthropic("mixed", "claude-sonnet-4-5-20250929"),
        anthropic("mixed", "claude-opus-4-5"),
        anthropic("flaky", "claude-opus-4-1", api_key="bad-and-wrong-key"),
        _entry("mystery", "xai/grok-unpriced", f"{vendors}/xai/v1"),
        anthropic(STREAM_COST, "claude-opus-4-5"),
        anthropic("anthropic/*", "*"),
        *(anthropic(name, "claude-sonnet-4-6") for name in ERROR_CASES),
        *(openai(f"{name}-openai", "gpt-5.1") for name in ERROR_CASES),
        anthropic(COOLING_KEY, "claude-sonnet-4-6", api_key="bad-and-wrong-key", cooldown_time=5),
    ]
    for entry in models:
        if entry["model_name"] != COOLING_KEY:
            # `cooldown_time: 0` alone is not heeded on /v1/messages, nor by the router as a whole.
            entry["model_info"] = {"allowed_fails": 1_000_000, "cooldown_time": 0}
        if entry["model_name"].startswith("deepseek/"):
            # The proxy's own list denies this model tools, which it has had since V3.2.
            entry["model_info"]["supports_function_calling"] = True
        if price := PRICES.get(entry["model_name"]):
            names = ("input_cost_per_token", "output_cost_per_token", "cache_read_input_token_cost")
            entry["model_info"] |= dict(zip(names, price, strict=True))
    return {
        "model_list": [*models, *odd_models(vendors)],
        "general_settings": {
            "master_key": MASTER_KEY,
            "custom_auth": "limits.limited",
            "custom_auth_settings": {"mode": "auto"},
            "custom_auth_run_common_checks": True,
        },
        "litellm_settings": {
            "telemetry": False,
            "num_retries": 0,
            "drop_params": False,
            "callbacks": ["hooks.stream_cost", "odd_hooks.odd"],
        },
        "router_settings": {
            "num_retries": 0,
            "fallbacks": [{"flaky": ["smart"]}, {FALLING: [FALLS_TO]}],
        },
    }


def _bedrock(name: str, model: str, vendors: str) -> dict[str, Any]:
    where = {"aws_region_name": "us-east-1", "aws_bedrock_runtime_endpoint": f"{vendors}/bedrock"}
    keys = {"aws_access_key_id": "AKIAEXAMPLE", "aws_secret_access_key": "example"}
    return _entry(name, f"bedrock/{model}", f"{vendors}/bedrock", **where, **keys)


def _entry(name: str, upstream: str, api_base: str, **more: Any) -> dict[str, Any]:
    params = {"model": upstream, "api_base": api_base, "api_key": "vendor-key-of-the-proxy", **more}
    return {"model_name": name, "litellm_params": params}
