"""The sentence somebody really said is found inside every wrapper, and nothing in a body can hurt."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.gateway.error_shapes import CHAT, LITELLM, MESSAGES, REMARK, anthropic_shape, openai_shape, wrapped
from tui.errors import CallFailed
from tui.gateway import failures

CATALOG = [
    (row["id"], text)
    for line in (Path(__file__).parent / "data" / "failures.jsonl").read_text(encoding="utf-8").splitlines()
    for row in [json.loads(line)]
    for text in row["texts"]
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
