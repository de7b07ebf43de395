"""Every error a proxy or vendor was seen to give ends in its class, layer and next step."""

import json
from typing import Any

import pytest

from tests.gateway.error_shapes import CHAT, LITELLM, MESSAGES, REMARK, anthropic_shape, openai_shape
from tui.chat.route import Route
from tui.gateway import failures

# One row a case: status, headers, body, then class, layer, exit code, whether a retry helps.
NOT_FOUND = f"You passed in model=nope. There are no healthy deployments for this model{REMARK}"
DENIED = "The requested model 'x' is not available for this API key, or the model name is invalid."
CASES: dict[str, tuple[int, dict[str, str], str, str, str, int, bool]] = {
    "proxy key": (
        401,
        {},
        openai_shape("Authentication Error, Invalid proxy server token passed.", "auth_error", "401"),
        "proxy-key-refused",
        "proxy",
        3,
        False,
    ),
    "vendor key, messages": (
        401,
        LITELLM,
        anthropic_shape(
            'litellm.AuthenticationError: AnthropicException - {"type":"error","error":'
            '{"type":"authentication_error","message":"invalid x-api-key"}}' + REMARK,
            "authentication_error",
        ),
        "vendor-key-refused",
        "vendor",
        4,
        False,
    ),
    "vendor key, chat": (
        401,
        LITELLM,
        openai_shape("litellm.AuthenticationError: XaiException - no", "auth_error", "401"),
        "vendor-key-refused",
        "vendor",
        4,
        False,
    ),
    "cooldown, messages": (
        429,
        LITELLM,
        anthropic_shape(
            "No deployments available for selected model, Try again in 5 seconds.", "rate_limit_error"
        ),
        "cooldown",
        "router",
        4,
        True,
    ),
    "cooldown, chat": (
        429,
        {**LITELLM, "retry-after": "5"},
        openai_shape("No deployments available for selected model.", "all_deployments_in_cooldown", "429"),
        "cooldown",
        "router",
        4,
        True,
    ),
    "vendor 429, messages": (
        429,
        LITELLM,
        anthropic_shape(
            "litellm.RateLimitError: AnthropicException - " + anthropic_shape("slow", "rate_limit_error")
        ),
        "rate-limited",
        "vendor",
        4,
        True,
    ),
    "vendor 429, chat": (
        429,
        {**LITELLM, "llm_provider-retry-after": "7"},
        openai_shape("litellm.RateLimitError: AnthropicException - slow", "throttling_error", "429"),
        "rate-limited",
        "vendor",
        4,
        True,
    ),
    "vendor 529 as 500": (
        500,
        LITELLM,
        anthropic_shape(
            "litellm.InternalServerError: AnthropicException - "
            + anthropic_shape("Overloaded", "overloaded_error"),
            "api_error",
        ),
        "overloaded",
        "vendor",
        4,
        True,
    ),
    "vendor 500": (
        500,
        LITELLM,
        openai_shape("litellm.InternalServerError: AnthropicException - Internal server error", None, "500"),
        "vendor-error",
        "vendor",
        4,
        True,
    ),
    "vendor broke off before anything came": (
        500,
        LITELLM,
        anthropic_shape("Response payload is not completed: <TransferEncodingError: 400>", "api_error"),
        "vendor-error",
        "vendor",
        4,
        True,
    ),
    "too long": (
        400,
        LITELLM,
        openai_shape(
            "litellm.ContextWindowExceededError: litellm.BadRequestError: AnthropicException - "
            + anthropic_shape("prompt is too long: 214032 tokens > 200000 maximum")
        ),
        "context-overflow",
        "vendor",
        4,
        False,
    ),
    "slow": (
        408,
        {**LITELLM, "x-litellm-timeout": "2"},
        openai_shape("litellm.Timeout: AnthropicException - Request timed out.", None, "408"),
        "timeout-first-byte",
        "vendor",
        3,
        True,
    ),
    "not json": (400, {}, openai_shape("Invalid JSON payload: line 1"), "bad-request", "proxy", 4, False),
    "no max_tokens": (
        400,
        LITELLM,
        anthropic_shape("anthropic_messages: Missing required parameter: 'max_tokens'."),
        "bad-request",
        "proxy",
        4,
        False,
    ),
    "no such model": (400, LITELLM, anthropic_shape(NOT_FOUND), "unknown-model", "router", 2, False),
    "wildcard, no such model": (
        404,
        LITELLM,
        openai_shape(
            "litellm.NotFoundError: AnthropicException - "
            + anthropic_shape("model: claude-zero", "not_found_error"),
            None,
            "404",
        ),
        "unknown-model",
        "vendor",
        2,
        False,
    ),
    "model not allowed": (
        403,
        LITELLM,
        openai_shape(DENIED, "key_model_access_denied", "403"),
        "key-model-refused",
        "proxy",
        4,
        False,
    ),
    "budget": (
        400,
        LITELLM,
        openai_shape(
            "Budget has been exceeded! Current cost: 2.0, Max budget: 1.0", "budget_exceeded", "400"
        ),
        "key-budget-spent",
        "proxy",
        4,
        False,
    ),
    "key's rate": (
        429,
        {"retry-after": "42"},
        openai_shape("Rate limit exceeded for api_key: abc. Limit type: requests.", "None", "429"),
        "rate-limited",
        "proxy",
        4,
        True,
    ),
    "parameter": (
        400,
        LITELLM,
        openai_shape("litellm.UnsupportedParamsError: xai does not support parameters: ['reasoning_effort']"),
        "litellm-unsupported-params",
        "proxy",
        4,
        False,
    ),
    "front server down": (
        502,
        {"content-type": "text/html"},
        "<html><head><title>502 Bad Gateway</title></head></html>",
        "proxy-unreachable",
        "proxy",
        3,
        True,
    ),
    "key, proxy without database": (
        400,
        {},
        openai_shape("No connected db.", "no_db_connection"),
        "proxy-key-refused",
        "proxy",
        3,
        False,
    ),
    "other server": (404, {}, '{"detail":"Not Found"}', "bad-request", "proxy", 4, False),
    "redirect": (302, {"location": "https://login"}, "", "proxy-unreachable", "proxy", 3, True),
    "empty 500": (500, LITELLM, "", "vendor-error", "proxy", 4, True),
}


