"""The simulated proxy's ``/v1/responses`` answers in the very form the real proxy answers in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from tests.proxy.shapes import error, events, shape
from tui.sim.server import SimServer
from tui.sim.state import MASTER_KEY

SCHEMA = {
    "type": "object",
    "properties": {"expression": {"type": "string"}},
    "required": ["expression"],
    "additionalProperties": False,
}
ZONE = {**SCHEMA, "properties": {"timezone": {"type": "string"}}, "required": ["timezone"]}
TOOLS = [
    {"type": "function", "name": n, "description": "Works.", "parameters": s, "strict": False}
    for n, s in (("calculator", SCHEMA), ("current_time", ZONE))
]
BASE = {"store": False, "include": ["reasoning.encrypted_content"], "tools": TOOLS}
EFFORT = {"reasoning": {"effort": "medium", "summary": "auto"}}
MODELS: dict[str, dict[str, Any]] = {
    "openai/gpt-5.5": EFFORT,
    "smart": EFFORT,
    "anthropic/claude-sonnet-4-5-20250929": EFFORT,
    "anthropic/claude-opus-4-7": EFFORT,
    "anthropic/claude-fable-5-1": EFFORT,
    "flaky": {},
    "xai/grok-4": {},
    "mystery": {},
    "gemini/gemini-3-pro-preview": {},
    "deepseek/deepseek-reasoner": {},
}
PROMPTS = (
    "Explain tea to me.",
    "parallel: what is 12*7, and the time in Tokyo?",
    "redacted thinking-text-thinking: what is 12*7?",
    "empty signed: explain tea to me.",
    "max tokens, please",
    "refusal: no.",
)
FAULTS = (
    "error 400",
    "error 401",
    "error 403",
    "error 404",
    "error 429",
    "error 500",
    "error midstream",
    "upstream cut",
    "clean cut",
)
FAULTY = {
    "openai/gpt-5.1": "error-400-openai",
    "anthropic/claude-sonnet-4-6": "error-400",
    "deepseek/deepseek-reasoner": "deepseek/deepseek-reasoner",
}
"""A model of the simulated proxy, and the real one's group for it that never goes into cooldown."""


@dataclass
class Two:
    """The real proxy and the simulated one, before the same vendors."""

    real: httpx2.Client
    simulated: httpx2.Client
    vendors: SimServer

    def ask(
        self, body: dict[str, Any], real_model: str | None = None, **headers: str
    ) -> tuple[httpx2.Response, httpx2.Response]:
        """Both answers to one request."""
        self.vendors.state.cooldowns.clear()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        wanted = {**body, "model": real_model} if real_model else body
        return (
            self.real.post("/v1/responses", json=wanted, headers=named),
            self.simulated.post("/v1/responses", json=body, headers=named),
        )


@pytest.fixture(scope="module")
def two(http: httpx2.Client, vendors: SimServer) -> Iterator[Two]:
    headers = {"authorization": f"Bearer {MASTER_KEY}"}
    with httpx2.Client(base_url=vendors.url, headers=headers, trust_env=False, timeout=60) as simulated:
        yield Two(http, simulated, vendors)


def told(answer: httpx2.Response) -> Any:
    """The form of an answer."""
    if answer.headers["content-type"].startswith("text/event-stream"):
        return events(answer.text)
    body = answer.json()
    return shape(body) if answer.status_code == 200 else error(body)


