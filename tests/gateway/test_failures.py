"""Every error a proxy or vendor was seen to give ends in its class, layer and next step."""

import asyncio
import json
import socket
import ssl
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.chat.route import Route
from tui.errors import CallFailed
from tui.gateway import failures

CATALOG = [
    (row["id"], text)
    for line in (Path(__file__).parent / "data" / "failures.jsonl").read_text(encoding="utf-8").splitlines()
    for row in [json.loads(line)]
    for text in row["texts"]
]
MESSAGES, CHAT = "/v1/messages", "/v1/chat/completions"
REMARK = "\n\nLiteLLM: model group 'smart' failed with the error above. No fallback was attempted."
LITELLM = {"x-litellm-version": "1.106.2", "x-litellm-call-id": "c"}


def anthropic_shape(message: str, kind: str = "invalid_request_error") -> str:
    return json.dumps({"type": "error", "error": {"type": kind, "message": message}})


def openai_shape(message: str, kind: str | None = None, code: str = "400") -> str:
    return json.dumps({"error": {"message": message, "type": kind, "param": None, "code": code}})


def wrapped(text: str) -> list[str]:
    """The same sentence as proxies and relays pass it on."""
    vendor = anthropic_shape(text)
    return [
        vendor,
        openai_shape(text),
        anthropic_shape(f"litellm.BadRequestError: AnthropicException - {vendor}{REMARK}"),
        openai_shape(
            f"litellm.BadRequestError: AnthropicException - {vendor.encode()!r}. Received Model Group=x"
        ),
        openai_shape(f"litellm.APIError: APIError: OpenAIException - {json.dumps(vendor)}"),
        openai_shape(f"Error code: 400 - {json.loads(vendor)!r}"),
        json.dumps(
            {"error": {"message": "Provider returned error", "code": 400, "metadata": {"raw": vendor}}}
        ),
        json.dumps([{"error": {"code": 400, "message": text, "status": "INVALID_ARGUMENT"}}]),
    ]


@pytest.mark.parametrize(("cls", "text"), CATALOG, ids=[f"{c}-{i}" for i, (c, _) in enumerate(CATALOG)])
def test_every_known_sentence_finds_its_class(cls: str, text: str) -> None:
    for body in wrapped(text):
        for endpoint in (MESSAGES, CHAT):
            failed = failures.from_response(400, LITELLM, body, endpoint)
            assert failed.cls == cls, body
            assert failed.hint
            assert failed.exit_code == 4


def test_wrappers_are_peeled_down_to_the_vendors_own_sentence() -> None:
    sentence = "messages.1.content.0: Invalid `signature` in `thinking` block"
    for body in wrapped(sentence):
        failed = failures.from_response(400, LITELLM, body, MESSAGES)
        assert failed.vendor_message == sentence, body
        assert failed.what == sentence
        assert failed.layer == "vendor"
        assert not failed.retry_helps


LONG = "prompt is too long: 214032 tokens > 200000 maximum"
SETTING = (
    "\nmodel=smart. context_window_fallbacks=None. fallbacks=[{'flaky': ['smart']}].\n\nSet"
    " 'context_window_fallback' - https://docs.litellm.ai/docs/routing#fallbacks"
)


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        (
            "litellm.ContextWindowExceededError: litellm.BadRequestError: AnthropicError - "
            + anthropic_shape(LONG)
            + SETTING
            + REMARK,
            LONG,
        ),
        (
            "litellm.ContextWindowExceededError: litellm.BadRequestError: AnthropicError - "
            + repr(anthropic_shape(LONG).encode())
            + SETTING
            + REMARK,
            LONG,
        ),
        (
            "litellm.RateLimitError: RateLimitError: OpenAIException - Too many tokens." + REMARK,
            "Too many tokens.",
        ),
        (
            "litellm.APIConnectionError: AnthropicException - <!doctype html>\n<html><head>"
            "<title>502 Bad Gateway</title></head></html>\n" + REMARK,
            "an HTML page, “502 Bad Gateway”",
        ),
        (
            "litellm.APIConnectionError: AnthropicException - Unable to get json response, Original Response:"
            " <html><title>Oops</title><script>1</script></html>" + REMARK,
            "Unable to get json response, Original Response: an HTML page, “Oops”",
        ),
    ],
)
def test_messages_of_a_real_proxy(message: str, sentence: str) -> None:
    for body in (anthropic_shape(message), openai_shape(message)):
        failed = failures.from_response(500, LITELLM, body, MESSAGES)
        assert failed.vendor_message == sentence
        assert failed.layer == "vendor"