@pytest.mark.parametrize("name", CASES)
def test_refusals(name: str) -> None:
    status, headers, body, cls, layer, code, retry = CASES[name]
    failed = failures.from_response(status, headers, body, MESSAGES)
    assert (failed.cls, failed.layer, failed.exit_code, failed.retry_helps) == (cls, layer, code, retry)
    assert failed.status == status
    assert failed.title
    assert failed.what
    assert failed.hint


def test_how_long_to_wait() -> None:
    waits = {
        name: failures.from_response(CASES[name][0], CASES[name][1], CASES[name][2]).retry_after
        for name in (
            "cooldown, messages",
            "cooldown, chat",
            "vendor 429, chat",
            "key's rate",
            "vendor 500",
            "budget",
        )
    }
    assert waits == {
        "cooldown, messages": 5.0,
        "cooldown, chat": 5.0,
        "vendor 429, chat": 7.0,
        "key's rate": 42.0,
        "vendor 500": None,
        "budget": None,
    }
    gemini = '{"error":{"message":"RESOURCE_EXHAUSTED","details":[{"retryDelay":"31s"}]}}'
    assert failures.from_response(429, {}, gemini).retry_after == 31.0
    for junk in ("soon", "nan", "inf", "-1", "1e99", "Wed, 21 Oct 2026 07:28:00 GMT"):
        assert failures.from_response(429, {"retry-after": junk}, "{}").retry_after is None


