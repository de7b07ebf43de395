"""What an answer of OpenAI, xAI and DeepSeek is held to: schemas, stops and limits, and what they refuse."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from tests.sim.faces.asking import TOOL, Answer, Asker, asking, chat_message

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "city": {"type": "string"},
        "size": {"type": ["integer", "null"]},
        "near": {"type": "array", "items": {"$ref": "#/$defs/place"}},
    },
    "required": ["city", "size", "near"],
    "additionalProperties": False,
    "$defs": {
        "place": {
            "type": "object",
            "properties": {"name": {"enum": ["here", "there"]}},
            "required": ["name"],
            "additionalProperties": False,
        }
    },
}
NAMED = {"name": "city", "schema": SCHEMA, "strict": True}
CHAT = {
    "openai": ("/vendor/openai/v1/chat/completions", "gpt-5.1"),
    "xai": ("/vendor/xai/v1/chat/completions", "grok-4"),
    "deepseek": ("/vendor/deepseek/chat/completions", "deepseek-chat"),
}


@pytest.fixture(scope="module")
def sim() -> Iterator[Asker]:
    with asking() as asker:
        yield asker


def chat(sim: Asker, vendor: str = "openai", prompt: str = "What is tea?", **fields: Any) -> Answer:
    path, model = CHAT[vendor]
    return sim.post(path, {"model": model, "messages": [{"role": "user", "content": prompt}], **fields})


def respond(sim: Asker, prompt: str = "What is tea?", **fields: Any) -> Answer:
    return sim.post("/vendor/openai/v1/responses", {"model": "gpt-5.1", "input": prompt, **fields})


def wanting(schema: Any, **fields: Any) -> dict[str, Any]:
    return {
        "type": "json_schema",
        "json_schema": {"name": "city", "schema": schema, "strict": True, **fields},
    }


def finish(answer: Answer) -> Any:
    chunks = answer.data[:-1] or [answer.body]
    return next(c["choices"][0]["finish_reason"] for c in reversed(chunks) if c.get("choices"))


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("vendor", ["openai", "xai"])
def test_an_answer_fits_the_schema(sim: Asker, vendor: str, stream: bool) -> None:
    message = chat_message(chat(sim, vendor, response_format=wanting(SCHEMA), stream=stream))
    jsonschema.validate(json.loads(message["content"]), SCHEMA)


@pytest.mark.parametrize("stream", [False, True])
def test_responses_fit_the_schema(sim: Asker, stream: bool) -> None:
    answer = respond(sim, text={"format": {"type": "json_schema", **NAMED}}, stream=stream)
    response = answer.body or answer.data[-1]["response"]
    jsonschema.validate(json.loads(response["output"][-1]["content"][0]["text"]), SCHEMA)
    assert response["text"]["format"]["name"] == "city"


def test_json_without_a_schema_is_json(sim: Asker) -> None:
    told = chat_message(chat(sim, "deepseek", "Tea as json", response_format={"type": "json_object"}))
    assert isinstance(json.loads(told["content"]), dict)


@pytest.mark.parametrize("stream", [False, True])
def test_a_stop_sequence_ends_the_answer(sim: Asker, stream: bool) -> None:
    full = chat_message(chat(sim, "deepseek"))["content"]
    stop = full[30:35]
    for given in (stop, ["§", stop]):
        answer = chat(sim, "deepseek", stop=given, stream=stream)
        assert chat_message(answer)["content"] == full[: full.index(stop)]
        assert finish(answer) == "stop"


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("vendor", CHAT)
def test_the_limit_really_cuts(sim: Asker, vendor: str, stream: bool) -> None:
    word = "max_completion_tokens" if vendor == "openai" else "max_tokens"
    answer = chat(sim, vendor, "long 300", **{word: 20}, stream=stream)
    assert finish(answer) == "length"
    assert len(chat_message(answer).get("content") or "") < 400


OPEN = {"type": "object", "properties": {}}
CHAT_FAULTS: list[tuple[str, str, dict[str, Any], str]] = [
    ("format", "openai", {"response_format": {"type": "xml"}}, "Invalid value: 'xml'."),
    ("no schema", "openai", {"response_format": {"type": "json_schema"}}, "'response_format.json_schema'."),
    (
        "no name",
        "openai",
        {"response_format": wanting(SCHEMA, name="")},
        "'response_format.json_schema.name'.",
    ),
    ("extra", "openai", {"response_format": wanting(SCHEMA, size=1)}, "'response_format.json_schema.size'."),
    (
        "open",
        "openai",
        {"response_format": wanting(OPEN)},
        "Invalid schema for response_format 'city': In context=(), 'additionalProperties' is required to be "
        "supplied and to be false.",
    ),
    (
        "not permitted",
        "openai",
        {"response_format": wanting({**OPEN, "additionalProperties": False, "oneOf": []})},
        "'oneOf' is not permitted.",
    ),
    (
        "no object",
        "xai",
        {"response_format": wanting({"type": "array"})},
        "schema must be a JSON Schema of 'type: \"object\"', got 'type: \"array\"'.",
    ),
    (
        "wrong words",
        "openai",
        {"response_format": wanting({**OPEN, "required": 3})},
        "3 is not of type 'array'.",
    ),
    ("JSON unsaid", "openai", {"response_format": {"type": "json_object"}}, "must contain the word 'json'"),
    (
        "no schemas",
        "deepseek",
        {"response_format": wanting(SCHEMA)},
        "response_format type is unavailable now",
    ),
    ("stops", "deepseek", {"stop": ["a"] * 5}, "Expected an array with maximum length 4"),
    ("warm", "deepseek", {"temperature": 2.1}, "Expected a value <= 2, but got 2.1 instead."),
    ("type", "openai", {"temperature": "hot"}, "expected a decimal, but got a string instead."),
    ("limit", "openai", {"max_completion_tokens": 0}, "Expected a value >= 1, but got 0 instead."),
    (
        "limit above",
        "openai",
        {"max_completion_tokens": 10**6},
        "max_completion_tokens is too large: 1000000.",
    ),
    ("choice", "openai", {"tool_choice": "auto"}, "only allowed when 'tools' are specified"),
    ("choice word", "openai", {"tool_choice": "must", "tools": [TOOL]}, "Invalid value: 'must'."),
    (
        "choice name",
        "openai",
        {"tool_choice": {"type": "function", "function": {"name": "x"}}, "tools": [TOOL]},
        "no function named 'x' was specified",
    ),
    ("effort", "openai", {"reasoning_effort": "xhigh"}, "'xhigh' is not supported with the 'gpt-5.1' model."),
    ("model", "openai", {"model": "claude-opus-5"}, "The model `claude-opus-5` does not exist"),
]


@pytest.mark.parametrize(
    ("vendor", "fields", "sentence"), [f[1:] for f in CHAT_FAULTS], ids=[f[0] for f in CHAT_FAULTS]
)
def test_chat_refuses(sim: Asker, vendor: str, fields: dict[str, Any], sentence: str) -> None:
    answer = chat(sim, vendor, **fields)
    assert answer.status in (400, 404)
    assert sentence in answer.error["message"]


def formatted(**fields: Any) -> dict[str, Any]:
    return {"text": {"format": {"type": "json_schema", **NAMED, **fields}}}


RESPONSES_FAULTS: list[tuple[str, dict[str, Any], str]] = [
    ("stop", {"stop": ["x"]}, "Unknown parameter: 'stop'."),
    ("format", {"text": {"format": {"type": "xml"}}}, "Invalid value: 'xml'."),
    ("no name", formatted(name=None), "Missing required parameter: 'text.format.name'."),
    ("open", formatted(schema=OPEN), "'additionalProperties' is required to be supplied and to be false."),
    ("JSON unsaid", {"text": {"format": {"type": "json_object"}}}, "must contain the word 'json'"),
    ("verbosity", {"text": {"verbosity": "huge"}}, "Invalid value: 'huge'."),
    ("extra", {"text": {"size": 1}}, "Unknown parameter: 'text.size'."),
    ("summary", {"reasoning": {"summary": "long"}}, "Invalid value: 'long'."),
    ("reasoning", {"reasoning": {"budget": 1}}, "Unknown parameter: 'reasoning.budget'."),
    ("effort", {"reasoning": {"effort": "max"}}, "Invalid value: 'max'."),
    ("limit", {"max_output_tokens": 15}, "Expected a value >= 16, but got 15 instead."),
    ("limit above", {"max_output_tokens": 10**6}, "'max_output_tokens': integer above maximum value."),
    ("top p", {"top_p": 0.5, "reasoning": {"effort": "low"}}, "'top_p' is not supported with this model."),
    ("choice", {"tool_choice": {"type": "function", "name": "x"}}, "Tool choice 'x' not found in 'tools'"),
    ("foreign", {"model": "grok-4"}, "The model `grok-4` does not exist"),
]


@pytest.mark.parametrize(
    ("fields", "sentence"), [f[1:] for f in RESPONSES_FAULTS], ids=[f[0] for f in RESPONSES_FAULTS]
)
def test_responses_refuses(sim: Asker, fields: dict[str, Any], sentence: str) -> None:
    answer = respond(sim, **fields)
    assert answer.status in (400, 404)
    assert sentence in answer.error["message"]


@pytest.mark.parametrize(
    "fields",
    [
        {"temperature": 0.2, "top_p": 0.5},
        {"reasoning": {"effort": "none"}, "temperature": 0.2},
        {"reasoning": {"effort": "high", "summary": "detailed", "context": "auto"}, "max_output_tokens": 16},
        {
            "text": {"verbosity": "low", "format": {"type": "text"}},
            "metadata": {"a": "b"},
            "service_tier": "auto",
        },
        formatted(strict=False, schema=OPEN),
    ],
)
def test_responses_takes(sim: Asker, fields: dict[str, Any]) -> None:
    assert respond(sim, **fields).status == 200
