"""``/v1/messages`` of the LiteLLM face: what it changes, hides and wraps, as measured on real proxies."""

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.sim.faces.claude import ADAPTIVE, MANUAL, TOOLS, ask
from tui.sim.deployments import LISTED, deployments_of
from tui.sim.faces.litellm_messages import count_tokens, messages
from tui.sim.refusal import Broken, Refusal
from tui.sim.state import SimState
from tui.sim.transport import JsonReply, SseEvent, StreamReply

KEY = {"authorization": "Bearer sk-simulated"}
SONNET = "anthropic/claude-sonnet-4-5-20250929"


@pytest.fixture
def state() -> SimState:
    return SimState(speed=0)


def to(model: str, prompt: str = "Explain caching to me.", **fields: Any) -> dict[str, Any]:
    return ask(prompt, **{"model": model, "max_tokens": 16_000, **fields})


async def call(state: SimState, body: Any, **headers: str) -> JsonReply:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    reply = await messages(state, {**KEY, **{k.replace("_", "-"): v for k, v in headers.items()}}, raw)
    assert isinstance(reply, JsonReply)
    return reply


async def stream(
    state: SimState, body: dict[str, Any], seen: list[SseEvent] | None = None
) -> tuple[StreamReply, list[SseEvent]]:
    reply = await messages(state, KEY, json.dumps({**body, "stream": True}).encode())
    assert isinstance(reply, StreamReply)
    found = [] if seen is None else seen
    async for event in reply.events:
        found.append(event)
    return reply, found


async def refused(state: SimState, body: Any, **headers: str) -> Refusal:
    with pytest.raises(Refusal) as caught:
        await call(state, body, **headers)
    return caught.value


def sentence(refusal: Refusal) -> str:
    said: str = refusal.body["error"]["message"]
    return said


def upstream(state: SimState) -> list[dict[str, Any]]:
    return [e.body for e in state.seen("anthropic")]


async def test_the_body_names_what_was_asked_and_the_headers_who_answered(state: SimState) -> None:
    reply = await call(state, to("gpt-killer"))
    assert reply.body["model"] == "gpt-killer"
    assert reply.headers["x-litellm-model-name"] == "anthropic/claude-opus-4-5"
    assert reply.headers["x-litellm-model-id"] == deployments_of("gpt-killer")[0].id
    assert reply.headers["x-litellm-model-group"] == "gpt-killer"
    assert reply.headers["x-litellm-attempted-fallbacks"] == "0"
    assert upstream(state)[0]["model"] == "claude-opus-4-5"


async def test_a_stream_carries_meaningless_zero_costs_and_the_model_asked_for(state: SimState) -> None:
    reply, seen = await stream(state, to("smart"))
    assert seen[0].data["message"]["model"] == "smart"
    assert reply.headers["x-litellm-response-cost-original"] == "0.0"
    assert "x-litellm-response-cost" not in reply.headers
    assert "cost" not in seen[-2].data["usage"]


async def test_the_cost_is_tokens_times_the_listed_price(state: SimState) -> None:
    reply = await call(
        state, to("smart", system="Be kind. " * 80, cache_control={"type": "ephemeral", "ttl": "1h"})
    )
    usage = reply.body["usage"]
    million = Decimal(1_000_000)
    expected = (
        usage["input_tokens"] * 5
        + usage["output_tokens"] * 25
        + usage["cache_creation"]["ephemeral_1h_input_tokens"] * 10
    ) / million
    assert usage["cache_creation"]["ephemeral_1h_input_tokens"] > 0
    assert float(reply.headers["x-litellm-response-cost"]) == pytest.approx(float(expected), rel=1e-9)


async def test_the_cost_in_streams_only_when_configured(state: SimState) -> None:
    state.cost_in_stream = True
    _, seen = await stream(state, to("smart"))
    usage = seen[-2].data["usage"]
    expected = (usage["input_tokens"] * 5 + usage["output_tokens"] * 25) / 1e6
    assert usage["cost"] == pytest.approx(expected)