def test_a_plain_server_is_its_own_vendor() -> None:
    route = Route("m", "openai", "http://127.0.0.1:1/v1", "m", None, "openai", "m")
    failed = failures.from_response(
        401, {}, openai_shape("Incorrect API key provided: sk-abcdef"), CHAT, route
    )
    assert (failed.layer, failed.cls, failed.exit_code) == ("vendor", "proxy-key-refused", 3)


# Error frames inside a stream that began with 200.


@pytest.mark.parametrize(
    ("frame", "cls", "layer", "code"),
    [
        (
            {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}},
            "overloaded",
            "vendor",
            4,
        ),
        ({"type": "overloaded_error", "message": "Overloaded"}, "overloaded", "vendor", 4),
        (
            {
                "error": {
                    "message": "litellm.InternalServerError: AnthropicException - Overloaded."
                    " Handle with `litellm.InternalServerError`.",
                    "code": "500",
                }
            },
            "overloaded",
            "vendor",
            4,
        ),
        (
            {"type": "response.failed", "response": {"error": {"code": "server_error", "message": "boom"}}},
            "vendor-error",
            "vendor",
            4,
        ),
        (
            {
                "type": "error",
                "error": {
                    "type": "api_error",
                    "message": "Response payload is not completed: <TransferEncodingError: 400>",
                },
            },
            "stream-cut",
            "vendor",
            5,
        ),
        (
            {"code": "x", "message": "openai closed the responses stream before any terminal event (…)"},
            "stream-cut",
            "vendor",
            5,
        ),
        ({"error": {"message": "slow down", "code": "429"}}, "rate-limited", "vendor", 4),
        ("plain words", "vendor-error", "vendor", 4),
        (None, "vendor-error", "vendor", 4),
    ],
)
def test_error_frames(frame: Any, cls: str, layer: str, code: int) -> None:
    failed = failures.from_stream_error(frame, CHAT)
    assert (failed.cls, failed.layer, failed.exit_code) == (cls, layer, code)


def test_an_account_that_may_have_no_summaries_is_told_how_to_go_without() -> None:
    says = "Your organization must be verified to generate reasoning summaries. Please go to: https://…"
    body = json.dumps({"error": {"message": says, "param": "reasoning.summary", "code": "unsupported_value"}})
    failed = failures.from_response(400, {}, body, "/v1/responses")
    assert failed.cls == "openai-param-unsupported"
    assert "--set display=omitted" in failed.hint


@pytest.mark.parametrize("endpoint", ["/v1/chat/completions", "/v1/responses"])
def test_a_lost_order_is_mended_by_the_endpoint_that_keeps_it(endpoint: str) -> None:
    says = "messages.1: Invalid `signature` in `thinking` block. It is bound to a different conversation."
    body = json.dumps(anthropic_shape(says, "invalid_request_error"))
    assert failures.from_response(400, {}, body, endpoint).hint.startswith(f"{endpoint} loses seals")
    assert "--endpoint messages" not in failures.from_response(400, {}, body, "/v1/messages").hint


def test_an_error_frame_keeps_the_status_it_tells_else_the_answers_own() -> None:
    assert failures.from_stream_error({"error": {"message": "x", "code": "500"}}).status == 500
    assert failures.from_stream_error({"type": "error", "error": {"message": "x"}}).status == 200


# Answers that are no stream; streams that stop.


def test_a_login_page_is_not_a_stream() -> None:
    failed = failures.not_a_stream(
        "text/html", "<html><title>Sign in &amp; go</title><script>x</script></html>"
    )
    assert (failed.cls, failed.exit_code, failed.layer) == ("not-a-stream", 5, "proxy")
    assert "Sign in & go" in failed.what
    assert "script" not in failed.what
    assert "no content type" in failures.not_a_stream("").what


def test_a_cut_stream_says_that_retrying_costs() -> None:
    failed = failures.cut()
    assert (failed.cls, failed.exit_code, failed.retry_helps) == ("stream-cut", 5, True)
    assert "costs" in failed.hint
