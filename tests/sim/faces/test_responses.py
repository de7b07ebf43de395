"""OpenAI's ``/v1/responses``: typed events, and sealed reasoning that must come back as it was."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sim.faces.asking import FUNCTION, PROMPT, Answer, Asker, asking

PATH = "/vendor/openai/v1/responses"
SEALED = ["reasoning.encrypted_content"]


@pytest.fixture(scope="module")
def sim() -> Iterator[Asker]:
    with asking() as asker:
        yield asker


def body(items: Any, **fields: Any) -> dict[str, Any]:
    reasoning = {"effort": "medium", "summary": "auto"}
    tools = [{"type": "function", "strict": None, **FUNCTION}]
    request = {"model": "gpt-5.5", "input": items, "tools": tools, "reasoning": reasoning, "store": False}
    return {**request, "include": SEALED, **fields}


def output(answer: Answer) -> list[dict[str, Any]]:
    assert answer.status == 200, answer.body
    final = answer.body or answer.data[-1]["response"]
    assert final["status"] == "completed"
    items = final["output"]
    assert isinstance(items, list)
    return items


def results(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"type": "function_call_output", "call_id": item["call_id"], "output": "84"}
        for item in items
        if item["type"] == "function_call"
    ]


@pytest.mark.parametrize("stream", [False, True])
def test_a_faithful_tool_loop_passes(sim: Asker, stream: bool) -> None:
    history: list[dict[str, Any]] = [{"role": "user", "content": PROMPT}]
    first = output(sim.post(PATH, body(history, stream=stream)))
    assert first[0]["type"] == "reasoning"
    assert first[-1]["type"] == "function_call"
    history += [*first, *results(first)]
    second = output(sim.post(PATH, body(history, stream=stream)))
    assert second[-1]["content"][0]["text"]
    history += [*second, {"role": "user", "content": "Thanks."}]
    assert sim.post(PATH, body(history)).status == 200


def test_reasoning_left_out_is_missed(sim: Asker) -> None:
    history: list[dict[str, Any]] = [{"role": "user", "content": PROMPT}]
    first = output(sim.post(PATH, body(history)))
    kept = [item for item in first if item["type"] != "reasoning"]
    answer = sim.post(PATH, body([*history, *kept, *results(first)]))
    assert answer.status == 400
    assert f"without its required 'reasoning' item: '{first[0]['id']}'" in answer.error["message"]


def test_a_call_left_out_is_missed(sim: Asker) -> None:
    history: list[dict[str, Any]] = [{"role": "user", "content": PROMPT}]
    first = output(sim.post(PATH, body(history)))
    answer = sim.post(PATH, body([*history, first[0], {"role": "user", "content": "Well?"}]))
    assert f"Item '{first[0]['id']}' of type 'reasoning' was provided without its required" in str(
        answer.error
    )


def test_reasoning_without_its_seal_was_never_stored(sim: Asker) -> None:
    history: list[dict[str, Any]] = [{"role": "user", "content": PROMPT}]
    first = output(sim.post(PATH, body(history, include=[])))
    assert "encrypted_content" not in first[0]
    answer = sim.post(PATH, body([*history, *first, *results(first)], include=[]))
    assert answer.status == 404
    assert f"Item with id '{first[0]['id']}' not found. Items are not persisted" in answer.error["message"]


def test_what_was_stored_needs_no_seal(sim: Asker) -> None:
    history: list[dict[str, Any]] = [{"role": "user", "content": PROMPT}]
    first = output(sim.post(PATH, body(history, include=[], store=True)))
    assert sim.post(PATH, body([*history, *first, *results(first)])).status == 200


def test_a_seal_is_bound_to_its_model_and_to_every_letter(sim: Asker) -> None:
    history: list[dict[str, Any]] = [{"role": "user", "content": PROMPT}]
    first = output(sim.post(PATH, body(history)))
    replay = [*history, *first, *results(first)]
    assert sim.post(PATH, body(replay, model="gpt-5.1")).error["code"] == "invalid_encrypted_content"
    sealed = first[0]["encrypted_content"]
    replay[1] = {**first[0], "encrypted_content": sealed[:40] + "A" + sealed[41:]}
    broken = sim.post(PATH, body(replay))
    assert (
        f"The encrypted content for item {first[0]['id']} could not be verified." in broken.error["message"]
    )


def test_the_seal_of_an_item_just_added_is_not_the_whole_one(sim: Asker) -> None:
    events = sim.post(PATH, body(PROMPT, stream=True)).events
    added = next(d["item"] for name, d in events if name == "response.output_item.added")
    done = next(d["item"] for name, d in events if name == "response.output_item.done")
    assert done["encrypted_content"].startswith(added["encrypted_content"])
    assert len(done["encrypted_content"]) > len(added["encrypted_content"])


def test_a_stream_names_its_events_and_numbers_them(sim: Asker) -> None:
    events = sim.post(PATH, body(PROMPT, stream=True)).events
    assert [name for name, _ in events][:2] == ["response.created", "response.in_progress"]
    assert all(data["type"] == name for name, data in events)
    assert [data["sequence_number"] for _, data in events] == list(range(len(events)))
    final = events[-1][1]["response"]
    assert events[-1][0] == "response.completed"
    assert final["usage"]["output_tokens_details"]["reasoning_tokens"] > 0
    summary = "".join(d["delta"] for n, d in events if n == "response.reasoning_summary_text.delta")
    assert final["output"][0]["summary"] == [{"type": "summary_text", "text": summary}]
    arguments = "".join(d["delta"] for n, d in events if n == "response.function_call_arguments.delta")
    assert final["output"][-1]["arguments"] == arguments


def test_without_a_wish_for_a_summary_there_is_none(sim: Asker) -> None:
    first = output(sim.post(PATH, body(PROMPT, reasoning={"effort": "low"})))
    assert first[0]["summary"] == []


def test_the_limit_of_tokens_leaves_the_answer_incomplete(sim: Asker) -> None:
    request = body("long 400", stream=True, max_output_tokens=40)
    name, last = sim.post(PATH, request).events[-1]
    assert name == "response.incomplete"
    assert last["response"]["incomplete_details"] == {"reason": "max_output_tokens"}