async def test_configured_thinking_is_merged_only_when_none_is_sent(state: SimState) -> None:
    await call(state, to(SONNET))
    await call(state, to(SONNET, thinking={"type": "disabled"}))
    await call(state, to(SONNET, thinking=MANUAL))
    sent = [b["thinking"] for b in upstream(state)]
    assert sent == [{"type": "enabled", "budget_tokens": 8000}, {"type": "disabled"}, MANUAL]
    small = await refused(state, to(SONNET, max_tokens=900))
    assert "`max_tokens` must be greater than `thinking.budget_tokens`" in sentence(small)


async def test_the_bare_id_goes_to_the_wildcard_and_loses_the_configured_thinking(state: SimState) -> None:
    reply = await call(state, to("claude-sonnet-4-5-20250929"))
    assert "thinking" not in upstream(state)[0]
    assert reply.headers["x-litellm-model-id"] == deployments_of("anthropic/x")[0].id
    assert reply.headers["x-litellm-model-group"] == "claude-sonnet-4-5-20250929"


async def test_a_deployment_id_pins_its_deployment(state: SimState) -> None:
    for deployment in deployments_of("mixed"):
        reply = await call(state, to(deployment.id))
        assert reply.headers["x-litellm-model-name"] == deployment.upstream


@pytest.mark.parametrize("name", ["nope", "gpt-5.5", "Smart", "smart ", "", None, 7])
async def test_other_names_have_no_healthy_deployments(state: SimState, name: Any) -> None:
    no = await refused(state, to("x") | {"model": name})
    assert no.status == 400
    assert sentence(no).startswith(
        f"litellm.BadRequestError: You passed in model={name}. "
        "There are no healthy deployments for this model"
    )


async def test_a_wildcard_with_an_unknown_model_is_the_vendors_404_and_cools_down(state: SimState) -> None:
    no = await refused(state, to("anthropic/claude-nope"))
    assert no.status == 404
    assert "litellm.NotFoundError: AnthropicException - " in sentence(no)
    again = await refused(state, to("anthropic/claude-nope"))
    assert again.status == 429
    assert sentence(again).startswith("No deployments available for selected model, Try again in 5 seconds")
    assert "retry-after" not in again.headers
    state.clock = lambda: 1e12
    assert (await refused(state, to("anthropic/claude-nope"))).status == 404


async def test_a_mixed_group_takes_turns(state: SimState) -> None:
    names = [(await call(state, to("mixed"))).headers["x-litellm-model-name"] for _ in range(4)]
    assert names[0] != names[1]
    assert names[:2] == names[2:]


async def test_flaky_falls_back_and_says_so(state: SimState) -> None:
    reply = await call(state, to("flaky"))
    assert reply.headers["x-litellm-model-group"] == "smart"
    assert reply.headers["x-litellm-attempted-fallbacks"] == "1"
    assert reply.body["model"] == "claude-opus-4-5"
    _, seen = await stream(state, to("flaky"))
    assert seen[0].data["message"]["model"] == "flaky"
    no = await refused(state, to("flaky", disable_fallbacks=True))
    assert (no.status, "litellm.InternalServerError" in sentence(no)) == (500, True)


async def test_the_word_fallback_makes_any_model_fall_back(state: SimState) -> None:
    reply = await call(state, to("anthropic/claude-sonnet-4-6", "Show me a fallback."))
    assert reply.headers["x-litellm-model-group"] == "smart"


async def test_thinking_is_rewritten_for_the_generation(state: SimState) -> None:
    await call(state, to("anthropic/claude-opus-4-7", thinking=MANUAL))
    assert upstream(state)[0]["thinking"] == ADAPTIVE
    assert upstream(state)[0]["output_config"] == {"effort": "low"}
    await call(state, to("smart", thinking=ADAPTIVE))
    assert "thinking" not in upstream(state)[1]


async def in_loop(state: SimState, model: str) -> dict[str, Any]:
    body = to(model, "What is 17 * 23?", tools=TOOLS, thinking=MANUAL)
    content = (await call(state, body)).body["content"]
    result = {"type": "tool_result", "tool_use_id": content[-1]["id"], "content": "391"}
    body["messages"] += [{"role": "assistant", "content": content}, {"role": "user", "content": [result]}]
    return body


