"""The words that steer a simulated model work on every face of the chat dialect, Responses and Gemini."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sim.faces.asking import FUNCTION, TOOL, Answer, Asker, asking
from tui.sim.pace import count_tokens

CHAT = {
    "openai": ("/vendor/openai/v1/chat/completions", "gpt-5.1"),
    "xai": ("/vendor/xai/v1/chat/completions", "grok-4"),
    "deepseek": ("/vendor/deepseek/chat/completions", "deepseek-reasoner"),
    "bridge to claude": ("/v1/chat/completions", "smart"),
    "bridge to gpt": ("/v1/chat/completions", "openai/gpt-5.1"),
    "bridge to gpt with effort": ("/v1/chat/completions", "openai/gpt-5.5"),
    "bridge to gemini": ("/v1/chat/completions", "gemini/gemini-3-pro-preview"),
    "bridge to grok": ("/v1/chat/completions", "xai/grok-4"),
    "bridge to deepseek": ("/v1/chat/completions", "deepseek/deepseek-reasoner"),
}
FACES = [*CHAT, "responses", "gemini"]
SLOW_FACES = [face for face in FACES if not face.startswith("bridge")]


@pytest.fixture(scope="module")
def running() -> Iterator[Asker]:
    with asking() as asker:
        yield asker


@pytest.fixture
def sim(running: Asker) -> Asker:
    running.server.state.cooldowns.clear()
    return running


def ask(sim: Asker, face: str, prompt: str, *, stream: bool = True) -> Answer:
    if face == "gemini":
        method = "streamGenerateContent?alt=sse" if stream else "generateContent"
        body: dict[str, Any] = {"contents": [{"role": "user", "parts": [{"text": prompt}]}]}
        body["tools"] = [{"functionDeclarations": [FUNCTION]}]
        return sim.post(f"/vendor/gemini/v1beta/models/gemini-3-pro-preview:{method}", body)
    if face == "responses":
        tools = [{"type": "function", **FUNCTION}]
        request = {"model": "gpt-5.1", "input": prompt, "tools": tools, "stream": stream}
        return sim.post("/vendor/openai/v1/responses", request)
    path, model = CHAT[face]
    messages = [{"role": "user", "content": prompt}]
    body = {"model": model, "messages": messages, "tools": [TOOL], "stream": stream}
    if stream:
        body["stream_options"] = {"include_usage": True}
    if model.endswith("gpt-5.5"):
        body["reasoning_effort"] = "low"
    return sim.post(path, body)


def said(face: str, answer: Answer) -> str:
    """The visible text of a stream."""
    if face == "gemini":
        parts = [p for c in answer.data if "candidates" in c for p in c["candidates"][0]["content"]["parts"]]
        return "".join(part.get("text", "") for part in parts)
    if face == "responses":
        return "".join(d["delta"] for name, d in answer.events if name == "response.output_text.delta")
    deltas = [c["choices"][0]["delta"] for c in answer.data if c != "[DONE]" and c.get("choices")]
    return "".join(delta.get("content") or "" for delta in deltas)


def arguments(face: str, answer: Answer) -> list[str]:
    """The arguments of every call of a stream."""
    if face == "responses":
        return [
            d["arguments"] for name, d in answer.events if name == "response.function_call_arguments.done"
        ]
    calls: dict[int, str] = {}
    for chunk in answer.data:
        if chunk == "[DONE]" or not chunk.get("choices"):
            continue
        for call in chunk["choices"][0]["delta"].get("tool_calls") or ():
            calls[call["index"]] = calls.get(call["index"], "") + call["function"]["arguments"]
    return list(calls.values())


def is_complete(face: str, answer: Answer) -> bool:
    """Whether the dialect's last words came."""
    if not answer.events or answer.broken:
        return False
    last = answer.data[-1]
    if face == "responses":
        return answer.events[-1][0] in ("response.completed", "response.incomplete")
    if face == "gemini":
        return "candidates" in last and "finishReason" in last["candidates"][0]
    finished = any(c.get("choices") and c["choices"][0].get("finish_reason") for c in answer.data[:-1])
    return bool(last == "[DONE]" and finished)


def has_error(face: str, answer: Answer) -> bool:
    if face == "responses":
        name, data = answer.events[-1]
        return name == "response.failed" and bool(data["response"]["error"]["message"])
    return any(chunk != "[DONE]" and "error" in chunk for chunk in answer.data)