def test_a_refused_seal_on_chat_is_told_the_other_endpoint() -> None:
    body = openai_shape(
        "messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `text`."
    )
    assert "--endpoint messages" in failures.from_response(400, LITELLM, body, CHAT).hint


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
        ({"error": {"message": "slow down", "code": "429"}}, "rate-limited", "vendor", 4),
        ("plain words", "vendor-error", "vendor", 4),
        (None, "vendor-error", "vendor", 4),
    ],
)
def test_error_frames(frame: Any, cls: str, layer: str, code: int) -> None:
    failed = failures.from_stream_error(frame, CHAT)
    assert (failed.cls, failed.layer, failed.exit_code) == (cls, layer, code)


def test_an_error_frame_keeps_the_status_it_tells_else_the_answers_own() -> None:
    assert failures.from_stream_error({"error": {"message": "x", "code": "500"}}).status == 500
    assert failures.from_stream_error({"type": "error", "error": {"message": "x"}}).status == 200


# Exceptions of the transport.


def caused(outer: Exception, inner: Exception) -> Exception:
    outer.__cause__ = inner
    return outer


class APIConnectionError(Exception):
    """Named as in both SDKs."""


class APITimeoutError(APIConnectionError):
    """Named as in both SDKs."""


@pytest.mark.parametrize(
    ("error", "phase", "cls", "code", "word"),
    [
        (httpx2.ConnectError("All connection attempts failed"), "connect", "proxy-unreachable", 3, "refused"),
        (
            caused(APIConnectionError("Connection error."), ConnectionRefusedError(111, "no")),
            "connect",
            "proxy-unreachable",
            3,
            "refused",
        ),
        (
            caused(httpx2.ConnectError(""), socket.gaierror(-2, "Name or service not known")),
            "connect",
            "proxy-unreachable",
            3,
            "host name",
        ),
        (
            caused(httpx2.ConnectError(""), ssl.SSLCertVerificationError("self-signed")),
            "connect",
            "proxy-unreachable",
            3,
            "certificate",
        ),
        (httpx2.ConnectTimeout(""), "connect", "proxy-unreachable", 3, "in time"),
        (
            caused(APITimeoutError(""), httpx2.ConnectTimeout("")),
            "connect",
            "proxy-unreachable",
            3,
            "in time",
        ),
        (httpx2.ReadTimeout(""), "connect", "timeout-first-byte", 3, "first byte"),
        (APITimeoutError("Request timed out."), "connect", "timeout-first-byte", 3, "first byte"),
        (TimeoutError(), "connect", "timeout-first-byte", 3, "first byte"),
        (httpx2.ReadTimeout(""), "stream", "timeout-idle", 5, "too long"),
        (TimeoutError(), "stream", "timeout-idle", 5, "too long"),
        (httpx2.RemoteProtocolError("peer closed connection"), "stream", "stream-cut", 5, "peer closed"),
        (caused(APIConnectionError("x"), httpx2.ReadError("reset")), "stream", "stream-cut", 5, "broke"),
        (ConnectionResetError(104, "reset by peer"), "stream", "stream-cut", 5, "reset"),
        (httpx2.RemoteProtocolError("no answer"), "connect", "proxy-unreachable", 3, "no answer"),
        (json.JSONDecodeError("Expecting value", "x", 0), "stream", "not-a-stream", 5, "decoded"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), "stream", "not-a-stream", 5, "decoded"),
        (ValueError("index out of order"), "stream", "not-a-stream", 5, "index"),
        (httpx2.UnsupportedProtocol("ftp"), "connect", "bad-config", 2, "address"),
        (RuntimeError("odd"), "stream", "bad-request", 4, "odd"),
        (ExceptionGroup("g", [httpx2.ReadTimeout("")]), "stream", "timeout-idle", 5, "too long"),
    ],
)
def test_exceptions(error: Exception, phase: failures.Phase, cls: str, code: int, word: str) -> None:
    failed = failures.from_exception(error, phase)
    assert (failed.cls, failed.exit_code) == (cls, code)
    assert word in failed.what
    assert failed.hint