async def test_a_bad_seal_is_healed_silently_by_forgetting_all_thinking(state: SimState) -> None:
    body = await in_loop(state, "smart")
    body["messages"][1]["content"][0]["signature"] = "broken"
    reply = await call(state, body)
    assert reply.headers["x-litellm-attempted-retries"] == "0"
    first, second = state.seen("anthropic")[-2:]
    assert "Invalid `signature` in `thinking` block" in first.outcome
    assert second.outcome == "answered"
    assert "thinking" not in second.body
    assert all(b["type"] != "thinking" for b in second.body["messages"][1]["content"])
    assert all(b["type"] != "thinking" for b in reply.body["content"])


async def test_a_modified_thought_is_not_healed(state: SimState) -> None:
    body = await in_loop(state, "smart")
    body["messages"][1]["content"][0]["thinking"] = "changed"
    no = await refused(state, body)
    assert "cannot be modified" in sentence(no)


async def test_an_explicit_error_binding_is_not_healed(state: SimState) -> None:
    beta = "thinking-binding-controls-2026-08-01"
    body = await in_loop(state, "smart")
    body["messages"][1]["content"][0]["signature"] = "broken"
    body["thinking"] = {**MANUAL, "block_binding": {"prefix_mismatch_behavior": "error"}}
    no = await refused(state, body, anthropic_beta=beta)
    assert "Invalid `signature`" in sentence(no)


async def test_the_word_self_heal_shows_it(state: SimState) -> None:
    reply = await call(state, to("smart", "Show me a self-heal.", thinking=MANUAL))
    assert [e.outcome[:8] for e in state.seen("anthropic")] == ["refused:", "answered"]
    assert all(b["type"] != "thinking" for b in reply.body["content"])


async def test_a_loop_that_comes_back_verbatim_arrives_verbatim(state: SimState) -> None:
    body = await in_loop(state, SONNET)
    await call(state, body)
    assert upstream(state)[-1]["messages"] == body["messages"]
    assert [e.outcome for e in state.seen("anthropic")] == ["answered", "answered"]


async def test_unknown_fields_are_dropped_silently(state: SimState) -> None:
    body = to("smart", num_retries=3, tags=["a"], stream_options={}, metadata={"user_id": "u", "x": 1})
    await call(state, body)
    sent = upstream(state)[0]
    assert set(sent) == {"model", "max_tokens", "messages", "metadata"}
    assert sent["metadata"] == {"user_id": "u"}


async def test_version_and_betas_are_forwarded(state: SimState) -> None:
    await call(state, to("smart"), anthropic_version="2026-10-21")
    assert state.seen("anthropic")[0].headers["anthropic-version"] == "2026-10-21"
    no = await refused(state, to("smart"), anthropic_beta="made-up-2026")
    assert "Unexpected value(s) `made-up-2026`" in sentence(no)


STATUSES = [
    (400, 400, "litellm.BadRequestError", "invalid_request_error"),
    (401, 401, "litellm.AuthenticationError", "authentication_error"),
    (403, 403, "litellm.PermissionDeniedError", "permission_error"),
    (404, 404, "litellm.NotFoundError", "not_found_error"),
    (429, 429, "litellm.RateLimitError", "rate_limit_error"),
    (500, 500, "litellm.InternalServerError", "api_error"),
    (529, 500, "litellm.InternalServerError", "api_error"),
]


@pytest.mark.parametrize(("vendor", "status", "name", "type"), STATUSES)
async def test_vendor_errors_are_wrapped(
    state: SimState, vendor: int, status: int, name: str, type: str
) -> None:
    no = await refused(state, to("smart", f"error {vendor}"))
    assert no.status == status
    assert no.body["error"]["type"] == type
    assert "retry-after" not in no.headers
    said = sentence(no)
    assert said.startswith(f"{name}: AnthropicException - {{")
    inner = json.loads(said.split(" - ", 1)[1].split("\n\nLiteLLM: ")[0])
    assert inner["type"] == "error"


async def test_a_vendors_401_cools_the_deployment_down_for_everyone(state: SimState) -> None:
    await refused(state, to("smart", "error 401"))
    assert (await refused(state, to("smart"))).status == 429
    assert (await call(state, to("gpt-killer"))).body["role"] == "assistant"


async def test_too_long_is_named_a_context_error(state: SimState) -> None:
    no = await refused(state, to("smart", "too long"))
    assert (no.status, "ContextWindowExceededError" in sentence(no)) == (400, True)