@pytest.mark.parametrize("face", FACES)
class TestEveryFace:
    def test_plain_words_are_answered_to_the_end(self, sim: Asker, face: str) -> None:
        answer = ask(sim, face, "slow: what is tea?")
        assert is_complete(face, answer)
        assert said(face, answer)

    def test_long_is_long(self, sim: Asker, face: str) -> None:
        answer = ask(sim, face, "long 300")
        assert is_complete(face, answer)
        assert 200 < count_tokens(said(face, answer)) < 450

    def test_cut_breaks_the_connection(self, sim: Asker, face: str) -> None:
        answer = ask(sim, face, "cut stream")
        assert answer.broken
        assert not is_complete(face, answer)

    def test_a_clean_cut_ends_http_well_without_the_last_words(self, sim: Asker, face: str) -> None:
        answer = ask(sim, face, "clean cut")
        assert not answer.broken
        assert said(face, answer)
        assert not is_complete(face, answer)
        assert "[DONE]" not in answer.data

    def test_an_error_inside_the_stream_follows_some_text(self, sim: Asker, face: str) -> None:
        answer = ask(sim, face, "error midstream")
        assert answer.status == 200
        assert said(face, answer)
        assert has_error(face, answer)
        assert not is_complete(face, answer)
        if face.startswith("bridge"):
            assert answer.data[-1] == "[DONE]"

    @pytest.mark.parametrize("stream", [False, True])
    @pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 529])
    def test_an_error_status_comes_before_anything(
        self, sim: Asker, face: str, status: int, stream: bool
    ) -> None:
        answer = ask(sim, face, f"error {status}", stream=stream)
        wanted = 500 if status == 529 and face == "bridge to claude" else status
        assert answer.status == wanted
        assert answer.error["message"]
        assert not answer.events
        if status == 429:
            name = "llm_provider-retry-after" if face.startswith("bridge") else "retry-after"
            assert answer.headers[name] == "7"

    def test_a_page_is_no_answer(self, sim: Asker, face: str) -> None:
        answer = ask(sim, face, "html")
        assert answer.headers["content-type"].startswith("text/html")
        assert "<h1>" in answer.body

    def test_several_calls_come_at_once(self, sim: Asker, face: str) -> None:
        answer = ask(sim, face, "parallel: what is 12*7 and what is 5+6?")
        if face == "gemini":
            parts = [p for c in answer.data for p in c["candidates"][0]["content"]["parts"]]
            assert sum("functionCall" in part for part in parts) == 2
        else:
            assert len(arguments(face, answer)) == 2

    def test_the_limit_is_told(self, sim: Asker, face: str) -> None:
        answer = ask(sim, face, "max tokens")
        assert is_complete(face, answer)
        words = str(answer.data[-4:])
        assert any(word in words for word in ("'length'", "max_output_tokens", "MAX_TOKENS"))


@pytest.mark.parametrize("face", [face for face in FACES if "gemini" not in face])
def test_bad_json_comes_as_the_vendor_streamed_it(sim: Asker, face: str) -> None:
    with pytest.raises(ValueError):
        __import__("json").loads(arguments(face, ask(sim, face, "bad json: what is 12*7?"))[0])


def test_gemini_never_lets_bad_json_out(sim: Asker) -> None:
    answer = ask(sim, "gemini", "bad json: what is 12*7?")
    assert answer.data[-1]["candidates"][0]["finishReason"] == "MALFORMED_FUNCTION_CALL"


@pytest.mark.parametrize("face", [face for face in FACES if face.startswith("bridge")])
def test_a_vendor_that_dies_is_reported_by_the_proxy(sim: Asker, face: str) -> None:
    answer = ask(sim, face, "upstream cut")
    assert not answer.broken
    assert "Response payload is not completed" in str(answer.data[-2]["error"]["message"])
    assert answer.data[-1] == "[DONE]"
    assert ask(sim, face, "upstream cut", stream=False).status == 500


@pytest.mark.parametrize("face", SLOW_FACES)
def test_an_error_asked_for_once_strikes_once(sim: Asker, face: str) -> None:
    assert ask(sim, face, f"error 500 once on {face}").status == 500
    assert ask(sim, face, f"error 500 once on {face}").status == 200