def test_circular_causes_come_to_an_end() -> None:
    first, second = RuntimeError("a"), RuntimeError("b")
    first.__cause__, second.__cause__ = second, first
    assert failures.from_exception(first).cls == "bad-request"


@pytest.mark.parametrize("sdk", ["anthropic", "openai"])
def test_refusals_as_the_sdks_raise_them(sdk: str) -> None:
    module = __import__(sdk)
    body = openai_shape("Authentication Error, no", "auth_error", "401")

    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(401, text=body, headers={"content-type": "application/json"})

    async def call() -> CallFailed:
        async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as http:
            kind = module.AsyncAnthropic if sdk == "anthropic" else module.AsyncOpenAI
            client = kind(api_key="k", base_url="http://127.0.0.1/v1", http_client=http, max_retries=0)
            try:
                await client.post("/x", body={}, cast_to=object)
            except Exception as error:
                return failures.from_exception(error)
            raise AssertionError("no error")

    failed = asyncio.run(call())
    assert (failed.cls, failed.layer, failed.status) == ("proxy-key-refused", "proxy", 401)


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


# What may come from anywhere must not hurt.

SECRETS = [
    "sk-proj-abcdEFGH1234",
    "Bearer abc.def-ghi",
    "AIzaSyA1234567890",
    "xai-0123456789abcdef",
    "eyJhbGciOi.eyJzdWIiOi.sig",
    "a" * 64,
    "AKIAIOSFODNN7EXAMPLE",
]


@pytest.mark.parametrize("secret", SECRETS)
def test_secrets_are_masked(secret: str) -> None:
    for body in (*wrapped(f"key {secret} is wrong"), f"key {secret} is wrong", f"<title>{secret} x</title>"):
        failed = failures.from_response(401, {}, body)
        for shown in (failed.what, failed.vendor_message or "", str(failed)):
            assert secret.removeprefix("Bearer ") not in shown


@pytest.mark.parametrize(
    "body",
    [
        "\x1b]52;c;aGk=\x07\x1b[2J" * 50,
        "<html>" + "<div>" * 100_000,
        "{" * 100_000,
        "[" * 100_000,
        json.dumps({"error": {"message": "\u202e\x9b31m" + "x" * 500_000}}),
        '{"error":{"message":"' + "\\" * 100_001,
        "litellm.BadRequestError: " * 20_000,
        json.dumps({"error": "b'" + "(" * 9_000 + "'"}),
    ],
    ids=range(8),
)
def test_hostile_bodies_are_short_and_harmless(body: str) -> None:
    for failed in (
        failures.from_response(400, {}, body),
        failures.from_stream_error(body),
        failures.not_a_stream("text/\x1bplain", body[:2000]),
    ):
        assert len(failed.what) < 900
        assert (failed.what + (failed.vendor_message or "") + failed.hint).isprintable()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["error", "message", "type", "code", "detail", "metadata", "raw"]), inner
        )
    ),
    max_leaves=8,
)


@given(JSON, st.integers(400, 599))
def test_any_body_becomes_an_error(body: Any, status: int) -> None:
    for failed in (failures.from_response(status, {}, json.dumps(body)), failures.from_stream_error(body)):
        assert isinstance(failed, CallFailed)
        assert failed.what
        assert failed.what.isprintable()
