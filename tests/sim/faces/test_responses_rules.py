"""Each rule of ``/v1/responses`` refuses with the vendor's sentence, and faithful replays pass."""

from typing import Any

import pytest

from tui.sim.faces.responses_ids import ItemId, parse
from tui.sim.faces.responses_rules import UNREADABLE, check_request
from tui.sim.refusal import Refusal

TOKEN = "0123456789abcdef" * 2 + "0123"
RS = str(ItemId("rs", TOKEN, False, 0, None))
FC = str(ItemId("fc", TOKEN, False, 1, 0))
MSG = str(ItemId("msg", TOKEN, False, 1, 0))
ASK = {"role": "user", "content": "How much?"}
THOUGHT = {"type": "reasoning", "id": RS, "summary": [], "encrypted_content": "good"}
CALL = {"type": "function_call", "id": FC, "call_id": "call_1", "name": "calculator", "arguments": "{}"}
TOLD = {"type": "function_call_output", "call_id": "call_1", "output": "2"}
SAID = {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Two."}]}


def without_id(item: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in item.items() if key != "id"}


def verify(sealed: str, model: str) -> str | None:
    del model
    return None if sealed == "good" else UNREADABLE


def request(items: Any, **fields: Any) -> dict[str, Any]:
    return {"model": "gpt-5.1", "input": items, "store": False, **fields}


FAULTS: list[tuple[str, dict[str, Any], int, str]] = [
    ("word", request("hi", messages=[]), 400, "Unknown parameter: 'messages'."),
    ("no input", request([]), 400, "Missing required parameter: 'input'."),
    (
        "R1 no output",
        request([ASK, without_id(CALL), ASK]),
        400,
        "No tool output found for function call call_1.",
    ),
    (
        "R1 no call",
        request([ASK, TOLD]),
        400,
        "No tool call found for function call output with call_id call_1.",
    ),
    ("R1 before", request([ASK, TOLD, without_id(CALL)]), 400, "No tool call found for function call output"),
    (
        "R2 nothing follows",
        request([ASK, THOUGHT]),
        400,
        f"Item '{RS}' of type 'reasoning' was provided without its required following item.",
    ),
    (
        "R2 user follows",
        request([ASK, THOUGHT, ASK]),
        400,
        "was provided without its required following item.",
    ),
    (
        "R2 another answer's call follows",
        request([ASK, THOUGHT, {**CALL, "id": str(ItemId("fc", "f" * 36, False, 1, None))}, TOLD]),
        400,
        "was provided without its required following item.",
    ),
    (
        "R3 call without reasoning",
        request([ASK, CALL, TOLD]),
        400,
        f"Item '{FC}' of type 'function_call' was provided without its required 'reasoning' item: '{RS}'.",
    ),
    (
        "R3 message without reasoning",
        request([ASK, {**SAID, "id": MSG}, ASK]),
        400,
        f"Item '{MSG}' of type 'message' was provided without its required 'reasoning' item: '{RS}'.",
    ),
    (
        "R4 prefix",
        request([ASK, {**CALL, "id": "call_abc"}, TOLD]),
        400,
        "Invalid 'input[1].id': 'call_abc'. Expected an ID that begins with 'fc'.",
    ),
    ("R4 length", request([ASK, {**CALL, "id": "fc_" + "a" * 62}, TOLD]), 400, "with maximum length 64"),
    ("R4 characters", request([ASK, {**CALL, "id": "fc_a+b"}, TOLD]), 400, "letters, numbers, underscores"),
    (
        "R4 twice",
        request([ASK, {**SAID, "id": "msg_17"}, {**SAID, "id": "msg_17"}]),
        400,
        "Duplicate item found with id msg_17. Remove duplicate items from your input and try again.",
    ),
    (
        "R5 not stored",
        request([ASK, {**THOUGHT, "encrypted_content": None}, CALL, TOLD]),
        404,
        f"Item with id '{RS}' not found. Items are not persisted when `store` is set to "
        "false. Try again with "
        "`store` set to true, or remove this item from your input.",
    ),
    (
        "R5 reference",
        request([{"type": "item_reference", "id": "msg_1"}]),
        404,
        "Item with id 'msg_1' not found.",
    ),
    (
        "R5 neither id nor seal",
        request([ASK, {"type": "reasoning", "summary": []}, SAID]),
        400,
        "a reasoning item needs an 'id' or 'encrypted_content'",
    ),
    (
        "R6 with an id",
        request([ASK, {**THOUGHT, "encrypted_content": "bad"}, CALL, TOLD]),
        400,
        f"The encrypted content for item {RS} could not be verified. Reason: Encrypted content could not be "
        "decrypted or parsed.",
    ),
    (
        "R6 without",
        request([ASK, {**without_id(THOUGHT), "encrypted_content": "gAAAbadQ=="}, SAID]),
        400,
        "The encrypted content gAAA...dQ== could not be verified.",
    ),
    (
        "R7 previous",
        request("hi", previous_response_id="resp_1"),
        400,
        "Previous response with id 'resp_1' not found.",
    ),
    (
        "R8 parts",
        request([ASK, {"role": "assistant", "content": [{"type": "input_text", "text": "x"}]}]),
        400,
        "Invalid value: 'input_text'. Supported values are: 'output_text' and 'refusal'.",
    ),
    (
        "R8 summary",
        request([ASK, {"type": "reasoning", "encrypted_content": "good"}, SAID]),
        400,
        "Missing required parameter: 'input[1].summary'.",
    ),
    (
        "R9 context",
        request("hi", reasoning={"context": "some"}),
        400,
        "Invalid value: 'some'. Supported values are: 'auto', 'current_turn', and 'all_turns'.",
    ),
    (
        "include",
        request("hi", include=["thoughts"]),
        400,
        "Invalid value: 'thoughts'. Supported values are: ",
    ),
    (
        "temperature",
        request("hi", temperature=0.2, reasoning={"effort": "low"}),
        400,
        "'temperature' is not supported with this model.",
    ),
    ("foreign item", request([{"type": "tool_use"}]), 400, "Invalid value: 'tool_use'."),
    ("arguments", request([ASK, {**CALL, "arguments": "["}, TOLD]), 400, "that holds a JSON object"),
]


@pytest.mark.parametrize(("body", "status", "sentence"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_a_faulty_request_is_refused_with_the_vendors_sentence(
    body: dict[str, Any], status: int, sentence: str
) -> None:
    with pytest.raises(Refusal) as caught:
        check_request(body, verify, {})
    assert caught.value.status == status
    assert sentence in caught.value.body["error"]["message"]


@pytest.mark.parametrize(
    "items",
    [
        [ASK, THOUGHT, CALL, TOLD],
        [ASK, {**THOUGHT, "id": str(ItemId("rs", TOKEN, True, 0, None)), "encrypted_content": None}, SAID],
        [ASK, without_id(THOUGHT), without_id(CALL), TOLD, ASK],
        [ASK, without_id(CALL), TOLD, SAID, ASK],
    ],
    ids=["replayed whole", "stored", "by value", "reasoning dropped by value"],
)
def test_a_faithful_replay_passes(items: list[dict[str, Any]]) -> None:
    assert check_request(request(items), verify, {}) == items


def test_ids_read_back_as_they_were_made() -> None:
    for made in (ItemId("rs", TOKEN, True, 3, None), ItemId("fc", TOKEN, False, 12, 3)):
        assert parse(str(made)) == made
        assert len(str(made)) <= 64
    assert parse("msg_abc") is None
