"""Gemini's two methods: thoughts, calls with signatures on the first of them, and loops that keep them."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sim.faces.asking import FUNCTION, PROMPT, Answer, Asker, asking
from tui.sim.faces.gemini import DEGRADED
from tui.sim.faces.gemini_rules import DUMMIES

MODELS = "/vendor/gemini/v1beta/models/gemini-3-pro-preview"
WHOLE = f"{MODELS}:generateContent"
STREAM = f"{MODELS}:streamGenerateContent?alt=sse"
TWO = "parallel: what is 12*7 and what is 5+6?"


@pytest.fixture(scope="module")
def running() -> Iterator[Asker]:
    with asking() as asker:
        yield asker


@pytest.fixture
def sim(running: Asker) -> Asker:
    running.server.state.counts.clear()
    return running


def ask(text: str) -> dict[str, Any]:
    return {"role": "user", "parts": [{"text": text}]}


def body(contents: list[dict[str, Any]], *, thoughts: bool = False) -> dict[str, Any]:
    config = {"thinkingConfig": {"includeThoughts": thoughts}}
    return {"contents": contents, "tools": [{"functionDeclarations": [FUNCTION]}], "generationConfig": config}


def content(answer: Answer) -> dict[str, Any]:
    """The answer as the content to send back; the parts of a stream one after another."""
    assert answer.status == 200, answer.body
    chunks = answer.data or [answer.body]
    assert "finishReason" in chunks[-1]["candidates"][0]
    return {"role": "model", "parts": [p for c in chunks for p in c["candidates"][0]["content"]["parts"]]}


def calls(said: dict[str, Any]) -> list[dict[str, Any]]:
    return [part for part in said["parts"] if "functionCall" in part]


def results(said: dict[str, Any]) -> dict[str, Any]:
    parts = []
    for call in calls(said):
        given = {k: v for k, v in call["functionCall"].items() if k in ("id", "name")}
        parts.append({"functionResponse": {**given, "response": {"result": "84"}}})
    return {"role": "user", "parts": parts}


@pytest.mark.parametrize("path", [WHOLE, STREAM], ids=["whole", "stream"])
@pytest.mark.parametrize("prompt", [PROMPT, TWO])
def test_a_faithful_tool_loop_passes(sim: Asker, path: str, prompt: str) -> None:
    contents = [ask(prompt)]
    said = content(sim.post(path, body(contents)))
    assert len(calls(said)) == 1 + (prompt == TWO)
    assert ["thoughtSignature" in call for call in calls(said)] == [True, False][: len(calls(said))]
    contents += [said, results(said)]
    final = content(sim.post(path, body(contents)))
    assert not calls(final)
    assert "thoughtSignature" in final["parts"][-1]
    contents += [final, ask("Thanks.")]
    assert sim.post(path, body(contents)).status == 200
    assert sim.server.state.counts[DEGRADED] == 0


def test_ids_of_calls_are_given_by_some_answers_only(sim: Asker) -> None:
    given = set()
    for number in range(12):
        said = content(sim.post(WHOLE, body([ask(f"What is {number}*7?")])))
        given.add("id" in calls(said)[0]["functionCall"])
    assert given == {True, False}


def test_a_signature_left_out_is_missed(sim: Asker) -> None:
    contents = [ask(PROMPT)]
    said = content(sim.post(WHOLE, body(contents)))
    del calls(said)[0]["thoughtSignature"]
    answer = sim.post(WHOLE, body([*contents, said, results(said)]))
    assert answer.status == 400
    assert "Function call is missing a thought_signature" in answer.error["message"]


def test_a_signature_changed_is_found_out(sim: Asker) -> None:
    contents = [ask(PROMPT)]
    said = content(sim.post(WHOLE, body(contents)))
    signature = calls(said)[0]["thoughtSignature"]
    other = "A" if signature[60] != "A" else "B"
    calls(said)[0]["thoughtSignature"] = signature[:60] + other + signature[61:]
    answer = sim.post(WHOLE, body([*contents, said, results(said)]))
    assert answer.error["message"] == "Corrupted thought signature."


def test_a_dummy_passes_and_is_recorded_as_degraded(sim: Asker) -> None:
    contents = [ask(PROMPT)]
    said = content(sim.post(WHOLE, body(contents)))
    calls(said)[0]["thoughtSignature"] = DUMMIES[0]
    assert sim.post(WHOLE, body([*contents, said, results(said)])).status == 200
    assert sim.server.state.seen("gemini")[-1].notes == ["degraded: dummy thought signature"]
    assert sim.server.state.counts[DEGRADED] == 1


def test_thoughts_are_shown_only_when_asked_for(sim: Asker) -> None:
    shown = content(sim.post(STREAM, body([ask(PROMPT)], thoughts=True)))
    hidden = content(sim.post(STREAM, body([ask(PROMPT)])))
    assert any(part.get("thought") for part in shown["parts"])
    assert not any(part.get("thought") for part in hidden["parts"])


def test_usage_adds_up(sim: Asker) -> None:
    usage = sim.post(STREAM, body([ask(PROMPT)])).data[-1]["usageMetadata"]
    assert usage["thoughtsTokenCount"] > 0
    parts = ("promptTokenCount", "candidatesTokenCount", "thoughtsTokenCount")
    assert usage["totalTokenCount"] == sum(usage[part] for part in parts)
    long = [ask("Tell me about tea. " * 60), {"role": "model", "parts": [{"text": "Tea."}]}, ask("More.")]
    again = sim.post(WHOLE, body(long)).body["usageMetadata"]
    assert 0 < again["cachedContentTokenCount"] < again["promptTokenCount"]


def test_unknown_models_methods_and_keys_are_refused(sim: Asker) -> None:
    request = body([ask("hi")])
    assert sim.post("/vendor/gemini/v1beta/models/gemini-9:generateContent", request).status == 404
    assert sim.post(f"{MODELS}:embedContent", request).status == 404
    assert sim.post(WHOLE, request, x_goog_api_key="", authorization="").status == 403
    assert "API key not valid" in sim.post(WHOLE, request, x_goog_api_key="wrong").error["message"]
