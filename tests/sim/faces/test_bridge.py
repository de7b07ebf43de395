"""``/v1/chat/completions`` of the simulated proxy: what it loses, adds and wraps for each vendor."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from tests.sim.faces.asking import PROMPT, TOOL, Asker, asking, chat_message, chat_results
from tui.sim.deployments import LISTED, deployments_of
from tui.sim.faces.gemini import DEGRADED

PATH = "/v1/chat/completions"
STREAM: dict[str, Any] = {"stream": True, "stream_options": {"include_usage": True}}
CLAUDE = "anthropic/claude-sonnet-4-5-20250929"
GEMINI = "gemini/gemini-3-pro-preview"
EXTRA: dict[str, dict[str, Any]] = {"openai/gpt-5.5": {"reasoning_effort": "low"}}
NAMES = [
    name for name in dict.fromkeys(d.name for d in LISTED) if name not in ("flaky", "anthropic/*", "mixed")
]


@pytest.fixture(scope="module")
def running() -> Iterator[Asker]:
    with asking() as asker:
        yield asker


@pytest.fixture
def sim(running: Asker) -> Asker:
    running.server.state.cooldowns.clear()
    running.server.state.counts.clear()
    return running


def body(model: str, prompt: str = PROMPT, **fields: Any) -> dict[str, Any]:
    messages = [{"role": "user", "content": prompt}]
    return {"model": model, "messages": messages, "tools": [TOOL], **EXTRA.get(model, {}), **fields}


@pytest.mark.parametrize("model", NAMES)
@pytest.mark.parametrize("stream", [{}, STREAM], ids=["whole", "stream"])
def test_a_faithful_tool_loop_passes_for_every_listed_model(
    sim: Asker, model: str, stream: dict[str, Any]
) -> None:
    request = body(model, "parallel: what is 12*7 and what is 5+6?", **stream)
    first = sim.post(PATH, request)
    assert first.status == 200, first.body
    message = chat_message(first)
    assert len(message["tool_calls"]) == 2
    request["messages"] += [message, *chat_results(message)]
    second = sim.post(PATH, request)
    assert second.status == 200, second.body
    assert chat_message(second)["content"]


@pytest.mark.parametrize(
    "model", [CLAUDE, GEMINI, "openai/gpt-5.1", "xai/grok-4", "deepseek/deepseek-reasoner"]
)
def test_the_headers_say_who_answered_and_the_cost_is_exact(sim: Asker, model: str) -> None:
    answer = sim.post(PATH, body(model))
    deployment = deployments_of(model)[0]
    assert answer.body["model"] == model
    assert answer.headers["x-litellm-model-name"] == deployment.upstream
    assert answer.headers["x-litellm-model-id"] == deployment.id
    assert deployment.generation is not None
    rates, usage = deployment.generation.rates, answer.body["usage"]
    assert rates is not None
    cost = usage["prompt_tokens"] * rates.input + usage["completion_tokens"] * rates.output
    assert Decimal(answer.headers["x-litellm-response-cost"]) == cost


def test_a_stream_tells_its_cost_only_with_its_usage(sim: Asker) -> None:
    answer = sim.post(PATH, body(CLAUDE, **STREAM))
    assert "x-litellm-response-cost" not in answer.headers
    assert answer.headers["x-litellm-response-cost-original"] == "0.0"
    assert answer.data[-1] == "[DONE]"
    assert answer.data[-2]["usage"]["cost"] > 0
    bare = sim.post(PATH, body(CLAUDE, stream=True))
    assert all("usage" not in chunk for chunk in bare.data[:-1])
    unpriced = sim.post(PATH, body("mystery", **STREAM))
    assert "cost" not in unpriced.data[-2]["usage"]


def test_only_the_first_chunk_names_the_role(sim: Asker) -> None:
    chunks = sim.post(PATH, body(CLAUDE, **STREAM)).data[:-1]
    assert ["role" in c["choices"][0]["delta"] for c in chunks] == [True] + [False] * (len(chunks) - 1)
    assert {c["model"] for c in chunks} == {CLAUDE}


def test_claude_thinking_comes_without_index_and_its_signature_later(sim: Asker) -> None:
    answer = sim.post(PATH, body(CLAUDE, "redacted: what is 12*7?", **STREAM))
    deltas = [c["choices"][0]["delta"] for c in answer.data[:-1]]
    blocks = [d["thinking_blocks"][0] for d in deltas if "thinking_blocks" in d]
    assert all("index" not in block for block in blocks)
    assert any(block["type"] == "redacted_thinking" and block["data"] for block in blocks)
    signed = [block for block in blocks if "signature" in block]
    assert signed
    assert all(block["thinking"] == "" for block in signed)
    doubled = [d["provider_specific_fields"]["thinking_blocks"] for d in deltas if "thinking_blocks" in d]
    assert doubled == [d["thinking_blocks"] for d in deltas if "thinking_blocks" in d]


def test_numbers_of_claude_calls_count_blocks_in_a_whole_answer(sim: Asker) -> None:
    message = chat_message(sim.post(PATH, body(CLAUDE)))
    assert message["tool_calls"][0]["index"] == len(message["thinking_blocks"]) + bool(message["content"])


EXPECTED = "messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `"


@pytest.mark.parametrize("kept", [(), ("reasoning_content",), ("provider_specific_fields",)])
def test_claude_gets_no_thinking_back_without_thinking_blocks(sim: Asker, kept: tuple[str, ...]) -> None:
    request = body(CLAUDE)
    message = chat_message(sim.post(PATH, request))
    echoed = {k: v for k, v in message.items() if k in ("role", "content", "tool_calls", *kept)}
    request["messages"] += [echoed, *chat_results(message)]
    answer = sim.post(PATH, request)
    assert answer.status == 400
    assert answer.error["message"].startswith("litellm.BadRequestError: AnthropicException - {")
    assert EXPECTED in answer.error["message"]


def test_claude_refuses_thinking_blocks_appended_as_they_came(sim: Asker) -> None:
    request = body(CLAUDE, **STREAM)
    answer = sim.post(PATH, request)
    raw = [b for c in answer.data[:-1] for b in c["choices"][0]["delta"].get("thinking_blocks") or ()]
    message = {**chat_message(answer), "thinking_blocks": raw}
    request["messages"] += [message, *chat_results(message)]
    refused = sim.post(PATH, request)
    assert refused.status == 400
    assert "AnthropicException - b'{" in refused.error["message"]


def test_thinking_goes_first_whatever_the_order_was(sim: Asker) -> None:
    request = body("anthropic/claude-sonnet-4-6", "thinking-text-thinking: what is 12*7?")
    request["thinking"] = {"type": "adaptive"}
    message = chat_message(sim.post(PATH, request))
    assert len(message["thinking_blocks"]) >= 2
    request["messages"] += [message, *chat_results(message)]
    sim.post(PATH, request)
    sent = sim.server.state.seen("anthropic")[-1].body["messages"][1]["content"]
    kinds = [block["type"] for block in sent]
    assert kinds == sorted(kinds, key=("thinking", "text", "tool_use").index)


def test_a_prefix_bound_model_refuses_the_changed_order(sim: Asker) -> None:
    request = body("anthropic/claude-fable-5-1", "thinking-text-thinking: what is 12*7?")
    message = chat_message(sim.post(PATH, request))
    assert len(message["thinking_blocks"]) >= 2
    request["messages"] += [message, *chat_results(message)]
    answer = sim.post(PATH, request)
    assert answer.status == 400
    assert "bound to a different conversation" in answer.error["message"]


def test_configured_thinking_is_added_and_raises_the_limit(sim: Asker) -> None:
    sim.post(PATH, body(CLAUDE))
    sent = sim.server.state.seen("anthropic")[-1].body
    assert sent["thinking"] == {"type": "enabled", "budget_tokens": 8000}
    assert sent["max_tokens"] == 8000 + 4096
    small = sim.post(PATH, body(CLAUDE, max_tokens=900))
    assert "`max_tokens` must be greater than `thinking.budget_tokens`" in small.error["message"]


def test_history_with_calls_needs_tools_for_claude(sim: Asker) -> None:
    request = body("smart")
    message = chat_message(sim.post(PATH, request))
    request["messages"] += [message, *chat_results(message)]
    del request["tools"]
    answer = sim.post(PATH, request)
    assert answer.status == 400
    assert (
        "Anthropic doesn't support tool calling without `tools=` param specified." in answer.error["message"]
    )


@pytest.mark.parametrize("stream", [{}, STREAM], ids=["whole", "stream"])
def test_geminis_signature_travels_in_the_id_alone(sim: Asker, stream: dict[str, Any]) -> None:
    request = body(GEMINI, **stream)
    message = chat_message(sim.post(PATH, request))
    call = message["tool_calls"][0]
    id, _, signature = call["id"].partition("__thought__")
    assert call["provider_specific_fields"] == {"thought_signature": signature}
    plain = {k: call[k] for k in ("id", "type", "function")}
    messages = [*request["messages"], {"role": "assistant", "content": None, "tool_calls": [plain]}]
    assert sim.post(PATH, {**request, "messages": [*messages, *chat_results(message)]}).status == 200
    part = sim.server.state.seen("gemini")[-1].body["contents"][1]["parts"][0]
    assert part["thoughtSignature"] == signature
    assert part["function_call"]["id"] == id
    assert sim.server.state.counts[DEGRADED] == 0


def test_an_id_of_ones_own_makes_gemini_answer_degraded(sim: Asker) -> None:
    request = body(GEMINI)
    message = chat_message(sim.post(PATH, request))
    call = {"id": "call_mine", "type": "function", "function": message["tool_calls"][0]["function"]}
    echoed = {"role": "assistant", "content": None, "tool_calls": [call]}
    request["messages"] += [echoed, *chat_results(echoed)]
    assert sim.post(PATH, request).status == 200
    assert sim.server.state.counts[DEGRADED] == 1


def test_an_id_cut_short_spoils_the_signature(sim: Asker) -> None:
    request = body(GEMINI)
    message = chat_message(sim.post(PATH, request))
    call = message["tool_calls"][0]
    cut = {"id": call["id"][:64], "type": "function", "function": call["function"]}
    echoed = {"role": "assistant", "content": None, "tool_calls": [cut]}
    request["messages"] += [echoed, *chat_results(echoed)]
    assert "Corrupted thought signature." in sim.post(PATH, request).error["message"]


@pytest.mark.parametrize("model", ["smart", "openai/gpt-5.1", "xai/grok-4"])
def test_other_vendors_get_geminis_ids_without_the_signature(sim: Asker, model: str) -> None:
    request = body(GEMINI)
    message = chat_message(sim.post(PATH, request))
    request["messages"] += [message, *chat_results(message)]
    assert sim.post(PATH, {**request, "model": model}).status == 200
    sent = json.dumps(sim.server.state.exchanges[-1].body)
    assert "__thought__" not in sent


def test_gpt_5_5_is_bridged_only_for_tools_with_an_effort(sim: Asker) -> None:
    model = "openai/gpt-5.5"
    assert chat_message(sim.post(PATH, body(model)))["reasoning_items"][0]["type"] == "reasoning"
    assert sim.server.state.exchanges[-1].path == "/vendor/openai/v1/responses"
    refused = sim.post(PATH, body(model) | {"reasoning_effort": None})
    assert refused.status == 400
    assert "OpenAIException - Function tools with reasoning_effort are not" in refused.error["message"]
    assert refused.error["param"] == "reasoning_effort"
    assert sim.post(PATH, body(model) | {"reasoning_effort": "none"}).status == 200
    assert sim.server.state.exchanges[-1].path == "/vendor/openai/v1/chat/completions"


def test_reasoning_is_lost_on_the_bridge_unless_its_items_come_back(sim: Asker) -> None:
    request = body("openai/gpt-5.5")
    message = chat_message(sim.post(PATH, request))
    for echoed, kept in (
        (message, True),
        ({k: message[k] for k in ("role", "content", "tool_calls")}, False),
    ):
        messages = [*request["messages"], echoed, *chat_results(message)]
        assert sim.post(PATH, {**request, "messages": messages}).status == 200
        items = sim.server.state.exchanges[-1].body["input"]
        assert any(item.get("type") == "reasoning" for item in items) is kept


@pytest.mark.parametrize(
    ("model", "word"), [("xai/grok-4", "reasoning_effort"), ("openai/gpt-5.1", "thinking")]
)
def test_a_parameter_the_proxy_knows_the_vendor_lacks_is_refused_or_dropped(
    sim: Asker, model: str, word: str
) -> None:
    request = body(model, **{word: "low"})
    answer = sim.post(PATH, request)
    assert answer.status == 400
    assert f"does not support parameters: ['{word}']" in answer.error["message"]
    assert sim.post(PATH, request | {"drop_params": True}).status == 200


def test_a_key_of_ours_is_needed(sim: Asker) -> None:
    answer = sim.post(PATH, body("smart"), authorization="Bearer nope")
    assert (answer.status, answer.error["type"], answer.error["code"]) == (401, "auth_error", "401")


@pytest.mark.parametrize("raw", [b"{", b"[]"])
def test_what_is_no_object_is_refused(sim: Asker, raw: bytes) -> None:
    answer = sim.post(PATH, raw)
    assert answer.status == 400
    assert "Invalid JSON payload" in answer.error["message"]


def test_messages_of_no_shape_are_refused(sim: Asker) -> None:
    for messages in (None, "hi", [1], [{"content": "no role"}]):
        answer = sim.post(PATH, {"model": "smart", "messages": messages})
        assert (answer.status, answer.error["code"]) == (400, "400")


def test_after_a_vendors_401_the_deployment_cools_down(sim: Asker) -> None:
    model = "openai/gpt-5.1"
    refused = sim.post(PATH, body(model, "error 401"))
    assert (refused.status, refused.error["type"]) == (401, "invalid_request_error")
    cooling = sim.post(PATH, body(model))
    assert cooling.status == 429
    assert cooling.error["type"] == "all_deployments_in_cooldown"
    assert cooling.headers["retry-after"] == "5"
    assert "No deployments available for selected model, Try again in 5 seconds." in cooling.error["message"]


@pytest.mark.parametrize("stream", [{}, STREAM], ids=["whole", "stream"])
def test_a_fallback_shows_in_headers_and_body(sim: Asker, stream: dict[str, Any]) -> None:
    answer = sim.post(PATH, body("flaky", **stream))
    assert answer.headers["x-litellm-attempted-fallbacks"] == "1"
    assert answer.headers["x-litellm-model-group"] == "smart"
    assert (answer.body or answer.data[0])["model"] == "smart"
    refused = sim.post(PATH, body("flaky", disable_fallbacks=True, **stream))
    assert refused.status == 500


def test_the_road_without_v1_is_the_same(sim: Asker) -> None:
    assert sim.post("/chat/completions", body("smart")).status == 200