@pytest.mark.parametrize("key", [{"authorization": "Bearer sk-other"}, {"authorization": ""}])
async def test_a_wrong_key_is_refused_in_openais_shape(state: SimState, key: dict[str, str]) -> None:
    no = await refused(state, to("smart"), **key)
    assert no.status == 401
    assert no.body["error"]["type"] == "auth_error"
    assert no.body["error"]["code"] == "401"
    assert "type" not in no.body


@pytest.mark.parametrize("header", ["authorization", "x-api-key", "x-litellm-api-key"])
async def test_the_key_is_taken_from_three_headers(state: SimState, header: str) -> None:
    raw = json.dumps(to("smart")).encode()
    assert isinstance(await messages(state, {header: "sk-simulated"}, raw), JsonReply)


@pytest.mark.parametrize("raw", [b"{", b"[1]", b"\xff", json.dumps(to("smart", "\ud800")).encode()])
async def test_what_is_no_json_object_is_refused_by_the_proxy(state: SimState, raw: bytes) -> None:
    no = await refused(state, raw)
    assert no.status == 400
    assert no.body["error"]["code"] == "400"
    assert sentence(no).startswith("Invalid JSON payload")
    assert upstream(state) == []


async def test_max_tokens_is_required_by_the_proxy_itself(state: SimState) -> None:
    body = to("smart")
    del body["max_tokens"]
    assert sentence(await refused(state, body)) == (
        "anthropic_messages: Missing required parameter: 'max_tokens'."
    )


@pytest.mark.parametrize("model", ["openai/gpt-5.1", "claude-cheap", "gemini/gemini-3-pro-preview"])
async def test_other_vendors_are_sent_to_the_other_endpoint(state: SimState, model: str) -> None:
    no = await refused(state, to(model))
    assert (no.status, "/v1/chat/completions only" in sentence(no)) == (400, True)


async def test_an_overloaded_vendor_inside_the_stream_is_passed_through(state: SimState) -> None:
    _, seen = await stream(state, to("smart", "error midstream"))
    assert seen[-1].data["error"]["type"] == "overloaded_error"


async def test_a_vendor_that_dies_becomes_an_error_event(state: SimState) -> None:
    _, seen = await stream(state, to("smart", "upstream cut"))
    assert seen[-1].event == "error"
    assert seen[-1].data["error"]["type"] == "api_error"
    assert seen[-1].data["error"]["message"].startswith("Response payload is not completed")


async def test_a_vendor_that_dies_before_a_whole_answer_is_a_500(state: SimState) -> None:
    no = await refused(state, to("smart", "upstream cut"))
    assert (no.status, no.body["error"]["type"]) == (500, "api_error")


async def test_a_cut_breaks_the_whole_way(state: SimState) -> None:
    seen: list[SseEvent] = []
    with pytest.raises(Broken):
        await stream(state, to("smart", "cut stream"), seen)
    assert seen[0].event == "message_start"


async def test_a_hang_ends_with_the_timeout_asked_for(state: SimState) -> None:
    no = await refused(state, to("smart", "hang"), x_litellm_timeout="0.05")
    assert (no.status, no.body["error"]["type"]) == (408, "timeout_error")
    assert no.headers["x-litellm-timeout"] == "0.05"


async def test_tokens_are_counted_by_the_vendor(state: SimState) -> None:
    raw = json.dumps({k: v for k, v in to("smart").items() if k != "max_tokens"}).encode()
    reply = await count_tokens(state, KEY, raw)
    assert isinstance(reply, JsonReply)
    assert reply.body["litellm_count_source"] == "provider"
    whole = await call(state, to("smart"))
    assert reply.body["input_tokens"] == whole.body["usage"]["input_tokens"]


@pytest.mark.parametrize(
    "listed", [d for d in LISTED if d.is_claude and "*" not in d.name], ids=lambda d: d.upstream
)
async def test_every_listed_claude_answers(state: SimState, listed: Any) -> None:
    assert (await call(state, to(listed.name))).body["stop_reason"] == "end_turn"


@pytest.mark.parametrize("content", [1, True, {"text": "hi"}, None, [1]])
async def test_content_of_no_known_shape_is_refused(state: SimState, content: Any) -> None:
    body = {**to("smart"), "messages": [{"role": "user", "content": content}]}
    assert 400 <= (await refused(state, body)).status < 500
