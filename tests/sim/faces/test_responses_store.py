"""What OpenAI keeps of a conversation, for whom, and what it misses when told to keep nothing (R5 to R7)."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sim.faces.asking import FUNCTION, PROMPT, Answer, Asker, asking

PATH = "/vendor/openai/v1/responses"
ASK = {"role": "user", "content": PROMPT}


@pytest.fixture(scope="module")
def sim() -> Iterator[Asker]:
    with asking() as asker:
        yield asker


def ask(sim: Asker, items: Any, *, key: str = "Bearer first", path: str = PATH, **fields: Any) -> Answer:
    tools = [{"type": "function", "strict": None, **FUNCTION}]
    model = "grok-4" if "xai" in path else "gpt-5.5"
    return sim.post(path, {"model": model, "input": items, "tools": tools, **fields}, authorization=key)


def response(answer: Answer) -> dict[str, Any]:
    assert answer.status == 200, answer.body
    found = answer.body or answer.data[-1]["response"]
    assert isinstance(found, dict)
    return found


def results(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"type": "function_call_output", "call_id": item["call_id"], "output": "84"}
        for item in found["output"]
        if item["type"] == "function_call"
    ]


@pytest.mark.parametrize("stream", [False, True])
def test_a_stored_conversation_goes_on(sim: Asker, stream: bool) -> None:
    first = response(ask(sim, [ASK], stream=stream))
    second = response(ask(sim, results(first), previous_response_id=first["id"], stream=stream))
    assert second["previous_response_id"] == first["id"]
    assert "84" in second["output"][-1]["content"][0]["text"]
    # Two branches may grow from the same answer.
    again = response(ask(sim, results(first), previous_response_id=first["id"], stream=stream))
    third = response(ask(sim, "Thanks.", previous_response_id=again["id"], stream=stream))
    assert third["status"] == "completed"


def test_what_was_not_stored_is_not_found(sim: Asker) -> None:
    first = response(ask(sim, [ASK], store=False))
    answer = ask(sim, results(first), previous_response_id=first["id"])
    assert answer.status == 400
    assert answer.error["code"] == "previous_response_not_found"
    assert answer.error["message"] == f"Previous response with id '{first['id']}' not found."


def test_what_another_organisation_stored_is_not_found(sim: Asker) -> None:
    first = response(ask(sim, [ASK]))
    answer = ask(sim, results(first), previous_response_id=first["id"], key="Bearer second")
    assert answer.error["code"] == "previous_response_not_found"


def test_an_open_call_of_the_stored_answer_must_be_answered(sim: Asker) -> None:
    first = response(ask(sim, [ASK]))
    call = next(item for item in first["output"] if item["type"] == "function_call")
    answer = ask(sim, "Never mind.", previous_response_id=first["id"])
    assert answer.error["message"] == f"No tool output found for function call {call['call_id']}."


def test_a_stored_item_may_not_be_sent_twice(sim: Asker) -> None:
    first = response(ask(sim, [ASK]))
    items = [*first["output"], *results(first)]
    answer = ask(sim, items, previous_response_id=first["id"])
    assert "Duplicate item found with id" in answer.error["message"]


@pytest.mark.parametrize("path", [PATH, "/vendor/xai/v1/responses"])
def test_a_seal_is_read_by_no_other_organisation(sim: Asker, path: str) -> None:
    first = response(ask(sim, [ASK], store=False, include=["reasoning.encrypted_content"], path=path))
    replay = [ASK, *first["output"], *results(first)]
    assert ask(sim, replay, store=False, path=path).status == 200
    answer = ask(sim, replay, store=False, path=path, key="Bearer second")
    assert answer.status == 400
    assert answer.error["code"] == "invalid_encrypted_content"
    assert "could not be verified" in answer.error["message"]
    assert "rganization" in answer.error["message"]


def test_without_ids_the_reasoning_may_go_but_not_alone_stay(sim: Asker) -> None:
    first = response(ask(sim, [ASK], store=False, include=["reasoning.encrypted_content"]))
    bare = [{k: v for k, v in item.items() if k != "id"} for item in first["output"]]
    assert ask(sim, [ASK, *bare, *results(first)], store=False).status == 200
    no_thought = [item for item in bare if item["type"] != "reasoning"]
    assert ask(sim, [ASK, *no_thought, *results(first)], store=False).status == 200


FAULTS: list[tuple[str, Any, str]] = [
    ("item field", [{**ASK, "size": 1}], "Unknown parameter: 'input[0].size'."),
    (
        "part field",
        [{"role": "user", "content": [{"type": "input_text", "text": "hi", "cache_control": {}}]}],
        "Unknown parameter: 'input[0].content[0].cache_control'.",
    ),
    ("role", [{"role": "tool", "content": "hi"}], "Invalid value: 'tool'."),
    ("no call id", [{"type": "function_call", "name": "x", "arguments": "{}"}], "'input[0].call_id'"),
    ("no content", [{"role": "user"}], "Missing required parameter: 'input[0].content'."),
    (
        "chat's part",
        [{"role": "user", "content": [{"type": "text", "text": "hi"}]}],
        "Invalid value: 'text'. Supported values are: 'input_text', 'input_image', and 'input_file'.",
    ),
]


@pytest.mark.parametrize(("items", "sentence"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_an_item_of_a_wrong_form_is_refused(sim: Asker, items: Any, sentence: str) -> None:
    answer = ask(sim, items)
    assert answer.status == 400
    assert sentence in answer.error["message"]
