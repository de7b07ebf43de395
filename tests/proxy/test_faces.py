"""Every simulated vendor takes what the real proxy sends, on both endpoints, streamed and not."""

import json
from typing import Any

import httpx2
import pytest

from tui.sim.server import SimServer

MODELS = {
    "anthropic/claude-sonnet-4-5-20250929": "anthropic",
    "smart": "anthropic",
    "gpt-killer": "anthropic",
    "anthropic/claude-sonnet-4-6": "anthropic",
    "anthropic/claude-opus-4-7": "anthropic",
    "anthropic/claude-fable-5-1": "anthropic",
    "anthropic/claude-haiku-4-5": "anthropic",
    "mixed": "anthropic",
    "openai/gpt-5.1": "openai",
    "claude-cheap": "openai",
    "openai/gpt-5.5": "openai",
    "gemini/gemini-3-pro-preview": "gemini",
    "xai/grok-4": "xai",
    "mystery": "xai",
    "deepseek/deepseek-reasoner": "deepseek",
}
SCHEMA = {"type": "object", "properties": {"expression": {"type": "string"}}, "required": ["expression"]}
PROMPT = [{"role": "user", "content": "What is 12*7? Use the calculator."}]


def request_body(dialect: str, model: str, stream: bool) -> dict[str, Any]:
    body: dict[str, Any] = {"model": model, "messages": PROMPT, "stream": stream}
    if dialect == "messages":
        tools = [{"name": "calculator", "description": "Calculate.", "input_schema": SCHEMA}]
        return {**body, "max_tokens": 12_000, "tools": tools}
    function = {"name": "calculator", "description": "Calculate.", "parameters": SCHEMA}
    body["tools"] = [{"type": "function", "function": function}]
    if model == "openai/gpt-5.5":
        # The proxy carries this model's tools on chat only when an effort is named.
        body["reasoning_effort"] = "low"
    return body


# The proxy takes the Anthropic face of DeepSeek for /v1/messages, and that is not simulated.
WAYS = [
    (m, d)
    for m in MODELS
    for d in ("messages", "chat")
    if (m, d) != ("deepseek/deepseek-reasoner", "messages")
]


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize(("model", "dialect"), WAYS)
def test_a_tool_call_comes_through(
    http: httpx2.Client, vendors: SimServer, model: str, dialect: str, stream: bool
) -> None:
    path = "/v1/messages" if dialect == "messages" else "/v1/chat/completions"
    before = len(vendors.state.exchanges)
    answer = http.post(path, json=request_body(dialect, model, stream))
    assert answer.status_code == 200, answer.text
    assert answer.headers["x-litellm-version"]
    assert answer.headers["x-litellm-model-id"]
    text = answer.text
    assert "calculator" in text
    assert "error" not in text.lower()
    if stream:
        assert ("message_stop" if dialect == "messages" else "[DONE]") in text
    else:
        assert isinstance(json.loads(text), dict)
    asked = vendors.state.exchanges[before:]
    assert [e.outcome for e in asked] == ["answered"], asked
    assert {e.face for e in asked} <= {MODELS[model], "anthropic"}


def test_what_the_catalog_is_read_from(http: httpx2.Client) -> None:
    entries = http.get("/model/info").json()["data"]
    # The wildcard is listed spelled out as well, so a name may stand there twice; the first is its own.
    by_name = {e["model_name"]: e for e in reversed(entries)}
    sonnet = by_name["anthropic/claude-sonnet-4-5-20250929"]
    assert sonnet["litellm_params"]["model"] == "anthropic/claude-sonnet-4-5-20250929"
    assert sonnet["litellm_params"]["thinking"] == {"type": "enabled", "budget_tokens": 8000}
    assert sonnet["model_info"]["input_cost_per_token"] > 0
    assert by_name["gpt-killer"]["litellm_params"]["model"] == "anthropic/claude-opus-4-5"
    assert by_name["mystery"]["model_info"].get("input_cost_per_token") is None
    assert len([e for e in entries if e["model_name"] == "mixed"]) == 2
    assert http.get("/health/liveliness").json() == "I'm alive!"
    assert {m["id"] for m in http.get("/v1/models").json()["data"]} >= {"smart", "mixed", "xai/grok-4"}


def test_the_group_that_fails_is_answered_by_its_fallback(http: httpx2.Client) -> None:
    answer = http.post("/v1/messages", json=request_body("messages", "flaky", False))
    assert answer.status_code == 200, answer.text
    assert answer.headers["x-litellm-attempted-fallbacks"] == "1"
    assert answer.headers["x-litellm-model-group"] == "smart"
