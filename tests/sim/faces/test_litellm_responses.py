"""``/v1/responses`` of the simulated proxy, and what it does with knobs and media on all its endpoints."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from tests.sim import pictures
from tests.sim.faces.asking import FUNCTION, PROMPT, Answer, Asker, asking, chat_message
from tui.sim.state import MASTER_KEY

PATH = "/v1/responses"
CLAUDE, GPT, GEMINI, GROK, DEEPSEEK = (
    "anthropic/claude-sonnet-4-5-20250929",
    "openai/gpt-5.5",
    "gemini/gemini-3-pro-preview",
    "xai/grok-4",
    "deepseek/deepseek-reasoner",
)
ALL = (CLAUDE, "smart", "anthropic/claude-opus-4-7", GPT, GEMINI, GROK, DEEPSEEK)
TOOLS = [{"type": "function", "strict": False, **FUNCTION}]
SEALED = {"store": False, "include": ["reasoning.encrypted_content"], "tools": TOOLS}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "size": {"type": "integer"}},
    "required": ["city", "size"],
    "additionalProperties": False,
}
NAMED = {"name": "city", "schema": SCHEMA, "strict": True}
PNG = pictures.png(64, 48)


@pytest.fixture(scope="module")
def running() -> Iterator[Asker]:
    with asking() as asker:
        yield asker


@pytest.fixture
def sim(running: Asker) -> Asker:
    running.server.state.cooldowns.clear()
    return running


def ask(sim: Asker, model: str, items: Any, **fields: Any) -> Answer:
    return sim.post(PATH, {"model": model, "input": items, **fields})


def response(answer: Answer) -> dict[str, Any]:
    assert answer.status == 200, answer.body
    found = answer.body or next(d["response"] for d in reversed(answer.data) if "response" in d)
    assert isinstance(found, dict)
    return found


def said(found: dict[str, Any]) -> str:
    return "".join(p["text"] for i in found["output"] if i["type"] == "message" for p in i["content"])


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("model", ALL)
def test_a_tool_loop_replayed_as_it_came_goes_through(sim: Asker, model: str, stream: bool) -> None:
    history: list[Any] = [{"role": "user", "content": f"parallel: {PROMPT} And what is 3+4?"}]
    extra = {"reasoning": {"effort": "low", "summary": "auto"}} if model == GPT else {}
    for _ in range(2):
        found = response(ask(sim, model, history, stream=stream, **SEALED, **extra))
        assert stream or found["model"] == model
        history += found["output"]
        history += [
            {"type": "function_call_output", "call_id": i["call_id"], "output": "84"}
            for i in found["output"]
            if i["type"] == "function_call"
        ]
    assert said(found)
    history.append({"role": "user", "content": "Thanks."})
    assert response(ask(sim, model, history, **SEALED, **extra))["status"] == "completed"


@pytest.mark.parametrize("model", ALL)
def test_no_event_has_a_name_and_each_tells_the_model(sim: Asker, model: str) -> None:
    answer = ask(sim, model, PROMPT, stream=True)
    assert {name for name, _ in answer.events} == {None}
    assert {d["model"] for d in answer.data if d != "[DONE]"} == {model}


def test_claude_s_thinking_comes_first_and_whole_only_at_the_end(sim: Asker) -> None:
    answer = ask(sim, CLAUDE, f"thinking-text-thinking: {PROMPT}", stream=True, **SEALED)
    found = response(answer)
    assert [i["type"] for i in found["output"]][:2] == ["reasoning", "message"]
    blocks = json.loads(found["output"][0]["encrypted_content"])
    assert [b["type"] for b in blocks] == ["thinking", "thinking"]
    events = [d for d in answer.data if d != "[DONE]"]
    done = [d["item"] for d in events if d["type"] == "response.output_item.done"]
    thought = next(i for i in done if i["type"] == "reasoning")
    assert thought["summary"][0]["text"]
    assert "encrypted_content" not in thought
    whole = response(ask(sim, CLAUDE, f"thinking-text-thinking: {PROMPT}", **SEALED))
    assert whole["output"][0]["content"][0]["type"] == "reasoning_text"
    assert json.loads(whole["output"][0]["encrypted_content"])


def test_a_claude_s_reasoning_changed_by_a_letter_is_refused(sim: Asker) -> None:
    first = response(ask(sim, CLAUDE, PROMPT, **SEALED))
    thought, *others = first["output"]
    told = [
        {"type": "function_call_output", "call_id": i["call_id"], "output": "84"}
        for i in others
        if i["type"] == "function_call"
    ]
    blocks = json.loads(thought["encrypted_content"])
    blocks[0]["thinking"] += "."
    spoilt = {**thought, "encrypted_content": json.dumps(blocks)}
    answer = ask(sim, CLAUDE, [{"role": "user", "content": PROMPT}, spoilt, *others, *told], **SEALED)
    assert answer.status == 400
    assert "cannot be modified" in answer.error["message"] or "Invalid `signature`" in answer.error["message"]


def test_a_claude_s_reasoning_is_kept_from_gpt(sim: Asker) -> None:
    first = response(ask(sim, CLAUDE, "Explain tea.", **SEALED))
    history = [
        {"role": "user", "content": "Explain tea."},
        *first["output"],
        {"role": "user", "content": "Go on."},
    ]
    assert response(ask(sim, GPT, history, **SEALED))["status"] == "completed"


def test_a_gpt_s_stored_answer_is_found_by_the_id_the_proxy_gave(sim: Asker) -> None:
    first = response(ask(sim, GPT, "Explain tea.", tools=TOOLS))
    assert len(first["id"]) > 100
    assert response(ask(sim, GPT, "Go on.", previous_response_id=first["id"]))["status"] == "completed"
    assert ask(sim, GPT, "Go on.", previous_response_id="resp_x").status == 400


def test_the_cost_is_told_in_the_headers_and_the_usage(sim: Asker) -> None:
    whole = ask(sim, GPT, "Explain tea.")
    assert float(whole.headers["x-litellm-response-cost"]) > 0
    streamed = response(ask(sim, GPT, "Explain tea.", stream=True))
    assert streamed["usage"]["cost"] > 0


REFUSED: list[tuple[str, dict[str, Any], int, str]] = [
    ("no input", {"model": GPT}, 400, "/responses: Missing required parameter: 'input'."),
    (
        "no such model",
        {"model": "nope", "input": "hi"},
        400,
        "There are no healthy deployments for this model",
    ),
    (
        "temperature",
        {"model": GPT, "input": "hi", "temperature": 0.2},
        400,
        "doesn't support temperature=0.2",
    ),
    (
        "effort",
        {"model": "openai/gpt-5.1", "input": "hi", "reasoning": {"effort": "xhigh"}},
        400,
        "reasoning.effort=xhigh is not supported",
    ),
    (
        "sampling",
        {"model": "anthropic/claude-opus-4-7", "input": "hi", "temperature": 0.2},
        400,
        "does not support temperature=0.2. Only temperature=1",
    ),
    (
        "unknown at Claude",
        {"model": CLAUDE, "input": "hi", "wat": 1},
        400,
        "wat: Extra inputs are not permitted",
    ),
]


@pytest.mark.parametrize(
    ("body", "status", "sentence"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED]
)
def test_a_refusal_names_its_cause(sim: Asker, body: dict[str, Any], status: int, sentence: str) -> None:
    answer = sim.post(PATH, body)
    assert answer.status == status
    assert sentence in answer.error["message"]


def test_a_wrong_key_is_refused(sim: Asker) -> None:
    answer = sim.post(PATH, {"model": GPT, "input": "hi"}, authorization=f"Bearer {MASTER_KEY}x")
    assert answer.status == 401


ENDPOINTS = {
    "messages": (CLAUDE, "smart", "anthropic/claude-opus-4-7"),
    "chat": (CLAUDE, "smart", GPT, "openai/gpt-5.1", GEMINI, GROK),
    "responses": (CLAUDE, "smart", GPT, GEMINI, GROK),
}
WAYS = [(endpoint, model) for endpoint, models in ENDPOINTS.items() for model in models]


def told(sim: Asker, endpoint: str, model: str, content: Any, knobs: dict[str, Any]) -> str:
    """The text of an answer on one of the proxy's endpoints."""
    turn = {"role": "user", "content": content}
    if endpoint == "responses":
        return said(response(ask(sim, model, [turn], **knobs)))
    body = {"model": model, "messages": [turn], **knobs}
    if endpoint == "chat":
        answer = sim.post("/v1/chat/completions", body)
        assert answer.status == 200, answer.body
        return str(chat_message(answer)["content"])
    answer = sim.post("/v1/messages", {"max_tokens": 12_000, **body})
    assert answer.status == 200, answer.body
    return "".join(block.get("text", "") for block in answer.body["content"])


