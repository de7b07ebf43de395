"""The odd situations as the real proxy's configuration has them: deployments, keys with limits, and hooks.

Each has groups of its own, and upstream models nobody else uses where it would change what others see.
"""

from typing import Any

TWINS, UNLIKE, HEALED = "odd-twins", "odd-unlike", "odd-healed"
RETRIED, FALLING, COOLING = "odd-retried", "odd-falling", "odd-cooling"
DROPPED, REPRICED, SPOILT_PRICE = "odd-dropped", "odd-repriced", "odd-spoilt-price"
FALLS_TO = "anthropic/claude-sonnet-4-6"
"""The same model in another place, so that the vendor knows the request the second time it comes."""
WILDCARD_ID = "claude-sonnet-4-5-20250929"
"""Listed with a prefix only; without it ``anthropic/*`` takes it, and the configured thinking is lost."""
OWN_PRICE = (7e-4, 9e-4)
"""Dollars a token in and out that the administrator set for ``REPRICED``, and which ``SPOILT_PRICE`` got too.

Other proxies do that to all deployments of an upstream model by themselves; this one needs the hooks below.
"""
_REPRICED = "claude-haiku-4-5-20251001"
_PRICES = ("input_cost_per_token", "output_cost_per_token")

NARROW_KEY, SPENT_KEY, SLOW_KEY = "sk-narrow-3f1c", "sk-spent-8d2a", "sk-slow-5b7e"
"""May use a few groups only; has spent its budget; may ask once a minute."""
NARROW_MODELS = ("smart", UNLIKE)
LOGGED = "logged.jsonl"
"""Where the proxy writes what its own loggers are given."""


def odd_models(vendors: str) -> list[dict[str, Any]]:
    """The deployments behind the situations; ``vendors`` as in the configuration they go into."""

    def claude(name: str, model: str, **more: Any) -> dict[str, Any]:
        return _entry(name, f"anthropic/{model}", f"{vendors}/anthropic", **more)

    models = [
        *(_entry(TWINS, "openai/gpt-5.1", f"{vendors}/openai/v1", organization=f"org-{n}") for n in "ab"),
        claude(UNLIKE, "claude-sonnet-4-5-20250929"),
        claude(UNLIKE, "claude-opus-4-5"),
        claude(HEALED, "claude-opus-4-5", thinking={"type": "enabled", "budget_tokens": 4000}),
        claude(RETRIED, "claude-sonnet-4-6", num_retries=1),
        claude(FALLING, "claude-sonnet-4-6"),
        claude(DROPPED, "claude-sonnet-4-6", additional_drop_params=["temperature", "top_p"]),
        claude(REPRICED, _REPRICED, **dict(zip(_PRICES, OWN_PRICE, strict=True))),
        claude(SPOILT_PRICE, _REPRICED),
    ]
    for entry in models:
        entry["model_info"] = {"allowed_fails": 1_000_000, "cooldown_time": 0}
    return [*models, claude(COOLING, "claude-sonnet-4-6", api_key="bad-and-wrong-key", cooldown_time=1)]


def _entry(name: str, upstream: str, api_base: str, **more: Any) -> dict[str, Any]:
    params = {"model": upstream, "api_base": api_base, "api_key": "vendor-key-of-the-proxy", **more}
    return {"model_name": name, "litellm_params": params}


ODD_HOOKS = f'''"""What an administrator's own code may do: choose deployments, rewrite requests, log."""

import itertools
import json

import litellm
from litellm.integrations.custom_logger import CustomLogger

TURNS = {{name: itertools.count() for name in ("{TWINS}", "{UNLIKE}")}}

litellm.register_model({{"anthropic/{_REPRICED}": {{
    "input_cost_per_token": {OWN_PRICE[0]}, "output_cost_per_token": {OWN_PRICE[1]},
    "litellm_provider": "anthropic",
}}}})


class Odd(CustomLogger):
    async def async_filter_deployments(
        self, model, healthy_deployments, messages, request_kwargs=None, parent_otel_span=None
    ):
        """Each request gets the next deployment, where the proxy would throw dice."""
        if model not in TURNS or len(healthy_deployments) < 2:
            return healthy_deployments
        ids = sorted(healthy_deployments, key=lambda d: d["model_info"]["id"])
        return [ids[next(TURNS[model]) % len(ids)]]

    async def async_pre_call_hook(self, user_api_key_dict, cache, data, call_type):
        """Damages the seals of one group, as a rewriting guardrail does; the vendor then refuses them."""
        if data.get("model") == "{HEALED}":
            for message in data.get("messages", ()):
                for block in message["content"] if isinstance(message["content"], list) else ():
                    if block.get("type") == "thinking":
                        block["signature"] = block["signature"][::-1]
        return data

    async def async_log_success_event(self, kwargs, response_obj, start_time, end_time):
        self._log("success", kwargs)

    async def async_log_failure_event(self, kwargs, response_obj, start_time, end_time):
        self._log("failure", kwargs)

    def _log(self, outcome, kwargs):
        logged = kwargs.get("standard_logging_object") or {{}}
        line = {{name: logged.get(name) for name in (
            "id", "litellm_call_id", "trace_id", "session_id", "request_tags", "call_type", "model_group",
            "response_cost", "metadata", "stream", "end_user",
        )}}
        line |= {{"outcome": outcome, "call_id_of_the_call": kwargs.get("litellm_call_id")}}
        with open("{LOGGED}", "a") as file:
            file.write(json.dumps(line, default=str) + "\\n")


odd = Odd()
'''
LIMITS = f'''"""Keys with limits without a database: the proxy's own checks, on keys that stand here."""

import litellm
from litellm.proxy._types import ProxyErrorTypes, ProxyException, UserAPIKeyAuth, hash_token

litellm.enable_post_custom_auth_checks = True
KEYS = {{
    "{NARROW_KEY}": {{"models": {list(NARROW_MODELS)!r}}},
    "{SPENT_KEY}": {{"max_budget": 0.01, "spend": 0.0125}},
    "{SLOW_KEY}": {{"rpm_limit": 1}},
}}


async def limited(request, api_key):
    # Any other key raises, and is the proxy's own to judge then.
    limits = KEYS[api_key]
    if limits.get("spend", 0) > limits.get("max_budget", 1):
        over = litellm.BudgetExceededError(current_cost=limits["spend"], max_budget=limits["max_budget"])
        raise ProxyException(over.message, ProxyErrorTypes.budget_exceeded, None, over.status_code)
    who = {{"user_id": "somebody", "user_role": "internal_user"}}
    return UserAPIKeyAuth(api_key=hash_token(api_key), **who, **limits)
'''