def names(answer: httpx2.Response) -> set[str]:
    """The headers that tell of the call; those about time are not compared."""
    prefixes = ("x-litellm-", "llm_provider-")
    return {n for n in answer.headers if n.startswith(prefixes) and not n.endswith("duration-ms")}


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("model", MODELS)
def test_an_answer_has_the_real_ones_form(two: Two, model: str, stream: bool) -> None:
    for prompt in PROMPTS:
        body = {**BASE, **MODELS[model], "model": model, "input": prompt, "stream": stream}
        real, simulated = two.ask(body)
        assert simulated.status_code == real.status_code == 200, (prompt, real.text, simulated.text)
        assert told(simulated) == told(real), prompt
        assert names(simulated) <= names(real), prompt


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("model", FAULTY)
def test_a_fault_is_told_as_the_real_proxy_tells_it(two: Two, model: str, stream: bool) -> None:
    for fault in FAULTS:
        if not stream and "cut" in fault:
            # Here a simulated cut reaches the client itself.
            continue
        body = {"model": model, "input": f"{fault}, if you please", "stream": stream, "store": False}
        real, simulated = two.ask(body, FAULTY[model])
        assert simulated.status_code == real.status_code, (fault, real.text, simulated.text)
        if "upstream" in fault and stream:
            # How much gets through before a connection breaks is chance.
            assert told(simulated)[-2:][0][0] == told(real)[-2:][0][0] == "response.failed"
        else:
            assert told(simulated) == told(real), fault


OWN_REFUSALS: tuple[dict[str, Any], ...] = (
    {"model": "openai/gpt-5.1"},
    {"model": "nope", "input": "hi"},
    {"model": "openai/gpt-5.1", "input": "hi", "previous_response_id": "resp_x"},
    {"model": "openai/gpt-5.1", "input": "hi", "reasoning": {"effort": "xhigh"}},
    {"model": "anthropic/claude-sonnet-4-6", "input": "hi", "reasoning": {"effort": "xhigh"}},
    {"model": "anthropic/claude-opus-4-7", "input": "hi", "wat": 1},
)


@pytest.mark.parametrize("body", OWN_REFUSALS, ids=str)
def test_a_refusal_is_worded_as_the_real_proxy_words_it(two: Two, body: dict[str, Any]) -> None:
    real, simulated = two.ask(body)
    assert (simulated.status_code, told(simulated)) == (real.status_code, told(real))


@pytest.mark.parametrize("model", ["openai/gpt-5.1", "anthropic/claude-sonnet-4-6"])
def test_patience_ends_alike(two: Two, model: str) -> None:
    for stream in (False, True):
        body = {"model": model, "input": "hang", "stream": stream, "store": False}
        limits = {"x_litellm_timeout": "0.3", "x_litellm_stream_timeout": "0.3"}
        real, simulated = two.ask(body, FAULTY[model], **limits)
        assert simulated.status_code == real.status_code == 408, (stream, real.text, simulated.text)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("model", [m for m in MODELS if m not in ("flaky", "anthropic/claude-fable-5-1")])
def test_what_was_said_comes_back_to_the_vendor_alike(two: Two, model: str, stream: bool) -> None:
    prompt = "interleaved: what is 12*7, and then the time in Tokyo?"
    sent: dict[str, list[Any]] = {"real": [], "simulated": []}
    for side, client in (("real", two.real), ("simulated", two.simulated)):
        history: list[Any] = [{"role": "user", "content": prompt}]
        for _ in range(3):
            before = len(two.vendors.state.exchanges)
            body = {**BASE, **MODELS[model], "model": model, "input": history, "stream": stream}
            answer = client.post("/v1/responses", json=body)
            assert answer.status_code == 200, (side, answer.text)
            asked = [e for e in two.vendors.state.exchanges[before:] if e.face != "litellm"]
            sent[side] += [shape(e.body) for e in asked]
            output = final(answer)["output"]
            history += output
            history += [
                {"type": "function_call_output", "call_id": item["call_id"], "output": "84"}
                for item in output
                if item["type"] == "function_call"
            ]
    assert sent["simulated"] == sent["real"]


def final(answer: httpx2.Response) -> dict[str, Any]:
    """The whole response, streamed or not."""
    if not answer.headers["content-type"].startswith("text/event-stream"):
        body = answer.json()
        assert isinstance(body, dict)
        return body
    last = [line[6:] for line in answer.text.splitlines() if line.startswith("data: {")][-1]
    response = httpx2.Response(200, content=last).json()["response"]
    assert isinstance(response, dict)
    return response