@pytest.mark.parametrize(("endpoint", "model"), WAYS)
def test_a_schema_reaches_every_model(sim: Asker, endpoint: str, model: str) -> None:
    knobs: dict[str, dict[str, Any]] = {
        "messages": {"output_config": {"format": {"type": "json_schema", "schema": SCHEMA}}},
        "chat": {"response_format": {"type": "json_schema", "json_schema": NAMED}},
        "responses": {"text": {"format": {"type": "json_schema", **NAMED}}},
    }
    jsonschema.validate(json.loads(told(sim, endpoint, model, "Tea?", knobs[endpoint])), SCHEMA)


@pytest.mark.parametrize(("endpoint", "model"), WAYS)
def test_a_picture_reaches_every_model(sim: Asker, endpoint: str, model: str) -> None:
    url = pictures.url("image/png", PNG)
    source = {"type": "base64", "media_type": "image/png", "data": pictures.base64_of(PNG)}
    parts: dict[str, list[dict[str, Any]]] = {
        "messages": [{"type": "text", "text": "describe"}, {"type": "image", "source": source}],
        "chat": [{"type": "text", "text": "describe"}, {"type": "image_url", "image_url": {"url": url}}],
        "responses": [{"type": "input_text", "text": "describe"}, {"type": "input_image", "image_url": url}],
    }
    assert "image/png, 64x48 pixels" in told(sim, endpoint, model, parts[endpoint], {})


def test_deepseek_never_hears_of_a_picture(sim: Asker) -> None:
    url = pictures.url("image/png", PNG)
    parts = [{"type": "text", "text": "describe"}, {"type": "image_url", "image_url": {"url": url}}]
    assert "64x48" not in told(sim, "chat", DEEPSEEK, parts, {})
