"""OpenAI, xAI and DeepSeek answer in the chat dialect: streams end right, faithful loops pass."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.sim.faces.asking import PROMPT, TOOL, Asker, asking, chat_message, chat_results

VENDORS = {
    "gpt-5.1": "/vendor/openai/v1/chat/completions",
    "grok-4": "/vendor/xai/v1/chat/completions",
    "deepseek-reasoner": "/vendor/deepseek/chat/completions",
}
STREAM: dict[str, Any] = {"stream": True, "stream_options": {"include_usage": True}}


@pytest.fixture(scope="module")
def sim() -> Iterator[Asker]:
    with asking() as asker:
        yield asker


def body(model: str, prompt: str = PROMPT, **fields: Any) -> dict[str, Any]:
    return {"model": model, "messages": [{"role": "user", "content": prompt}], "tools": [TOOL], **fields}


@pytest.mark.parametrize("model", VENDORS)
@pytest.mark.parametrize("stream", [{}, STREAM], ids=["whole", "stream"])
@pytest.mark.parametrize("prompt", [PROMPT, "parallel: what is 12*7 and what is 5+6?"])
def test_a_faithful_tool_loop_passes(sim: Asker, model: str, stream: dict[str, Any], prompt: str) -> None:
    request = body(model, prompt, **stream)
    message = chat_message(sim.post(VENDORS[model], request))
    assert [c["function"]["name"] for c in message["tool_calls"]] == ["calculator"] * (1 + ("and" in prompt))
    assert all(len(c["id"]) <= 40 for c in message["tool_calls"])
    assert "expression" in json.loads(message["tool_calls"][0]["function"]["arguments"])
    request["messages"] += [message, *chat_results(message)]
    final = chat_message(sim.post(VENDORS[model], request))
    assert final["content"]
    assert "tool_calls" not in final
    request["messages"] += [final, {"role": "user", "content": "Thanks, and 3+4?"}]
    assert sim.post(VENDORS[model], request).status == 200


@pytest.mark.parametrize("model", VENDORS)
def test_a_result_left_out_is_refused(sim: Asker, model: str) -> None:
    request = body(model)
    message = chat_message(sim.post(VENDORS[model], request))
    request["messages"] += [message, {"role": "user", "content": "Well?"}]
    answer = sim.post(VENDORS[model], request)
    assert answer.status == 400
    assert f"did not have response messages: {message['tool_calls'][0]['id']}" in answer.error["message"]


def test_deepseek_wants_its_reasoning_back(sim: Asker) -> None:
    request = body("deepseek-reasoner")
    message = chat_message(sim.post(VENDORS["deepseek-reasoner"], request))
    assert message["reasoning_content"]
    forgetful = {k: v for k, v in message.items() if k != "reasoning_content"}
    request["messages"] += [forgetful, *chat_results(message)]
    answer = sim.post(VENDORS["deepseek-reasoner"], request)
    assert answer.status == 400
    assert "Missing `reasoning_content` field in the assistant message at message index 1." in str(
        answer.error
    )


def test_a_stream_has_no_event_names_and_ends_with_usage_and_done(sim: Asker) -> None:
    answer = sim.post(VENDORS["gpt-5.1"], body("gpt-5.1", **STREAM))
    assert {name for name, _ in answer.events} == {None}
    *chunks, last, done = answer.data
    assert done == "[DONE]"
    assert last["choices"] == []
    assert (
        last["usage"]["total_tokens"] == last["usage"]["prompt_tokens"] + last["usage"]["completion_tokens"]
    )
    assert {"cached_tokens", "audio_tokens"} == set(last["usage"]["prompt_tokens_details"])
    assert chunks[-1]["choices"][0]["finish_reason"] == "tool_calls"
    assert all(chunk["usage"] is None for chunk in chunks)


def test_without_the_option_a_stream_tells_no_usage(sim: Asker) -> None:
    answer = sim.post(VENDORS["gpt-5.1"], body("gpt-5.1", stream=True))
    assert answer.data[-1] == "[DONE]"
    assert all("usage" not in chunk for chunk in answer.data[:-1])


def test_arguments_come_in_pieces_that_are_no_json_yet(sim: Asker) -> None:
    answer = sim.post(VENDORS["gpt-5.1"], body("gpt-5.1", **STREAM))
    deltas = [c["choices"][0]["delta"] for c in answer.data[:-2]]
    pieces = [d["tool_calls"][0]["function"]["arguments"] for d in deltas if "tool_calls" in d]
    assert pieces[0] == ""
    assert len(pieces) > 3
    assert json.loads("".join(pieces)) == json.loads(
        chat_message(answer)["tool_calls"][0]["function"]["arguments"]
    )


def test_deepseek_tells_usage_with_the_finish_reason(sim: Asker) -> None:
    answer = sim.post(VENDORS["deepseek-reasoner"], body("deepseek-reasoner", **STREAM))
    last = answer.data[-2]
    assert last["choices"][0]["finish_reason"] == "tool_calls"
    usage = last["usage"]
    assert usage["prompt_cache_hit_tokens"] + usage["prompt_cache_miss_tokens"] == usage["prompt_tokens"]
    assert usage["completion_tokens_details"]["reasoning_tokens"] > 0


def test_grok_reasons_unseen_and_sends_calls_whole(sim: Asker) -> None:
    answer = sim.post(VENDORS["grok-4"], body("grok-4", **STREAM))
    assert answer.data[-2]["usage"]["completion_tokens_details"]["reasoning_tokens"] > 0
    assert "reasoning_content" not in chat_message(answer)
    deltas = [c["choices"][0]["delta"] for c in answer.data[:-2]]
    assert sum("tool_calls" in d for d in deltas) == 1


def test_what_was_answered_before_counts_as_cached(sim: Asker) -> None:
    request = body("gpt-5.1", "Tell me about tea. " * 60)
    first = sim.post(VENDORS["gpt-5.1"], request)
    assert first.body["usage"]["prompt_tokens_details"]["cached_tokens"] == 0
    request["messages"] += [chat_message(first), {"role": "user", "content": "More."}]
    cached = sim.post(VENDORS["gpt-5.1"], request).body["usage"]["prompt_tokens_details"]["cached_tokens"]
    assert cached > 0
    assert cached % 64 == 0


def test_the_limit_of_tokens_cuts_the_answer(sim: Asker) -> None:
    request = body("gpt-5.1", "long 400", max_completion_tokens=50)
    answer = sim.post(VENDORS["gpt-5.1"], request)
    assert answer.body["choices"][0]["finish_reason"] == "length"
    assert answer.body["usage"]["completion_tokens"] <= 50


def test_keys_are_asked_for(sim: Asker) -> None:
    path = VENDORS["gpt-5.1"]
    assert sim.post(path, body("gpt-5.1"), authorization="").status == 401
    refused = sim.post(path, body("gpt-5.1"), authorization="Bearer wrong")
    assert (refused.status, refused.error["code"]) == (401, "invalid_api_key")


def test_a_body_that_is_no_json_is_refused(sim: Asker) -> None:
    answer = sim.post(VENDORS["gpt-5.1"], b"{")
    assert answer.status == 400
    assert answer.error["message"] == "We could not parse the JSON body of your request."
