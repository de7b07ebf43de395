"""Each rule of generateContent refuses with Gemini's sentence; signatures are checked where they stand."""

import base64
from typing import Any

import pytest

from tui.sim.faces.gemini_rules import DUMMIES, check_request, facts_of
from tui.sim.refusal import Refusal
from tui.sim.seals import Seals

MODEL = "gemini-3-pro-preview"
SEALS = Seals(b"test")
ASK = {"role": "user", "parts": [{"text": "How much?"}]}
SAID = {"role": "model", "parts": [{"text": "Two."}]}


def seal(name: str | None, place: int = 0) -> str:
    call = {"functionCall": {"name": name}} if name else {}
    return SEALS.seal("gemini", MODEL, facts_of(call, place))


def call(name: str = "calculator", signature: str | None = None, id: str | None = None) -> dict[str, Any]:
    part: dict[str, Any] = {"functionCall": {"name": name, "args": {}}}
    if id:
        part["functionCall"]["id"] = id
    return {**part, "thoughtSignature": signature} if signature else part


def told(name: str = "calculator", id: str | None = None) -> dict[str, Any]:
    response: dict[str, Any] = {"name": name, "response": {"result": "2"}}
    return {"functionResponse": {**response, "id": id} if id else response}


def model(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"role": "model", "parts": list(parts)}


def user(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"role": "user", "parts": list(parts)}


GOOD = seal("calculator")
COUNT = "the number of function response parts is equal to the number of function call parts"
ORDER = (
    "Please ensure that function call turn comes immediately after a user turn or after a function response"
)
FAULTS: list[tuple[str, Any, str]] = [
    ("not an object", [], "Expected an object."),
    ("no contents", {}, "contents is not specified"),
    (
        "no parts",
        {"contents": [{"role": "user", "parts": []}]},
        "contents[0].parts: contents.parts must not be",
    ),
    ("role", {"contents": [{"role": "assistant", "parts": [{}]}]}, "Please use a valid role: user, model."),
    ("word", {"contents": [ASK], "messages": []}, 'Unknown name "messages": Cannot find field.'),
    ("G1 model first", {"contents": [SAID, ASK]}, "multiturn requests alternate between user and model."),
    ("G1 model last", {"contents": [ASK, SAID]}, "Requests ending with a model turn are not supported"),
    ("G2 call first", {"contents": [model(call()), user(told())]}, ORDER),
    ("G2 call after model", {"contents": [ASK, SAID, model(call(signature=GOOD)), user(told())]}, ORDER),
    ("G3 too few", {"contents": [ASK, model(call(signature=GOOD), call()), user(told())]}, COUNT),
    (
        "G3 in two contents",
        {"contents": [ASK, model(call(signature=GOOD), call()), user(told()), user(told())]},
        COUNT,
    ),
    ("G3 without a call", {"contents": [ASK, user(told())]}, COUNT),
    ("G3 no name", {"contents": [ASK, model(call(signature=GOOD)), user(told(""))]}, "Name cannot be empty."),
    (
        "G3 another name",
        {"contents": [ASK, model(call(signature=GOOD)), user(told("other"))]},
        "in name, id and order",
    ),
    (
        "G3 another id",
        {"contents": [ASK, model(call(signature=GOOD, id="a")), user(told(id="b"))]},
        "in name, id and order",
    ),
    (
        "G4 missing",
        {"contents": [ASK, model(call()), user(told())]},
        "Function call is missing a thought_signature in functionCall parts. This is "
        "required for tools to work "
        "correctly, and missing thought_signature may lead to degraded model performance. Additional data, "
        "function call `default_api:calculator` , position 2.",
    ),
    (
        "G4 missing in the second step",
        {"contents": [ASK, model(call(signature=GOOD)), user(told()), model(call()), user(told())]},
        "position 4.",
    ),
    (
        "G4 not genuine",
        {"contents": [ASK, model(call(signature=GOOD[:-6] + "AAAA==")), user(told())]},
        "Corrupted thought signature.",
    ),
    (
        "G5 of another part",
        {"contents": [ASK, model(call(signature=seal(None))), user(told())]},
        "Corrupted thought signature.",
    ),
    (
        "G5 on a sibling too",
        {"contents": [ASK, model(call(signature=GOOD), call(signature=GOOD)), user(told(), told())]},
        "Corrupted thought signature.",
    ),
    (
        "G5 on a response",
        {"contents": [ASK, model(call(signature=GOOD)), user({**told(), "thoughtSignature": seal(None)})]},
        "Corrupted thought signature.",
    ),
    (
        "G6 dummy on a sibling",
        {"contents": [ASK, model(call(signature=GOOD), call(signature=DUMMIES[0])), user(told(), told())]},
        "Corrupted thought signature.",
    ),
    (
        "G7 schema",
        {
            "contents": [ASK],
            "tools": [
                {
                    "functionDeclarations": [
                        {"name": "f", "parameters": {"type": "object", "additionalProperties": False}}
                    ]
                }
            ],
        },
        'Invalid JSON payload received. Unknown name "additionalProperties" at '
        "'tools[0].function_declarations[0].parameters': Cannot find field.",
    ),
    (
        "G7 name",
        {"contents": [ASK], "tools": [{"functionDeclarations": [{"name": "1"}]}]},
        "Invalid function name.",
    ),
]


@pytest.mark.parametrize(("body", "sentence"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_a_faulty_request_is_refused_with_geminis_sentence(body: Any, sentence: str) -> None:
    with pytest.raises(Refusal) as caught:
        check_request(body, MODEL, SEALS)
    error = caught.value.body["error"]
    assert (error["code"], error["status"]) == (400, "INVALID_ARGUMENT")
    assert sentence in error["message"]


@pytest.mark.parametrize(
    "contents",
    [
        [ASK, model({"text": "Let me see."}, call(signature=GOOD), call()), user(told(), told())],
        [
            ASK,
            model(call(signature=GOOD, id="a")),
            user(told(id="a")),
            model(call(signature=GOOD)),
            user(told()),
        ],
        [ASK, model(call()), user(told()), SAID, ASK],
        [ASK, ASK, model({"text": "Two.", "thoughtSignature": seal(None)}), ASK],
    ],
    ids=["parallel", "two steps", "an earlier turn is not looked at", "signed text"],
)
def test_a_faithful_history_passes(contents: list[dict[str, Any]]) -> None:
    body, degraded = check_request({"contents": contents}, MODEL, SEALS)
    assert not degraded
    assert [c["role"] for c in body["contents"]] == [c["role"] for c in contents]


@pytest.mark.parametrize("dummy", [*DUMMIES, base64.b64encode(DUMMIES[0].encode()).decode()])
def test_a_dummy_passes_but_is_told_apart(dummy: str) -> None:
    contents = [ASK, model(call(signature=dummy)), user(told())]
    assert check_request({"contents": contents}, MODEL, SEALS)[1] is True


def test_an_older_model_asks_for_no_signature() -> None:
    assert (
        check_request({"contents": [ASK, model(call()), user(told())]}, "gemini-2.5-pro", SEALS)[1] is False
    )


def test_names_in_snake_case_mean_the_same() -> None:
    part = {"function_call": {"name": "calculator", "args": {}}, "thought_signature": GOOD}
    answer = {"function_response": told()["functionResponse"]}
    system = {"parts": [{"text": "Be brief."}]}
    body = {"contents": [ASK, model(part), user(answer)], "system_instruction": system}
    assert check_request(body, MODEL, SEALS)[0]["systemInstruction"] == system
